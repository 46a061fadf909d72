"""What was done, by whom, when: append-only."""

from dashboard.audit.actions import trail
from dashboard.audit.model import AuditEvent
from dashboard.audit.store import record

__all__ = ["AuditEvent", "record", "trail"]
