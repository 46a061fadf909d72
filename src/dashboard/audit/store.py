"""Where the audit trail lies. Rows are added; triggers refuse everything else."""

from datetime import datetime

from sqlalchemy import Connection, select

from dashboard.accounts import Account
from dashboard.audit.model import AuditEvent
from dashboard.database.tables import audit_events


def record(connection: Connection, verb: str, subject: str, *, by: Account, at: datetime, **details: object) -> None:
    """Add an event, in the transaction of the deed itself: both are kept or neither."""
    connection.execute(
        audit_events.insert().values(
            at=at,
            account_id=by.id,
            account_name=by.display_name,
            verb=verb,
            subject=subject[:120],
            details=details,
        )
    )


def newest(connection: Connection, *, limit: int) -> tuple[AuditEvent, ...]:
    """The last events, newest first."""
    rows = connection.execute(select(audit_events).order_by(audit_events.c.number.desc()).limit(limit))
    return tuple(AuditEvent(row.number, row.at, row.account_name, row.verb, row.subject, row.details) for row in rows)
