"""One successful call of every verb that writes: what it needs to be there, and what it is called with.

A new verb gets a function here and a line in SCENARIOS.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
from sqlalchemy import Connection
from tests.examples import MINUTE, NOW, REFERENCE, accepted, count, dataset, prepared, published, received
from tests.unit.charts.tables import nationalities

from dashboard import attachments, data_protection, publication, releases, sessions
from dashboard.accounts import Account, Organisation, Role, store
from dashboard.accounts.passwords import hash_password
from dashboard.audit import Verification
from dashboard.database import tables
from dashboard.releases import Release
from dashboard.sessions import lock_out, single_sign_on
from dashboard.sessions import store as session_store
from dashboard.submissions import Return, Submission
from dashboard.validation.free_text import Kind

PASSWORD, NEW_PASSWORD = "a sentence of some length", "another sentence of some length"
LATER = NOW + 60 * MINUTE
"""When the verb is called: readings of the preparation lie an hour back, so that they do not stand in for its own."""
MISSION = Organisation("HC_NZL", "High Commission of New Zealand", "mission", "NZL", "2026-01-01", "", ())
IDENTITY = single_sign_on.Identity("https://login.example.org", "subject")
BEFORE = {role: Account(f"{role}-before", role, f"Another {role.label}", role, "IOM") for role in Role}
"""Who prepares: nobody else may be refused for having done the step before."""
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
    person: Account
    """Whose own account a verb on the own account is called for."""

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
        return received(self.connection, [VICTIMS], by=BEFORE[Role.SECRETARIAT])

    def frozen(self) -> Release:
        accepted(self.connection, VICTIMS, by=BEFORE[Role.SECRETARIAT])
        return releases.freeze(self.connection, by=BEFORE[Role.SECRETARIAT], at=NOW)

    def approved(self) -> Release:
        return releases.approve(self.connection, self.frozen(), by=BEFORE[Role.CHAIR], at=NOW)


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


def invite(world: World) -> Call:
    new = {"username": "new", "display_name": "Hussain Zahir", "role": Role.MEMBER, "organisation": "MPS"}
    return call(**new, by=world.administrator)


def change_role(world: World) -> Call:
    return call(world.member, Role.CHAIR, by=world.administrator)


def on_the_member(world: World) -> Call:
    return call(world.member, by=world.administrator)


def with_a_phone(world: World) -> Call:
    session_store.set_second_factor(world.connection, world.member, "encrypted", ["code"], step=0, at=NOW)
    return call(world.member, by=world.administrator)


def close_unused(world: World) -> Call:
    long_ago = NOW - store.CLOSED_AFTER
    world.connection.execute(tables.accounts.update().values(created_at=long_ago))
    return call(by=world.administrator)


def add_organisation(world: World) -> Call:
    return call(MISSION, by=world.administrator)


def change_organisation(world: World) -> Call:
    store.add_organisations(world.connection, [MISSION])
    return call(replace(MISSION, name="Another name"), by=world.administrator)


def reopen_account(world: World) -> Call:
    store.set_active(world.connection, world.member, False, at=NOW)
    return call(world.member, by=world.administrator)


def let_try_again(world: World) -> Call:
    lock_out.note_failure(world.connection, world.member.username, "192.0.2.1", at=NOW)
    return call(world.member, by=world.administrator)


def own(world: World) -> Call:
    return call(by=world.person)


def choose_password(world: World) -> Call:
    temporary = hash_password(PASSWORD, world.person.role)
    store.set_password(world.connection, world.person, temporary, temporary_until=LATER + MINUTE)
    return call(new=NEW_PASSWORD, by=world.person)


def change_password(world: World) -> Call:
    store.set_password(world.connection, world.person, hash_password(PASSWORD, world.person.role))
    return call(current=PASSWORD, new=NEW_PASSWORD, by=world.person)


def confirm(world: World) -> Call:
    store.set_password(world.connection, world.person, hash_password(PASSWORD, world.person.role))
    token = session_store.start_session(world.connection, world.person, at=NOW)
    return call(token=token, password=PASSWORD, by=world.person)


def set_up_second_factor(world: World) -> Call:
    secret = pyotp.random_base32()
    return call(secret=secret, code=pyotp.TOTP(secret).at(LATER), key=b"k" * 32, by=world.person)


def with_an_own_phone(world: World) -> Call:
    session_store.set_second_factor(world.connection, world.person, "encrypted", ["code"], step=0, at=NOW)
    return call(by=world.person)


def accept_clause(world: World) -> Call:
    return call(version="1", by=world.person)


def end_session(world: World) -> Call:
    token = session_store.start_session(world.connection, world.person, at=NOW)
    return call(session_store.session_id(world.connection, token), by=world.person)


def end_other_sessions(world: World) -> Call:
    session_store.start_session(world.connection, world.person, at=NOW)
    return end_session(world)


def close_dashboard(world: World) -> Call:
    return call(reason="A laptop was stolen.", by=world.chair)


def reopen_dashboard(world: World) -> Call:
    sessions.close_dashboard(world.connection, reason="A laptop was stolen.", by=world.chair, at=NOW)
    return call(reason="It was found.", by=world.administrator)


def report_incident(world: World) -> Call:
    return call(text="Somebody photographed the screen.", by=world.person)


def link(world: World) -> Call:
    return call(IDENTITY, by=world.person)


def unlink(world: World) -> Call:
    single_sign_on.link(world.connection, IDENTITY, by=world.person, at=NOW)
    return call(world.person, IDENTITY, by=world.administrator)


def past_its_time(world: World) -> Submission:
    return received(world.connection, [VICTIMS], by=BEFORE[Role.SECRETARIAT], at=NOW - timedelta(days=20 * 366))


def propose_erasure(world: World) -> Call:
    return call(past_its_time(world), reason="Its time is over.", reference_dir=REFERENCE, by=world.secretariat)


def proposed(world: World) -> Submission:
    due = past_its_time(world)
    data_protection.propose_erasure(
        world.connection, due, reason="Its time is over.", reference_dir=REFERENCE, by=BEFORE[Role.SECRETARIAT], at=NOW
    )
    return due


def approve_erasure(world: World) -> Call:
    return call(proposed(world), reference_dir=REFERENCE, by=world.chair)


def decline_erasure(world: World) -> Call:
    return call(proposed(world), reason="A court asks for it.", reference_dir=REFERENCE, by=world.chair)


def go_on(world: World) -> Call:
    return call("releases.reject", (Kind.PHONE,), reason="It is a hotline.", by=world.chair)


def attach(world: World) -> Call:
    return call(b"Period,Count\n2024-Q1,7\n", "evidence.csv", folder=folder_of(world), by=world.member)


def folder_of(world: World) -> Path:
    """A folder for attachments beside the database."""
    return Path(str(world.connection.engine.url.database)).parent / "attachments"


def open_attachment(world: World) -> Call:
    first = attach(world)
    attached = attachments.attach(world.connection, *first.args, **first.named, by=first.by, at=NOW)
    return call(attached.id, folder=folder_of(world), by=world.member)


def record_download(world: World) -> Call:
    return call(nationalities(), "csv", by=world.member)


def trail(world: World) -> Call:
    return call(by=world.administrator)


def export(world: World) -> Call:
    return call("csv", by=world.administrator)


def record_verification(world: World) -> Call:
    return call(Verification(0, (), 0), by=world.administrator)


SCENARIOS: Mapping[str, Callable[[World], Call]] = {
    "administration.add_organisation": add_organisation,
    "administration.change_organisation": change_organisation,
    "administration.change_role": change_role,
    "administration.close_account": on_the_member,
    "administration.close_unused": close_unused,
    "administration.forget_second_factor": with_a_phone,
    "administration.invite": invite,
    "administration.invite_anew": on_the_member,
    "administration.let_try_again": let_try_again,
    "administration.reopen_account": reopen_account,
    "attachments.attach": attach,
    "attachments.open_attachment": open_attachment,
    "audit.export": export,
    "audit.record_verification": record_verification,
    "audit.trail": trail,
    "data_protection.approve_erasure": approve_erasure,
    "data_protection.decline_erasure": decline_erasure,
    "data_protection.go_on": go_on,
    "data_protection.propose_erasure": propose_erasure,
    "exports.record_download": record_download,
    "publication.approve_policy": approve_policy,
    "publication.publish": publish,
    "publication.unprotected": unprotected,
    "publication.withdraw": withdraw,
    "releases.approve": approve,
    "releases.freeze": freeze,
    "releases.reject": reject,
    "releases.yearly_totals": yearly_totals,
    "sessions.accept_clause": accept_clause,
    "sessions.change_password": change_password,
    "sessions.choose_password": choose_password,
    "sessions.close_dashboard": close_dashboard,
    "sessions.confirm": confirm,
    "sessions.end_other_sessions": end_other_sessions,
    "sessions.end_session": end_session,
    "sessions.remove_second_factor": with_an_own_phone,
    "sessions.renew_recovery_codes": with_an_own_phone,
    "sessions.reopen_dashboard": reopen_dashboard,
    "sessions.report_incident": report_incident,
    "sessions.set_up_second_factor": set_up_second_factor,
    "single_sign_on.link": link,
    "single_sign_on.unlink": unlink,
    "submissions.accept": accept,
    "submissions.findings": findings,
    "submissions.receive": receive,
    "submissions.refuse": refuse,
}
