"""Every verb that writes leaves exactly one event, counted; whoever reads something confidential leaves one too."""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.architecture.scenarios import LATER, SCENARIOS, World
from tests.architecture.test_house import ACTIONS, ROOMS, WRITING, arguments
from tests.examples import MINUTE, events

from dashboard import audit
from dashboard.accounts import Account, Permission, Role
from dashboard.accounts.model import PERMISSIONS
from dashboard.database import Database
from dashboard.errors import NotPermitted

Accounts = Mapping[Role, Account]
Verb = Callable[..., Any]


# Exactly one ------------------------------------------------------------------------------------


def added(database: Database, verb: Verb, accounts: Accounts, scenario: Callable[[World], Any]) -> list[str]:
    """Prepare, call the verb in a transaction of its own, and give the verbs of the events that came with it."""
    with database.write() as connection:
        call = scenario(World(connection, accounts, accounts[Role.MEMBER]))
    with database.write() as connection:
        before = len(events(connection))
        verb(connection, *call.args, **call.named, by=replace(call.by, confirmed_at=LATER), at=LATER)
        found = events(connection)
        new = found[: len(found) - before]
        assert all((event.account_id, event.at) == (call.by.id, LATER) for event in new)
        return [event.verb for event in new]


def test_every_verb_has_a_scenario() -> None:
    missing = sorted(set(WRITING) - set(SCENARIOS))
    assert not missing, f"Add a function and a line in SCENARIOS to tests/architecture/scenarios.py for {missing}"
    assert set(SCENARIOS) <= set(WRITING), "A scenario of a verb that is gone must go"


@pytest.mark.parametrize("name", sorted(set(WRITING) & set(SCENARIOS)))
def test_every_verb_leaves_exactly_one_event(name: str, database: Database, accounts: Accounts) -> None:
    (verb,) = added(database, WRITING[name], accounts, SCENARIOS[name])
    assert verb in audit.DEEDS, "Say in plain words what was done: a line in DEEDS in src/dashboard/audit/deeds.py"


@pytest.mark.parametrize("name", sorted(set(WRITING) & set(SCENARIOS)))
def test_a_verb_that_is_refused_or_rolled_back_leaves_none(name: str, database: Database, accounts: Accounts) -> None:
    with database.write() as connection:
        call = SCENARIOS[name](World(connection, accounts, accounts[Role.MEMBER]))
        before = events(connection)
    closed = replace(call.by, active=False)
    with database.write() as connection, pytest.raises(NotPermitted):
        WRITING[name](connection, *call.args, **call.named, by=closed, at=LATER)
    with pytest.raises(KeyError), database.write() as connection:  # noqa: PT012
        WRITING[name](connection, *call.args, **call.named, by=replace(call.by, confirmed_at=LATER), at=LATER)
        raise KeyError
    with database.read() as connection:
        assert events(connection) == before


@pytest.mark.parametrize("times", [0, 2])
def test_a_verb_with_no_event_or_two_is_noticed(times: int, database: Database, accounts: Accounts) -> None:
    """Negative control."""

    def verb(connection: Connection, *args: Any, by: Account, at: datetime, **named: Any) -> None:
        for _ in range(times):
            audit.record(connection, "releases.freeze", "r", by=by, at=at)

    assert len(added(database, verb, accounts, SCENARIOS["releases.freeze"])) == times


# In plain words ---------------------------------------------------------------------------------


def recorded(tree: ast.Module) -> Iterator[str]:
    """Every verb that is written out in a call of record or record_reading."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in {"record", "record_reading"} and len(node.args) > 1:
            said = node.args[1]
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                yield said.value


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_every_verb_that_is_recorded_stands_in_plain_words() -> None:
    said = {verb for file in ROOMS for verb in recorded(ast.parse(file.read_text(encoding="utf-8")))}
    assert len(said) > 15, "the calls are found"
    assert said - set(audit.DEEDS) == set(), "Add a line to DEEDS in src/dashboard/audit/deeds.py"
    assert all(deed.sentence[0].isupper() and not deed.sentence.endswith(".") for deed in audit.DEEDS.values())


def test_a_verb_without_words_is_noticed() -> None:
    """Negative control."""
    calls = (
        'audit.record(connection, "a.b", subject)\nstore.record_reading(connection, "c.d", subject)\nrecord(x, f"e")'
    )
    assert list(recorded(ast.parse(calls))) == ["a.b", "c.d"]
    assert audit.sentence("a.some_verb") == "a: some verb"


# Who reads what is confidential -----------------------------------------------------------------

CONFIDENTIAL: Mapping[Permission, frozenset[str]] = {
    Permission.SEND_SUBMISSIONS: frozenset({"submissions.findings"}),
    Permission.SEE_UNPROTECTED_TOTALS: frozenset({"releases.yearly_totals"}),
    Permission.PUBLISH: frozenset({"publication.unprotected"}),
    Permission.READ_ATTACHMENTS: frozenset({"attachments.open_attachment"}),
    Permission.READ_AUDIT_TRAIL: frozenset({"audit.trail", "audit.export"}),
}
"""Queries that give what is not for everybody with an account, by the permission they ask for: each leaves an event."""

NOT_CONFIDENTIAL: Mapping[str, str] = {
    "administration.all_accounts": "names and roles; for who opens and closes them",
    "administration.all_organisations": "a public reference table",
    "attachments.all_attachments": "which files there are, without content",
    "data_protection.past_their_time": "which returns are past their time, without content",
    "sessions.closure": "why the dashboard is closed, for those who may close it",
    "sessions.incidents": "what was reported, for those it is reported to",
    "sessions.own_sessions": "the own ones",
    "audit.last_verification": "an event without a person's deed",
    "audit.people": "names to choose from, beside the trail, whose reading is noted",
    "audit.unanchored": "a number of events",
    "audit.verify": "whether the trail is untouched, not what it says; noting it is a verb",
    "publication.lost_to_earlier": "works on what publication.unprotected gave",
    "publication.policy_in_force": "the policy, which everybody reads",
    "publication.prepare": "works on what publication.unprotected gave",
    "publication.what_if": "works on what publication.unprotected gave",
    "releases.all_releases": "which releases there are, without content",
    "releases.datasets": "no account asks for it: verbs do, which leave an event",
    "releases.ready": "which returns there are, without content",
    "submissions.previous": "compared with a return that is sent in, which is noted; shown as findings, which are too",
    "submissions.visible": "which returns there are, without content",
}
"""Every other query, and why reading it leaves no event."""

READERS = {name: permission for permission, names in CONFIDENTIAL.items() for name in names}


def test_every_query_is_said_to_be_confidential_or_not() -> None:
    queries = set(ACTIONS) - set(WRITING)
    assert queries - set(NOT_CONFIDENTIAL) == set(), (
        "Does it give true counts, or what is not for everybody? Then take `at`, call audit.record_reading and add a "
        "line to CONFIDENTIAL; if not, say why in NOT_CONFIDENTIAL"
    )
    assert set(NOT_CONFIDENTIAL) <= queries, "A query that is gone must go"
    assert set(READERS) <= set(WRITING), "A confidential query takes `at` and leaves an event"


@pytest.mark.parametrize("name", READERS)
def test_a_confidential_query_asks_for_its_permission(name: str) -> None:
    without = [role for role in Role if READERS[name] not in PERMISSIONS[role]]
    assert without, "some role does not hold it"
    for role in without:
        account = Account("a", "a", "A", role, "MPS")
        given = arguments(WRITING[name], account)
        positional = [
            given.pop(one)
            for one, parameter in inspect.signature(WRITING[name]).parameters.items()
            if one in given and parameter.kind is not parameter.KEYWORD_ONLY
        ]
        with pytest.raises(NotPermitted, match=READERS[name].sentence):
            WRITING[name](*positional, **given)


def test_a_reading_is_noted_once_an_hour(database: Database, accounts: Accounts) -> None:
    with database.write() as connection:
        call = SCENARIOS["releases.yearly_totals"](World(connection, accounts, accounts[Role.MEMBER]))
    for after, expected in ((0, 1), (59, 1), (60, 2)):
        with database.write() as connection:
            WRITING["releases.yearly_totals"](connection, *call.args, by=call.by, at=LATER + after * MINUTE)
            assert [event.verb for event in events(connection)].count("releases.yearly_totals") == expected
