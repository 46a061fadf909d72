"""Releases: what is ready, frozen, approved by a second person, and never anything else than was frozen."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import text
from tests.examples import MINUTE, NOW, accepted, count, dataset, events, received

from dashboard import releases
from dashboard.accounts import Account, Role
from dashboard.database import Database
from dashboard.datasets import Dataset
from dashboard.errors import Conflict, DashboardError, NotFound, NotPermitted
from dashboard.releases import Release, ReleaseStatus
from dashboard.submissions import refuse

Accounts = Mapping[Role, Account]


def cases(number: int, period: str = "2024-Q1", agency: str = "MPS") -> Dataset:
    return dataset("cases", count("cases", number, period, agency))


def frozen(database: Database, accounts: Accounts, *datasets: Dataset) -> Release:
    by = accounts[Role.SECRETARIAT]
    with database.write() as connection:
        for late, one in enumerate(datasets):
            accepted(connection, one, by=by, at=NOW + late * MINUTE)
        return releases.freeze(connection, by=by, at=NOW)


def test_a_release_holds_the_newest_accepted_returns(database: Database, accounts: Accounts) -> None:
    release = frozen(database, accounts, cases(3), cases(8, "2023-Q4"), cases(4))
    with database.read() as connection:
        (content,) = releases.datasets(connection, release).values()
    assert {row.period: row.value for row in content.observations} == {"2024-Q1": 4, "2023-Q4": 8}
    assert release.status is ReleaseStatus.FROZEN
    assert len(release.id) == 64
    assert release.id.startswith(release.short_id)


def test_what_was_received_or_refused_is_left_out(database: Database, accounts: Accounts) -> None:
    by = accounts[Role.SECRETARIAT]
    with database.write() as connection:
        accepted(connection, cases(3), by=by)
        received(connection, [cases(50, "2024-Q2")], by=by)
        later = accepted(connection, cases(60, "2024-Q3"), by=by)
        refuse(connection, later, reason="Sent for another country.", by=by, at=NOW + MINUTE)
        release = releases.freeze(connection, by=by, at=NOW + MINUTE)
        assert releases.datasets(connection, release)["cases"].total == 3


def test_a_late_correction_makes_a_new_release_and_leaves_the_old_one(database: Database, accounts: Accounts) -> None:
    first = frozen(database, accounts, cases(3))
    by = accounts[Role.SECRETARIAT]
    with database.write() as connection:
        accepted(connection, cases(4), by=by, at=NOW + MINUTE)
        second = releases.freeze(connection, by=by, at=NOW + MINUTE)
        assert releases.datasets(connection, first)["cases"].total == 3
        assert releases.datasets(connection, second)["cases"].total == 4
        listed = releases.all_releases(connection, by=accounts[Role.CHAIR])
    assert [release.id for release in listed] == [second.id, first.id]


def test_freezing_the_same_content_again_is_refused(database: Database, accounts: Accounts) -> None:
    """Also when it came in another file: the content decides."""
    release = frozen(database, accounts, cases(3))
    by = accounts[Role.SECRETARIAT]
    with database.write() as connection:
        accepted(connection, cases(3), dataset("persons"), by=by, at=NOW + MINUTE)
        with pytest.raises(Conflict, match=f"Nothing has changed since release {release.short_id}"):
            releases.freeze(connection, by=by, at=NOW + MINUTE)


def test_without_an_accepted_return_there_is_nothing_to_freeze(database: Database, accounts: Accounts) -> None:
    by = accounts[Role.SECRETARIAT]
    with database.write() as connection:
        received(connection, [cases(3)], by=by)
        with pytest.raises(Conflict, match="No accepted return is there"):
            releases.freeze(connection, by=by, at=NOW)


def test_invented_returns_are_left_behind_as_soon_as_one_was_reported(database: Database, accounts: Accounts) -> None:
    by = accounts[Role.SECRETARIAT]
    with database.write() as connection:
        accepted(connection, cases(99, "2023-Q4"), by=by, invented=True)
        invented = releases.freeze(connection, by=by, at=NOW)
        accepted(connection, cases(3), by=by, at=NOW - MINUTE)
        reported = releases.freeze(connection, by=by, at=NOW + MINUTE)
        content = releases.datasets(connection, reported)["cases"]
    assert (invented.invented, reported.invented) == (True, False)
    assert [(row.period, row.value) for row in content.observations] == [("2024-Q1", 3)]


def test_a_second_person_approves(database: Database, accounts: Accounts) -> None:
    release = frozen(database, accounts, cases(3))
    with database.write() as connection:
        with pytest.raises(NotPermitted, match="You froze this release yourself"):
            releases.approve(connection, release, by=accounts[Role.SECRETARIAT], at=NOW)
        approved = releases.approve(connection, release, by=accounts[Role.CHAIR], at=NOW)
    assert approved.status is ReleaseStatus.APPROVED
    assert approved.decided_by_name == accounts[Role.CHAIR].display_name


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MEMBER, Role.OFFICIAL])
def test_others_neither_freeze_nor_approve(database: Database, accounts: Accounts, role: Role) -> None:
    release = frozen(database, accounts, cases(3))
    with database.write() as connection:
        with pytest.raises(NotPermitted):
            releases.freeze(connection, by=accounts[role], at=NOW)
        with pytest.raises(NotPermitted):
            releases.approve(connection, release, by=accounts[role], at=NOW)


def test_a_decision_is_made_once(database: Database, accounts: Accounts) -> None:
    release = frozen(database, accounts, cases(3))
    chair = accounts[Role.CHAIR]
    with database.write() as connection:
        rejected = releases.reject(connection, release, reason="One agency is missing.", by=chair, at=NOW)
        assert (rejected.status, rejected.reason) == (ReleaseStatus.REJECTED, "One agency is missing.")
        with pytest.raises(Conflict, match="already rejected"):
            releases.approve(connection, release, by=chair, at=NOW)


def test_sending_back_needs_a_reason(database: Database, accounts: Accounts) -> None:
    release = frozen(database, accounts, cases(3))
    with database.write() as connection, pytest.raises(DashboardError, match="Say in a sentence why"):
        releases.reject(connection, release, reason="  ", by=accounts[Role.CHAIR], at=NOW)


def test_every_step_leaves_a_trace(database: Database, accounts: Accounts) -> None:
    release = frozen(database, accounts, cases(3))
    with database.write() as connection:
        releases.approve(connection, release, by=accounts[Role.CHAIR], at=NOW)
        found = events(connection)
    traces = [(event.verb, event.account_name) for event in found if event.subject == release.id]
    assert traces == [
        ("releases.approved", accounts[Role.CHAIR].display_name),
        ("releases.freeze", accounts[Role.SECRETARIAT].display_name),
    ]


def test_a_release_that_is_not_there_is_not_found(database: Database, accounts: Accounts) -> None:
    release = frozen(database, accounts, cases(3))
    unknown = Release("0" * 64, *(getattr(release, name) for name in Release.__slots__[1:]))
    with database.write() as connection, pytest.raises(NotFound):
        releases.approve(connection, unknown, by=accounts[Role.CHAIR], at=NOW)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE observations SET value = 4",
        "UPDATE observations SET codes = 'PROSECUTED FORCED_LABOUR'",
        "DELETE FROM observations WHERE period = '2024-Q1'",
        "UPDATE releases SET invented = 1",
    ],
)
def test_content_that_was_tampered_with_is_noticed(database: Database, accounts: Accounts, tampering: str) -> None:
    """By somebody with the file itself in hand, who takes the triggers away first."""
    release = frozen(database, accounts, cases(3), cases(8, "2023-Q4"))
    with database.write() as connection:
        assert releases.datasets(connection, release)
        for trigger in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {trigger}"))
        assert connection.execute(text(tampering)).rowcount
        found = releases.all_releases(connection, by=accounts[Role.CHAIR])[0]
        with pytest.raises(Conflict, match="is not what was frozen"):
            releases.datasets(connection, found)


def test_content_that_was_sent_back_can_be_put_up_again_and_neither_freezer_approves(
    database: Database, accounts: Mapping[Role, Account]
) -> None:
    secretariat, chair = accounts[Role.SECRETARIAT], accounts[Role.CHAIR]
    colleague = replace(secretariat, id="colleague")
    with database.write() as connection:
        accepted(connection, dataset("victims", count("victims", 7)), by=secretariat)
        first = releases.freeze(connection, by=secretariat, at=NOW)
        releases.reject(connection, first, reason="Wait for immigration.", by=chair, at=NOW)
        again = releases.freeze(connection, by=colleague, at=NOW)
        assert (again.id, again.status) == (first.id, ReleaseStatus.FROZEN)
        for freezer in (secretariat, colleague):
            with pytest.raises(NotPermitted, match="froze this release yourself"):
                releases.approve(connection, again, by=freezer, at=NOW)
        assert releases.approve(connection, again, by=chair, at=NOW).status is ReleaseStatus.APPROVED
