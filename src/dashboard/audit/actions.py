"""Reading, downloading and verifying the trail."""

from datetime import datetime

from sqlalchemy import Connection

from dashboard.accounts import Account, Permission, require
from dashboard.audit import store, verification
from dashboard.audit.model import EVERYTHING, AuditEvent, Filters
from dashboard.audit.verification import Verification

PAGE = 200
"""How many events a page of the trail holds."""


def trail(
    connection: Connection,
    filters: Filters = EVERYTHING,
    *,
    by: Account,
    at: datetime,
    below: int | None = None,
    limit: int = PAGE,
) -> tuple[AuditEvent, ...]:
    """The newest events that fit, for an account that may read them; below: those before an event that was seen."""
    require(by, Permission.READ_AUDIT_TRAIL)
    store.record_reading(connection, "audit.trail", "audit trail", by=by, at=at)
    return store.newest(connection, filters, below=below, limit=limit)


def people(connection: Connection, *, by: Account) -> dict[str, str]:
    """Everybody who did something, by id."""
    require(by, Permission.READ_AUDIT_TRAIL)
    return store.people(connection)


def export(
    connection: Connection, kind: str, filters: Filters = EVERYTHING, *, by: Account, at: datetime
) -> tuple[AuditEvent, ...]:
    """Every event that fits, newest first, for a file of that kind; taking it is an event itself."""
    require(by, Permission.READ_AUDIT_TRAIL)
    found = store.newest(connection, filters)
    store.record(connection, "audit.export", "audit trail", by=by, at=at, kind=kind, **_said(filters))
    return found


def _said(filters: Filters) -> dict[str, object]:
    said = {
        "account": filters.account_id,
        "kinds": sorted(filters.kinds),
        "since": filters.since.isoformat() if filters.since else "",
        "before": filters.before.isoformat() if filters.before else "",
        "text": filters.text,
    }
    return {name: value for name, value in said.items() if value}


def verify(connection: Connection, *, by: Account) -> Verification:
    """Whether the trail is as it was written. Ask it first in a transaction; it may take a second or two."""
    require(by, Permission.READ_AUDIT_TRAIL)
    return verification.verify(connection)


def record_verification(connection: Connection, found: Verification, *, by: Account, at: datetime) -> None:
    """Note what verifying gave, so that everybody who reads the trail sees when it was done."""
    require(by, Permission.READ_AUDIT_TRAIL)
    problems = [one.sentence for one in found.problems]
    store.record(connection, "audit.verify", "audit trail", by=by, at=at, until=found.last, problems=problems)


def last_verification(connection: Connection, *, by: Account) -> AuditEvent | None:
    """The event of the last time that somebody verified."""
    require(by, Permission.READ_AUDIT_TRAIL)
    return store.last_of(connection, "audit.verify")


def unanchored(connection: Connection, *, by: Account) -> int:
    """How many of the newest events the anchor file does not know: more than a few when it can't be written."""
    require(by, Permission.READ_AUDIT_TRAIL)
    return verification.unanchored(connection)
