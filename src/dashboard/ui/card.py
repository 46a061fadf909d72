"""One view as a card: the figure, the table beside it, its note, and its downloads."""

import pandas as pd
import streamlit as st

from dashboard import charts
from dashboard.accounts import Account, Permission
from dashboard.datasets import STRUCTURES, TOTAL
from dashboard.ui import cached, figure_files, files, filter_bar, layout
from dashboard.ui.plain import plain
from dashboard.views import Published, Selection, TableView, View, as_drawn
from dashboard.views.notes import in_sentence

_BESIDE = {"ranked_bars", "lines"}
"""Charts narrow enough to have their table beside them on a projector, if the table is narrow too."""
_MOST_COLUMNS_BESIDE = 3

_MOST_GROUPS_OPEN = 3
"""Notes on groups of codes that stand open under a table; more of them are a click away."""

_WIDTH, _WIDTH_BESIDE = 1100, 620
"""Pixels for which the text inside a figure is broken into lines; on a phone the figure scrolls in its card."""

_PLOTLY = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d"],
}


def show(view: View, selection: Selection, published: Published, account: Account, *, lead: bool) -> None:
    """Draw the card. lead is the first one on the page."""
    with st.container(border=True, key=f"card_{view.name}"):
        if view.own_level:
            selection = filter_bar.own_level(view, selection, published)
        table = cached.table(view, selection, published)
        _not_filtered(view, selection, published, table)
        if table.is_empty:
            layout.empty(table.title, "No return for this selection. Choose another period or other filters above.")
            return
        if not table.rows:
            layout.empty(table.title, "None were counted for this selection.")
            return
        beside = view.chart in _BESIDE and len(table.columns) <= _MOST_COLUMNS_BESIDE
        left, right = st.columns([3, 2], gap="large") if beside else (st.container(), st.container())
        with left:
            _figure(view, table, selection, beside=beside)
            if table.comparison:
                layout.note(f"In all: {table.comparison}")
            _nothing_shown(table)
        with right:
            if beside or lead:
                _table(table)
            else:
                with st.expander("Table"):
                    _table(table)
        if account.may(Permission.EXPORT_FIGURES):
            _downloads(view, selection, published, table)


def _not_filtered(view: View, selection: Selection, published: Published, shown: TableView) -> None:
    """A filter or a period of the page that this card can't apply must not be taken for applied."""
    table = published.tables[view.table]
    structure = STRUCTURES[table.structure]
    if not view.is_series and selection.period not in (None, shown.period):
        layout.note(
            f"Shown for {in_sentence(shown.period)}: this table is not published for "
            f"{in_sentence(str(selection.period))} by itself."
        )
    ignored = [name for name, code in selection.codes if name not in view.filters and code != TOTAL]
    ignored = [name for name in ignored if name not in view.rows and structure.dimension(name).total]
    if ignored:
        names = " and ".join(structure.dimension(name).label.lower() for name in ignored)
        layout.note(f"Not filtered by {names}: this table is not published in that detail.")


def _figure(view: View, table: TableView, selection: Selection, *, beside: bool) -> None:
    with st.container(key=f"figure_{view.name}"):
        st.plotly_chart(
            cached.figure(as_drawn(view, table), selection, _WIDTH_BESIDE if beside else _WIDTH),
            theme=None,
            key=f"{'plot' if beside else 'wide'}_{view.name}",
            config=_PLOTLY,
            alt=charts.describe(table),
        )


def _nothing_shown(table: TableView) -> None:
    """A picture of withheld numbers only needs a way out."""
    cells = [cell for row in table.cells for cell in row]
    if table.withheld and not any(cell.value for cell in cells):
        layout.note("Every number here is withheld. A longer period or fewer filters show more.")


def _table(table: TableView) -> None:
    layout.number_table(_frame(table), table.view, f"{table.title}. {table.subtitle}")
    if len(table.groups) > _MOST_GROUPS_OPEN:
        with st.expander(f"What the {len(table.groups)} groups hold"):
            for sentence in table.groups:
                layout.note(plain(sentence))
    elif table.groups:
        layout.note(plain(" ".join(table.groups)))


def _frame(table: TableView) -> pd.DataFrame:
    """The table as text: what is withheld is a sign, so nothing can be sorted or summed out of it."""
    columns = [column.label for column in table.columns]
    body = [[cell.text for cell in row] for row in table.cells]
    labels = [row.label for row in table.rows]
    if table.total_column:
        columns = [*columns, "Total"]
        body = [[*row, total.text] for row, total in zip(body, table.total_column, strict=True)]
    if table.total_row:
        corner = ["" for _ in table.total_column[:1]]
        body.append([*(cell.text for cell in table.total_row), *corner])
        labels.append("Total")
    return pd.DataFrame(body, index=pd.Index(labels, name=table.row_label), columns=columns)


def _downloads(view: View, selection: Selection, published: Published, table: TableView) -> None:
    with st.container(
        key=f"downloads_{view.name}", horizontal=True, horizontal_alignment="right", vertical_alignment="center"
    ):
        layout.note("Download")
        files.show(*figure_files.links(view, selection, published, table))
