"""One successful call of every verb that writes: what it needs to be there, and what it is called with.

A new verb gets a function here and a line in SCENARIOS.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from tests.examples import NOW, REFERENCE, accepted, count, dataset, prepared, published, received
from tests.unit.charts.tables import nationalities

from dashboard import publication, releases
from dashboard.accounts import Account, Role, lock_out, store
from dashboard.accounts.passwords import hash_password
from dashboard.audit import Verification
from dashboard.releases import Release
from dashboard.submissions import Return, Submission

PASSWORD, NEW_PASSWORD = "a sentence of some length", "another sentence of some length"
VICTIMS = dataset("victims", count("victims", 7))


@dataclass(frozen=True)
class Call:
    """The arguments of a verb, but for the connection and `at`."""

    args: tuple[Any, ...]
    by: Account
    named: Mapping[str, Any]


def call(*args: Any, by: Account, **named: Any) -> Call:
    return Call(args, by, named)


@dataclass(frozen=True)
class World:
    """A fresh database with an account a role, in the transaction that prepares the call."""

    connection: Connection
    people: Mapping[Role, Account]

    @property
    def secretariat(self) -> Account:
        return self.people[Role.SECRETARIAT]

    @property
    def chair(self) -> Account:
        return self.people[Role.CHAIR]

    @property
    def administrator(self) -> Account:
        return self.people[Role.ADMINISTRATOR]

    @property
    def member(self) -> Account:
        return self.people[Role.MEMBER]

    def submission(self) -> Submission:
        return received(self.connection, [VICTIMS], by=self.secretariat)

    def frozen(self) -> Release:
        accepted(self.connection, VICTIMS, by=self.secretariat)
        return releases.freeze(self.connection, by=self.secretariat, at=NOW)

    def approved(self) -> Release:
        return releases.approve(self.connection, self.frozen(), by=self.chair, at=NOW)


def receive(world: World) -> Call:
    returned = Return("own_template", (VICTIMS,), ())
    return call(b"content", "return.csv", returned, organisation="MPS", by=world.member)


def accept(world: World) -> Call:
    return call(world.submission(), reason="", by=world.secretariat)


def refuse(world: World) -> Call:
    return call(world.submission(), reason="The wrong year.", by=world.secretariat)


def findings(world: World) -> Call:
    return call(world.submission(), by=world.member)


def freeze(world: World) -> Call:
    accepted(world.connection, VICTIMS, by=world.secretariat)
    return call(by=world.secretariat)


def approve(world: World) -> Call:
    return call(world.frozen(), by=world.chair)


def reject(world: World) -> Call:
    return call(world.frozen(), reason="One agency is missing.", by=world.chair)


def yearly_totals(world: World) -> Call:
    return call(world.frozen(), by=world.chair)


def unprotected(world: World) -> Call:
    return call(world.approved(), by=world.chair)


def approve_policy(world: World) -> Call:
    policy, _ = publication.policy_in_force(world.connection, by=world.chair, reference_dir=REFERENCE)
    return call(policy, reason="Decided in February.", by=world.chair)


def publish(world: World) -> Call:
    policy = approve_policy(world)
    publication.approve_policy(world.connection, *policy.args, reason="Decided.", by=world.chair, at=NOW)
    return call(prepared(world.connection, world.approved(), by=world.chair), reason="Closed.", by=world.chair)


def withdraw(world: World) -> Call:
    return call(published(world.connection, world.approved(), by=world.chair), reason="Wrong.", by=world.chair)


def open_account(world: World) -> Call:
    return call(
        username="new",
        display_name="Hussain Zahir",
        password=PASSWORD,
        role=Role.MEMBER,
        organisation="MPS",
        by=world.administrator,
    )


def close_account(world: World) -> Call:
    return call(world.member, by=world.administrator)


def reopen_account(world: World) -> Call:
    store.set_active(world.connection, world.member, False, at=NOW)
    return call(world.member, by=world.administrator)


def let_try_again(world: World) -> Call:
    lock_out.note_failure(world.connection, world.member.username, "192.0.2.1", at=NOW)
    return call(world.member, by=world.administrator)


def change_own_password(world: World) -> Call:
    store.set_password(world.connection, world.member, hash_password(PASSWORD, Role.MEMBER), at=NOW)
    return call(current=PASSWORD, new=NEW_PASSWORD, by=world.member)


def record_download(world: World) -> Call:
    return call(nationalities(), "csv", by=world.member)


def trail(world: World) -> Call:
    return call(by=world.administrator)


def export(world: World) -> Call:
    return call("csv", by=world.administrator)


def record_verification(world: World) -> Call:
    return call(Verification(0, (), 0), by=world.administrator)


SCENARIOS: Mapping[str, Callable[[World], Call]] = {
    "administration.change_own_password": change_own_password,
    "administration.close_account": close_account,
    "administration.let_try_again": let_try_again,
    "administration.open_account": open_account,
    "administration.reopen_account": reopen_account,
    "audit.export": export,
    "audit.record_verification": record_verification,
    "audit.trail": trail,
    "exports.record_download": record_download,
    "publication.approve_policy": approve_policy,
    "publication.publish": publish,
    "publication.unprotected": unprotected,
    "publication.withdraw": withdraw,
    "releases.approve": approve,
    "releases.freeze": freeze,
    "releases.reject": reject,
    "releases.yearly_totals": yearly_totals,
    "submissions.accept": accept,
    "submissions.findings": findings,
    "submissions.receive": receive,
    "submissions.refuse": refuse,
}
