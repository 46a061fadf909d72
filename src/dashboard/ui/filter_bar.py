"""The filters of a view in one bar on top; every choice stands in the address of the page."""

import streamlit as st

from dashboard.datasets import TOTAL
from dashboard.ui import layout
from dashboard.views import Choice, Published, Selection, View, choices
from dashboard.views.choices import NO_COMPARISON
from dashboard.views.model import PERIOD

_LAYOUT_CHOICES = (PERIOD, "compare", "level", "split")


def show(view: View, published: Published) -> Selection:
    """Draw the bar and give what is chosen. Raises NotFound where the publication lacks the view's table."""
    offered = choices(view, published)
    if not offered:
        return Selection()
    with st.container(border=True, key="filter_bar"):
        columns = st.columns(len(offered))
        chosen = {choice.name: _select(choice, column) for choice, column in zip(offered, columns, strict=True)}
    _chips(offered, chosen)
    return Selection(
        period=chosen.get(PERIOD),
        compare=chosen.get("compare"),
        level=chosen.get("level"),
        split=chosen.get("split"),
        codes=tuple((name, code) for name, code in chosen.items() if name not in _LAYOUT_CHOICES),
    )


def _select(choice: Choice, column: st.delta_generator.DeltaGenerator) -> str:
    codes = [code for code, _ in choice.options]
    return str(
        column.selectbox(
            choice.label,
            codes,
            index=codes.index(choice.default),
            format_func=choice.text,
            key=choice.name,
            bind="query-params",
        )
    )


def _chips(offered: tuple[Choice, ...], chosen: dict[str, str]) -> None:
    """What differs from the whole picture, so that nobody reads a part for the whole."""
    active = [choice for choice in offered if chosen[choice.name] not in (choice.default, TOTAL, NO_COMPARISON)]
    if not active:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="chips"):
        for choice in active:
            st.badge(f"{choice.label}: {choice.text(chosen[choice.name])}", color="blue")
        st.button("Clear filters", type="tertiary", on_click=_clear, args=([choice.name for choice in active],))
        layout.note("Numbers below are for this selection only.")


def _clear(names: list[str]) -> None:
    for name in names:
        st.session_state.pop(name, None)
