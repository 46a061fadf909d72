"""Sessions, tickets and secrets: how long each lives, and that each works once or not at all."""

from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select
from tests.examples import MINUTE, NOW

from dashboard.accounts import Account, Role
from dashboard.accounts.store import new_setup_code, set_active
from dashboard.database import Database, tables
from dashboard.sessions import store
from dashboard.sessions.model import IDLE, LONGEST_SESSION

SECOND = timedelta(seconds=1)


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.write() as opened:
        yield opened


@pytest.fixture
def member(accounts: Mapping[Role, Account]) -> Account:
    return accounts[Role.MEMBER]


# `accounts` commits before `connection` begins: the database has one writer at a time.
@pytest.fixture
def ready(member: Account, connection: Connection) -> Connection:
    return connection


def test_a_closed_account_has_no_session(ready: Connection, member: Account) -> None:
    token, ticket = store.start_session(ready, member, at=NOW), store.new_ticket(ready, member, at=NOW)
    assert store.session_account(ready, token, at=NOW) == member
    set_active(ready, member, False, at=NOW)
    assert store.session_account(ready, token, at=NOW) is None
    assert store.use_ticket(ready, ticket, at=NOW) is None


def test_only_hashes_of_secrets_are_kept(ready: Connection, member: Account) -> None:
    store.set_second_factor(ready, member, "encrypted", ["aaaaa-bbbbb"], step=0, at=NOW)
    secrets = {
        store.start_session(ready, member, at=NOW),
        store.new_ticket(ready, member, at=NOW),
        new_setup_code(ready, at=NOW),
        "aaaaa-bbbbb",
    }
    kept = {
        str(value)
        for table in (tables.sessions, tables.tickets, tables.setup_codes, tables.recovery_codes)
        for row in ready.execute(select(table))
        for value in row
    }
    assert not secrets & kept


def test_what_no_person_types_holds_256_bits_of_chance(ready: Connection, member: Account) -> None:
    tokens = {store.start_session(ready, member, at=NOW) for _ in range(50)}
    tickets = {store.new_ticket(ready, member, at=NOW) for _ in range(50)}
    assert len(tokens | tickets) == 100
    assert {len(urlsafe_b64decode(f"{one}=")) for one in tokens | tickets} == {32}
    assert len({one[:4] for one in tokens | tickets}) > 95, "and no part of it is always the same"


def test_ending_all_sessions_voids_tickets_too(ready: Connection, member: Account) -> None:
    token, ticket = store.start_session(ready, member, at=NOW), store.new_ticket(ready, member, at=NOW)
    store.end_all_sessions(ready, member, at=NOW)
    assert store.session_account(ready, token, at=NOW) is None
    assert store.use_ticket(ready, ticket, at=NOW) is None


def test_sessions_that_ended_long_ago_are_forgotten(ready: Connection, member: Account) -> None:
    store.start_session(ready, member, at=NOW)
    store.forget_ended(ready, before=NOW + LONGEST_SESSION)
    assert len(store.sessions_of(ready, member)) == 1
    store.forget_ended(ready, before=NOW + LONGEST_SESSION + SECOND)
    assert store.sessions_of(ready, member) == ()


def test_a_session_ends_when_idle(ready: Connection, member: Account) -> None:
    token = store.start_session(ready, member, at=NOW)
    assert store.session_account(ready, token, at=NOW + IDLE - SECOND) == member
    assert store.session_account(ready, token, at=NOW + IDLE) is None


def test_a_session_that_is_used_goes_on_to_its_longest_and_no_further(ready: Connection, member: Account) -> None:
    token = store.start_session(ready, member, at=NOW)
    at = NOW
    while at + 20 * MINUTE < NOW + LONGEST_SESSION:
        at += 20 * MINUTE
        assert store.session_account(ready, token, at=at) == member
        store.touch_session(ready, token, at=at)
    assert store.session_account(ready, token, at=NOW + LONGEST_SESSION - SECOND) == member
    assert store.session_account(ready, token, at=NOW + LONGEST_SESSION) is None


def test_signing_out_ends_one_session_for_good(ready: Connection, member: Account) -> None:
    here, elsewhere = (store.start_session(ready, member, at=NOW) for _ in range(2))
    store.end_session(ready, here, at=NOW + MINUTE)
    store.touch_session(ready, here, at=NOW + MINUTE)
    assert store.session_account(ready, here, at=NOW + MINUTE) is None
    assert store.session_account(ready, elsewhere, at=NOW + MINUTE) == member


@pytest.mark.parametrize("token", ["", "unknown"])
def test_an_unknown_token_opens_nothing(ready: Connection, token: str) -> None:
    assert store.session_account(ready, token, at=NOW) is None


def test_a_ticket_works_once(ready: Connection, member: Account) -> None:
    ticket = store.new_ticket(ready, member, at=NOW)
    assert store.use_ticket(ready, ticket, at=NOW + SECOND) == member
    assert store.use_ticket(ready, ticket, at=NOW + SECOND) is None


def test_a_ticket_lives_sixty_seconds_and_is_used_up_by_a_late_try(ready: Connection, member: Account) -> None:
    in_time, late = (store.new_ticket(ready, member, at=NOW) for _ in range(2))
    assert store.use_ticket(ready, in_time, at=NOW + 59 * SECOND) == member
    assert store.use_ticket(ready, late, at=NOW + 60 * SECOND) is None
    assert store.use_ticket(ready, late, at=NOW) is None


def test_old_tickets_are_swept_away(ready: Connection, member: Account) -> None:
    store.new_ticket(ready, member, at=NOW)
    store.new_ticket(ready, member, at=NOW + 2 * MINUTE)
    assert len(ready.execute(select(tables.tickets)).all()) == 1
