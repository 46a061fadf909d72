"""Accounts: invite, change, close, reopen."""

from dashboard.accounts import Permission
from dashboard.ui import accounts_screen, layout, session

account = session.require(Permission.ADMINISTER_ACCOUNTS)
layout.page_head("Accounts", "Who may sign in, and as what. Every person has an account of their own.")
accounts_screen.invite(account)
accounts_screen.accounts(account)
