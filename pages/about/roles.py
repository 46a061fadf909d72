"""Roles: what each is, and who may do what."""

from dashboard.accounts import Permission
from dashboard.ui import layout, roles_screen, session

session.require(Permission.KEEP_OWN_ACCOUNT)
layout.page_head("Roles", "An account has one role. This table is the one that the dashboard itself asks.")
roles_screen.roles()
roles_screen.permissions()
