"""The rules of the house that import-linter can't say: one home each, and what every verb does first.

Each rule is tried on a line that breaks it, too: a rule that finds nothing anywhere proves nothing.
"""

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from tests.examples import NOW

import dashboard
from dashboard.accounts import Account, Role
from dashboard.errors import NotPermitted

ROOT = Path(__file__).parents[2]
SOURCE = Path(dashboard.__file__).parent
ROOMS = sorted(SOURCE.rglob("*.py"))
DOORS = sorted((*ROOT.glob("*.py"), *(ROOT / "pages").rglob("*.py")))
Rule = Callable[[ast.Module], Iterator[ast.AST]]


# One home each ----------------------------------------------------------------------------------


def sql(tree: ast.Module) -> Iterator[ast.AST]:
    """Any name of SQLAlchemy but Connection, which a verb hands on; and any statement that is run."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "sqlalchemy" for alias in node.names):
            yield node
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in {"sqlalchemy", "sqlite3"}:
            yield from (node for alias in node.names if alias.name != "Connection")
        if _calls(node, "execute", "executemany", "scalar", "scalars", "exec_driver_sql"):
            yield node


def environment(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv", "putenv"}:
            yield node
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            yield from (node for alias in node.names if alias.name in {"environ", "getenv"})


def clock(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if _calls(node, "now", "utcnow", "today") or _is(node, "time", "time"):
            yield node
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (node for alias in node.names if alias.name == "time")


def asserts(tree: ast.Module) -> Iterator[ast.AST]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Assert))


def prints(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            yield node


def _calls(node: ast.AST, *names: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names


def _is(node: ast.AST, owner: str, name: str) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == name
        and isinstance(node.value, ast.Name)
        and node.value.id == owner
    )


def found(rule: Rule, files: list[Path]) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}:{node.lineno}"  # type: ignore[attr-defined]
        for file in files
        for node in rule(ast.parse(file.read_text(encoding="utf-8")))
    ]


def outside(*homes: str) -> list[Path]:
    """Every file of the package that is not in one of its rooms or files of that name, and every door."""
    inside = [file for file in ROOMS if not {file.name, *file.relative_to(SOURCE).parts[:-1]} & set(homes)]
    return [*inside, *DOORS]


def test_sql_is_written_in_stores_and_in_the_database_room_only() -> None:
    assert found(sql, outside("store.py", "database")) == [], "Move the statement into store.py of the room"


def test_the_environment_is_read_in_settings_only() -> None:
    assert found(environment, outside("settings.py")) == [], "Add a field to Settings and pass it on"


def test_the_clock_is_read_in_ui_and_by_programs_only() -> None:
    assert found(clock, outside("ui", "__main__.py")) == [], "Take `at` as a parameter"


def test_no_assert_guards_anything() -> None:
    assert found(asserts, outside()) == [], "python -O removes it: raise an error instead"


def test_nothing_is_printed() -> None:
    assert found(prints, outside()) == [], "What is printed may hold a figure, and ends in a log"


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (sql, "from sqlalchemy import select"),
        (sql, "from sqlalchemy import Connection, text"),
        (sql, "import sqlalchemy.orm"),
        (sql, "connection.execute(statement)"),
        (sql, "connection.scalars(statement)"),
        (environment, "folder = os.environ['HOME']"),
        (environment, "folder = os.getenv('HOME')"),
        (environment, "from os import environ"),
        (clock, "at = datetime.now(UTC)"),
        (clock, "day = datetime.date.today()"),
        (clock, "at = time.time()"),
        (clock, "field(default_factory=time.time)"),
        (asserts, "assert figures"),
        (prints, "print(figures)"),
    ],
)
def test_each_rule_finds_what_it_forbids(rule: Rule, line: str) -> None:
    assert list(rule(ast.parse(line)))


def test_the_rules_look_into_files_and_leave_the_homes_alone() -> None:
    assert list(sql(ast.parse("from sqlalchemy import Connection"))) == []
    assert found(sql, [SOURCE / "releases" / "store.py"]), "the rule sees real statements"
    assert found(environment, [SOURCE / "settings.py"])
    assert len(outside()) > 40


# Verbs ------------------------------------------------------------------------------------------

UNASKED = {
    "releases.datasets": "read by publication only, whose verbs have asked for the permission; not on any screen",
}
"""Public functions of actions.py that take no account, and why."""


def actions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of every actions.py, by room and name."""
    for file in sorted(SOURCE.rglob("actions.py")):
        module = importlib.import_module(f"dashboard.{'.'.join(file.relative_to(SOURCE).parent.parts)}.actions")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                yield f"{file.parent.name}.{name}", function


ACTIONS = dict(actions())
ASKED = {name: function for name, function in ACTIONS.items() if name not in UNASKED}
WRITING = {name: function for name, function in ACTIONS.items() if "at" in inspect.signature(function).parameters}


class Untouchable:
    """Stands for whatever a verb is given: it fails as soon as anything is asked of it.

    But for the organisation: whose return it is belongs to the question who may see it.
    """

    organisation = "MPS"

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"The verb looked at .{name} before it asked for the permission")


def arguments(function: Callable[..., Any], account: Account) -> dict[str, Any]:
    """Something for each parameter. Texts are empty: a rule on them must not speak before the permission."""
    hints = get_type_hints(function)
    by_type = {str: "", datetime: NOW, Account: account, int: 0, bool: False, Role: Role.MEMBER}
    return {
        name: account if name == "by" else by_type.get(hints.get(name), Untouchable())
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is parameter.empty
    }


def refuses(function: Callable[..., Any]) -> None:
    """Call the function for an account that was closed, in every role."""
    for role in Role:
        closed = Account("closed", "closed", "Closed", role, "MPS", active=False)
        given = arguments(function, closed)
        positional = [
            given.pop(name)
            for name, parameter in inspect.signature(function).parameters.items()
            if name in given and parameter.kind is not parameter.KEYWORD_ONLY
        ]
        with pytest.raises(NotPermitted):
            function(*positional, **given)


def test_the_verbs_are_found() -> None:
    assert {"submissions.receive", "releases.freeze", "single_sign_on.link"} <= set(WRITING)
    assert set(UNASKED) <= set(ACTIONS), "An exception that is no longer needed must go"


@pytest.mark.parametrize("name", ASKED)
def test_every_verb_says_who(name: str) -> None:
    parameter = inspect.signature(ASKED[name]).parameters.get("by")
    assert parameter is not None, "Add `by: Account` after the star"
    assert parameter.kind is parameter.KEYWORD_ONLY
    assert parameter.default is parameter.empty


@pytest.mark.parametrize("name", WRITING)
def test_every_verb_that_writes_says_when(name: str) -> None:
    parameter = inspect.signature(WRITING[name]).parameters["at"]
    assert parameter.kind is parameter.KEYWORD_ONLY
    assert parameter.default is parameter.empty


@pytest.mark.parametrize("name", ASKED)
def test_the_permission_comes_first(name: str) -> None:
    """Before the rules, before the connection, before anything it was given is looked at."""
    refuses(ASKED[name])


def test_a_verb_that_looks_before_it_asks_is_noticed() -> None:
    """Negative control."""

    def looks_first(connection: Any, *, reason: str, by: Account, at: datetime) -> None:
        connection.begin()
        raise NotPermitted

    def speaks_first(connection: Any, *, reason: str, by: Account, at: datetime) -> None:
        if not reason:
            raise ValueError
        raise NotPermitted

    def asks_nobody(connection: Any, *, reason: str, by: Account, at: datetime) -> None:
        """Writes for everybody."""

    with pytest.raises(AssertionError, match=r"looked at \.begin"):
        refuses(looks_first)
    with pytest.raises(ValueError, match=r"^$"):
        refuses(speaks_first)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        refuses(asks_nobody)
