"""The audit trail: an event a deed, in the transaction of the deed, read by those who may."""

from collections.abc import Mapping

import pytest
from tests.examples import MINUTE, NOW

from dashboard import audit
from dashboard.accounts import Account, Role
from dashboard.database import Database
from dashboard.errors import NotPermitted


def test_an_event_says_who_did_what_to_what_and_when(database: Database, accounts: Mapping[Role, Account]) -> None:
    chair, administrator = accounts[Role.CHAIR], accounts[Role.ADMINISTRATOR]
    with database.write() as connection:
        audit.record(connection, "publication.publish", "p1", by=chair, at=NOW, reason="The quarter is closed.")
        (event,) = audit.trail(connection, by=administrator)
    assert (event.account_name, event.verb, event.subject, event.at) == (
        chair.display_name,
        "publication.publish",
        "p1",
        NOW,
    )
    assert event.details == {"reason": "The quarter is closed."}


def test_the_trail_is_newest_first_and_as_long_as_asked(database: Database, accounts: Mapping[Role, Account]) -> None:
    by = accounts[Role.ADMINISTRATOR]
    with database.write() as connection:
        for number in range(5):
            # All but the first at one moment: the order is that of the deeds, not of the clock.
            audit.record(connection, "accounts.open", str(number), by=by, at=NOW + min(number, 1) * MINUTE)
        assert [event.subject for event in audit.trail(connection, by=by)] == ["4", "3", "2", "1", "0"]
        assert [event.subject for event in audit.trail(connection, by=by, limit=2)] == ["4", "3"]


def test_a_deed_that_fails_leaves_no_event(database: Database, accounts: Mapping[Role, Account]) -> None:
    def fail() -> None:
        with database.write() as connection:
            audit.record(connection, "releases.freeze", "r1", by=accounts[Role.SECRETARIAT], at=NOW)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with database.read() as connection:
        assert audit.trail(connection, by=accounts[Role.ADMINISTRATOR]) == ()


def test_a_long_subject_is_cut_not_refused(database: Database, accounts: Mapping[Role, Account]) -> None:
    by = accounts[Role.ADMINISTRATOR]
    with database.write() as connection:
        audit.record(connection, "accounts.open", "x" * 500, by=by, at=NOW)
        assert audit.trail(connection, by=by)[0].subject == "x" * 120


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_others_do_not_read_the_trail(database: Database, accounts: Mapping[Role, Account], role: Role) -> None:
    with database.read() as connection, pytest.raises(NotPermitted, match="Read the audit trail"):
        audit.trail(connection, by=accounts[role])
