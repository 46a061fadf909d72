"""Your account: who you are here, where you are signed in, and your second factor."""

from dashboard.accounts import Permission
from dashboard.ui import layout, own_account_screen, session

account = session.require(Permission.KEEP_OWN_ACCOUNT)
layout.page_head("Your account", "Who you are here, where you are signed in, and how you sign in.")
own_account_screen.person(account)
own_account_screen.places(account)
own_account_screen.second_key(account)
own_account_screen.identities(account)
