"""Organisations: who is in the group, and what each reports."""

from dashboard.accounts import Permission
from dashboard.ui import administration_screen, layout, session

account = session.require(Permission.ADMINISTER_ACCOUNTS)
layout.page_head("Organisations", "Ministries, agencies, missions and partners, and the returns expected of each.")
administration_screen.organisations(account)
