"""Widgets whose state a forged message can set to anything, and calls that take text for markup: used nowhere."""

import ast

import pytest
from tests.architecture.test_house import DOORS, ROOMS, found

FORBIDDEN = {
    "data_editor": "Streamlit takes any change of any cell, of locked columns and added rows too: take the result as a "
    "proposal and compare it with what may change, in one helper that this test then allows",
    "experimental_data_editor": "as data_editor",
    "iframe": "shows another page, which the policy refuses",
    "map": "calls out for its background",
}


def forbidden(tree: ast.Module) -> list[ast.AST]:
    """Calls of st.<name>, and markup taken from a text that is not written in the source."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    named = [one for one in calls if one.func.attr in FORBIDDEN and _is_streamlit(one.func.value)]  # type: ignore[attr-defined]
    return [*named, *(one for one in calls if any(word.arg == "unsafe_allow_html" for word in one.keywords))]


def _is_streamlit(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in {"st", "streamlit", "components"}


def test_no_screen_uses_a_widget_that_trusts_its_state() -> None:
    assert found(forbidden, [*ROOMS, *DOORS]) == [], FORBIDDEN


@pytest.mark.parametrize(
    "line",
    ["st.data_editor(frame)", "st.map(frame)", "components.iframe(url)", "st.html(x, unsafe_allow_html=1)"],
)
def test_each_of_them_is_noticed(line: str) -> None:
    """Negative control."""
    assert forbidden(ast.parse(line))
    assert not forbidden(ast.parse("frame.map(plain)\nst.dataframe(frame)"))
