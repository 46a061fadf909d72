"""The audit trail: who did what, when."""

from dashboard.accounts import Permission
from dashboard.ui import audit_screen, layout, session

account = session.require(Permission.READ_AUDIT_TRAIL)
layout.page_head("Audit trail", "What was done, read and downloaded, by whom and when.")
audit_screen.state(account)
audit_screen.trail(account)
