"""The audit trail: who did what, when."""

from dashboard.accounts import Permission
from dashboard.ui import administration_screen, layout, session

account = session.require(Permission.READ_AUDIT_TRAIL)
layout.page_head("Audit trail", "What was done, by whom and when: the last 500 events.")
administration_screen.audit_trail(account)
