"""Erasing returns whose time is over: by two persons, for good, and nothing else."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import exc, select, text
from tests.examples import NOW, REFERENCE, accepted, count, dataset, events, opened, prepared, published
from tests.unit.database.rows import rows_of

from dashboard import data_protection, publication, releases, submissions
from dashboard.accounts import Account, Role
from dashboard.data_protection import ErasureStatus
from dashboard.database import Database, tables
from dashboard.disclosure import Earlier
from dashboard.disclosure.tabulation import reported_leaves
from dashboard.errors import Conflict, DashboardError, NotPermitted
from dashboard.publication.earlier import as_earlier, without_agencies
from dashboard.published_tables import publication_list
from dashboard.submissions import Submission, store
from dashboard.validation.model import Finding, Severity

OLD = NOW - timedelta(days=366 * 11)
"""Longer ago than anything is kept."""


@pytest.fixture
def secretariat(accounts: Mapping[Role, Account]) -> Account:
    return accounts[Role.SECRETARIAT]


@pytest.fixture
def chair(accounts: Mapping[Role, Account]) -> Account:
    return accounts[Role.CHAIR]


def victims(*values: int):  # type: ignore[no-untyped-def]
    return dataset("victims", *(count("victims", value, f"2012-Q{at}") for at, value in enumerate(values, 1)))


def kept(database: Database, secretariat: Account, content: bytes, told: str = "") -> Submission:
    """An accepted return, received long ago, with these bytes and a finding that quotes a cell."""
    found = Finding(Severity.NOTE, "rule", "Message", "Next step", value=told) if told else None
    with database.write() as connection:
        added = store.add(
            connection,
            content=content,
            filename="return.csv",
            profile="own_template",
            organisation="MPS",
            invented=False,
            datasets=(victims(12, 9),),
            findings=(found,) if found else (),
            by=secretariat,
            at=OLD,
        )
        return submissions.accept(connection, added, reason="", by=secretariat, at=OLD)


def propose(database: Database, submission: Submission, by: Account) -> None:
    with database.write() as connection:
        data_protection.propose_erasure(
            connection, submission, reason="Ten years are over.", reference_dir=REFERENCE, by=by, at=NOW
        )


def approve(database: Database, submission: Submission, by: Account) -> None:
    with database.write() as connection:
        data_protection.approve_erasure(connection, submission, reference_dir=REFERENCE, by=by, at=NOW)


def erase(database: Database, submission: Submission, secretariat: Account, chair: Account) -> Submission:
    propose(database, submission, secretariat)
    approve(database, submission, chair)
    with database.read() as connection:
        return store.find(connection, submission.id)


def bytes_of_the_files(database: Database) -> bytes:
    """Everything that lies on the disk: the database, its journal and its index."""
    file = Path(str(database.restricted.url.database))
    return b"".join(one.read_bytes() for one in sorted(file.parent.glob(f"{file.name}*")))


# Two persons --------------------------------------------------------------------------------------


def test_the_list_holds_what_is_past_its_time_and_nothing_else(database: Database, secretariat: Account) -> None:
    old = kept(database, secretariat, b"old")
    with database.write() as connection:
        accepted(connection, victims(1), by=secretariat, at=NOW - timedelta(days=365 * 10))
        accepted(connection, victims(2), by=secretariat, at=OLD, organisation="MI", invented=True)
        found = data_protection.past_their_time(connection, reference_dir=REFERENCE, today=NOW.date(), by=secretariat)
    assert [due.submission.id for due in found] == [old.id]
    assert found[0].kept_until.year == OLD.year + 10
    assert found[0].erasure is None


def test_a_day_makes_the_difference(database: Database, secretariat: Account) -> None:
    kept(database, secretariat, b"old")
    last = OLD.date().replace(year=OLD.year + 10)
    with database.read() as connection:
        for day, number in ((last, 0), (last + timedelta(days=1), 1)):
            found = data_protection.past_their_time(connection, reference_dir=REFERENCE, today=day, by=secretariat)
            assert len(found) == number


def test_one_proposes_and_another_one_approves(
    database: Database, secretariat: Account, chair: Account, accounts: Mapping[Role, Account]
) -> None:
    old = kept(database, secretariat, b"old")
    with pytest.raises(Conflict, match="Nobody has proposed"):
        approve(database, old, chair)
    propose(database, old, secretariat)
    with pytest.raises(Conflict, match="proposed this already"):
        propose(database, old, secretariat)
    for role in set(Role) - {Role.CHAIR}:
        with pytest.raises(NotPermitted):
            approve(database, old, accounts[role])
    same_person = Account(secretariat.id, "promoted", "Promoted since", Role.CHAIR, "IOM")
    with pytest.raises(NotPermitted, match="proposed this yourself"):
        approve(database, old, same_person)
    approve(database, old, chair)
    with pytest.raises(Conflict, match="erased already"):
        approve(database, old, chair)


def test_the_chair_can_keep_it_and_it_can_be_proposed_anew(
    database: Database, secretariat: Account, chair: Account
) -> None:
    old = kept(database, secretariat, b"old")
    propose(database, old, secretariat)
    with database.write() as connection:
        with pytest.raises(DashboardError, match="why the return is kept"):
            data_protection.decline_erasure(connection, old, reason=" ", reference_dir=REFERENCE, by=chair, at=NOW)
        data_protection.decline_erasure(
            connection, old, reason="A case is open.", reference_dir=REFERENCE, by=chair, at=NOW
        )
        (due,) = data_protection.past_their_time(connection, reference_dir=REFERENCE, today=NOW.date(), by=chair)
    assert due.erasure is not None
    assert (due.erasure.status, due.erasure.reason) == (ErasureStatus.DECLINED, "A case is open.")
    with pytest.raises(Conflict, match="Nobody has proposed"):
        approve(database, old, chair)
    assert erase(database, old, secretariat, chair).erased_at == NOW


def test_nothing_is_erased_before_its_time(database: Database, secretariat: Account) -> None:
    with database.write() as connection:
        young = accepted(connection, victims(3), by=secretariat, at=NOW)
    with pytest.raises(Conflict, match="not past the time"):
        propose(database, young, secretariat)


def test_both_steps_leave_a_trace_without_a_figure(
    database: Database, secretariat: Account, chair: Account, accounts: Mapping[Role, Account]
) -> None:
    old = erase(database, kept(database, secretariat, b"old"), secretariat, chair)
    with database.read() as connection:
        trail = events(connection)
    steps = {event.verb: event for event in trail if event.verb.startswith("data_protection.")}
    assert list(steps) == ["data_protection.approve_erasure", "data_protection.propose_erasure"]
    assert {event.subject for event in steps.values()} == {old.id}
    approved = steps["data_protection.approve_erasure"]
    assert approved.details == {"sha256": old.sha256, "kept_until": f"{OLD.year + 10}-{OLD:%m-%d}"}
    assert approved.account_name == chair.display_name


# For good -----------------------------------------------------------------------------------------


def test_the_row_stays_and_says_what_there_was(database: Database, secretariat: Account, chair: Account) -> None:
    before = kept(database, secretariat, b"old", told="a cell")
    after = erase(database, before, secretariat, chair)
    assert (after.sha256, after.received_at, after.sent_by_name) == (
        before.sha256,
        before.received_at,
        before.sent_by_name,
    )
    assert (before.observations, after.observations, after.erased_at) == (2, 0, NOW)
    with database.read() as connection:
        assert connection.scalar(select(tables.submissions.c.content)) == b""
        assert store.findings(connection, before.id) == ()
        assert store.datasets(connection, before.id) == {}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(length=st.integers(16, 60_000), others=st.integers(0, 4), told=st.integers(0, 40))
def test_what_was_erased_is_gone_from_the_files(
    tmp_path_factory: pytest.TempPathFactory,
    new_database: Path,
    length: int,
    others: int,
    told: int,
) -> None:
    """Whatever the size: within a page, over many, between other rows. The others stay."""
    folder = tmp_path_factory.mktemp("erased")
    (folder / "dashboard.sqlite").write_bytes(new_database.read_bytes())
    database = opened(folder / "dashboard.sqlite")
    secretariat = Account("s", "s", "Secretariat", Role.SECRETARIAT, "IOM")
    chair = Account("c", "c", "Chair", Role.CHAIR, "IOM")
    content = secrets.token_bytes(length)
    cells = [f"cell-{secrets.token_hex(8)}" for _ in range(told)]
    stays = [secrets.token_bytes(length) for _ in range(others)]
    for one in stays:
        kept(database, secretariat, one)
    with database.write() as connection:
        old = store.add(
            connection,
            content=content,
            filename="return.csv",
            profile="own_template",
            organisation="MPS",
            invented=False,
            datasets=(victims(*range(1, 5)),),
            findings=[Finding(Severity.NOTE, "rule", "Message", "Next step", value=cell) for cell in cells],
            by=secretariat,
            at=OLD,
        )
    pieces = [content[:16], content[-16:], *(cell.encode() for cell in cells)]
    before = bytes_of_the_files(database)
    assert all(piece in before for piece in pieces), "they were there, and the search finds them"
    erase(database, old, secretariat, chair)
    after = bytes_of_the_files(database)
    assert [piece for piece in pieces if piece in after] == []
    assert all(one[:16] in after for one in stays)
    database.restricted.dispose()
    database.published.dispose()


def test_a_reader_who_holds_the_journal_up_only_delays_it(
    database: Database, secretariat: Account, chair: Account
) -> None:
    content = secrets.token_bytes(5_000)
    old = kept(database, secretariat, content)
    propose(database, old, secretariat)
    with database.read() as reader:
        reader.execute(select(tables.accounts)).all()
        approve(database, old, chair)
    file = Path(str(database.restricted.url.database))
    database.restricted.dispose()
    again = opened(file)
    assert content[:16] not in bytes_of_the_files(again)


# Nothing else -------------------------------------------------------------------------------------

FORBIDDEN = {
    "another column": "UPDATE submissions SET filename = 'x', content = x'' WHERE id = '{erased}'",
    "other bytes": "UPDATE submissions SET content = x'00' WHERE id = '{erased}'",
    "the row": "DELETE FROM submissions WHERE id = '{erased}'",
    "the bytes of another": "UPDATE submissions SET content = x'' WHERE id = '{other}'",
    "the counts of another": "DELETE FROM observations WHERE submission_id = '{other}'",
    "the findings of another": "DELETE FROM findings WHERE submission_id = '{other}'",
    "all counts": "DELETE FROM observations",
    "a changed count": "UPDATE observations SET value = 1 WHERE submission_id = '{erased}'",
    "a changed finding": "UPDATE findings SET value = '' WHERE submission_id = '{erased}'",
    "what happened": "DELETE FROM submission_events WHERE submission_id = '{erased}'",
    "who erased": "DELETE FROM erasure_events",
    "who approved": "UPDATE erasure_events SET by_id = 'x'",
    "what protects": "DELETE FROM kept_counts",
}


@pytest.fixture
def approved(database: Database, secretariat: Account, chair: Account) -> dict[str, str]:
    """Two old returns with findings, published; the erasure of one is approved, and nothing of it is erased yet."""
    erased, other = kept(database, secretariat, b"one", told="x"), kept(database, secretariat, b"other", told="y")
    with database.write() as connection:
        release = releases.freeze(connection, by=secretariat, at=OLD)
        published(connection, releases.approve(connection, release, by=chair, at=OLD), by=chair, at=OLD)
        for account, status in ((secretariat, "proposed"), (chair, "approved")):
            connection.execute(
                tables.erasure_events.insert().values(
                    submission_id=erased.id, status=status, at=NOW, by_name="x", by_id=account.id, reason=""
                )
            )
        connection.execute(
            tables.kept_counts.insert().values(publication_id=publication_list(connection)[0].id, content={})
        )
    return {"erased": erased.id, "other": other.id}


@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_an_approval_lets_nothing_else_through(database: Database, approved: dict[str, str], statement: str) -> None:
    with database.write() as connection, pytest.raises(exc.DBAPIError, match="is append-only"):
        connection.execute(text(statement.format(**approved)))


def test_exactly_this_is_let_through(database: Database, approved: dict[str, str]) -> None:
    """Negative control: the same statements, on the return that the approval names."""
    with database.write() as connection:
        for statement in (
            "UPDATE submissions SET content = x'' WHERE id = '{erased}'",
            "DELETE FROM observations WHERE submission_id = '{erased}'",
            "DELETE FROM findings WHERE submission_id = '{erased}'",
        ):
            assert connection.execute(text(statement.format(**approved))).rowcount > 0


@pytest.mark.parametrize(
    "steps",
    [
        ["c approved"],
        ["s proposed", "s approved"],
        ["s proposed", "c declined", "c approved"],
        ["s declined", "c approved"],
    ],
    ids=" ".join,
)
def test_the_database_itself_asks_for_a_second_person(
    database: Database, secretariat: Account, steps: list[str]
) -> None:
    old = kept(database, secretariat, b"old")

    def write(connection, step: str) -> None:  # type: ignore[no-untyped-def]
        by, status = step.split()
        connection.execute(
            tables.erasure_events.insert().values(
                submission_id=old.id, status=status, at=NOW, by_name=by, by_id=by, reason=""
            )
        )

    with database.write() as connection:
        for step in steps[:-1]:
            write(connection, step)
        with pytest.raises(exc.DBAPIError, match="second person"):
            write(connection, steps[-1])
        write(connection, "s proposed")
        write(connection, "c approved")


# Afterwards ---------------------------------------------------------------------------------------


def test_a_release_that_held_it_says_erased_and_not_tampered_with(
    database: Database, secretariat: Account, chair: Account
) -> None:
    old = kept(database, secretariat, b"old")
    with database.write() as connection:
        release = releases.freeze(connection, by=secretariat, at=OLD)
    erase(database, old, secretariat, chair)
    with database.write() as connection:
        with pytest.raises(Conflict, match="were erased when their time was over"):
            releases.datasets(connection, release)
        with pytest.raises(Conflict, match="were erased"):
            releases.yearly_totals(connection, release, by=chair, at=NOW)
        with pytest.raises(Conflict, match="were erased"):
            releases.approve(connection, release, by=chair, at=NOW)
        assert releases.all_releases(connection, by=chair)[0].erased_at == NOW
        assert releases.ready(connection, by=secretariat) == ()


def test_an_erased_return_cannot_be_decided_and_its_bytes_can_come_again(
    database: Database, secretariat: Account, chair: Account
) -> None:
    old = erase(database, kept(database, secretariat, b"old"), secretariat, chair)
    returned = submissions.Return("own_template", (victims(12, 9),), ())
    with database.write() as connection:
        for decide in (submissions.accept, submissions.refuse):
            with pytest.raises(Conflict, match="was erased"):
                decide(connection, old, reason="Because.", by=secretariat, at=NOW)
        receipt = submissions.receive(
            connection, b"old", "return.csv", returned, organisation="MPS", by=secretariat, at=NOW
        )
    assert not receipt.already_known
    assert receipt.submission.attempt == 2


def test_publications_stay_and_later_ones_are_protected_as_if_nothing_were_erased(
    database: Database, secretariat: Account, chair: Account
) -> None:
    old = kept(database, secretariat, b"old")
    with database.write() as connection:
        elsewhere = dataset("victims", count("victims", 7, "2012-Q1", "MI"))
        accepted(connection, elsewhere, by=secretariat, organisation="MI")
        release = releases.freeze(connection, by=secretariat, at=NOW)
        first = published(connection, releases.approve(connection, release, by=chair, at=NOW), by=chair)
        before = as_earlier(connection, first)
    rows = rows_of(database)
    erase(database, old, secretariat, chair)
    assert {table.name: rows_of(database)[table.name] for table in tables.PUBLISHED} == {
        table.name: rows[table.name] for table in tables.PUBLISHED
    }
    with database.write() as connection:
        after = as_earlier(connection, first)
        assert (after.cells, after.classifications) == (before.cells, before.classifications)
        assert leaves(after) == leaves(before) == {("2012-Q1",): 19, ("2012-Q2",): 9}
        assert {one.agency for one in after.datasets["victims"].observations} == {""}
        accepted(connection, victims(12, 11), by=secretariat)
        release = releases.freeze(connection, by=secretariat, at=NOW)
        approved = releases.approve(connection, release, by=chair, at=NOW)
        again = prepared(connection, approved, by=chair)
        assert again.earlier == (first.id,)
        assert publication.publish(connection, again, reason="Next.", by=chair, at=NOW).number == 2


def leaves(earlier: Earlier) -> dict[tuple[str, ...], int]:
    """The true counts by period, as protection reads them."""
    found = earlier.datasets["victims"]
    return dict(reported_leaves(found, found.observations, ("period",), REFERENCE)[0])


def test_a_number_that_a_source_withheld_stays_in_doubt() -> None:
    doubtful = dataset("victims", count("victims", None, censored_below=5), count("victims", 3), count("victims", 4))
    kept_so = without_agencies({"victims": doubtful})["victims"].observations
    assert [(one.value, one.censored_below) for one in kept_so] == [(7, None), (None, 5)]
