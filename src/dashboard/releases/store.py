"""Where releases lie, and what they hold."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Row, Select, func, select

from dashboard.accounts import Account
from dashboard.database import tables
from dashboard.errors import NotFound
from dashboard.releases.model import Release, ReleaseStatus

# When the first return of a release was erased.
_ERASED_AT = (
    select(func.min(tables.erasure_events.c.at))
    .join(
        tables.release_submissions,
        tables.release_submissions.c.submission_id == tables.erasure_events.c.submission_id,
    )
    .where(
        tables.release_submissions.c.release_id == tables.releases.c.id,
        tables.erasure_events.c.status == "approved",
    )
    .correlate(tables.releases)
    .scalar_subquery()
)


def _releases() -> Select[tuple[object, ...]]:
    newest = (
        select(tables.release_events.c.release_id, func.max(tables.release_events.c.number).label("number"))
        .group_by(tables.release_events.c.release_id)
        .subquery()
    )
    return (
        select(
            tables.releases,
            tables.release_events.c.status,
            tables.release_events.c.by_name,
            tables.release_events.c.reason,
            _ERASED_AT.label("erased_at"),
        )
        .join(newest, newest.c.release_id == tables.releases.c.id)
        .join(tables.release_events, tables.release_events.c.number == newest.c.number)
    )


def _release(row: Row[tuple[object, ...]]) -> Release:
    status = ReleaseStatus(row.status)
    decided_by = "" if status is ReleaseStatus.FROZEN else row.by_name
    return Release(
        row.id,
        row.invented,
        row.frozen_at,
        row.frozen_by,
        row.frozen_by_name,
        status,
        decided_by,
        row.reason,
        row.erased_at,
    )


def find(connection: Connection, release_id: str) -> Release:
    """One release by its full hash. Raises NotFound."""
    row = connection.execute(_releases().where(tables.releases.c.id == release_id)).first()
    if row is None:
        raise NotFound("There is no such release. Choose one from the list.")
    return _release(row)


def exists(connection: Connection, release_id: str) -> bool:
    """Whether the very same content was frozen before."""
    return connection.scalar(select(tables.releases.c.id).where(tables.releases.c.id == release_id)) is not None


def newest(connection: Connection) -> tuple[Release, ...]:
    """All releases, newest first."""
    return tuple(map(_release, connection.execute(_releases().order_by(tables.releases.c.frozen_at.desc()))))


def add(
    connection: Connection,
    release_id: str,
    submission_ids: Iterable[str],
    *,
    invented: bool,
    by: Account,
    at: datetime,
) -> None:
    """Write a release and the submissions it is made of."""
    connection.execute(
        tables.releases.insert().values(
            id=release_id, invented=invented, frozen_at=at, frozen_by=by.id, frozen_by_name=by.display_name
        )
    )
    connection.execute(
        tables.release_submissions.insert(),
        [{"release_id": release_id, "submission_id": submission_id} for submission_id in submission_ids],
    )
    add_event(connection, release_id, ReleaseStatus.FROZEN, by=by, at=at)


def add_event(
    connection: Connection,
    release_id: str,
    status: ReleaseStatus,
    *,
    by: Account,
    at: datetime,
    reason: str = "",
) -> None:
    """Note what happened to a release; its newest event is its status."""
    connection.execute(
        tables.release_events.insert().values(
            release_id=release_id,
            status=status.value,
            at=at,
            by_id=by.id,
            by_name=by.display_name,
            reason=reason,
        )
    )


def freezers(connection: Connection, release_id: str) -> frozenset[str]:
    """The ids of everybody who froze this content."""
    events = tables.release_events.c
    return frozenset(
        connection.scalars(
            select(events.by_id).where(events.release_id == release_id, events.status == ReleaseStatus.FROZEN.value)
        )
    )


def submission_ids(connection: Connection, release_id: str) -> frozenset[str]:
    """The submissions a release is made of."""
    return frozenset(
        connection.scalars(
            select(tables.release_submissions.c.submission_id).where(
                tables.release_submissions.c.release_id == release_id
            )
        )
    )
