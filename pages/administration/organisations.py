"""Organisations: who is in the group, and what each reports."""

from dashboard.accounts import Permission
from dashboard.ui import layout, organisations_screen, session

account = session.require(Permission.ADMINISTER_ACCOUNTS)
layout.page_head("Organisations", "Ministries, agencies, missions and partners, and the returns expected of each.")
organisations_screen.organisations(account)
organisations_screen.change(account)
