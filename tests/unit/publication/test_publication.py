"""Publishing: cells equal the tabulated ones where they are free, and hold nothing where they are not."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import select
from tests import examples
from tests.examples import MINUTE, NOW, REFERENCE, accepted, count, dataset

from dashboard import audit, publication, published_tables, releases
from dashboard.accounts import Account, Role
from dashboard.database import Database, tables
from dashboard.datasets import STRUCTURES, Dataset
from dashboard.disclosure import GROUP, ConfidentialityStatus, load_plan, load_policy
from dashboard.disclosure.tabulation import tabulate
from dashboard.errors import Conflict, DashboardError, NotPermitted
from dashboard.published_tables import Circulation, Publication, ReturnStatus
from dashboard.releases import Release, ReleaseStatus

Accounts = Mapping[Role, Account]
CONTENT = (
    dataset(
        "victims",
        count("victims", 7, "2023-Q4"),
        count("victims", 2, "2024-Q1", nationality="IND", origin="IND"),
        count("victims", 6, "2024-Q1", "MI", sex="F", form_of_exploitation="SEXUAL_EXPLOITATION"),
        count("victims", None, "2024-Q1", "IOM", censored_below=5, nationality="NPL", origin="NPL"),
        count("victims", 0, "2024-Q1", "LRA"),
    ),
    dataset("cases", count("cases", 9, "2024-Q1"), count("cases", 3, "2024-Q1", stage="PROSECUTED")),
    dataset("prevention", count("prevention", 3, "2024-Q1", "ATO"), count("prevention", 240, "2024-Q1", "IOM")),
)

BY_STRUCTURE = {one.structure.name: one for one in CONTENT}
PLANNED = [name for name, table in load_plan(REFERENCE).tables.items() if table.structure.name in BY_STRUCTURE]


def approved(database: Database, accounts: Accounts, *content: Dataset, invented: bool = False) -> Release:
    by = accounts[Role.SECRETARIAT]
    with database.write() as connection:
        accepted(connection, *content, by=by, invented=invented)
        release = releases.freeze(connection, by=by, at=NOW)
        return releases.approve(connection, release, by=accounts[Role.CHAIR], at=NOW)


def published(database: Database, accounts: Accounts, release: Release, reason: str = "Quarter closed.") -> Publication:
    with database.write() as connection:
        return examples.published(connection, release, by=accounts[Role.CHAIR], reason=reason)


@pytest.fixture
def release(database: Database, accounts: Accounts) -> Release:
    return approved(database, accounts, *CONTENT)


@pytest.fixture
def current(database: Database, accounts: Accounts, release: Release) -> Publication:
    return published(database, accounts, release)


def test_every_planned_table_of_the_content_is_published(database: Database, current: Publication) -> None:
    tables_of_the_plan = load_plan(REFERENCE).tables
    planned = {name: (tables_of_the_plan[name].structure.name, tables_of_the_plan[name].dimensions) for name in PLANNED}
    with database.read_published() as connection:
        found = published_tables.tables(connection, current.id)
    assert {name: (table.structure, table.dimensions) for name, table in found.items()} == planned


@pytest.mark.parametrize("name", PLANNED)
def test_published_cells_are_the_counted_ones_or_nothing(database: Database, current: Publication, name: str) -> None:
    planned = load_plan(REFERENCE).tables[name]
    content = BY_STRUCTURE[planned.structure.name]
    counted = tabulate(planned, content, REFERENCE)
    structure = planned.structure
    threshold = load_policy(REFERENCE).threshold(GROUP, structure.name) if structure.confidential else 1
    with database.read_published() as connection:
        table = published_tables.tables(connection, current.id)[name]
        found = [
            published_tables.observations(connection, current.id, table, {}, circulation=circulation)
            for circulation in Circulation
        ]
    for cells in found:
        assert {cell.codes: cell.value for cell in cells} == {
            key: None if key in counted.uncertain or counted.counts[key] < threshold else counted.counts[key]
            for key in {*counted.counts, *counted.uncertain}
        }


def test_no_column_of_the_published_tables_holds_a_small_count(database: Database, current: Publication) -> None:
    """Read in the restricted tables, past every function that could hide one."""
    confidential = {name for name, table in load_plan(REFERENCE).tables.items() if table.structure.confidential}
    with database.read() as connection:
        cells = connection.execute(
            select(tables.published_cells).where(tables.published_cells.c.table_name.in_(confidential))
        ).all()
    assert {cell.value for cell in cells if cell.value is not None and cell.value < 5} == set()
    assert {cell.value is None for cell in cells} == {True, False}, "some are withheld, some are shown"
    assert [cell for cell in cells if any("primary" in str(part) or "secondary" in str(part) for part in cell)] == []


def test_a_publication_says_what_it_was_made_of(release: Release, current: Publication, accounts: Accounts) -> None:
    policy = load_policy(REFERENCE)
    assert (current.number, current.release_id) == (1, release.id)
    assert (current.published_by, current.reason) == (accounts[Role.CHAIR].display_name, "Quarter closed.")
    assert (current.data_until, current.published_at, current.invented) == ("2024-Q1", NOW, False)
    assert current.threshold(Circulation.GROUP, "victims") == policy.threshold(GROUP, "victims")


def test_coverage_is_published_with_the_figures(database: Database, current: Publication) -> None:
    """Of the six agencies expected to report victims, four did for the newest quarter."""
    with database.read_published() as connection:
        entries = published_tables.coverage(connection, current.id, "victims")
    newest = {entry.organisation: entry.status for entry in entries if entry.period == "2024-Q1"}
    assert {code for code, status in newest.items() if status is ReturnStatus.RETURNED} == {"MPS", "MI", "IOM", "LRA"}
    assert {code for code, status in newest.items() if status is ReturnStatus.MISSING} == {"MSFD", "NGO_SHELTER"}


def test_prepare_shows_the_same_cells_and_writes_nothing(
    database: Database, accounts: Accounts, release: Release
) -> None:
    with database.read() as connection:
        chair = accounts[Role.CHAIR]
        protection = publication.prepare(connection, release, by=chair, reference_dir=REFERENCE).protection
        assert published_tables.publication_list(connection) == ()
    withheld = [key for one in protection.tables for key in one.statuses if one.shown(key) is None]
    kinds = {status for one in protection.tables for status in one.statuses.values()}
    assert withheld
    assert kinds <= set(ConfidentialityStatus)


def test_a_table_knows_which_stages_were_reported_if_only_as_zero(database: Database, accounts: Accounts) -> None:
    rows = dataset("cases", count("cases", 9), count("cases", 0, stage="CONVICTED"))
    current = published(database, accounts, approved(database, accounts, rows))
    with database.read_published() as connection:
        table = published_tables.tables(connection, current.id)["cases_by_stage"]
    assert table.counted == {"stage": {"2024": ("CONVICTED", "RECORDED")}}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CHAIR])
def test_only_the_chair_publishes(database: Database, accounts: Accounts, release: Release, role: Role) -> None:
    with database.write() as connection:
        prepared = publication.prepare(connection, release, by=accounts[Role.CHAIR], reference_dir=REFERENCE)
        with pytest.raises(NotPermitted):
            publication.prepare(connection, release, by=accounts[role], reference_dir=REFERENCE)
        with pytest.raises(NotPermitted):
            publication.publish(connection, prepared, reason="Now.", by=accounts[role], at=NOW)


def test_a_reason_is_needed(database: Database, accounts: Accounts, release: Release) -> None:
    with pytest.raises(DashboardError, match="Say in a sentence why this release is published"):
        published(database, accounts, release, reason="  ")


def test_a_release_that_is_not_approved_is_refused_whatever_the_caller_says(
    database: Database, accounts: Accounts
) -> None:
    by = accounts[Role.SECRETARIAT]
    with database.write() as connection:
        accepted(connection, *CONTENT, by=by)
        release = releases.freeze(connection, by=by, at=NOW)
    for claimed in (release, replace(release, status=ReleaseStatus.APPROVED)):
        with pytest.raises(Conflict, match="The release is frozen. It has to be approved"):
            published(database, accounts, claimed)


def test_the_same_release_is_published_once(database: Database, accounts: Accounts, release: Release) -> None:
    published(database, accounts, release)
    with pytest.raises(Conflict, match="published already"):
        published(database, accounts, release)


def test_invented_figures_never_follow_reported_ones(database: Database, accounts: Accounts) -> None:
    invented = approved(database, accounts, *CONTENT[:1], invented=True)
    reported = approved(database, accounts, *CONTENT)
    published(database, accounts, reported)
    with pytest.raises(Conflict, match="Invented ones can't follow"):
        published(database, accounts, invented)


def test_reported_figures_may_follow_invented_ones(database: Database, accounts: Accounts) -> None:
    first = published(database, accounts, approved(database, accounts, *CONTENT[:1], invented=True))
    second = published(database, accounts, approved(database, accounts, *CONTENT))
    assert (first.number, first.invented, second.number, second.invented) == (1, True, 2, False)


def test_a_withdrawn_publication_stays_and_the_one_before_takes_its_place(
    database: Database, accounts: Accounts, current: Publication
) -> None:
    chair = accounts[Role.CHAIR]
    with database.write() as connection:
        accepted(connection, dataset("cases", count("cases", 12, "2024-Q2")), by=accounts[Role.SECRETARIAT])
        frozen = releases.freeze(connection, by=accounts[Role.SECRETARIAT], at=NOW)
        second = releases.approve(connection, frozen, by=chair, at=NOW)
    newer = published(database, accounts, second)
    with database.write() as connection:
        withdrawn = publication.withdraw(connection, newer, reason="Wrong quarter.", by=chair, at=NOW + MINUTE)
        with pytest.raises(Conflict, match="withdrawn already"):
            publication.withdraw(connection, newer, reason="Again.", by=chair, at=NOW + MINUTE)
    assert (withdrawn.withdrawn_at, withdrawn.withdrawn_because) == (NOW + MINUTE, "Wrong quarter.")
    with database.read_published() as connection:
        assert published_tables.current(connection) == current
        assert [one.number for one in published_tables.publication_list(connection)] == [2, 1]
        table = published_tables.tables(connection, newer.id)["cases_by_stage"]
        assert published_tables.observations(connection, newer.id, table, {}, circulation=GROUP)
    assert published(database, accounts, second).number == 3, "it may be published again"


def test_withdrawing_needs_a_reason_and_the_permission(
    database: Database, accounts: Accounts, current: Publication
) -> None:
    with database.write() as connection:
        with pytest.raises(DashboardError, match="every reader will see it"):
            publication.withdraw(connection, current, reason=" ", by=accounts[Role.CHAIR], at=NOW)
        with pytest.raises(NotPermitted):
            publication.withdraw(connection, current, reason="No.", by=accounts[Role.SECRETARIAT], at=NOW)


def test_both_steps_leave_a_trace_without_a_figure(
    database: Database, accounts: Accounts, current: Publication
) -> None:
    with database.write() as connection:
        publication.withdraw(connection, current, reason="Wrong.", by=accounts[Role.CHAIR], at=NOW)
        events = audit.trail(connection, by=accounts[Role.ADMINISTRATOR])
    traces = [(event.verb, event.details) for event in events if event.subject == current.id]
    assert traces == [
        ("publication.withdraw", {"reason": "Wrong."}),
        ("publication.publish", {"reason": "Quarter closed."}),
    ]


def test_every_planned_table_fits_the_columns_of_published_cells() -> None:
    assert all(len(table.dimensions) <= tables.MAX_DIMENSIONS for table in load_plan(REFERENCE).tables.values())
    assert set(STRUCTURES) == {table.structure.name for table in load_plan(REFERENCE).tables.values()}


def test_withdrawing_reported_figures_never_brings_invented_ones_back(database: Database, accounts: Accounts) -> None:
    invented = published(database, accounts, approved(database, accounts, *CONTENT, invented=True))
    reported = published(database, accounts, approved(database, accounts, *CONTENT[:1]))
    with database.write() as connection:
        publication.withdraw(connection, reported, reason="Wrong file.", by=accounts[Role.CHAIR], at=NOW)
    with database.read_published() as connection:
        assert published_tables.current(connection) is None
        assert invented in published_tables.publication_list(connection)
