"""Links of identities to accounts: one to one, noted, and taken away by the owner or an administrator."""

from collections.abc import Iterator, Mapping

import pytest
from sqlalchemy import Connection
from tests.examples import MINUTE, NOW, events

from dashboard.accounts import Account, Role
from dashboard.accounts.passwords import NO_PASSWORD
from dashboard.accounts.store import has_password, set_password
from dashboard.database import Database
from dashboard.errors import Conflict, NotFound, NotPermitted
from dashboard.sessions.single_sign_on import Identity, LinkedIdentity, account_of, identities_of, link, unlink
from dashboard.sessions.store import session_account, start_session

IDENTITY = Identity("https://login.example.org", "subject-1")
OTHER = Identity("https://login.example.org", "subject-2")
ELSEWHERE = Identity("https://another.example.org", "subject-1")


@pytest.fixture
def connection(database: Database, accounts: Mapping[Role, Account]) -> Iterator[Connection]:
    """A writer; the accounts are there before it, since two would wait for each other."""
    with database.write() as opened:
        yield opened


def test_a_linked_identity_opens_its_account_and_no_other_does(
    connection: Connection, accounts: Mapping[Role, Account]
) -> None:
    member = accounts[Role.MEMBER]
    assert account_of(connection, IDENTITY.issuer, IDENTITY.subject) is None
    link(connection, IDENTITY, by=member, at=NOW)
    assert account_of(connection, IDENTITY.issuer, IDENTITY.subject) == member.id
    assert identities_of(connection, member) == (LinkedIdentity(IDENTITY, NOW),)
    assert identities_of(connection, accounts[Role.CHAIR]) == ()
    for stranger in (
        OTHER,
        ELSEWHERE,
        Identity(IDENTITY.issuer, "Subject-1"),
        Identity(IDENTITY.issuer + "/", "subject-1"),
    ):
        assert account_of(connection, stranger.issuer, stranger.subject) is None


def test_an_identity_opens_one_account_and_an_account_has_one_of_each_provider(
    connection: Connection, accounts: Mapping[Role, Account]
) -> None:
    member, chair = accounts[Role.MEMBER], accounts[Role.CHAIR]
    link(connection, IDENTITY, by=member, at=NOW)
    for by, identity in ((chair, IDENTITY), (member, OTHER), (member, IDENTITY)):
        with pytest.raises(Conflict, match="linked already"):
            link(connection, identity, by=by, at=NOW + MINUTE)
    assert identities_of(connection, member) == (LinkedIdentity(IDENTITY, NOW),)
    assert identities_of(connection, chair) == ()
    link(connection, ELSEWHERE, by=member, at=NOW + MINUTE)
    link(connection, OTHER, by=chair, at=NOW)
    assert [linked.identity for linked in identities_of(connection, member)] == [IDENTITY, ELSEWHERE]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ADMINISTRATOR])
def test_the_owner_and_an_administrator_take_a_link_away_and_its_sessions_end(
    connection: Connection, accounts: Mapping[Role, Account], role: Role
) -> None:
    member, chair = accounts[Role.MEMBER], accounts[Role.CHAIR]
    link(connection, IDENTITY, by=member, at=NOW)
    link(connection, OTHER, by=chair, at=NOW)
    token, others = (start_session(connection, account, at=NOW) for account in (member, chair))
    with pytest.raises(NotFound, match="Load the page anew"):
        unlink(connection, member, OTHER, by=accounts[role], at=NOW)
    assert session_account(connection, token, at=NOW) == member
    unlink(connection, member, IDENTITY, by=accounts[role], at=NOW)
    assert account_of(connection, IDENTITY.issuer, IDENTITY.subject) is None
    assert session_account(connection, token, at=NOW) is None
    assert session_account(connection, others, at=NOW) == chair
    link(connection, IDENTITY, by=member, at=NOW)


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.MEMBER, Role.ADMINISTRATOR}])
def test_nobody_else_takes_it_away(connection: Connection, accounts: Mapping[Role, Account], role: Role) -> None:
    link(connection, IDENTITY, by=accounts[Role.MEMBER], at=NOW)
    with pytest.raises(NotPermitted):
        unlink(connection, accounts[Role.MEMBER], IDENTITY, by=accounts[role], at=NOW)
    assert account_of(connection, IDENTITY.issuer, IDENTITY.subject) == accounts[Role.MEMBER].id


def test_both_leave_a_trace_that_names_the_provider_and_not_the_person(
    connection: Connection, accounts: Mapping[Role, Account]
) -> None:
    member, administrator = accounts[Role.MEMBER], accounts[Role.ADMINISTRATOR]
    link(connection, IDENTITY, by=member, at=NOW)
    unlink(connection, member, IDENTITY, by=administrator, at=NOW)
    removed, linked = events(connection)
    assert (linked.verb, linked.subject, linked.account_name) == ("single_sign_on.link", member.id, member.display_name)
    assert (removed.verb, removed.account_name) == ("single_sign_on.unlink", administrator.display_name)
    assert linked.details == removed.details == {"issuer": IDENTITY.issuer}


def test_a_temporary_password_is_used_up_by_the_link(connection: Connection, accounts: Mapping[Role, Account]) -> None:
    member, chair = accounts[Role.MEMBER], accounts[Role.CHAIR]
    set_password(connection, member, "temporary", temporary_until=NOW + MINUTE)
    link(connection, IDENTITY, by=member, at=NOW)
    link(connection, OTHER, by=chair, at=NOW)
    assert not has_password(connection, member)
    assert has_password(connection, chair), "a password of one's own stays"


def test_nobody_takes_the_only_way_in_away_from_themselves(
    connection: Connection, accounts: Mapping[Role, Account]
) -> None:
    member = accounts[Role.MEMBER]
    link(connection, IDENTITY, by=member, at=NOW)
    set_password(connection, member, NO_PASSWORD)
    with pytest.raises(Conflict, match="could not sign in"):
        unlink(connection, member, IDENTITY, by=member, at=NOW)
    unlink(connection, member, IDENTITY, by=accounts[Role.ADMINISTRATOR], at=NOW)
    assert identities_of(connection, member) == ()
