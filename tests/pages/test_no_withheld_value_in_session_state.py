"""What stays behind when a page was drawn holds no withheld number, and nothing that such a number could come from.

Session state lives as long as the browser is open, caches are shared by everybody, logs and the audit trail are read
by people who run the machine. All of them outlive the page.
"""

import gc
import json
import logging
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
import streamlit as st
from google.protobuf.message import Message
from sqlalchemy import select
from streamlit.runtime.caching.cache_data_api import get_data_cache_stats_provider
from streamlit.runtime.caching.cache_resource_api import get_resource_cache_stats_provider
from streamlit.testing.v1 import AppTest
from tests.pages.conftest import Screen
from tests.recognisable import Recognisable, less, make
from tests.searching import in_fields, in_json, search

from dashboard.accounts import Role
from dashboard.database import Database, tables
from dashboard.disclosure import GROUP, WIDER, ProtectedTable, Protection
from dashboard.disclosure import protection as protecting
from dashboard.disclosure.checker import Breach, Reason
from dashboard.disclosure.editions import Edition, LinkedTable, Witness
from dashboard.publication import Prepared
from dashboard.ui import failures, installation, session
from dashboard.ui.gate import Gate
from dashboard.views import TableView, catalogue

LEFT_OF_THE_WALL = (ProtectedTable, Protection, Prepared, Witness, Edition, LinkedTable)
PUBLICATION = "data/publication"
QUESTIONS = ("What readers get", "Compare thresholds", "What earlier publications cost")


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Recognisable:
    """A release that is approved and not published yet."""
    return make(tmp_path_factory.mktemp("waiting"), less(), publish=False)


@pytest.fixture
def known(request: pytest.FixtureRequest) -> Recognisable:
    """The state that a test stands on: the published one, or what the test asks for."""
    found: Recognisable = request.getfixturevalue(getattr(request, "param", "recognisable"))
    return found


on_what_waits = pytest.mark.parametrize("known", ["waiting"], indirect=True)


@pytest.fixture
def installed(known: Recognisable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The running installation of one test, on a copy of that state and with empty caches."""
    shutil.copytree(known.folder / "state", tmp_path / "state")
    monkeypatch.setenv("DASHBOARD_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("DASHBOARD_REFERENCE_DIR", str(known.reference_dir))
    monkeypatch.setattr(session, "cookie", lambda: None)
    monkeypatch.setattr(Gate, "standing", True)
    _forget()
    yield installation.database()
    installation.database().restricted.dispose()
    installation.database().published.dispose()
    _forget()


def _forget() -> None:
    installation.settings.cache_clear()
    installation.database.cache_clear()
    st.cache_resource.clear()
    st.cache_data.clear()


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [one for one in app.button if one.label == label]
    return button.click().run(timeout=60)


# What is reached ----------------------------------------------------------------------------------


def inside(node: object, seen: dict[int, object]) -> Iterator[object]:
    """The object and all that it holds: what is in it, what its functions remember, what it was made with."""
    if id(node) in seen or isinstance(node, type | ModuleType):
        return
    seen[id(node)] = node  # kept, so that no other object gets its number meanwhile
    yield node
    for part in _parts(node):
        yield from inside(part, seen)


def _parts(node: object) -> Iterator[object]:
    if isinstance(node, Mapping):
        yield from (*node.keys(), *node.values())
    elif isinstance(node, list | tuple | set | frozenset):
        yield from node
    elif isinstance(node, partial):
        yield from (node.func, node.args, node.keywords)
    elif isinstance(node, FunctionType):
        yield from (cell.cell_contents for cell in node.__closure__ or ())
    elif isinstance(node, pd.DataFrame):
        yield node.reset_index().to_dict()
    elif isinstance(node, np.ndarray):
        yield node.tolist()
    elif not isinstance(node, go.Figure | Message | str | bytes | int | float):
        yield from getattr(node, "__dict__", {}).values()
        for kind in type(node).__mro__:
            slots = getattr(kind, "__slots__", ())
            yield from (getattr(node, name, None) for name in ((slots,) if isinstance(slots, str) else slots))


def numbers_in(node: object) -> set[int]:
    """Every number in an object and all that it holds."""
    found: set[int] = set()
    for part in inside(node, {}):
        if isinstance(part, Message):
            found |= set().union(*in_fields(part), set())
        elif isinstance(part, go.Figure):
            found |= in_json(json.loads(part.to_json()))
        elif isinstance(part, str | int | float | np.number):
            found |= in_json(part.item() if isinstance(part, np.number) else part)
    return found


def kept(app: AppTest) -> list[object]:
    """Session state of a person, and every cache of the process."""
    caches = (get_resource_cache_stats_provider(), get_data_cache_stats_provider())
    return [app.session_state, *caches]


def alive() -> list[object]:
    """Every object of the process that belongs left of the wall."""
    gc.collect()
    return [one for one in gc.get_objects() if isinstance(one, LEFT_OF_THE_WALL)]


def left_since(before: list[object]) -> set[str]:
    known = {id(one) for one in before}
    return {type(one).__name__ for one in alive() if id(one) not in known}


# Nothing is kept ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "reads"), [(Role.MEMBER, GROUP), (Role.OFFICIAL, WIDER)])
def test_nothing_withheld_is_kept_after_every_figure_page_was_opened(
    role: Role, reads: str, screen: Screen, known: Recognisable
) -> None:
    before, numbers = alive(), set[int]()
    for view in catalogue.PAGES:
        app = screen(role, f"figures/{view.name}")
        assert not app.exception
        for box in app.selectbox:
            if not box.disabled:
                box.set_value(box.options[-1])
        assert not app.run().exception
        numbers |= numbers_in(kept(app))
        objects = [*inside(kept(app), {})]
        assert not [one for one in objects if isinstance(one, LEFT_OF_THE_WALL)]
        assert [one for one in objects if isinstance(one, TableView)], "the caches are reached"
    assert len(numbers & known.shown(reads)) > 40, "what may be shown is there"
    assert numbers & known.forbidden(reads) == set()
    assert left_since(before) == set()


@on_what_waits
def test_nothing_withheld_is_kept_after_the_chair_looked_and_published(
    screen: Screen,
    known: Recognisable,
    installed: Database,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Neither in memory nor in the log nor in the audit trail."""
    caplog.set_level(logging.INFO)
    before, forbidden = alive(), known.forbidden(GROUP)
    app = screen(Role.CHAIR, PUBLICATION)
    for question in QUESTIONS:
        app = press(app, question)
        assert not app.exception
        assert numbers_in(kept(app)) & forbidden == set(), question
        assert left_since(before) == set(), question
    app.text_input[0].input("Quarter closed.")
    app = press(app, "Publish")
    assert not app.exception
    assert numbers_in(kept(app)) & forbidden == set()
    assert left_since(before) == set()
    app = screen(Role.CHAIR, "figures/justice")
    assert numbers_in(kept(app)) & known.shown(GROUP)
    assert numbers_in(kept(app)) & forbidden == set()
    said = capfd.readouterr()
    assert search("\n".join((caplog.text, said.out, said.err)).encode(), forbidden) == set()
    with installed.read() as connection:
        events = connection.execute(select(tables.audit_events)).all()
    assert [event.verb for event in events].count("publication.publish") == 1
    assert search(repr(events).encode(), forbidden) == set()


@on_what_waits
def test_a_proof_that_fails_says_no_number(
    screen: Screen, known: Recognisable, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(protecting, "check", lambda *_: (Breach(None, Reason.NO_WITNESS),))
    app = screen(Role.CHAIR, PUBLICATION)
    app.text_input[0].input("Quarter closed.")
    app = press(app, "Publish")
    said = [*(one.value for one in (*app.error, *app.exception)), caplog.text]
    assert any("The checker did not accept" in one for one in said)
    assert search("\n".join(said).encode(), known.forbidden(GROUP)) == set()


def test_an_error_nobody_thought_of_leaves_its_place_in_the_log_and_not_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def breaks() -> None:
        raise ValueError("48,271 persons do not fit")

    with pytest.raises(ValueError, match="48,271") as raised:
        breaks()
    assert failures.show(raised.value)
    assert "ValueError at" in caplog.text
    assert "48,271" not in caplog.text


# The search itself --------------------------------------------------------------------------------

PLANTED = 48_271
HIDDEN: dict[str, Callable[[], Any]] = {
    "in a list": lambda: {"rows": [("Nepal", PLANTED)]},
    "in a text": lambda: [f"Nepal: {PLANTED:,}"],
    "in a frame": lambda: pd.DataFrame({"2024": [PLANTED]}, index=["Nepal"]),
    "in the index of a frame": lambda: pd.DataFrame({"2024": ["c"]}, index=[PLANTED]),
    "in an array": lambda: {"x": np.array([1.0, PLANTED])},
    "in a figure": lambda: go.Figure(go.Bar(x=[1], customdata=np.array([PLANTED]))),
    "in what a button will do": lambda: partial(print, PLANTED),
    "in what a function remembers": lambda: (lambda number: lambda: number)(PLANTED),
    "in a protected table": lambda: ProtectedTable(None, {("2024",): PLANTED}, {}),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("hide", HIDDEN.values(), ids=list(HIDDEN))
def test_a_number_is_found_wherever_it_is_kept(hide: Callable[[], Any]) -> None:
    assert PLANTED in numbers_in(hide())


def test_what_is_kept_in_session_state_and_in_caches_is_found(screen: Screen) -> None:
    before = alive()
    app = screen(Role.MEMBER, "figures/overview")
    app.session_state["prepared"] = Edition({"victims": LinkedTable("victims", ("period",), {}, {("2024",): PLANTED})})

    @st.cache_resource
    def cached() -> int:
        return PLANTED + 1

    cached()
    assert {PLANTED, PLANTED + 1} <= numbers_in(kept(app))
    assert left_since(before) == {"Edition", "LinkedTable"}
