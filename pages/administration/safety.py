"""Safety: what was reported, and closing the dashboard in an incident."""

from dashboard.accounts import Permission
from dashboard.ui import layout, safety_screen, session

account = session.require(Permission.CLOSE_DASHBOARD)
layout.page_head("Safety", "When something is wrong: what people reported, and the switch that closes the dashboard.")
safety_screen.reported(account)
safety_screen.closing(account)
