"""The cells of one layout, each in the state that a reader sees."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias, TypeVar

from dashboard.datasets import TOTAL
from dashboard.published_tables import PERIOD
from dashboard.views.coverage import is_provisional
from dashboard.views.layout import Layout
from dashboard.views.model import NO_RETURN, WITHHELD, ZERO, Cell, CellState

Codes: TypeAlias = tuple[str, ...]
_Key = TypeVar("_Key")


def stored(values: Mapping[_Key, int | None], key: _Key, *, provisional: bool) -> Cell:
    """The cell of a reported period: a key that is not stored is a zero, one without a value is withheld."""
    if key not in values:
        return ZERO
    value = values[key]
    if value is None:
        return WITHHELD
    return Cell(CellState.PROVISIONAL if provisional else CellState.NUMBER, value)


class Cells:
    """The cells of one layout, looked up by row codes and column code."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._period_in_rows = layout.view.is_series
        dimensions = layout.table.dimensions
        self._row_places = [dimensions.index(name) for name in layout.view.rows]
        self._column_place = None if layout.columns in layout.view.rows else dimensions.index(layout.columns)
        restriction: dict[str, Iterable[str]] = {name: (code,) for name, code in layout.standing.items()}
        restriction[PERIOD] = layout.shown_periods
        found = layout.published.cells(layout.table, restriction)
        self.values = {self._place(cell.codes): cell.value for cell in found}
        structure = layout.table.structure
        self._returned = {period: layout.published.has_return(structure, period) for period in layout.shown_periods}
        self._years = {period: layout.published.years_within(structure, period) for period in layout.shown_periods}
        self._provisional = {
            period: is_provisional(layout.published.returns(structure), period) for period in layout.shown_periods
        }

    def _place(self, codes: Codes) -> tuple[Codes, str]:
        row = tuple(codes[place] for place in self._row_places)
        return row, TOTAL if self._column_place is None else codes[self._column_place]

    def at(self, row: Codes, column: str) -> Cell:
        """The cell of a row and a column, in the state that a reader sees."""
        period = self._period(row, column)
        place = {**self._layout.standing, **dict(zip(self._layout.view.rows, row, strict=True))}
        place |= {self._layout.columns: column, PERIOD: period}
        table = self._layout.table
        if not self._returned[period]:
            return NO_RETURN
        if not all(table.is_counted(name, code, self._years[period]) for name, code in place.items()):
            return NO_RETURN
        if not all(table.is_shown(name, code) for name, code in place.items()):
            return WITHHELD
        return stored(self.values, (row, column), provisional=self._provisional[period])

    def _period(self, row: Codes, column: str) -> str:
        if self._period_in_rows:
            return row[0]
        return column if self._layout.columns == PERIOD else self._layout.shown_periods[0]
