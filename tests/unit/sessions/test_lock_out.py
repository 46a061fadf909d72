"""Lock-out: how many tries, how long the wait, and that it is the same for everybody and never for good."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select
from tests.examples import NOW, opened

from dashboard.database import Database, tables
from dashboard.sessions import lock_out
from dashboard.sessions.lock_out import LONGEST_DELAY, TRIES, TRIES_FROM_ADDRESS

MINUTE = timedelta(minutes=1)


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.write() as opened:
        yield opened


def fail(connection: Connection, times: int, username: str = "member", address: str | None = None) -> None:
    for _ in range(times):
        lock_out.note_failure(connection, username, address, at=NOW)


def minutes(connection: Connection, username: str = "member", address: str | None = None) -> float | None:
    until = lock_out.waits_until(connection, username, address, at=NOW)
    return None if until is None else (until - NOW) / MINUTE


@pytest.mark.parametrize(
    ("failures", "expected"), [(0, None), (4, None), (5, 1), (6, 2), (7, 4), (10, 32), (11, 64), (12, 64), (60, 64)]
)
def test_each_further_failure_doubles_the_wait(connection: Connection, failures: int, expected: int | None) -> None:
    fail(connection, failures)
    assert minutes(connection) == expected


def test_after_the_wait_the_owner_gets_in(connection: Connection) -> None:
    fail(connection, TRIES)
    assert lock_out.waits_until(connection, "member", None, at=NOW + MINUTE - timedelta(seconds=1))
    assert lock_out.waits_until(connection, "member", None, at=NOW + MINUTE) is None
    assert lock_out.forget_failures(connection, " MEMBER ")
    fail(connection, TRIES - 1)
    assert minutes(connection) is None
    assert not lock_out.forget_failures(connection, "somebody else")


def test_an_unknown_username_waits_like_a_known_one(connection: Connection) -> None:
    fail(connection, TRIES, "nobody at all")
    assert minutes(connection, "nobody at all") == 1
    assert minutes(connection) is None


def test_an_address_that_tries_many_usernames_waits(connection: Connection) -> None:
    for number in range(TRIES_FROM_ADDRESS):
        fail(connection, 1, f"guess {number}", "192.0.2.7")
    assert minutes(connection, "member", "192.0.2.7") == 1
    assert minutes(connection, "member", "192.0.2.8") is None
    lock_out.forget_failures(connection, "member")
    assert minutes(connection, "member", "192.0.2.7") == 1


def test_what_is_long_ago_does_not_count(connection: Connection) -> None:
    fail(connection, 40)
    later = NOW + lock_out.FORGOTTEN_AFTER + MINUTE
    lock_out.note_failure(connection, "member", None, at=later)
    assert lock_out.waits_until(connection, "member", None, at=later) is None
    assert LONGEST_DELAY < lock_out.FORGOTTEN_AFTER


def test_six_tries_over_two_processes_and_a_restart_lock(database: Database) -> None:
    for _ in range(3):
        with database.write() as connection:
            fail(connection, 1)
        # Another process opens the same file anew, as after a restart.
        other = opened(Path(str(database.restricted.url.database)))
        with other.write() as connection:
            fail(connection, 1)
        other.restricted.dispose()
        other.published.dispose()
    with database.read() as connection:
        assert minutes(connection) == 2


def test_no_username_is_kept_as_it_was_typed(connection: Connection) -> None:
    fail(connection, 1, "a password in the wrong field", "192.0.2.7")
    for row in connection.execute(select(tables.failed_sign_ins)):
        assert len(row.key) == 64
        assert "password" not in row.key


def test_a_failure_of_the_future_makes_nobody_wait_for_it(connection: Connection) -> None:
    """The clock was a year ahead, and was set right."""
    for _ in range(TRIES):
        lock_out.note_failure(connection, "member", None, at=NOW + timedelta(days=365))
    until = lock_out.waits_until(connection, "member", None, at=NOW)
    assert until is not None
    assert until - NOW <= LONGEST_DELAY


def test_who_guesses_at_the_form_keeps_nobody_waiting_who_is_further_in(connection: Connection) -> None:
    fail(connection, 3 * TRIES, "member", "192.0.2.1")
    assert lock_out.waits_until(connection, "member", None, at=NOW) is not None
    for place in ("code", "a session"):
        assert lock_out.waits_until(connection, "member", None, at=NOW, place=place) is None
        for _ in range(TRIES):
            lock_out.note_failure(connection, "member", None, at=NOW, place=place)
        assert lock_out.waits_until(connection, "member", None, at=NOW, place=place) is not None
    assert lock_out.waits_until(connection, "member", None, at=NOW, place="another session") is None
