"""Where submissions, their findings and their observations lie."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, Row, Select, delete, func, select

from dashboard.accounts import Account
from dashboard.database import leave_no_trace, tables
from dashboard.datasets import STRUCTURES, Dataset, Observation, ObservationStatus
from dashboard.errors import NotFound
from dashboard.submissions.model import Submission, SubmissionStatus
from dashboard.validation.model import Finding, Severity
from dashboard.validation.names import harmless

_SEPARATOR = " "
_ERASED_AT = (
    select(func.max(tables.erasure_events.c.at))
    .where(
        tables.erasure_events.c.submission_id == tables.submissions.c.id,
        tables.erasure_events.c.status == "approved",
    )
    .scalar_subquery()
)


def sha256(content: bytes) -> str:
    """The hash under which the bytes of a return are known."""
    return hashlib.sha256(content).hexdigest()


def _submissions() -> Select[tuple[object, ...]]:
    newest = (
        select(tables.submission_events.c.submission_id, func.max(tables.submission_events.c.number).label("number"))
        .group_by(tables.submission_events.c.submission_id)
        .subquery()
    )
    return (
        select(
            *(column for column in tables.submissions.c if column.name != "content"),
            tables.organisations.c.name.label("organisation_name"),
            tables.submission_events.c.status,
            tables.submission_events.c.reason,
            _count_findings(Severity.ERROR).label("errors"),
            _count_findings(Severity.WARNING).label("warnings"),
            select(func.count())
            .where(tables.observations.c.submission_id == tables.submissions.c.id)
            .scalar_subquery()
            .label("observation_count"),
            _ERASED_AT.label("erased_at"),
        )
        .join(tables.organisations)
        .join(newest, newest.c.submission_id == tables.submissions.c.id)
        .join(tables.submission_events, tables.submission_events.c.number == newest.c.number)
    )


def _count_findings(severity: Severity):  # type: ignore[no-untyped-def]  # SQLAlchemy's scalar subquery
    return (
        select(func.count())
        .where(tables.findings.c.submission_id == tables.submissions.c.id, tables.findings.c.severity == severity.value)
        .scalar_subquery()
    )


def _submission(row: Row[tuple[object, ...]]) -> Submission:
    return Submission(
        id=row.id,
        sha256=row.sha256,
        attempt=row.attempt,
        filename=row.filename,
        profile=row.profile,
        organisation=row.organisation,
        organisation_name=row.organisation_name,
        invented=row.invented,
        sent_by=row.sent_by,
        sent_by_name=row.sent_by_name,
        received_at=row.received_at,
        status=SubmissionStatus(row.status),
        reason=row.reason,
        errors=row.errors,
        warnings=row.warnings,
        observations=row.observation_count,
        erased_at=row.erased_at,
    )


def find_same(connection: Connection, content_sha256: str, organisation: str) -> Submission | None:
    """The newest submission with these very bytes from this organisation, if there is one."""
    row = connection.execute(
        _submissions()
        .where(tables.submissions.c.sha256 == content_sha256, tables.submissions.c.organisation == organisation)
        .order_by(tables.submissions.c.attempt.desc())
    ).first()
    return _submission(row) if row else None


def find(connection: Connection, submission_id: str) -> Submission:
    """One submission by id. Raises NotFound."""
    row = connection.execute(_submissions().where(tables.submissions.c.id == submission_id)).first()
    if row is None:
        raise NotFound("There is no such return. Choose one from the list.")
    return _submission(row)


def newest(connection: Connection, *, organisation: str | None = None) -> tuple[Submission, ...]:
    """All submissions, newest first; of one organisation where it is named."""
    query = _submissions().order_by(tables.submissions.c.received_at.desc(), tables.submissions.c.id)
    if organisation is not None:
        query = query.where(tables.submissions.c.organisation == organisation)
    return tuple(map(_submission, connection.execute(query)))


def add(
    connection: Connection,
    *,
    content: bytes,
    filename: str,
    profile: str,
    organisation: str,
    invented: bool,
    attempt: int = 1,
    datasets: Iterable[Dataset],
    findings: Iterable[Finding],
    by: Account,
    at: datetime,
) -> Submission:
    """Write a submission with everything that was read from it."""
    submission_id = str(uuid4())
    connection.execute(
        tables.submissions.insert().values(
            id=submission_id,
            sha256=sha256(content),
            attempt=attempt,
            filename=harmless(filename),
            content=content,
            profile=profile,
            organisation=organisation,
            invented=invented,
            sent_by=by.id,
            sent_by_name=by.display_name,
            received_at=at,
        )
    )
    add_event(connection, submission_id, SubmissionStatus.RECEIVED, by=by, at=at)
    _add_findings(connection, submission_id, findings)
    _add_observations(connection, submission_id, datasets)
    return find(connection, submission_id)


def add_event(
    connection: Connection,
    submission_id: str,
    status: SubmissionStatus,
    *,
    by: Account,
    at: datetime,
    reason: str = "",
) -> None:
    """Note what happened to a submission; its newest event is its status."""
    connection.execute(
        tables.submission_events.insert().values(
            submission_id=submission_id, status=status.value, at=at, by_id=by.id, by_name=by.display_name, reason=reason
        )
    )


def _add_findings(connection: Connection, submission_id: str, findings: Iterable[Finding]) -> None:
    rows = [
        {
            "submission_id": submission_id,
            "severity": finding.severity.value,
            "rule": finding.rule,
            "message": finding.message,
            "next_step": finding.next_step,
            "sheet": finding.sheet,
            "row": finding.row,
            "column": finding.column,
            "value": finding.value,
        }
        for finding in findings
    ]
    if rows:
        connection.execute(tables.findings.insert(), rows)


def _add_observations(connection: Connection, submission_id: str, datasets: Iterable[Dataset]) -> None:
    rows = [
        {
            "submission_id": submission_id,
            "structure": dataset.structure.name,
            "period": observation.period,
            "agency": observation.agency,
            "codes": _SEPARATOR.join(observation.codes),
            "value": observation.value,
            "censored_below": observation.censored_below,
            "status": observation.status.value,
        }
        for dataset in datasets
        for observation in dataset.observations
    ]
    if rows:
        connection.execute(tables.observations.insert(), rows)


def findings(connection: Connection, submission_id: str) -> tuple[Finding, ...]:
    """What validation said, in the order of the file."""
    rows = connection.execute(
        select(tables.findings)
        .where(tables.findings.c.submission_id == submission_id)
        .order_by(tables.findings.c.number)
    )
    return tuple(
        Finding(Severity(row.severity), row.rule, row.message, row.next_step, row.sheet, row.row, row.column, row.value)
        for row in rows
    )


def datasets(connection: Connection, submission_id: str) -> Mapping[str, Dataset]:
    """The observations of a submission, by structure name."""
    rows = connection.execute(
        select(tables.observations)
        .where(tables.observations.c.submission_id == submission_id)
        .order_by(tables.observations.c.number)
    )
    found: dict[str, list[Observation]] = {}
    for row in rows:
        found.setdefault(row.structure, []).append(
            Observation(
                row.period,
                row.agency,
                tuple(row.codes.split(_SEPARATOR)),
                row.value,
                ObservationStatus(row.status),
                row.censored_below,
            )
        )
    return {name: Dataset(STRUCTURES[name], tuple(observations)) for name, observations in found.items()}


def structures(connection: Connection) -> Mapping[str, frozenset[str]]:
    """The structures that each submission holds observations of, by id; none of which nothing could be read."""
    found: dict[str, set[str]] = {}
    kept = tables.observations.c
    for row in connection.execute(select(kept.submission_id, kept.structure).distinct()):
        found.setdefault(row.submission_id, set()).add(row.structure)
    return {submission_id: frozenset(names) for submission_id, names in found.items()}


def erase(connection: Connection, submission_id: str) -> None:
    """Take bytes, observations and findings away for good. The database refuses it without an approved erasure."""
    for table in (tables.observations, tables.findings):
        connection.execute(delete(table).where(table.c.submission_id == submission_id))
    connection.execute(tables.submissions.update().where(tables.submissions.c.id == submission_id).values(content=b""))
    leave_no_trace(connection)
