"""Every verb and query, as every role, on what is its own and what is another's: refused or not, as drawn."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.architecture import permissions_page
from tests.architecture.matrix import MATRIX
from tests.architecture.scenarios import BEFORE, LATER, REFERENCE, SCENARIOS, Call, World, call
from tests.architecture.test_house import ASKED
from tests.examples import prepared
from tests.spec.drawing import read

from dashboard import attachments, publication
from dashboard.accounts import Account, Role
from dashboard.database import Database
from dashboard.errors import Conflict, NotFound, NotPermitted

DRAWN = read(MATRIX)
OWN, OTHER = "MPS", "MI"
"""The returns of the scenarios are of the first."""

NO_TARGET = frozenset(name for name, cells in DRAWN.rows.items() if set(cells) <= {"own", "-"}) - {
    "attachments.all_attachments",
    "attachments.open_attachment",
    "sessions.end_session",
    "submissions.findings",
    "submissions.previous",
    "submissions.receive",
    "submissions.visible",
}
"""Verbs that are given nobody else's account or return: there is no other to try them on."""
PURE = ("publication.prepare", "publication.what_if", "publication.lost_to_earlier")
"""Queries on what publication.unprotected gave; they take no connection."""
ON_ACCOUNTS = frozenset({"sessions.end_session", "single_sign_on.unlink"})


def _of_the_chair(name: str) -> Callable[[World], Call]:
    """A query that works on what another gave."""

    def asked(world: World) -> Call:
        before = BEFORE[Role.CHAIR]
        if name == "publication.lost_to_earlier":
            return call(
                prepared(world.connection, world.approved(), by=before), reference_dir=REFERENCE, by=world.chair
            )
        content = publication.unprotected(world.connection, world.approved(), by=before, at=LATER)
        more = {"threshold": 5} if name == "publication.what_if" else {}
        return call(content, reference_dir=REFERENCE, **more, by=world.chair)

    return asked


def _visible(world: World) -> Call:
    world.submission()
    return call(by=world.member)


def _attached(world: World) -> Call:
    attached = SCENARIOS["attachments.attach"](world)
    attachments.attach(world.connection, *attached.args, **attached.named, by=attached.by, at=LATER)
    return call(by=world.member)


LISTS = ("submissions.visible", "attachments.all_attachments")
"""Queries that leave out what is another's, where others refuse it."""

QUERIES: Mapping[str, Callable[[World], Call]] = {
    **{
        name: lambda world: call(by=world.person)
        for name in ASKED
        if name not in SCENARIOS and name.partition(".")[0] in {"administration", "audit", "releases", "sessions"}
    },
    **{name: _of_the_chair(name) for name in PURE},
    "attachments.all_attachments": _attached,
    "data_protection.past_their_time": lambda world: call(
        reference_dir=REFERENCE, today=LATER.date(), by=world.secretariat
    ),
    "publication.policy_in_force": lambda world: call(reference_dir=REFERENCE, by=world.member),
    "submissions.previous": lambda world: call(OWN, by=world.member),
    "submissions.visible": _visible,
}
CALLS = {**SCENARIOS, **QUERIES}


def is_refused(name: str, database: Database, accounts: Mapping[Role, Account], role: Role, *, own: bool) -> bool:
    """Whether the verb is refused to somebody of that role, on what is theirs or not."""
    person = accounts[role] if own or name not in ON_ACCOUNTS else accounts[_another(role)]
    with database.write() as connection:
        wanted = CALLS[name](World(connection, accounts, person))
    by = replace(accounts[role], organisation=OWN if own else OTHER, confirmed_at=LATER)
    try:
        with database.write() as connection:
            given = _run(name, connection, wanted, by)
    except (NotPermitted, NotFound):
        return True
    except Conflict as conflict:
        return "needs a second factor" in str(conflict)
    return name in LISTS and given == ()


def _run(name: str, connection: Connection, wanted: Call, by: Account) -> Any:
    first = () if name in PURE else (connection,)
    at = {"at": LATER} if name in SCENARIOS else {}
    return ASKED[name](*first, *wanted.args, **wanted.named, by=by, **at)


def _another(role: Role) -> Role:
    return Role.MEMBER if role is not Role.MEMBER else Role.CHAIR


def test_every_verb_and_query_is_drawn() -> None:
    assert set(DRAWN.rows) == set(ASKED), "Give it a row in tests/architecture/matrix.py, and a call in QUERIES here"
    assert set(CALLS) == set(ASKED)
    assert DRAWN.columns == tuple(role.value for role in Role)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", DRAWN.rows)
def test_it_is_refused_or_not_as_drawn(
    name: str, role: Role, database: Database, accounts: Mapping[Role, Account]
) -> None:
    cell = dict(zip(DRAWN.columns, DRAWN.rows[name], strict=True))[role.value]
    assert is_refused(name, database, accounts, role, own=True) == (cell == "-")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", sorted(set(DRAWN.rows) - NO_TARGET))
def test_what_is_anothers_is_refused_or_not_as_drawn(
    name: str, role: Role, database: Database, accounts: Mapping[Role, Account]
) -> None:
    cell = dict(zip(DRAWN.columns, DRAWN.rows[name], strict=True))[role.value]
    assert is_refused(name, database, accounts, role, own=False) == (cell != "yes")


def test_the_page_shows_the_matrix() -> None:
    text = permissions_page.FILE.read_text(encoding="utf-8")
    for name, cells in DRAWN.rows.items():
        assert f"| `{name}` | {' | '.join(cell.replace('-', '') for cell in cells)} |" in text
