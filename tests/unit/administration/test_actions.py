"""Inviting, changing, closing and unlocking accounts: who may, what becomes of sessions, and the trace each leaves."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection
from tests.examples import MINUTE, NOW, events

from dashboard import administration
from dashboard.accounts import Account, ConfirmFirst, Organisation, Role, store
from dashboard.accounts.passwords import TEMPORARY_FOR, fits, hash_password
from dashboard.administration import HOUSEKEEPING
from dashboard.database import Database
from dashboard.errors import Conflict, DashboardError, NotFound, NotPermitted
from dashboard.sessions import lock_out, single_sign_on
from dashboard.sessions import store as session_store

Verb = Callable[..., object]
WITH_PASSWORD = (
    administration.close_account,
    administration.reopen_account,
    administration.invite_anew,
    administration.forget_second_factor,
)
"""Verbs on an account that ask for the password once more."""
NEW = {"username": "New.Member", "display_name": "Hussain Zahir", "role": Role.MEMBER, "organisation": "MPS"}
MISSION = Organisation("HC_NZL", "High Commission of New Zealand", "mission", "NZL", "2026-01-01", "", ())


def traces(connection: Connection) -> list[tuple[str, str]]:
    return [(event.verb, event.subject) for event in events(connection)]


def is_signed_in(connection: Connection, token: str) -> bool:
    return session_store.session_account(connection, token, at=NOW) is not None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
@pytest.mark.parametrize("verb", [*WITH_PASSWORD, administration.let_try_again])
def test_only_an_administrator_changes_accounts(
    database: Database, accounts: Mapping[Role, Account], role: Role, verb: Verb
) -> None:
    with database.write() as connection:
        with pytest.raises(NotPermitted):
            verb(connection, accounts[Role.MEMBER], by=accounts[role], at=NOW)
        with pytest.raises(NotPermitted):
            administration.invite(connection, **NEW, by=accounts[role], at=NOW)


@pytest.mark.parametrize("verb", WITH_PASSWORD)
@pytest.mark.parametrize("confirmed", [None, NOW - timedelta(minutes=15, seconds=1), NOW + MINUTE])
def test_a_password_given_long_ago_is_not_enough(
    database: Database, accounts: Mapping[Role, Account], verb: Verb, confirmed: object
) -> None:
    by = replace(accounts[Role.ADMINISTRATOR], confirmed_at=confirmed)
    with database.write() as connection:
        for call in (
            lambda: verb(connection, accounts[Role.MEMBER], by=by, at=NOW),
            lambda: administration.invite(connection, **NEW, by=by, at=NOW),
            lambda: administration.change_role(connection, accounts[Role.MEMBER], Role.CHAIR, by=by, at=NOW),
        ):
            with pytest.raises(ConfirmFirst):
                call()
        assert traces(connection) == []


def test_an_invited_account_is_found_and_noted(database: Database, accounts: Mapping[Role, Account]) -> None:
    by = accounts[Role.ADMINISTRATOR]
    with database.write() as connection:
        made, password = administration.invite(connection, **NEW, by=by, at=NOW)
        assert store.find_account(connection, "new.member") == made
        kept = store.password_hash(connection, "new.member", at=NOW + TEMPORARY_FOR - MINUTE)
        assert kept is not None
        assert fits(password, kept)
        assert store.password_hash(connection, "new.member", at=NOW + TEMPORARY_FOR) is None
        assert traces(connection) == [("administration.invite", made.id)]
        with pytest.raises(Conflict, match="is taken"):
            administration.invite(connection, **NEW, by=by, at=NOW)
        with pytest.raises(DashboardError, match="name"):
            administration.invite(connection, **NEW | {"username": " "}, by=by, at=NOW)
        assert len(events(connection)) == 1


def test_closing_ends_sessions_and_the_password_for_good(database: Database, accounts: Mapping[Role, Account]) -> None:
    by, member = accounts[Role.ADMINISTRATOR], accounts[Role.MEMBER]
    with database.write() as connection:
        token = session_store.start_session(connection, member, at=NOW)
        administration.close_account(connection, member, by=by, at=NOW)
        assert not is_signed_in(connection, token)
        password = administration.reopen_account(connection, member, by=by, at=NOW)
        assert not is_signed_in(connection, token)
        kept = store.password_hash(connection, member.username, at=NOW)
        assert kept is not None
        assert fits(password, kept)
        assert is_signed_in(connection, session_store.start_session(connection, member, at=NOW))
        assert traces(connection) == [
            ("administration.reopen_account", member.id),
            ("administration.close_account", member.id),
        ]


def test_a_new_temporary_password_ends_sessions_and_the_wait(
    database: Database, accounts: Mapping[Role, Account]
) -> None:
    by, member = accounts[Role.ADMINISTRATOR], accounts[Role.MEMBER]
    with database.write() as connection:
        token = session_store.start_session(connection, member, at=NOW)
        session_store.set_second_factor(connection, member, "encrypted", ["a"], step=0, at=NOW)
        for _ in range(lock_out.TRIES):
            lock_out.note_failure(connection, member.username, None, at=NOW)
        administration.invite_anew(connection, member, by=by, at=NOW)
        assert not is_signed_in(connection, token)
        assert session_store.second_factor(connection, member) == "encrypted", "who forgot a password still has a phone"
        assert lock_out.waits_until(connection, member.username, None, at=NOW) is None
        assert store.temporary_until(connection, member) == NOW + TEMPORARY_FOR


def test_another_role_ends_sessions(database: Database, accounts: Mapping[Role, Account]) -> None:
    by, member = accounts[Role.ADMINISTRATOR], accounts[Role.MEMBER]
    with database.write() as connection:
        token = session_store.start_session(connection, member, at=NOW)
        with pytest.raises(Conflict, match="already"):
            administration.change_role(connection, member, Role.MEMBER, by=by, at=NOW)
        assert is_signed_in(connection, token)
        changed = administration.change_role(connection, member, Role.CHAIR, by=by, at=NOW)
        assert changed == store.get_account(connection, member.id)
        assert changed.role is Role.CHAIR
        assert not is_signed_in(connection, token)
        assert store.temporary_until(connection, member) is None
        assert [event.details for event in events(connection)] == [{"before": "member", "after": "chair"}]


def test_who_becomes_administrator_chooses_a_longer_password(
    database: Database, accounts: Mapping[Role, Account]
) -> None:
    by, member = accounts[Role.ADMINISTRATOR], accounts[Role.MEMBER]
    with database.write() as connection:
        store.set_password(connection, member, hash_password("four herons!", Role.MEMBER))
        administration.change_role(connection, member, Role.ADMINISTRATOR, by=by, at=NOW)
        assert store.temporary_until(connection, member) == NOW + TEMPORARY_FOR


@pytest.mark.parametrize("verb", WITH_PASSWORD)
def test_nobody_does_it_to_themselves(database: Database, accounts: Mapping[Role, Account], verb: Verb) -> None:
    by = accounts[Role.ADMINISTRATOR]
    with database.write() as connection:
        with pytest.raises(Conflict):
            verb(connection, by, by=by, at=NOW)
        with pytest.raises(Conflict):
            administration.change_role(connection, by, Role.MEMBER, by=by, at=NOW)


@pytest.mark.parametrize("verb", WITH_PASSWORD)
def test_two_administrators_who_close_each_other_do_not_both_win(
    database: Database, accounts: Mapping[Role, Account], verb: Verb
) -> None:
    by, member = accounts[Role.ADMINISTRATOR], accounts[Role.MEMBER]
    with database.write() as connection:
        store.set_active(connection, by, False, at=NOW)
        with pytest.raises(NotPermitted, match="meanwhile"):
            verb(connection, member, by=by, at=NOW)
        store.set_active(connection, by, True, at=NOW)
        store.set_role(connection, by, Role.OFFICIAL)
        with pytest.raises(NotPermitted, match="meanwhile"):
            verb(connection, member, by=by, at=NOW)


@pytest.mark.parametrize("verb", WITH_PASSWORD)
def test_an_unknown_account_is_not_found(database: Database, accounts: Mapping[Role, Account], verb: Verb) -> None:
    stranger = Account("unknown", "unknown", "Unknown", Role.MEMBER, "MPS")
    with database.write() as connection, pytest.raises(NotFound):
        verb(connection, stranger, by=accounts[Role.ADMINISTRATOR], at=NOW)


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


def test_a_lost_phone_is_forgotten(database: Database, accounts: Mapping[Role, Account]) -> None:
    by, chair = accounts[Role.ADMINISTRATOR], accounts[Role.CHAIR]
    with database.write() as connection:
        with pytest.raises(Conflict, match="no second factor"):
            administration.forget_second_factor(connection, chair, by=by, at=NOW)
        session_store.set_second_factor(connection, chair, "encrypted", ["a"], step=0, at=NOW)
        administration.forget_second_factor(connection, chair, by=by, at=NOW)
        assert session_store.second_factor(connection, chair) is None
        assert session_store.recovery_codes_left(connection, chair) == 0


def test_accounts_that_nobody_uses_are_closed(database: Database, accounts: Mapping[Role, Account]) -> None:
    """One event for all; who signed in lately stays, and so do the last administrators."""
    late, stay = NOW + store.CLOSED_AFTER, {Role.CHAIR, Role.ADMINISTRATOR}
    with database.write() as connection:
        session_store.start_session(connection, accounts[Role.CHAIR], at=NOW + MINUTE)
        closed = administration.close_unused(connection, by=HOUSEKEEPING, at=late)
        assert {account.role for account in closed} == set(Role) - stay
        standing = {one.account.role: one.account.active for one in store.list_accounts(connection)}
        assert standing == {role: role in stay for role in Role}
        assert administration.close_unused(connection, by=HOUSEKEEPING, at=late) == ()
        assert [event.verb for event in events(connection)] == ["administration.close_unused"]


def test_an_unused_administrator_is_closed_where_another_is_there(
    database: Database, accounts: Mapping[Role, Account]
) -> None:
    with database.write() as connection:
        second = store.add_account(
            connection,
            username="second",
            display_name="Second",
            password_hash="no hash",
            role=Role.ADMINISTRATOR,
            organisation="ATO",
            at=NOW + MINUTE,
        )
        closed = administration.close_unused(connection, by=HOUSEKEEPING, at=NOW + store.CLOSED_AFTER)
        assert accounts[Role.ADMINISTRATOR] in closed
        assert second not in closed


def test_a_closed_account_is_opened_by_an_invitation_only(database: Database, accounts: Mapping[Role, Account]) -> None:
    """What opened it before does not: its identity at a provider, and a stale button on one that is open."""
    by, member = accounts[Role.ADMINISTRATOR], accounts[Role.MEMBER]
    identity = single_sign_on.Identity("https://login.example.org", "subject")
    with database.write() as connection:
        single_sign_on.link(connection, identity, by=member, at=NOW)
        with pytest.raises(Conflict, match="open already"):
            administration.reopen_account(connection, member, by=by, at=NOW)
        administration.close_account(connection, member, by=by, at=NOW)
        administration.reopen_account(connection, member, by=by, at=NOW)
        assert single_sign_on.identities_of(connection, member) == ()


def test_organisations_are_added_and_changed(database: Database, accounts: Mapping[Role, Account]) -> None:
    by = accounts[Role.ADMINISTRATOR]
    ended = replace(MISSION, valid_until="2026-12-31")
    with database.write() as connection:
        with pytest.raises(NotFound):
            administration.change_organisation(connection, MISSION, by=by, at=NOW)
        administration.add_organisation(connection, MISSION, by=by, at=NOW)
        with pytest.raises(Conflict, match="taken"):
            administration.add_organisation(connection, MISSION, by=by, at=NOW)
        with pytest.raises(Conflict, match="Nothing"):
            administration.change_organisation(connection, MISSION, by=by, at=NOW)
        administration.change_organisation(connection, ended, by=by, at=NOW)
        assert ended in administration.all_organisations(connection, by=by)
        assert MISSION not in administration.all_organisations(connection, by=by)
        assert len(events(connection)) == 2


@pytest.mark.parametrize(
    "wrong", [{"code": ""}, {"code": "hc"}, {"code": "H C"}, {"code": "\u0410"}, {"code": "A" * 41}, {"name": " "}]
)
def test_an_organisation_needs_a_code_and_a_name(
    database: Database, accounts: Mapping[Role, Account], wrong: dict[str, str]
) -> None:
    with database.write() as connection, pytest.raises(DashboardError, match="Give the organisation"):
        administration.add_organisation(connection, replace(MISSION, **wrong), by=accounts[Role.ADMINISTRATOR], at=NOW)


def test_a_rescued_administrator_signs_in_with_a_temporary_password(
    database: Database, accounts: Mapping[Role, Account]
) -> None:
    lost = accounts[Role.ADMINISTRATOR]
    with database.write() as connection:
        session_store.set_second_factor(connection, lost, "encrypted", ["a"], step=0, at=NOW)
        token = session_store.start_session(connection, lost, at=NOW)
        store.set_active(connection, lost, False, at=NOW)
        password = administration.rescue(connection, " Administrator ", at=NOW)
        kept = store.password_hash(connection, lost.username, at=NOW)
        assert kept is not None
        assert fits(password, kept)
        assert not is_signed_in(connection, token)
        assert session_store.second_factor(connection, lost) is None
        assert traces(connection) == [("administration.rescue", lost.id)]
        for stranger in ("member", "nobody", ""):
            with pytest.raises(NotFound, match="administrator"):
                administration.rescue(connection, stranger, at=NOW)
