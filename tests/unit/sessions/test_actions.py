"""The own account and its sessions, and closing the dashboard: what each verb does, refuses and leaves behind."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import Connection
from tests.examples import MINUTE, NOW, events

from dashboard import sessions
from dashboard.accounts import Account, ConfirmFirst, Role
from dashboard.accounts.passwords import WeakPassword, fits, hash_password
from dashboard.accounts.store import password_hash, set_password, temporary_until
from dashboard.database import Database
from dashboard.errors import Conflict, DashboardError, NotFound, NotPermitted
from dashboard.sessions import store

CURRENT, NEW = "a sentence of some length", "another sentence of some length"
KEY = b"k" * 32


@pytest.fixture
def connection(accounts: Mapping[Role, Account], database: Database) -> Iterator[Connection]:
    with database.write() as opened:
        yield opened


@pytest.fixture
def member(connection: Connection, accounts: Mapping[Role, Account]) -> Account:
    """Somebody whose password is CURRENT."""
    account = accounts[Role.MEMBER]
    set_password(connection, account, hash_password(CURRENT, account.role))
    return account


def verbs(connection: Connection) -> list[str]:
    return [event.verb for event in events(connection)]


def is_signed_in(connection: Connection, token: str) -> bool:
    return store.session_account(connection, token, at=NOW) is not None


def has_password(connection: Connection, account: Account, password: str) -> bool:
    kept = password_hash(connection, account.username, at=NOW)
    return kept is not None and fits(password, kept)


def set_up_phone(connection: Connection, account: Account) -> tuple[str, ...]:
    secret = pyotp.random_base32()
    code = pyotp.TOTP(secret).at(NOW)
    return sessions.set_up_second_factor(connection, secret=secret, code=code, key=KEY, by=account, at=NOW)


def test_a_new_password_ends_every_session(
    connection: Connection, member: Account, accounts: Mapping[Role, Account]
) -> None:
    token = store.start_session(connection, member, at=NOW)
    with pytest.raises(NotPermitted, match="does not fit"):
        sessions.change_password(connection, current="a guess", new=NEW, by=member, at=NOW)
    with pytest.raises(WeakPassword, match="current one"):
        sessions.change_password(connection, current=CURRENT, new=CURRENT, by=member, at=NOW)
    with pytest.raises(WeakPassword, match="too short"):
        sessions.change_password(connection, current=CURRENT, new="short", by=member, at=NOW)
    with pytest.raises(WeakPassword, match="everybody here knows"):
        sessions.change_password(connection, current=CURRENT, new="member of the tests", by=member, at=NOW)
    assert is_signed_in(connection, token)
    sessions.change_password(connection, current=CURRENT, new=NEW, by=member, at=NOW)
    assert not is_signed_in(connection, token)
    assert has_password(connection, member, NEW)
    assert not has_password(connection, member, CURRENT)
    assert verbs(connection) == ["sessions.change_password"]


def test_a_temporary_password_gives_way_to_an_own_one(
    connection: Connection, member: Account, accounts: Mapping[Role, Account]
) -> None:
    with pytest.raises(Conflict, match="your own already"):
        sessions.choose_password(connection, new=NEW, by=member, at=NOW)
    set_password(connection, member, hash_password(CURRENT, member.role), temporary_until=NOW + MINUTE)
    with pytest.raises(WeakPassword, match="temporary"):
        sessions.choose_password(connection, new=CURRENT, by=member, at=NOW)
    sessions.choose_password(connection, new=NEW, by=member, at=NOW)
    assert temporary_until(connection, member) is None
    assert has_password(connection, member, NEW)
    assert not has_password(connection, member, CURRENT)
    assert verbs(connection) == ["sessions.choose_password"]


def test_a_phone_is_set_up_renewed_and_done_without(connection: Connection, accounts: Mapping[Role, Account]) -> None:
    chair = accounts[Role.CHAIR]
    with pytest.raises(Conflict, match="no second factor"):
        sessions.renew_recovery_codes(connection, by=chair, at=NOW)
    with pytest.raises(NotPermitted, match="does not fit"):
        sessions.set_up_second_factor(connection, secret=pyotp.random_base32(), code="", key=KEY, by=chair, at=NOW)
    first = set_up_phone(connection, chair)
    renewed = sessions.renew_recovery_codes(connection, by=chair, at=NOW)
    assert not set(first) & set(renewed)
    assert not store.use_recovery_code(connection, chair, first[0])
    assert store.use_recovery_code(connection, chair, renewed[0])
    sessions.remove_second_factor(connection, by=chair, at=NOW)
    assert store.second_factor(connection, chair) is None
    with pytest.raises(Conflict, match="no second factor"):
        sessions.remove_second_factor(connection, by=chair, at=NOW)
    assert len(verbs(connection)) == 3


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SECRETARIAT])
def test_who_needs_a_second_factor_does_not_do_without(
    connection: Connection, accounts: Mapping[Role, Account], role: Role
) -> None:
    set_up_phone(connection, accounts[role])
    with pytest.raises(Conflict, match="needs a second factor"):
        sessions.remove_second_factor(connection, by=accounts[role], at=NOW)
    assert store.second_factor(connection, accounts[role]) is not None


def test_an_open_screen_does_not_change_the_phone(connection: Connection, accounts: Mapping[Role, Account]) -> None:
    by = replace(accounts[Role.CHAIR], confirmed_at=NOW - timedelta(hours=1))
    for verb in (sessions.renew_recovery_codes, sessions.remove_second_factor):
        with pytest.raises(ConfirmFirst):
            verb(connection, by=by, at=NOW)
    with pytest.raises(ConfirmFirst):
        set_up_phone(connection, by)
    with pytest.raises(ConfirmFirst):
        sessions.reopen_dashboard(
            connection, reason="", by=replace(accounts[Role.ADMINISTRATOR], confirmed_at=None), at=NOW
        )


def test_the_password_once_more_confirms_this_session(connection: Connection, member: Account) -> None:
    here, elsewhere = (store.start_session(connection, member, at=NOW) for _ in range(2))
    with pytest.raises(NotPermitted, match="does not fit"):
        sessions.confirm(connection, token=here, password=NEW, by=member, at=NOW + MINUTE)
    sessions.confirm(connection, token=here, password=CURRENT, by=member, at=NOW + MINUTE)
    confirmed = [store.session_account(connection, token, at=NOW + MINUTE) for token in (here, elsewhere)]
    assert [account and account.confirmed_at for account in confirmed] == [NOW + MINUTE, NOW]


def test_a_person_ends_own_sessions_and_nobody_elses(
    connection: Connection, member: Account, accounts: Mapping[Role, Account]
) -> None:
    here, there, third = (store.start_session(connection, member, at=NOW) for _ in range(3))
    others = store.start_session(connection, accounts[Role.CHAIR], at=NOW)
    ids = {token: store.session_id(connection, token) or "" for token in (here, there, third, others)}
    assert {one.id for one in sessions.own_sessions(connection, by=member)} == {ids[here], ids[there], ids[third]}
    foreign, unknown = (
        pytest.raises(NotFound, sessions.end_session, connection, wanted, by=member, at=NOW)
        for wanted in (ids[others], "unknown")
    )
    assert str(foreign.value) == str(unknown.value)
    sessions.end_session(connection, ids[there], by=member, at=NOW)
    assert not is_signed_in(connection, there)
    sessions.end_other_sessions(connection, ids[here], by=member, at=NOW)
    assert is_signed_in(connection, here)
    assert not is_signed_in(connection, third)
    assert is_signed_in(connection, others)


def test_the_clause_is_accepted_once_a_wording(
    connection: Connection, member: Account, accounts: Mapping[Role, Account]
) -> None:
    sessions.accept_clause(connection, version="1", by=member, at=NOW)
    with pytest.raises(Conflict, match="already"):
        sessions.accept_clause(connection, version="1", by=member, at=NOW)
    sessions.accept_clause(connection, version="2", by=member, at=NOW)
    assert store.has_accepted(connection, member, "1")
    assert not store.has_accepted(connection, accounts[Role.CHAIR], "1")


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SECRETARIAT, Role.CHAIR])
def test_closing_signs_everybody_out_but_administrators(
    connection: Connection, accounts: Mapping[Role, Account], role: Role
) -> None:
    by = accounts[role]
    tokens = {one: store.start_session(connection, accounts[one], at=NOW) for one in Role}
    with pytest.raises(DashboardError, match="what has happened"):
        sessions.close_dashboard(connection, reason=" ", by=by, at=NOW)
    sessions.close_dashboard(connection, reason="A laptop was stolen.", by=by, at=NOW)
    assert {one for one in Role if is_signed_in(connection, tokens[one])} == {Role.ADMINISTRATOR}
    assert sessions.closure(connection, by=by) == sessions.Closure(NOW, by.display_name, "A laptop was stolen.")
    with pytest.raises(Conflict, match="closed already"):
        sessions.close_dashboard(connection, reason="Again.", by=by, at=NOW)


def test_only_an_administrator_opens_again(connection: Connection, accounts: Mapping[Role, Account]) -> None:
    by = accounts[Role.ADMINISTRATOR]
    with pytest.raises(Conflict, match="is open"):
        sessions.reopen_dashboard(connection, reason="Found.", by=by, at=NOW)
    sessions.close_dashboard(connection, reason="A laptop was stolen.", by=by, at=NOW)
    for role in set(Role) - {Role.ADMINISTRATOR}:
        with pytest.raises(NotPermitted):
            sessions.reopen_dashboard(connection, reason="Found.", by=accounts[role], at=NOW)
    sessions.reopen_dashboard(connection, reason="Found.", by=by, at=NOW)
    assert sessions.closure(connection, by=by) is None


def test_everybody_reports_and_who_may_close_reads(connection: Connection, accounts: Mapping[Role, Account]) -> None:
    for role in Role:
        sessions.report_incident(connection, text=f" Seen by {role}. ", by=accounts[role], at=NOW)
    with pytest.raises(DashboardError, match="what has happened"):
        sessions.report_incident(connection, text=" ", by=accounts[Role.MEMBER], at=NOW)
    read = [one.text for one in sessions.incidents(connection, by=accounts[Role.CHAIR])]
    assert read == [f"Seen by {role}." for role in reversed(Role)]
    reading: Callable[..., object] = sessions.incidents
    with pytest.raises(NotPermitted):
        reading(connection, by=accounts[Role.MEMBER])
