"""Accounts: open, close, reopen."""

from dashboard.accounts import Permission
from dashboard.ui import administration_screen, layout, session

account = session.require(Permission.ADMINISTER_ACCOUNTS)
layout.page_head("Accounts", "Who may sign in, and as what. Every person has an account of their own.")
administration_screen.open_account(account)
administration_screen.accounts(account)
