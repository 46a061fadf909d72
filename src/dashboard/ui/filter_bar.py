"""The filters of a view in one bar on top; every choice stands in the address of the page."""

from dataclasses import replace

import streamlit as st

from dashboard.datasets import TOTAL
from dashboard.published_tables import PERIOD
from dashboard.ui import layout
from dashboard.views import Choice, Published, Selection, View, choices, selection_of
from dashboard.views.choices import COMPARE, NO_COMPARISON

_OWN_WIDTH = 260


def show(view: View, published: Published) -> Selection:
    """Draw the bar and give what is chosen. Raises NotFound where the publication lacks the view's table."""
    offered = choices(view, published)
    if not offered:
        return Selection()
    chosen: dict[str, str] = {}
    with st.container(border=True, key="filter_bar"):
        for one, column in zip(offered, st.columns(len(offered)), strict=True):
            choice = one.beside(chosen.get(PERIOD, TOTAL)) if one.name == COMPARE else one
            whole = choice.name == COMPARE and chosen.get(PERIOD) == TOTAL
            chosen[choice.name] = choice.default if whole else _select(view, choice, column)
            if whole:
                column.selectbox(choice.label, ["Choose a single period first"], disabled=True)
    _chips(view, offered, chosen)
    return selection_of(chosen)


def own_level(view: View, selection: Selection, published: Published) -> Selection:
    """The selection with the level that a reader chooses inside a card: its table has other levels than the page's."""
    offered = next((choice for choice in choices(view, published) if choice.name == "level"), None)
    return replace(selection, level=_select(view, offered, st.container(width=_OWN_WIDTH)) if offered else None)


def _select(view: View, choice: Choice, column: st.delta_generator.DeltaGenerator) -> str:
    codes = [code for code, _ in choice.options]
    return str(
        column.selectbox(
            choice.label,
            codes,
            index=codes.index(choice.default),
            format_func=choice.text,
            key=_key(view, choice.name),
            bind="query-params",
        )
    )


def _key(view: View, name: str) -> str:
    """The name in the address. Filters go along from page to page; how a page is laid out is its own."""
    return f"{view.name}_{name}" if name in ("level", "split") else name


def _chips(view: View, offered: tuple[Choice, ...], chosen: dict[str, str]) -> None:
    """What differs from the whole picture, so that nobody reads a part for the whole."""
    active = [choice for choice in offered if chosen[choice.name] not in (choice.default, TOTAL, NO_COMPARISON)]
    if not active:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="chips"):
        for choice in active:
            st.badge(f"{choice.label}: {choice.text(chosen[choice.name])}", color="blue")
        defaults = {_key(view, choice.name): choice.default for choice in active}
        st.button("Clear filters", type="tertiary", on_click=_clear, args=(defaults,))
        layout.note("What is shown below is for this selection.")


def _clear(defaults: dict[str, str]) -> None:
    # Set, not removed: a value that is only removed comes back from the address of the page.
    for key, code in defaults.items():
        st.session_state[key] = code
