"""From published cells to a table that can be read: what a view shows under a selection."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dashboard import published_tables
from dashboard.datasets import NOT_RECORDED, STRUCTURES, TOTAL, periods
from dashboard.published_tables import PublishedTable, ReturnStatus
from dashboard.views.choices import chosen, compared_periods, periods_of, table_of
from dashboard.views.comparison import compare_periods
from dashboard.views.coverage import coverage, is_provisional
from dashboard.views.events import events_in
from dashboard.views.model import (
    NO_RETURN,
    PERIOD,
    WITHHELD,
    ZERO,
    Cell,
    CellState,
    Heading,
    HeadingKind,
    Selection,
    TableView,
    View,
)
from dashboard.views.notes import measure, notes, subtitle
from dashboard.views.published import Published

SMALL_CODELIST = 7
"""A codelist up to this size is shown whole; of a longer one only the codes that have a cell."""

_Keys = tuple[str, ...]


@dataclass(frozen=True)
class _Layout:
    """Where each dimension of the table goes: rows, columns, or one code."""

    view: View
    table: PublishedTable
    published: Published
    choice: Mapping[str, str]
    columns: str
    standing: Mapping[str, str]
    shown_periods: tuple[str, ...]


def load(view: View, selection: Selection, published: Published) -> TableView:
    """The table of a view. Cells the publication withholds arrive here without their number.

    Raises NotFound where the publication has no data for the view.
    """
    layout = _layout(view, selection, published)
    cells = _Cells(layout)
    columns = _columns(layout, cells)
    rows = _order(layout, _rows(layout, cells), cells, columns)
    total_row = _total_row(layout, cells, columns)
    return TableView(
        view=view.name,
        chart=view.chart,
        title=view.title.format(measure=measure(layout.standing, layout.table, published)),
        subtitle=subtitle(view, layout.choice, layout.standing, layout.table, published),
        unit=STRUCTURES[layout.table.structure].unit,
        row_label=_row_label(layout),
        column_label=_label(layout, layout.columns),
        rows=rows,
        columns=columns,
        cells=tuple(tuple(cells.at(row.codes, column.code) for column in columns) for row in rows),
        total_row=total_row,
        comparison=_compared(layout, total_row),
        total_column=_total_column(layout, cells, rows),
        notes=notes(view, layout.table, published, layout.shown_periods),
        source=_source(layout),
        as_of=published.as_of,
        publication_id=published.publication.id,
        invented=published.publication.invented,
        coverage=coverage(published.returns(layout.table.structure), layout.shown_periods),
        filters=tuple(
            (_label(layout, name), published.codelist(layout.table, name).label(code))
            for name, code in layout.standing.items()
            if name != PERIOD and code != TOTAL
        ),
        events=events_in(published.reference_dir, layout.choice["level"], layout.shown_periods) if view.events else (),
        period=layout.choice.get(PERIOD, TOTAL),
    )


def _layout(view: View, selection: Selection, published: Published) -> _Layout:
    table = table_of(view, published)
    choice = chosen(view, selection, published)
    split = choice.get("split", TOTAL)
    columns = split if split != TOTAL else (view.columns or PERIOD)
    if view.is_series:
        level = choice["level"]
        codes = (code for code in periods_of(view, table, published) if periods.level_of(code) == level)
        shown = tuple(sorted(codes, key=periods.sort_key))
    else:
        shown = compared_periods(choice)
    laid_out = {*view.rows, columns}
    standing = {
        name: view.fixed.get(name) or choice.get(name) or TOTAL
        for name in table.dimensions
        if name not in laid_out and name != PERIOD
    }
    return _Layout(view, table, published, choice, columns, standing, shown)


class _Cells:
    """The cells of one layout, looked up by row codes and column code."""

    def __init__(self, layout: _Layout) -> None:
        self._layout = layout
        self._period_in_rows = layout.view.is_series
        dimensions = layout.table.dimensions
        self._row_places = [dimensions.index(name) for name in layout.view.rows]
        self._column_place = None if layout.columns in layout.view.rows else dimensions.index(layout.columns)
        restriction: dict[str, Iterable[str]] = {name: (code,) for name, code in layout.standing.items()}
        restriction[PERIOD] = layout.shown_periods
        found = published_tables.observations(
            layout.published.connection, layout.published.publication.id, layout.table, restriction
        )
        self.values = {self._place(cell.codes): cell.value for cell in found}
        structure = layout.table.structure
        self._returned = {period: layout.published.has_return(structure, period) for period in layout.shown_periods}
        self._years = {period: layout.published.years_within(structure, period) for period in layout.shown_periods}
        self._provisional = {
            period: is_provisional(layout.published.returns(structure), period) for period in layout.shown_periods
        }

    def _place(self, codes: _Keys) -> tuple[_Keys, str]:
        row = tuple(codes[place] for place in self._row_places)
        return row, TOTAL if self._column_place is None else codes[self._column_place]

    def at(self, row: _Keys, column: str) -> Cell:
        """The cell of a row and a column, in the state that a reader sees."""
        period = self._period(row, column)
        if not self._returned[period] or not self._is_counted(row, column, period):
            return NO_RETURN
        if (row, column) not in self.values:
            return ZERO
        value = self.values[row, column]
        if value is None:
            return WITHHELD
        return Cell(CellState.PROVISIONAL if self._provisional[period] else CellState.NUMBER, value)

    def _is_counted(self, row: _Keys, column: str, period: str) -> bool:
        layout = self._layout
        place = {**layout.standing, **dict(zip(layout.view.rows, row, strict=True)), layout.columns: column}
        years = self._years[period]
        return all(layout.table.is_counted(name, code, years) for name, code in place.items())

    def _period(self, row: _Keys, column: str) -> str:
        if self._period_in_rows:
            return row[0]
        return column if self._layout.columns == PERIOD else self._layout.shown_periods[0]


def _columns(layout: _Layout, cells: _Cells) -> tuple[Heading, ...]:
    if layout.columns == PERIOD and layout.view.is_series:
        return (Heading((TOTAL,), measure(layout.standing, layout.table, layout.published)),)
    if layout.columns == PERIOD:
        return tuple(Heading((code,), periods.label(code)) for code in layout.shown_periods)
    used = {column for _, column in cells.values}
    return _headings(layout, layout.columns, used)


def _rows(layout: _Layout, cells: _Cells) -> tuple[Heading, ...]:
    if layout.view.is_series:
        return tuple(Heading((code,), periods.label(code)) for code in layout.shown_periods)
    used = {row for row, _ in cells.values}
    if len(layout.view.rows) == 1:
        return _headings(layout, layout.view.rows[0], {row[0] for row in used})
    single = sorted(row for row in used if TOTAL not in row)
    return tuple(_combination(layout, row) for row in single)


def _headings(layout: _Layout, dimension: str, used: set[str]) -> tuple[Heading, ...]:
    codelist = layout.published.codelist(layout.table, dimension)
    small = len(codelist.codes) <= SMALL_CODELIST
    codes = [code for code in codelist.codes if (small or code in used) and _at_level(layout, dimension, code)]
    only = TOTAL if dimension in layout.view.rows else _only_column(layout)
    return tuple(
        Heading((code,), codelist.label(code), _kind(code))
        for code in sorted(codes, key=codelist.order)
        if only in (TOTAL, code)
    )


def _only_column(layout: _Layout) -> str:
    """The one column that is left where a reader filters by the very dimension that makes the columns."""
    return layout.choice.get(layout.columns, TOTAL)


def _at_level(layout: _Layout, dimension: str, code: str) -> bool:
    """Whether a code belongs to the level the reader looks at; one without a parent there stands for itself."""
    levels = layout.view.row_levels
    if dimension not in layout.view.rows or not levels:
        return True
    level = layout.choice.get("level", levels[0]) if len(levels) > 1 else levels[0]
    codelist = layout.published.codelist(layout.table, dimension)
    return code in codelist.at_levels(code, (level,)) and not (
        codelist.codes[code].level != level and code in codelist.parents
    )


def _combination(layout: _Layout, codes: _Keys) -> Heading:
    parts = tuple(
        layout.published.codelist(layout.table, name).label(code)
        for name, code in zip(layout.view.rows, codes, strict=True)
    )
    kind = HeadingKind.NOT_RECORDED if set(codes) == {NOT_RECORDED} else HeadingKind.CODE
    return Heading(codes, " \u2192 ".join(parts), kind, parts)


def _kind(code: str) -> HeadingKind:
    return HeadingKind.NOT_RECORDED if code == NOT_RECORDED else HeadingKind.CODE


def _order(
    layout: _Layout, rows: tuple[Heading, ...], cells: _Cells, columns: tuple[Heading, ...]
) -> tuple[Heading, ...]:
    """Ranked: shown numbers from large to small, then withheld ones by name, "not recorded" last."""
    if not layout.view.ranked or not columns:
        return rows
    lead = layout.shown_periods[0] if layout.columns == PERIOD else _only_column(layout)

    def rank(row: Heading) -> tuple[bool, bool, int, str]:
        value = cells.at(row.codes, lead).value
        return row.kind is HeadingKind.NOT_RECORDED, value is None, -(value or 0), row.label

    return tuple(sorted(rows, key=rank))


def _total_row(layout: _Layout, cells: _Cells, columns: tuple[Heading, ...]) -> tuple[Cell, ...]:
    if layout.view.is_series or not all(_adds_up(layout, name) for name in layout.view.rows):
        return ()
    total = (TOTAL,) * len(layout.view.rows)
    return tuple(cells.at(total, column.code) for column in columns)


def _total_column(layout: _Layout, cells: _Cells, rows: tuple[Heading, ...]) -> tuple[Cell, ...]:
    if layout.columns == PERIOD or not _adds_up(layout, layout.columns) or _only_column(layout) != TOTAL:
        return ()
    return tuple(cells.at(row.codes, TOTAL) for row in rows)


def _compared(layout: _Layout, total_row: tuple[Cell, ...]) -> str:
    """The honest sentence about the totals of two periods side by side."""
    if layout.columns != PERIOD or len(layout.shown_periods) != 2 or not total_row:
        return ""
    now, before = layout.shown_periods
    return compare_periods(total_row[0], total_row[1], now, before, layout.table.structure, layout.published).sentence


def _adds_up(layout: _Layout, dimension: str) -> bool:
    return dimension == PERIOD or STRUCTURES[layout.table.structure].dimension(dimension).total


def _label(layout: _Layout, dimension: str) -> str:
    return "Period" if dimension == PERIOD else STRUCTURES[layout.table.structure].dimension(dimension).label


def _row_label(layout: _Layout) -> str:
    return " \u2192 ".join(_label(layout, name) for name in layout.view.rows)


def _source(layout: _Layout) -> str:
    names = sorted(
        {
            entry.organisation_name
            for entry in layout.published.returns(layout.table.structure)
            if entry.status is not ReturnStatus.MISSING
        }
    )
    return "; ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
