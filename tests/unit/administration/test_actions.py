"""Opening, closing and unlocking accounts: who may, what becomes of sessions, and that each leaves its trace."""

from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import Connection
from tests.examples import MINUTE, NOW, events

from dashboard import administration
from dashboard.accounts import Account, Role, lock_out, store
from dashboard.accounts.passwords import WeakPassword, fits, hash_password
from dashboard.database import Database
from dashboard.errors import Conflict, DashboardError, NotPermitted

Verb = Callable[..., object]
ON_AN_ACCOUNT = (administration.close_account, administration.reopen_account, administration.let_try_again)
NEW = {
    "username": "New.Member",
    "display_name": "Hussain Zahir",
    "password": "a sentence of some length",
    "role": Role.MEMBER,
    "organisation": "MPS",
}


def traces(connection: Connection) -> list[tuple[str, str]]:
    return [(event.verb, event.subject) for event in events(connection)]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
@pytest.mark.parametrize("verb", ON_AN_ACCOUNT)
def test_only_an_administrator_changes_accounts(
    database: Database, accounts: Mapping[Role, Account], role: Role, verb: Verb
) -> None:
    with database.write() as connection:
        with pytest.raises(NotPermitted):
            verb(connection, accounts[Role.MEMBER], by=accounts[role], at=NOW)
        with pytest.raises(NotPermitted):
            administration.open_account(connection, **NEW, by=accounts[role], at=NOW)


def test_a_new_account_is_found_and_noted(database: Database, accounts: Mapping[Role, Account]) -> None:
    by = accounts[Role.ADMINISTRATOR]
    with database.write() as connection:
        made = administration.open_account(connection, **NEW, by=by, at=NOW)
        assert store.find_account(connection, "new.member") == made
        assert traces(connection) == [("administration.open_account", made.id)]
        with pytest.raises(Conflict, match="is taken"):
            administration.open_account(connection, **NEW, by=by, at=NOW)
        with pytest.raises(WeakPassword):
            administration.open_account(connection, **NEW | {"username": "x", "password": "short"}, by=by, at=NOW)
        with pytest.raises(DashboardError, match="name"):
            administration.open_account(connection, **NEW | {"username": " "}, by=by, at=NOW)
        assert len(traces(connection)) == 1


def test_closing_ends_sessions_for_good(database: Database, accounts: Mapping[Role, Account]) -> None:
    by, member = accounts[Role.ADMINISTRATOR], accounts[Role.MEMBER]
    with database.write() as connection:
        token = store.start_session(connection, member, at=NOW)
        administration.close_account(connection, member, by=by, at=NOW)
        assert store.session_account(connection, token, at=NOW) is None
        administration.reopen_account(connection, member, by=by, at=NOW)
        assert store.session_account(connection, token, at=NOW) is None
        assert store.session_account(connection, store.start_session(connection, member, at=NOW), at=NOW) == member
        assert traces(connection) == [
            ("administration.reopen_account", member.id),
            ("administration.close_account", member.id),
        ]


def test_nobody_closes_their_own_account(database: Database, accounts: Mapping[Role, Account]) -> None:
    by = accounts[Role.ADMINISTRATOR]
    with database.write() as connection, pytest.raises(Conflict, match="your own"):
        administration.close_account(connection, by, by=by, at=NOW)


def test_an_administrator_ends_the_wait_after_failed_tries(
    database: Database, accounts: Mapping[Role, Account]
) -> None:
    by, member = accounts[Role.ADMINISTRATOR], accounts[Role.MEMBER]
    with database.write() as connection:
        with pytest.raises(Conflict, match="no failed"):
            administration.let_try_again(connection, member, by=by, at=NOW)
        for _ in range(lock_out.TRIES):
            lock_out.note_failure(connection, member.username, None, at=NOW)
        assert lock_out.waits_until(connection, member.username, None, at=NOW) == NOW + MINUTE
        administration.let_try_again(connection, member, by=by, at=NOW)
        assert lock_out.waits_until(connection, member.username, None, at=NOW) is None
        assert traces(connection) == [("administration.let_try_again", member.id)]


def test_a_new_password_ends_every_session(database: Database, accounts: Mapping[Role, Account]) -> None:
    member, current, new = accounts[Role.MEMBER], "a sentence of some length", "another sentence of some length"
    with database.write() as connection:
        store.set_password(connection, member, hash_password(current, member.role), at=NOW)
        token = store.start_session(connection, member, at=NOW)
        with pytest.raises(NotPermitted, match="does not fit"):
            administration.change_own_password(connection, current="a guess", new=new, by=member, at=NOW)
        with pytest.raises(WeakPassword, match="current one"):
            administration.change_own_password(connection, current=current, new=current, by=member, at=NOW)
        with pytest.raises(WeakPassword, match="too short"):
            administration.change_own_password(connection, current=current, new="short", by=member, at=NOW)
        assert store.session_account(connection, token, at=NOW) == member
        administration.change_own_password(connection, current=current, new=new, by=member, at=NOW)
        assert store.session_account(connection, token, at=NOW) is None
        kept = store.password_hash(connection, member.username)
        assert kept is not None
        assert fits(new, kept)
        assert not fits(current, kept)
        assert traces(connection) == [
            ("administration.change_own_password", member.id),
        ]
