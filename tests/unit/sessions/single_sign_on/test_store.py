"""Requests and pending identities: whose they are, how long, how often, and how many."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Connection, func, select
from tests.examples import MINUTE, NOW

from dashboard.database import Database, tables
from dashboard.sessions.single_sign_on import (
    LIFE,
    Identity,
    OpenRequest,
    PendingIdentity,
    Proven,
    SignOnFailed,
    keep_pending,
    open_request,
    pending,
    take_request,
    use_pending,
)
from dashboard.sessions.single_sign_on.store import MOST_OPEN, MOST_OPEN_FROM_ONE_ADDRESS

ADDRESS = "192.0.2.7"
PROVEN = Proven(Identity("https://login.example.org", "subject-1"), "Aminath", True)
SHORTLY_BEFORE = LIFE - timedelta(seconds=1)


def opened(database: Database, address: str = ADDRESS) -> OpenRequest:
    with database.write() as connection:
        return open_request(connection, address, at=NOW)


def rows(connection: Connection, table: str) -> int:
    return connection.scalar(select(func.count()).select_from(tables.metadata.tables[table])) or 0


def test_the_browser_that_was_sent_away_comes_back_once(database: Database) -> None:
    request = opened(database)
    with database.write() as connection:
        assert take_request(connection, request.state, request.browser, at=NOW + SHORTLY_BEFORE) == request
        assert take_request(connection, request.state, request.browser, at=NOW + SHORTLY_BEFORE) is None


@pytest.mark.parametrize(
    ("state", "browser"),
    [
        ("own", "foreign"),
        ("foreign", "own"),
        ("own", ""),
        ("", "own"),
        ("", ""),
        ("own", "own state"),
        ("\udcff", "own"),
    ],
)
def test_a_foreign_state_or_browser_takes_nothing_and_uses_nothing_up(
    database: Database, state: str, browser: str
) -> None:
    request, other = opened(database), opened(database)
    with database.write() as connection:
        found = {"own": request.state, "foreign": other.state}.get(state, state)
        sent = {"own": request.browser, "foreign": other.browser, "own state": request.state}.get(browser, browser)
        assert take_request(connection, found, sent, at=NOW) is None
        assert take_request(connection, request.state, request.browser, at=NOW) == request


def test_whoever_comes_too_late_is_not_expected_any_more(database: Database) -> None:
    request = opened(database)
    with database.write() as connection:
        assert take_request(connection, request.state, request.browser, at=NOW + LIFE) is None


def test_of_several_at_one_time_only_one_is_let_in(database: Database) -> None:
    request = opened(database)
    with database.write() as connection:
        secret = keep_pending(connection, PROVEN, at=NOW)
    taken: list[OpenRequest | PendingIdentity | None] = []
    together = Barrier(8)

    def come() -> None:
        together.wait()
        with database.write() as connection:
            taken.append(take_request(connection, request.state, request.browser, at=NOW))
        with database.write() as connection:
            taken.append(use_pending(connection, secret, at=NOW))

    threads = [Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 16
    assert len([one for one in taken if one is not None]) == 2


def test_no_secret_is_kept_as_it_is_but_what_the_provider_has_to_be_told(database: Database) -> None:
    request = opened(database)
    with database.write() as connection:
        secret = keep_pending(connection, PROVEN, at=NOW)
        kept = [
            str(row)
            for name in ("oidc_requests", "pending_identities")
            for row in connection.execute(select(tables.metadata.tables[name]))
        ]
    assert len({request.state, request.browser, request.nonce, request.verifier, secret}) == 5
    assert all(len(one) == 43 for one in (request.state, request.browser, request.nonce, request.verifier, secret))
    assert not any(one in row for one in (request.state, request.browser, secret, ADDRESS) for row in kept)
    assert request.state not in repr(request)


def test_one_address_and_all_of_them_open_so_many_requests_and_no_more(database: Database) -> None:
    with database.write() as connection:
        for _ in range(MOST_OPEN_FROM_ONE_ADDRESS):
            request = open_request(connection, ADDRESS, at=NOW)
        with pytest.raises(SignOnFailed, match="Try again in ten minutes"):
            open_request(connection, ADDRESS, at=NOW + SHORTLY_BEFORE)
        assert open_request(connection, "192.0.2.8", at=NOW), "others are not kept out"
        assert take_request(connection, request.state, request.browser, at=NOW)
        assert open_request(connection, ADDRESS, at=NOW), "who has come back makes room"
        while rows(connection, "oidc_requests") < MOST_OPEN:
            open_request(connection, f"192.0.3.{rows(connection, 'oidc_requests') // 50}", at=NOW)
        with pytest.raises(SignOnFailed):
            open_request(connection, "192.0.2.99", at=NOW)
        assert open_request(connection, ADDRESS, at=NOW + LIFE)
        assert rows(connection, "oidc_requests") == 1, "what is too old is gone"


def test_a_pending_identity_can_be_looked_at_and_used_once(database: Database) -> None:
    with database.write() as connection:
        secret, other = (keep_pending(connection, PROVEN, at=NOW) for _ in range(2))
        expected = PendingIdentity(PROVEN.identity, "Aminath", True, NOW + LIFE)
        assert pending(connection, secret, at=NOW) == pending(connection, secret, at=NOW + SHORTLY_BEFORE) == expected
        assert use_pending(connection, secret, at=NOW) == expected
        assert pending(connection, secret, at=NOW) is None
        assert use_pending(connection, secret, at=NOW) is None
        assert use_pending(connection, other, at=NOW + LIFE) is None
        assert pending(connection, "guessed", at=NOW) is None


def test_pending_identities_of_long_ago_are_removed(database: Database) -> None:
    with database.write() as connection:
        keep_pending(connection, PROVEN, at=NOW)
        keep_pending(connection, PROVEN, at=NOW + MINUTE)
        assert rows(connection, "pending_identities") == 2
        keep_pending(connection, PROVEN, at=NOW + LIFE)
        assert rows(connection, "pending_identities") == 2
