"""Accounts, passwords and the setup code: how long each lives, and that each works once or not at all."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
from sqlalchemy import Connection, exc
from tests.examples import MINUTE, NOW

from dashboard.accounts import Account, Organisation, Role, store
from dashboard.database import Database
from dashboard.sessions.store import start_session

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
    assert store.password_hash(ready, " MEMBER ", at=NOW) == "no hash"
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


def test_a_closed_account_has_no_password(ready: Connection, member: Account) -> None:
    store.set_active(ready, member, False, at=NOW)
    assert store.password_hash(ready, "member", at=NOW) is None
    found = store.find_account(ready, "member")
    assert found is not None
    assert not found.active


def test_a_temporary_password_runs_out(ready: Connection, member: Account) -> None:
    store.set_password(ready, member, "temporary", temporary_until=NOW + MINUTE)
    assert store.password_hash(ready, "member", at=NOW) == "temporary"
    assert store.temporary_until(ready, member) == NOW + MINUTE
    assert store.password_hash(ready, "member", at=NOW + MINUTE) is None
    store.set_password(ready, member, "own")
    assert store.temporary_until(ready, member) is None
    assert store.password_hash(ready, "member", at=NOW + MINUTE) == "own"


def test_an_account_that_nobody_used_for_half_a_year_has_no_password(ready: Connection, member: Account) -> None:
    late = NOW + store.CLOSED_AFTER
    assert store.password_hash(ready, "member", at=late - SECOND) == "no hash"
    assert store.password_hash(ready, "member", at=late) is None
    assert store.unused(ready, since=NOW - SECOND) == ()
    assert member in store.unused(ready, since=NOW)
    store.set_active(ready, member, True, at=NOW + MINUTE)
    assert store.password_hash(ready, "member", at=late) == "no hash"
    assert member not in store.unused(ready, since=NOW)


def test_a_password_of_years_ago_stays_as_long_as_its_owner_comes(ready: Connection, member: Account) -> None:
    """Nobody has to change it from time to time."""
    store.set_password(ready, member, "own")
    at = NOW
    for _ in range(20):
        at += store.CLOSED_AFTER - SECOND
        assert store.password_hash(ready, "member", at=at) == "own"
        assert store.temporary_until(ready, member) is None
        start_session(ready, member, at=at)


def test_accounts_and_organisations_are_listed_by_name(
    ready: Connection, organisations: tuple[Organisation, ...]
) -> None:
    names = [standing.account.display_name for standing in store.list_accounts(ready)]
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


def test_a_setup_code_works_once_however_it_is_typed(connection: Connection) -> None:
    code = store.new_setup_code(connection, at=NOW)
    assert not store.use_setup_code(connection, "0000-0000-0000-0000", at=NOW)
    assert store.use_setup_code(connection, f" {code.upper()} ", at=NOW)
    assert not store.use_setup_code(connection, code, at=NOW)


def test_a_newer_setup_code_replaces_an_unused_one(connection: Connection) -> None:
    older, newer = (store.new_setup_code(connection, at=NOW) for _ in range(2))
    assert not store.use_setup_code(connection, older, at=NOW)
    assert store.use_setup_code(connection, newer, at=NOW)
