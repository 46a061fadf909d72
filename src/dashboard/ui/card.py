"""One view as a card: the figure, the table beside it, its note, and its downloads."""

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import pandas as pd
import streamlit as st

from dashboard import charts, exports
from dashboard.accounts import Account, Permission, store
from dashboard.datasets import STRUCTURES, TOTAL
from dashboard.ui import cached, filter_bar, installation, layout
from dashboard.ui.plain import plain
from dashboard.views import (
    Published,
    Selection,
    TableView,
    View,
    definitions,
    shorten,
    without_empty_columns,
)
from dashboard.views.notes import in_sentence

Terms: TypeAlias = tuple[tuple[str, str], ...]

_BESIDE = {"ranked_bars", "lines"}
"""Charts narrow enough to have their table beside them on a projector, if the table is narrow too."""
_MOST_COLUMNS_BESIDE = 3

_MOST_GROUPS_OPEN = 3
"""Notes on groups of codes that stand open under a table; more of them are a click away."""

_PANELS = {"small_bars"}
_WIDTH, _WIDTH_BESIDE, _WIDTH_PICTURE = 1100, 620, 1200
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
            drawn = _figure(view, table, selection, beside=beside)
            if table.comparison:
                layout.note(f"In all: {table.comparison}")
            _nothing_shown(table)
        with right:
            if beside or lead:
                _table(table)
            else:
                with st.expander("Table"):
                    _table(table)
        _downloads(table, drawn, _terms(view, published), account)


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


def _terms(view: View, published: Published) -> Terms:
    groups = definitions(published.tables[view.table], published)
    return tuple(term for _, terms in groups for term in terms)


def _figure(view: View, table: TableView, selection: Selection, *, beside: bool) -> TableView:
    """Draw the figure, and give the table as it was drawn: a long ranking is shortened."""
    drawn = shorten(table) if view.ranked and len(view.rows) == 1 and view.chart != "heatmap" else table
    if view.chart in _PANELS and drawn.columns:
        drawn = without_empty_columns(drawn)
    with st.container(key=f"figure_{view.name}"):
        st.plotly_chart(
            cached.figure(drawn, selection, _WIDTH_BESIDE if beside else _WIDTH),
            theme=None,
            key=f"{'plot' if beside else 'wide'}_{view.name}",
            config=_PLOTLY,
            alt=charts.describe(table),
        )
    return drawn


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


def _downloads(table: TableView, drawn: TableView, terms: Terms, account: Account) -> None:
    if not account.may(Permission.EXPORT_FIGURES):
        return
    offers: tuple[tuple[str, str, str, Callable[[], bytes]], ...] = (
        ("Excel", "xlsx", layout.XLSX, lambda: exports.xlsx_bytes([table], terms)),
        ("CSV", "csv", "text/csv", lambda: exports.csv_bytes(table)),
        ("PNG", "png", "image/png", lambda: charts.picture(charts.draw(drawn, _WIDTH_PICTURE), "png")),
        ("SVG", "svg", "image/svg+xml", lambda: charts.picture(charts.draw(drawn, _WIDTH_PICTURE), "svg")),
    )
    with st.container(
        key=f"downloads_{table.view}", horizontal=True, horizontal_alignment="right", vertical_alignment="center"
    ):
        layout.note("Download")
        for label, extension, mime, make in offers:
            st.download_button(
                label,
                partial(_hand_out, table, extension, account, make),
                file_name=exports.filename(table, extension),
                mime=mime,
                key=f"{table.view}_{extension}",
                type="tertiary",
                on_click="ignore",
                help=f"{table.title} as {label}, with source and date",
            )


def _hand_out(table: TableView, kind: str, account: Account, make: Callable[[], bytes]) -> bytes:
    """The bytes of a download, after it was noted in the audit trail.

    This runs when the button is clicked, perhaps long after the page was drawn: the account is looked up anew.
    """
    with installation.database().write() as connection:
        by = store.find_account(connection, account.username) or account
        exports.record_download(connection, table, kind, by=by, at=installation.now())
    return make()
