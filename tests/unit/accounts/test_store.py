"""Accounts, sessions, tickets and the setup code: how long each lives, and that each works once or not at all."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
from sqlalchemy import Connection, exc, select
from tests.examples import MINUTE, NOW

from dashboard.accounts import Account, Organisation, Role, store
from dashboard.database import Database, tables

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


def test_nobody_can_sign_in_to_a_new_database(connection: Connection) -> None:
    assert not store.any_account(connection)


def test_a_username_is_found_however_it_is_typed(ready: Connection, member: Account) -> None:
    assert store.find_account(ready, " MEMBER ") == member
    assert store.password_hash(ready, " MEMBER ") == "no hash"
    assert store.find_account(ready, "nobody") is None


def test_a_username_is_given_once(ready: Connection) -> None:
    with pytest.raises(exc.IntegrityError, match="accounts.username"):
        store.add_account(
            ready,
            username="Member",
            display_name="Another",
            password_hash="no hash",
            role=Role.OFFICIAL,
            organisation="MFA",
            at=NOW,
        )


def test_a_closed_account_has_no_password_and_no_session(ready: Connection, member: Account) -> None:
    token = store.start_session(ready, member, at=NOW)
    assert store.session_account(ready, token, at=NOW) == member
    store.set_active(ready, member, False, at=NOW)
    assert store.password_hash(ready, "member") is None
    assert store.session_account(ready, token, at=NOW) is None
    found = store.find_account(ready, "member")
    assert found is not None
    assert not found.active


def test_accounts_and_organisations_are_listed_by_name(
    ready: Connection, organisations: tuple[Organisation, ...]
) -> None:
    names = [account.display_name for account in store.list_accounts(ready)]
    assert names == sorted(names)
    listed = store.list_organisations(ready)
    assert [one.name for one in listed] == sorted(one.name for one in listed)
    assert set(listed) == set(organisations)


def test_adding_organisations_again_changes_nothing(
    connection: Connection, organisations: tuple[Organisation, ...]
) -> None:
    before = store.list_organisations(connection)
    renamed = Organisation("MPS", "Another name", "police", "MDV", "", "", ())
    store.add_organisations(connection, [*organisations, renamed])
    assert store.list_organisations(connection) == before


def test_only_hashes_of_secrets_are_kept(ready: Connection, member: Account) -> None:
    secrets = {
        store.start_session(ready, member, at=NOW),
        store.new_ticket(ready, member, at=NOW),
        store.new_setup_code(ready, at=NOW),
    }
    kept = {
        str(value)
        for table in (tables.sessions, tables.tickets, tables.setup_codes)
        for row in ready.execute(select(table))
        for value in row
    }
    assert not secrets & kept


def test_a_session_ends_when_idle(ready: Connection, member: Account) -> None:
    token = store.start_session(ready, member, at=NOW)
    assert store.session_account(ready, token, at=NOW + store.IDLE - SECOND) == member
    assert store.session_account(ready, token, at=NOW + store.IDLE) is None


def test_a_session_that_is_used_goes_on_to_its_longest_and_no_further(ready: Connection, member: Account) -> None:
    token = store.start_session(ready, member, at=NOW)
    at = NOW
    while at + 20 * MINUTE < NOW + store.LONGEST_SESSION:
        at += 20 * MINUTE
        assert store.session_account(ready, token, at=at) == member
        store.touch_session(ready, token, at=at)
    assert store.session_account(ready, token, at=NOW + store.LONGEST_SESSION - SECOND) == member
    assert store.session_account(ready, token, at=NOW + store.LONGEST_SESSION) is None


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


def test_a_setup_code_works_once_however_it_is_typed(connection: Connection) -> None:
    code = store.new_setup_code(connection, at=NOW)
    assert not store.use_setup_code(connection, "0000-0000-0000-0000", at=NOW)
    assert store.use_setup_code(connection, f" {code.upper()} ", at=NOW)
    assert not store.use_setup_code(connection, code, at=NOW)


def test_a_newer_setup_code_replaces_an_unused_one(connection: Connection) -> None:
    older, newer = (store.new_setup_code(connection, at=NOW) for _ in range(2))
    assert not store.use_setup_code(connection, older, at=NOW)
    assert store.use_setup_code(connection, newer, at=NOW)
