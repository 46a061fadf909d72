"""Where the audit trail lies. Rows are added; triggers refuse everything else."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, RowMapping, String, cast, or_, select
from sqlalchemy.exc import DatabaseError

from dashboard.accounts import Account
from dashboard.audit import chain
from dashboard.audit.deeds import verbs_of
from dashboard.audit.model import EVERYTHING, AuditEvent, Filters
from dashboard.database.engines import AUDIT_HEAD, AUDIT_KEY, READS_ONLY
from dashboard.database.tables import accounts, audit_events
from dashboard.errors import Conflict

READ_AGAIN_AFTER = timedelta(hours=1)
"""For how long reading the same thing once more is no new event: a page is drawn anew with every click."""

_LONGEST_SUBJECT = 120


def record(connection: Connection, verb: str, subject: str, *, by: Account, at: datetime, **details: object) -> None:
    """Add an event, in the transaction of the deed itself: both are kept or neither."""
    options = connection.get_execution_options()
    if options.get(READS_ONLY):
        raise RuntimeError("An audit event needs a writing transaction: a reader's is rolled back at its end")
    number, previous = head(connection)
    event = AuditEvent(
        number=number + 1,
        at=at,
        account_id=by.id,
        account_name=by.display_name,
        verb=verb,
        subject=subject[:_LONGEST_SUBJECT],
        # As it comes back from the database: a pair as a list, every key as a text.
        details=json.loads(json.dumps(details)),
    )
    mac = chain.seal(options[AUDIT_KEY], previous, event)
    connection.execute(
        audit_events.insert().values(
            number=event.number,
            at=event.at,
            account_id=event.account_id,
            account_name=event.account_name,
            verb=event.verb,
            subject=event.subject,
            details=event.details,
            mac=mac,
        )
    )
    connection.info[AUDIT_HEAD] = (event.number, mac)


def record_reading(
    connection: Connection, verb: str, subject: str, *, by: Account, at: datetime, **details: object
) -> None:
    """Add an event of reading something confidential, unless the account has read the same within the last hour."""
    event, subject = audit_events.c, subject[:_LONGEST_SUBJECT]
    lately = select(event.number).where(
        event.account_id == by.id,
        event.verb == verb,
        event.subject == subject,
        event.at > at - READ_AGAIN_AFTER,
    )
    if connection.execute(lately.limit(1)).first() is None:
        record(connection, verb, subject, by=by, at=at, **details)


def head(connection: Connection) -> tuple[int, str]:
    """Number and seal of the last event.

    Two writers that read the same head would fork the chain. On SQLite the one lock of BEGIN IMMEDIATE keeps them
    apart; PostgreSQL will need one here (pg_advisory_xact_lock), because a row that is not there yet can't be locked.
    """
    columns = select(audit_events.c.number, audit_events.c.mac)
    row = connection.execute(columns.order_by(audit_events.c.number.desc()).limit(1)).first()
    return (row.number, row.mac) if row else (0, chain.BEGINNING)


def newest(
    connection: Connection, filters: Filters = EVERYTHING, *, below: int | None = None, limit: int | None = None
) -> tuple[AuditEvent, ...]:
    """The last events that fit, newest first; below continues after an event that was seen."""
    query = select(audit_events).where(*_conditions(filters)).order_by(audit_events.c.number.desc()).limit(limit)
    if below is not None:
        query = query.where(audit_events.c.number < below)
    return tuple(AuditEvent(**row) for row in connection.execute(query).mappings())


def _conditions(filters: Filters) -> Iterator[ColumnElement[bool]]:
    event = audit_events.c
    if filters.account_id:
        yield event.account_id == filters.account_id
    if filters.kinds:
        yield event.verb.in_(verbs_of(filters.kinds))
    if filters.since:
        yield event.at >= filters.since
    if filters.before:
        yield event.at < filters.before
    if filters.text:
        yield _contains(filters.text)


def _contains(text: str) -> ColumnElement[bool]:
    """In the subject, in the details, or in the name of the account that is the subject."""
    event = audit_events.c
    named = select(accounts.c.id).where(accounts.c.display_name.icontains(text, autoescape=True))
    # Details lie there as JSON: letters beyond English are written as numbers.
    written = json.dumps(text)[1:-1]
    return or_(
        event.subject.icontains(text, autoescape=True),
        cast(event.details, String).icontains(written, autoescape=True),
        event.subject.in_(named),
    )


def people(connection: Connection) -> dict[str, str]:
    """The name of everybody who did something, by id."""
    event = audit_events.c
    rows = connection.execute(select(event.account_id, event.account_name).distinct().order_by(event.account_name))
    return {row.account_id: row.account_name for row in rows}


def last_of(connection: Connection, verb: str) -> AuditEvent | None:
    """The last event of a verb."""
    event = audit_events.c
    query = select(audit_events).where(event.verb == verb).order_by(event.number.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return AuditEvent(**row) if row else None


def rows(connection: Connection) -> Iterator[tuple[int, str, AuditEvent | None]]:
    """Number, seal and event of every row, oldest first; None for a row that can't be read.

    Read as bytes: a value that somebody put there past the program may be none of its kind.
    """
    event = audit_events.c
    parts = (event.at, event.account_id, event.account_name, event.verb, event.subject, event.details, event.mac)
    query = select(event.number, *(cast(part, LargeBinary).label(part.name) for part in parts)).order_by(event.number)
    try:
        for row in connection.execute(query).mappings():
            yield row["number"], (row["mac"] or b"").decode(errors="replace"), _event(row)
    except DatabaseError:
        raise Conflict("The audit trail can't be read: its table is not as it was made. Restore a backup.") from None


def _event(row: RowMapping) -> AuditEvent | None:
    try:
        texts: dict[str, str] = {name: value.decode() for name, value in row.items() if name not in ("number", "mac")}
        at = datetime.fromisoformat(texts.pop("at")).replace(tzinfo=UTC)
        details: dict[str, Any] = json.loads(texts.pop("details"))
        return AuditEvent(number=row["number"], at=at, details=details, **texts)
    except (AttributeError, ValueError):
        return None
