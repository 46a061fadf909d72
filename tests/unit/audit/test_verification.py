"""Whatever is done to the trail past the program is found, and what was not touched verifies."""

import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from tests.examples import AUDIT_KEY, NOW, anchor_of, events, opened
from tests.unit.audit import tampering
from tests.unit.audit.tampering import Fork, Tampering, write_events

from dashboard import audit
from dashboard.accounts import Account, Role
from dashboard.audit import Verification, chain, store, verification
from dashboard.audit.verification import NO_ANCHORS, check
from dashboard.database import Database, anchor
from dashboard.errors import Conflict, NotPermitted

EVENTS = 60
ROUNDS = range(30)
KINDS: Mapping[str, Tampering | None] = {
    "a field edited": tampering.edit,
    "a row deleted in the middle": tampering.delete,
    "a row inserted": tampering.insert,
    "two rows swapped": tampering.swap,
    "the tail cut": tampering.cut,
    "rewritten with another key": tampering.rewrite,
    "an older copy brought back and gone on with": None,
}
Accounts = Mapping[Role, Account]


@pytest.fixture(scope="module")
def trail(tmp_path_factory: pytest.TempPathFactory, new_database: Path) -> Iterator[tuple[Path, Account]]:
    """A trail of some events and its anchor, to be copied."""
    file = tmp_path_factory.mktemp("trail") / "dashboard.sqlite"
    shutil.copyfile(new_database, file)
    database = opened(file)
    by = Account("a1", "chair", "Aminath Shareef", Role.CHAIR, "ATO")
    write_events(database, by, Random(1), EVENTS, at=NOW)
    database.restricted.dispose()
    database.published.dispose()
    return file, by


@pytest.fixture
def file(trail: tuple[Path, Account], tmp_path: Path) -> Path:
    """A copy of the trail and its anchor."""
    for part in (trail[0], anchor_of(trail[0])):
        shutil.copyfile(part, tmp_path / part.name)
    return tmp_path / trail[0].name


def verified(file: Path) -> Verification:
    database = opened(file)
    with database.read() as connection:
        found = verification.verify(connection)
    database.restricted.dispose()
    database.published.dispose()
    return found


# Untouched --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", ROUNDS)
def test_an_untouched_trail_verifies(file: Path, trail: tuple[Path, Account], seed: int) -> None:
    """Negative control: gone on with, rolled back now and then, opened again, it is still sound."""
    chance, database = Random(seed), opened(file)
    more = chance.randint(1, 20)
    write_events(database, trail[1], chance, more, at=NOW)
    with suppress(KeyError), database.write() as connection:
        audit.record(connection, "releases.freeze", "r", by=trail[1], at=NOW)
        raise KeyError
    write_events(database, trail[1], chance, 1, at=NOW)
    database.restricted.dispose()
    found = verified(file)
    assert (found.last, found.problems, found.unanchored) == (EVENTS + more + 1, (), 0)
    assert found.sentence == f"The audit trail is verified up to event {EVENTS + more + 1}."


def test_an_empty_trail_is_sound(database: Database) -> None:
    with database.read() as connection:
        found = verification.verify(connection)
    assert (found.sound, found.sentence) == (True, "The audit trail is empty.")


# Tampered with ----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", ROUNDS)
@pytest.mark.parametrize("kind", KINDS)
def test_tampering_is_found(file: Path, trail: tuple[Path, Account], kind: str, seed: int) -> None:
    before = tampering.rows(file)
    tamper = KINDS[kind] or Fork(opened, trail[1], NOW)
    tamper(file, Random(f"{kind} {seed}"))
    after = tampering.rows(file)
    assert after != before
    found = verified(file)
    first = next((row[0] for row, old in zip(after, before, strict=False) if row != old), len(after) + 1)
    assert not found.sound, "what was done to it was not found"
    assert not [one for one in found.problems if "refuses changes" in one.sentence], "the triggers are back in place"
    touched = min(one.since for one in found.problems if one.since)
    # An anchor stands for one or several events, so a trail that was forked is told up to two too early.
    assert int(str(first)) - 2 <= touched <= int(str(first))
    assert f"from event {touched} on" in found.sentence
    assert all(one.next_step for one in found.problems)


def test_a_chain_without_a_key_would_miss_a_rewritten_trail(file: Path) -> None:
    """Why there is a key: a plain chain of sha256 is made anew by whoever edits it, and fits."""
    tampering.run(file, ("UPDATE audit_events SET account_name = 'Somebody else' WHERE number = 7", ()))
    forged = [tampering.event_of(dict(zip(tampering.COLUMNS, row, strict=True))) for row in tampering.rows(file)]
    written = tampering.plain_seals(forged)  # what the forger writes beside the rows
    assert written == tampering.plain_seals(forged), "a plain chain verifies: the forgery is missed"
    tampering.reseal(file, 7, b"what the forger has for a key")
    assert {one.since for one in verified(file).problems} & {7}
    database = opened(file)
    with database.read() as connection:
        rows = list(store.rows(connection))
    assert check(rows[6:], AUDIT_KEY, NO_ANCHORS).problems


def test_without_the_key_no_seal_fits_and_with_it_all_do(file: Path) -> None:
    """The chain alone, no anchor: a rewriting is found by the key and by nothing else."""
    tampering.run(file, ("UPDATE audit_events SET account_name = 'Somebody else' WHERE number = 7", ()))
    tampering.reseal(file, 7, AUDIT_KEY)
    with opened(file).read() as connection:
        rows = list(store.rows(connection))
    assert not [one for one in check(rows, AUDIT_KEY, NO_ANCHORS).problems if one.since], (
        "who has the key can forge the chain"
    )
    assert verified(file).problems, "but not the anchor"


def test_without_an_anchor_a_cut_tail_would_be_missed(file: Path) -> None:
    """Why there is an anchor: what is left of a chain that was cut fits together."""
    tampering.run(file, ("DELETE FROM audit_events WHERE number > 40", ()))
    (problem,) = verified(file).problems
    assert "ends with event 40, but the anchor file knows of 60" in problem.sentence
    left = tampering.rows(file)[-1]
    anchor_of(file).write_text(f"{left[0]} {left[-1]}\n", encoding="ascii")
    assert verified(file).sound, "whoever can write both files can cut the tail: keep the anchor elsewhere"


def test_another_key_is_named_as_a_cause(file: Path) -> None:
    with opened(file).read() as connection:
        found = check(store.rows(connection), b"another key", NO_ANCHORS)
    assert "No event fits the key" in found.problems[0].sentence


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER audit_events_refuses_delete",
        "DROP TRIGGER releases_refuses_update",
        "CREATE TRIGGER forget AFTER INSERT ON audit_events BEGIN SELECT 1; END",
        "DROP TRIGGER audit_events_refuses_update; "
        "CREATE TRIGGER audit_events_refuses_update BEFORE UPDATE ON audit_events BEGIN SELECT 1; END",
    ],
)
def test_a_trigger_that_is_missing_or_another_one_is_found(file: Path, statement: str) -> None:
    connection = tampering.raw(file)
    connection.executescript(statement)
    connection.close()
    (problem,) = verified(file).problems
    assert "no longer refuses changes" in problem.sentence


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_events SET at = 'yesterday' WHERE number = 5",
        "UPDATE audit_events SET details = '{' WHERE number = 5",
        "UPDATE audit_events SET details = '[' || details || ']' WHERE number = 5",
        "UPDATE audit_events SET account_name = CAST(x'ff' AS TEXT) WHERE number = 5",
        "UPDATE audit_events SET mac = x'00' WHERE number = 5",
        "UPDATE audit_events SET subject = 5.5 WHERE number = 5",
    ],
)
def test_a_value_that_is_none_is_found_and_stops_nothing(file: Path, change: str) -> None:
    tampering.run(file, (change, ()))
    found = verified(file)
    assert (found.last, found.problems[0].since) == (EVENTS, 5)


def test_a_table_of_another_shape_is_said_in_words(file: Path) -> None:
    tampering.run(file, ("ALTER TABLE audit_events RENAME COLUMN subject TO object", ()))
    with pytest.raises(Conflict, match="its table is not as it was made"):
        verified(file)


# The anchor -------------------------------------------------------------------------------------


def test_a_crash_between_commit_and_anchor_leaves_a_sound_trail(
    file: Path, trail: tuple[Path, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = opened(file)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(anchor, "append", crash)
        with pytest.raises(KeyboardInterrupt), database.write() as connection:
            audit.record(connection, "releases.freeze", "r", by=trail[1], at=NOW)
    found = verified(file)
    assert (found.sound, found.last, found.unanchored) == (True, EVENTS + 1, 1)
    assert "does not know the last 1 yet" in found.sentence
    write_events(database, trail[1], Random(1), 1, at=NOW)
    assert verified(file).unanchored == 0


def test_an_anchor_that_can_not_be_written_is_said_and_loses_no_deed(
    file: Path, trail: tuple[Path, Account], caplog: pytest.LogCaptureFixture, accounts: Accounts
) -> None:
    """A folder in its place stands for a full disk or a share that is gone: root may write any file."""
    database, place = opened(file), anchor_of(file)
    place.unlink()
    place.mkdir()
    write_events(database, trail[1], Random(1), 3, at=NOW)
    assert f"The anchor of the audit trail {place} can't be written" in caplog.text
    place.rmdir()
    with database.read() as connection:
        assert len(events(connection)) == EVENTS + 3
        assert audit.unanchored(connection, by=accounts[Role.ADMINISTRATOR]) == EVENTS + 3
        found = verification.verify(connection)
    assert ["empty or missing" in one.sentence for one in found.problems] == [True]


def test_lines_that_can_not_be_read_are_told(file: Path) -> None:
    with anchor_of(file).open("ab") as lines:
        lines.write(b"61 abc\n\xff\xff\n")
    (problem,) = verified(file).problems
    assert problem.sentence.startswith("2 lines of the anchor file can't be read")


def test_the_anchor_is_for_its_owner_only_and_grows_by_one_line_a_transaction(
    database: Database, accounts: Accounts
) -> None:
    file = anchor_of(Path(str(database.restricted.url.database)))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for size in (1, 3):
        with database.write() as connection:
            for number in range(size):
                audit.record(connection, "releases.freeze", str(number), by=accounts[Role.CHAIR], at=NOW)
    with database.write():
        pass
    assert [line.split()[0] for line in anchor.lines(file)] == ["1", "4"]


# Verifying as a deed ----------------------------------------------------------------------------


def test_the_answer_is_noted_for_everybody_who_reads_the_trail(file: Path, accounts: Accounts) -> None:
    by, database = accounts[Role.ADMINISTRATOR], opened(file)
    with database.read() as connection:
        assert audit.last_verification(connection, by=by) is None
        found = audit.verify(connection, by=by)
    with database.write() as connection:
        audit.record_verification(connection, found, by=by, at=NOW)
        noted = audit.last_verification(connection, by=by)
    assert noted is not None
    assert (noted.number, noted.at, noted.details) == (EVENTS + 1, NOW, {"until": EVENTS, "problems": []})
    with database.read() as connection, pytest.raises(NotPermitted):
        audit.verify(connection, by=accounts[Role.CHAIR])


def test_a_seal_covers_every_part_of_an_event(file: Path) -> None:
    """Negative control of `canonical`: two events that differ in one part have two seals."""
    with opened(file).read() as connection:
        event = events(connection)[0]
    seals = {chain.seal(AUDIT_KEY, chain.BEGINNING, event), chain.seal(AUDIT_KEY, event.mac, event)}
    for name in ("account_id", "account_name", "verb", "subject"):
        changed = {part: getattr(event, part) for part in event.__slots__} | {name: "x"}
        seals.add(chain.seal(AUDIT_KEY, chain.BEGINNING, audit.AuditEvent(**changed)))
    assert len(seals) == 6
