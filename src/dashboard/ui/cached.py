"""Tables and figures, made once for each publication, view and selection.

A publication never changes, so what is kept under its id never goes stale. Everything here is shared by
all sessions: it holds published figures only, and nobody may change it.
"""

from dataclasses import astuple
from typing import Any

import streamlit as st

from dashboard import charts
from dashboard.views import Published, Selection, TableView, View, load

_MOST = 2000


def table(view: View, selection: Selection, published: Published) -> TableView:
    """The table of a view. Raises NotFound where the publication has no data for it."""
    return _table(published.publication.id, view.name, astuple(selection), view, selection, published)


@st.cache_resource(max_entries=_MOST, show_spinner=False)
def _table(
    publication_id: str, view_name: str, key: tuple[Any, ...], _view: View, _selection: Selection, _published: Published
) -> TableView:
    return load(_view, _selection, _published)


def figure(drawn: TableView, selection: Selection, width: int) -> Any:
    """The Plotly figure of a table as it is drawn, for a width in pixels."""
    return _figure(drawn.publication_id, drawn.view, astuple(selection), width, drawn)


@st.cache_resource(max_entries=_MOST, show_spinner=False)
def _figure(publication_id: str, view_name: str, key: tuple[Any, ...], width: int, _drawn: TableView) -> Any:
    return charts.draw(_drawn, width)
