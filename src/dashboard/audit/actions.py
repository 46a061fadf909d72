"""Reading the trail."""

from sqlalchemy import Connection

from dashboard.accounts import Account, Permission, require
from dashboard.audit import store
from dashboard.audit.model import AuditEvent


def trail(connection: Connection, *, by: Account, limit: int = 500) -> tuple[AuditEvent, ...]:
    """The newest events, for an account that may read them."""
    require(by, Permission.READ_AUDIT_TRAIL)
    return store.newest(connection, limit=limit)
