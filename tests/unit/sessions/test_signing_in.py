"""From the right password to a session: the steps in their order, and that none of them can be left out."""

from collections.abc import Iterator, Mapping

import pytest
from sqlalchemy import Connection
from tests.examples import MINUTE, NOW, events

from dashboard.accounts import Account, Role
from dashboard.accounts.store import set_active, set_password
from dashboard.database import Database
from dashboard.errors import NotPermitted
from dashboard.sessions import Refused, Step, lock_out, signing_in, store

CLAUSE = "wording 1"


@pytest.fixture
def connection(accounts: Mapping[Role, Account], database: Database) -> Iterator[Connection]:
    with database.write() as opened:
        yield opened


def step(connection: Connection, account: Account, *, passed: bool = False, clause: str = CLAUSE) -> Step:
    return signing_in.next_step(connection, account, clause=clause, passed=passed)


def traces(connection: Connection) -> list[tuple[str, str, str]]:
    return [(event.verb, event.account_name, event.subject) for event in events(connection)]


def test_a_member_with_a_temporary_password_takes_two_steps(
    connection: Connection, accounts: Mapping[Role, Account]
) -> None:
    member = accounts[Role.MEMBER]
    set_password(connection, member, "temporary", temporary_until=NOW + MINUTE)
    assert step(connection, member) is Step.NEW_PASSWORD
    set_password(connection, member, "own")
    assert step(connection, member) is Step.CLAUSE
    store.add_acceptance(connection, member, CLAUSE, at=NOW)
    assert step(connection, member) is Step.READY
    assert step(connection, member, clause="wording 2") is Step.CLAUSE


def test_a_phone_is_asked_first_once_there_is_one(connection: Connection, accounts: Mapping[Role, Account]) -> None:
    for role in Role:
        account = accounts[role]
        set_password(connection, account, "temporary", temporary_until=NOW + MINUTE)
        store.set_second_factor(connection, account, "encrypted", ["a" + role], step=0, at=NOW)
        assert step(connection, account) is Step.CODE
        assert step(connection, account, passed=True) is Step.NEW_PASSWORD


@pytest.mark.parametrize("role", Role)
def test_who_needs_a_second_factor_sets_one_up(
    connection: Connection, accounts: Mapping[Role, Account], role: Role
) -> None:
    needed = role in (Role.ADMINISTRATOR, Role.SECRETARIAT)
    assert role.needs_second_factor == needed
    assert step(connection, accounts[role]) is (Step.SECOND_FACTOR if needed else Step.CLAUSE)


@pytest.mark.parametrize("role", Role)
def test_no_ticket_before_every_step_is_taken(
    connection: Connection, accounts: Mapping[Role, Account], role: Role
) -> None:
    account = accounts[role]
    with pytest.raises(Refused):
        signing_in.ticket(connection, account, clause=CLAUSE, passed=True, at=NOW)
    store.add_acceptance(connection, account, CLAUSE, at=NOW)
    if role.needs_second_factor:
        with pytest.raises(Refused):
            signing_in.ticket(connection, account, clause=CLAUSE, passed=False, at=NOW)
    assert signing_in.ticket(connection, account, clause=CLAUSE, passed=True, at=NOW)
    set_active(connection, account, False, at=NOW)
    closed = Account(account.id, account.username, account.display_name, role, account.organisation, active=False)
    with pytest.raises(Refused):
        signing_in.ticket(connection, closed, clause=CLAUSE, passed=True, at=NOW)


def test_signing_in_and_out_is_kept(connection: Connection, accounts: Mapping[Role, Account]) -> None:
    member = accounts[Role.MEMBER]
    store.add_acceptance(connection, member, CLAUSE, at=NOW)
    lock_out.note_failure(connection, member.username, None, at=NOW)
    ticket = signing_in.ticket(connection, member, clause=CLAUSE, passed=False, at=NOW)
    assert not lock_out.forget_failures(connection, member.username), "the right password starts the count anew"
    firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    token = signing_in.start(connection, ticket, user_agent=firefox, at=NOW)
    assert token is not None
    assert signing_in.start(connection, ticket, user_agent=firefox, at=NOW) is None
    assert [one.browser for one in store.sessions_of(connection, member)] == ["Firefox on Windows"]
    signing_in.end(connection, token, at=NOW)
    signing_in.end(connection, token, at=NOW)
    signing_in.end(connection, "unknown", at=NOW)
    assert store.sessions_of(connection, member) == ()
    name = member.display_name
    assert traces(connection) == [("sessions.end", name, member.id), ("sessions.start", name, member.id)]


def test_failures_are_kept_without_what_was_typed(connection: Connection, accounts: Mapping[Role, Account]) -> None:
    member = accounts[Role.MEMBER]
    signing_in.failed(connection, " MEMBER ", "192.0.2.1", at=NOW)
    signing_in.failed(connection, "my password by mistake", "192.0.2.1", at=NOW)
    assert traces(connection) == [
        ("sessions.failed", "Nobody signed in", ""),
        ("sessions.failed", member.display_name, member.id),
    ]


def test_while_the_dashboard_is_closed_only_administrators_get_in(
    connection: Connection, accounts: Mapping[Role, Account]
) -> None:
    for role in Role:
        store.add_acceptance(connection, accounts[role], CLAUSE, at=NOW)
    store.add_closure(connection, closed=True, reason="A laptop was stolen.", by=accounts[Role.CHAIR], at=NOW)
    for role in set(Role) - {Role.ADMINISTRATOR}:
        with pytest.raises(NotPermitted, match="closed"):
            signing_in.ticket(connection, accounts[role], clause=CLAUSE, passed=True, at=NOW)
    assert signing_in.ticket(connection, accounts[Role.ADMINISTRATOR], clause=CLAUSE, passed=True, at=NOW)
    store.add_closure(connection, closed=False, reason="It was found.", by=accounts[Role.ADMINISTRATOR], at=NOW)
    assert signing_in.ticket(connection, accounts[Role.MEMBER], clause=CLAUSE, passed=True, at=NOW)
