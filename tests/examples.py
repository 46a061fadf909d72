"""Small invented counts and returns for tests, in codes; a test names only what it is about."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from dashboard import publication, submissions
from dashboard.accounts import Account
from dashboard.audit import AuditEvent
from dashboard.audit import store as audit_store
from dashboard.database import Database, open_database
from dashboard.datasets import STRUCTURES, Dataset, Observation, ObservationStatus
from dashboard.published_tables import Publication
from dashboard.releases import Release
from dashboard.submissions import Submission, store

REFERENCE = Path(__file__).parents[1] / "data" / "reference"
NOW = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
AUDIT_KEY = bytes(range(32))

USUAL = {
    "victims": {
        "status": "IDENTIFIED",
        "nationality": "BGD",
        "sex": "M",
        "age_group": "18+",
        "form_of_exploitation": "FORCED_LABOUR",
        "sector": "F",
        "origin": "BGD",
        "transit": "NONE",
        "destination": "MV_MALE",
    },
    "cases": {"stage": "RECORDED", "form_of_exploitation": "FORCED_LABOUR"},
    "persons": {
        "stage": "RECORDED",
        "form_of_exploitation": "FORCED_LABOUR",
        "sex": "M",
        "nationality": "MDV",
    },
    "assistance": {"assistance_type": "SHELTER", "nationality": "BGD", "sex": "M", "age_group": "18+"},
    "prevention": {
        "prevention_measure": "PARTICIPANTS",
        "activity": "TRAINING",
        "audience": "OFFICIALS",
        "pillar": "TRAINING",
    },
}


def count(
    structure: str,
    value: int | None,
    period: str = "2024-Q1",
    agency: str = "MPS",
    *,
    observation_status: ObservationStatus = ObservationStatus.NORMAL,
    censored_below: int | None = None,
    **codes: str,
) -> Observation:
    """One observation. Codes that are not named are the usual ones; value None needs censored_below."""
    strangers = set(codes) - set(USUAL[structure])
    if strangers:
        raise ValueError(f"{structure} has no {strangers}")
    row = USUAL[structure] | codes
    ordered = tuple(row[dimension.name] for dimension in STRUCTURES[structure].dimensions)
    return Observation(period, agency, ordered, value, observation_status, censored_below)


def dataset(structure: str, *observations: Observation) -> Dataset:
    return Dataset(STRUCTURES[structure], observations)


def received(
    connection: Connection,
    datasets: Iterable[Dataset],
    *,
    by: Account,
    at: datetime = NOW,
    organisation: str = "MPS",
    invented: bool = False,
) -> Submission:
    """A return as if it had been read from a file without a finding."""
    parts = tuple(datasets)
    return store.add(
        connection,
        content=repr(parts).encode(),
        filename="return.csv",
        profile="own_template",
        organisation=organisation,
        invented=invented,
        datasets=parts,
        findings=(),
        by=by,
        at=at,
    )


def accepted(
    connection: Connection,
    *datasets: Dataset,
    by: Account,
    at: datetime = NOW,
    organisation: str = "MPS",
    invented: bool = False,
) -> Submission:
    """A return that was received and accepted in one go."""
    submission = received(connection, datasets, by=by, at=at, organisation=organisation, invented=invented)
    return submissions.accept(connection, submission, reason="", by=by, at=at)


def published(
    connection: Connection, release: Release, *, by: Account, at: datetime = NOW, reason: str = "Closed."
) -> Publication:
    """An approved release, prepared and published in one go, under the policy of the project."""
    policy, approved = publication.policy_in_force(connection, by=by, reference_dir=REFERENCE)
    if not approved:
        publication.approve_policy(connection, policy, reason="For the tests.", by=by, at=at)
    protected = prepared(connection, release, by=by, at=at)
    return publication.publish(connection, protected, reason=reason, by=by, at=at)


def prepared(connection: Connection, release: Release, *, by: Account, at: datetime = NOW) -> publication.Prepared:
    """A release that was read and protected, under the policy of the project."""
    return publication.prepare(
        publication.unprotected(connection, release, by=by, at=at), by=by, reference_dir=REFERENCE
    )


def opened(file: Path) -> Database:
    """The database in that file, its trail sealed with the key of the tests and anchored beside it."""
    return open_database(f"sqlite:///{file}", audit_key=AUDIT_KEY, anchor_file=anchor_of(file))


def anchor_of(file: Path) -> Path:
    """The anchor file of a database of the tests."""
    return file.with_name("audit_anchor.txt")


def events(connection: Connection) -> tuple[AuditEvent, ...]:
    """Every audit event, newest first; looking leaves none."""
    return audit_store.newest(connection)
