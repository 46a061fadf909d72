"""Publishing: cells equal the tabulated ones where they are free, and hold nothing where they are not."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from sqlalchemy import Connection, select
from tests import examples
from tests.examples import MINUTE, NOW, REFERENCE, accepted, count, dataset, events
from tests.examples import prepared as prepared_of

from dashboard import publication, published_tables, releases
from dashboard.accounts import Account, Role
from dashboard.database import Database, tables
from dashboard.datasets import STRUCTURES, Dataset
from dashboard.disclosure import GROUP, ConfidentialityStatus, load_plan, load_policy
from dashboard.errors import Conflict, DashboardError, NotPermitted
from dashboard.publication import __main__ as command_line
from dashboard.publication import store
from dashboard.publication.intervals import Audited
from dashboard.publication.intervals import audit as audit_of
from dashboard.published_tables import Circulation, Publication, ReturnStatus
from dashboard.releases import Release, ReleaseStatus
from dashboard.settings import installation_key

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


@pytest.mark.parametrize("circulation", Circulation)
def test_published_cells_are_the_counted_ones_or_nothing(
    database: Database, current: Publication, circulation: Circulation
) -> None:
    """Counted here by hand from the content: what is shown is true, and neither small nor in doubt."""
    with database.read_published() as connection:
        table = published_tables.tables(connection, current.id)["victims_by_quarter"]
        found = published_tables.observations(connection, current.id, table, {}, circulation=circulation)
    shown = {cell.codes: cell.value for cell in found}
    assert shown.pop(("2023-Q4", "IDENTIFIED")) == (7 if circulation is Circulation.GROUP else None)
    in_doubt = {("2024-Q1", "IDENTIFIED"), ("2024", "IDENTIFIED"), ("_T", "IDENTIFIED")}
    assert {codes: shown[codes] for codes in in_doubt} == dict.fromkeys(in_doubt), "a source withheld a part"


def test_a_structure_that_is_not_confidential_is_shown_whole(database: Database, current: Publication) -> None:
    with database.read_published() as connection:
        table = published_tables.tables(connection, current.id)["prevention_by_pillar"]
        found = published_tables.observations(connection, current.id, table, {}, circulation=Circulation.WIDER)
    assert {cell.value for cell in found} == {243}


def test_a_wider_circulation_never_shows_what_members_do_not_see(database: Database, current: Publication) -> None:
    withheld = {}
    with database.read_published() as connection:
        for circulation in Circulation:
            withheld[circulation] = {
                (name, cell.codes)
                for name, table in published_tables.tables(connection, current.id).items()
                for cell in published_tables.observations(connection, current.id, table, {}, circulation=circulation)
                if cell.value is None
            }
    assert withheld[Circulation.GROUP] < withheld[Circulation.WIDER]


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
    with database.write() as connection:
        chair = accounts[Role.CHAIR]
        protection = prepared_of(connection, release, by=chair).protection
        assert published_tables.publication_list(connection) == ()
    members = protection.tables[GROUP]
    assert any(one.shown(key) is None for one in members for key in one.statuses)
    assert {status for one in members for status in one.statuses.values()} <= set(ConfidentialityStatus)


def test_a_table_knows_which_stages_were_reported_if_only_as_zero(database: Database, accounts: Accounts) -> None:
    rows = dataset("cases", count("cases", 9), count("cases", 0, stage="CONVICTED"))
    current = published(database, accounts, approved(database, accounts, rows))
    with database.read_published() as connection:
        table = published_tables.tables(connection, current.id)["cases_by_stage"]
    assert table.counted == {"stage": {"2024": ("CONVICTED", "RECORDED")}}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CHAIR])
def test_only_the_chair_publishes(database: Database, accounts: Accounts, release: Release, role: Role) -> None:
    with database.write() as connection:
        prepared = prepared_of(connection, release, by=accounts[Role.CHAIR])
        with pytest.raises(NotPermitted):
            prepared_of(connection, release, by=accounts[role])
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
        found = events(connection)
    traces = [(event.verb, event.details) for event in found if event.subject == current.id]
    assert traces == [
        ("publication.withdraw", {"reason": "Wrong."}),
        ("publication.publish", {"reason": "Quarter closed.", "policy": load_policy(REFERENCE).version}),
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


# Several publications ----------------------------------------------------------------------------


def cells_of(database: Database, publication_id: str, name: str) -> dict[tuple[str, ...], int | None]:
    with database.read_published() as connection:
        table = published_tables.tables(connection, publication_id)[name]
        found = published_tables.observations(connection, publication_id, table, {}, circulation=GROUP)
    return {cell.codes: cell.value for cell in found}


def test_a_late_return_of_two_does_not_show_as_a_difference(database: Database, accounts: Accounts) -> None:
    """10 and 20 victims in two years are shown; then two late ones come in for the first."""
    years = (count("victims", 10, "2023-Q1"), count("victims", 20, "2024-Q1"))
    first = published(database, accounts, approved(database, accounts, dataset("victims", *years)))
    late = dataset("victims", count("victims", 2, "2023-Q2", "MI"))
    second = published(database, accounts, approved(database, accounts, late))
    before, after = (cells_of(database, one.id, "victims_by_quarter") for one in (first, second))
    assert (before["2023", "IDENTIFIED"], before["_T", "IDENTIFIED"]) == (10, 30)
    assert (after["2023", "IDENTIFIED"], after["_T", "IDENTIFIED"]) == (None, None), "12 - 10 and 32 - 30 would say 2"
    assert after["2024", "IDENTIFIED"] == 20


def test_a_late_return_of_seven_is_shown(database: Database, accounts: Accounts) -> None:
    """The control: a difference that is not small is not withheld."""
    years = (count("victims", 10, "2023-Q1"), count("victims", 20, "2024-Q1"))
    published(database, accounts, approved(database, accounts, dataset("victims", *years)))
    late = dataset("victims", count("victims", 7, "2023-Q2", "MI"))
    second = published(database, accounts, approved(database, accounts, late))
    assert cells_of(database, second.id, "victims_by_quarter")["2023", "IDENTIFIED"] == 17


def test_invented_figures_are_no_history_of_reported_ones(database: Database, accounts: Accounts) -> None:
    published(database, accounts, approved(database, accounts, dataset("cases", count("cases", 10)), invented=True))
    second = published(database, accounts, approved(database, accounts, dataset("cases", count("cases", 12))))
    assert cells_of(database, second.id, "cases_by_stage")["2024", "RECORDED", "_T"] == 12


def test_a_publication_made_meanwhile_stops_the_next(database: Database, accounts: Accounts) -> None:
    chair = accounts[Role.CHAIR]
    one = approved(database, accounts, dataset("cases", count("cases", 10)))
    other = approved(database, accounts, dataset("cases", count("cases", 12, "2024-Q2")))
    with database.write() as connection:
        prepared = prepared_of(connection, one, by=chair)
    published(database, accounts, other)
    with database.write() as connection, pytest.raises(Conflict, match="Publish again"):
        publication.publish(connection, prepared, reason="Now.", by=chair, at=NOW)


def test_a_publication_that_does_not_follow_from_its_release_stops_the_next(
    database: Database, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a code list was changed since: what readers know could not be taken into account."""
    published(database, accounts, approved(database, accounts, dataset("cases", count("cases", 10))))
    release = approved(database, accounts, dataset("cases", count("cases", 12, "2024-Q2")))
    true_stored_cells = store._stored_cells

    def tampered(*args: Any) -> Any:
        found = true_stored_cells(*args)
        found[GROUP]["cases_by_stage"]["2024", "RECORDED", "_T"] = 11
        return found

    monkeypatch.setattr(store, "_stored_cells", tampered)
    with pytest.raises(DashboardError, match="Publication 1 can't be counted again"):
        published(database, accounts, release)


# The policy --------------------------------------------------------------------------------------


def test_reported_figures_need_an_approved_policy(database: Database, accounts: Accounts, release: Release) -> None:
    chair = accounts[Role.CHAIR]
    with database.write() as connection:
        prepared = prepared_of(connection, release, by=chair)
        with pytest.raises(Conflict, match="has not approved the disclosure policy"):
            publication.publish(connection, prepared, reason="Now.", by=chair, at=NOW)
        policy, approved_before = publication.policy_in_force(connection, by=chair, reference_dir=REFERENCE)
        publication.approve_policy(connection, policy, reason="Decided in February.", by=chair, at=NOW)
        _, approved_now = publication.policy_in_force(connection, by=chair, reference_dir=REFERENCE)
        assert (approved_before, approved_now) == (False, True)
        assert publication.publish(connection, prepared, reason="Now.", by=chair, at=NOW).number == 1


def test_a_changed_policy_needs_a_new_approval(
    database: Database, accounts: Accounts, current: Publication, tmp_path: Path
) -> None:
    changed = tmp_path / "reference"
    copytree(REFERENCE, changed)
    file = changed / "disclosure_policy.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("victims = 5", "victims = 3"), encoding="utf-8")
    with database.write() as connection:
        chair = accounts[Role.CHAIR]
        policy, is_approved = publication.policy_in_force(connection, by=chair, reference_dir=changed)
        assert not is_approved
        with pytest.raises(DashboardError, match="Say in a sentence who decided"):
            publication.approve_policy(connection, policy, reason=" ", by=chair, at=NOW)
        publication.approve_policy(connection, policy, reason="Decided.", by=chair, at=NOW)
        with pytest.raises(Conflict, match="approved already"):
            publication.approve_policy(connection, policy, reason="Decided.", by=chair, at=NOW)
        newest = events(connection)[0]
    assert (newest.verb, newest.details["sha256"]) == ("policy.approve", policy.fingerprint)


def test_a_lower_threshold_would_show_more(database: Database, accounts: Accounts, release: Release) -> None:
    chair = accounts[Role.CHAIR]
    with database.write() as connection:
        content = publication.unprotected(connection, release, by=chair, at=NOW)
    shown = [
        sum(one.shown for one in publication.what_if(content, by=chair, reference_dir=REFERENCE, threshold=threshold))
        for threshold in (3, 5, 10)
    ]
    assert shown == sorted(shown, reverse=True)
    assert shown[0] > shown[2]


def test_what_earlier_publications_cost_is_counted(database: Database, accounts: Accounts) -> None:
    chair = accounts[Role.CHAIR]
    published(database, accounts, approved(database, accounts, dataset("victims", count("victims", 10, "2023-Q1"))))
    release = approved(database, accounts, dataset("victims", count("victims", 2, "2023-Q2", "MI")))
    with database.write() as connection:
        prepared = prepared_of(connection, release, by=chair)
    lost = publication.lost_to_earlier(prepared, by=chair, reference_dir=REFERENCE)
    assert lost["victims_by_quarter"] > 0


# The audit by an operator ------------------------------------------------------------------------


def audit_rows(connection: Connection, found: Publication) -> list[Audited]:
    return list(audit_of(connection, found, REFERENCE))


def test_the_audit_lists_every_withheld_cell_without_its_count(
    database: Database, current: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", str(database.restricted.url))
    monkeypatch.setenv("DASHBOARD_STATE_DIR", str(tmp_path))
    installation_key(tmp_path / "installation.key")
    assert command_line.main("1") == 0
    said = capsys.readouterr().out
    rows = (tmp_path / "audit-of-publication-1.csv").read_text(encoding="utf-8").splitlines()
    with database.read() as connection:
        confidential = {name for name, one in load_plan(REFERENCE).tables.items() if one.structure.confidential}
        cells = tables.published_cells.c
        withheld = connection.execute(
            select(cells.table_name).where(cells.value.is_(None), cells.table_name.in_(confidential))
        ).all()
    assert len(rows) - 1 == len(withheld)
    assert f"{len(withheld)} withheld cells and small changes, 0 breaches" in said
    assert rows[0] == "circulation,table,cell,change since publication,least,largest,breach"


def test_the_audit_says_when_there_is_no_such_publication(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", str(database.restricted.url))
    monkeypatch.setenv("DASHBOARD_STATE_DIR", str(tmp_path))
    installation_key(tmp_path / "installation.key")
    with pytest.raises(DashboardError, match="There is no publication 7"):
        command_line.main("7")


def test_the_audit_finds_a_small_count_that_was_shown_by_mistake(
    database: Database, current: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: all cells but one withheld 3 are shown, so the 3 follows from its total."""
    true_stored_cells = store._stored_cells

    def half(connection: Connection, found: Publication, content: Mapping[str, Any]) -> Any:
        stored = true_stored_cells(connection, found, content)
        for by_table in stored.values():
            cells = by_table["cases_by_stage"]
            by_table["cases_by_stage"] = {key: None for key in cells if key == ("2024", "PROSECUTED", "FORCED_LABOUR")}
        return stored

    monkeypatch.setattr(store, "_stored_cells", half)
    with database.read() as connection:
        breaches = [row for row in audit_rows(connection, current) if row.breach]
    assert ("2024", "PROSECUTED", "FORCED_LABOUR") in {row.cell for row in breaches}
