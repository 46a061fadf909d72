"""Tables and figures, made once for each publication, circulation, view and selection.

A publication never changes, so what is kept under its id never goes stale; that a newer one was withdrawn is
part of the key. Everything here is shared by all sessions of one circulation: it holds published figures only,
and nobody may change it.
"""

from dataclasses import astuple
from typing import Any

import streamlit as st

from dashboard import charts
from dashboard.views import Published, Selection, TableView, View, load

_MOST = 2000


def table(view: View, selection: Selection, published: Published) -> TableView:
    """The table of a view. Raises NotFound where the publication has no data for it."""
    return _table(_made_of(published), view.name, astuple(selection), view, selection, published)


def _made_of(published: Published) -> tuple[str, ...]:
    return published.publication.id, published.circulation.value, published.withdrawn


@st.cache_resource(max_entries=_MOST, show_spinner=False)
def _table(
    made_of: tuple[str, ...],
    view_name: str,
    key: tuple[Any, ...],
    _view: View,
    _selection: Selection,
    _published: Published,
) -> TableView:
    return load(_view, _selection, _published)


def figure(drawn: TableView, selection: Selection, width: int) -> Any:
    """The Plotly figure of a table as it is drawn, for a width in pixels."""
    made_of = (drawn.publication_id, drawn.circulation.value, drawn.withdrawn)
    return _figure(made_of, drawn.view, astuple(selection), width, drawn)


@st.cache_resource(max_entries=_MOST, show_spinner=False)
def _figure(made_of: tuple[str, ...], view_name: str, key: tuple[Any, ...], width: int, _drawn: TableView) -> Any:
    return charts.draw(_drawn, width)
