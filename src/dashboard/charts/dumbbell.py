"""Two periods side by side: two markers a row, joined by a line. Withheld sides stand left of zero."""

from collections.abc import Iterator
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.frame import EDGE, WIDTH, Entry, Sketch, Spec, framed
from dashboard.charts.marks import C_GROUND, hatch, hover
from dashboard.charts.rows import Rows, rows_of
from dashboard.charts.scale import all_cells, largest
from dashboard.charts.template import LABEL_SIZE
from dashboard.charts.text import width_of
from dashboard.views.model import Cell, CellState, TableView

COLOURS = (palette.BLUE, palette.ORANGE)
"""Of the period chosen, and of the one it is compared with."""
_BOX, _GUTTER = 26, 74
_STARTS = (_GUTTER - 10 - _BOX, _GUTTER - 6)
"""Pixels of a withheld box, of the strip left of zero that holds one for each period, and where they begin."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """A row: the number of the period chosen, then that of the other."""

    place: float
    label: str
    cells: tuple[Cell, Cell]


def dumbbell(table: TableView, width: int = WIDTH) -> go.Figure:
    """The first column is the period chosen, the second the one it is compared with."""
    rows = rows_of(table.rows, width)
    top = largest(all_cells(table.cells))
    plot = width - 2 * EDGE - rows.left
    label = width_of(f"{top:,}", LABEL_SIZE) + 22
    pixel = top / max(plot - _GUTTER - label, plot * 0.4)
    pairs = _pairs(table, rows)
    traces = [_joins(pairs)]
    for column in (1, 0):  # the period chosen lies on top where both are equal
        period = table.columns[column].label
        traces += [_dots(pairs, period, column, table.unit), *_boxes(pairs, period, column, pixel)]
    axes = {
        "xaxis": {
            "range": [-_GUTTER * pixel, top + label * pixel],
            "fixedrange": True,
            "showticklabels": False,
            "tickvals": [0],
            "showgrid": True,
            "gridcolor": palette.AXIS,
        },
        "yaxis": rows.axis(),
    }
    stripes = [_stripe(place) for place in rows.places]
    sketch = Sketch(rows.height, left=rows.left, traces=traces, shapes=stripes, axes=axes, key=_key(table))
    return framed(table, sketch, width)


def _stripe(place: float) -> Spec:
    line = {"color": palette.GRID, "width": 1}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": place, "y1": place, "line": line, "layer": "below"}


def _key(table: TableView) -> tuple[Entry, ...]:
    now, before = (_period(table, column) for column in (0, 1))
    return Entry(COLOURS[1], before, "\u25cb"), Entry(COLOURS[0], now)


def _period(table: TableView, column: int) -> str:
    missing = all(cells[column].state is CellState.NO_RETURN for cells in table.cells)
    return table.columns[column].label + (": no return" if missing else "")


def _pairs(table: TableView, rows: Rows) -> list[_Pair]:
    return [
        _Pair(place, heading.label, (cells[0], cells[1]))
        for place, heading, cells in zip(rows.places, table.rows, table.cells, strict=True)
    ]


def _joins(pairs: list[_Pair]) -> Spec:
    x: list[int | None] = []
    y: list[float | None] = []
    for pair in pairs:
        now, before = pair.cells
        if now.is_number and before.is_number:
            x += [before.value, now.value, None]
            y += [pair.place, pair.place, None]
    line = {"color": palette.AXIS, "width": 3}
    return {"type": "scatter", "mode": "lines", "name": "change", "x": x, "y": y, "line": line, "hoverinfo": "skip"}


def _dots(pairs: list[_Pair], period: str, column: int, unit: str) -> Spec:
    """The markers of one period; open ones for the period before, and while numbers are provisional."""
    shown = [pair for pair in pairs if pair.cells[column].is_number]
    cells = [pair.cells[column] for pair in shown]
    hollow = [column == 1 or cell.state is CellState.PROVISIONAL for cell in cells]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": period,
        "x": [cell.value for cell in cells],
        "y": [pair.place for pair in shown],
        "marker": {
            "size": 15 if column else 11,
            "color": [palette.PAPER if is_hollow else COLOURS[column] for is_hollow in hollow],
            "line": {"color": COLOURS[column], "width": 2.5},
        },
        "text": [_text(pair, column) for pair in shown],
        "textposition": [_side(pair, column) for pair in shown],
        "textfont": {"size": LABEL_SIZE, "color": palette.TEXT},
        "cliponaxis": False,
        "hovertext": [hover(f"{pair.label}, {period}", pair.cells[column], unit) for pair in shown],
        "hoverinfo": "text",
    }


def _text(pair: _Pair, column: int) -> str:
    """Equal numbers are written once."""
    now, before = pair.cells
    return "" if column == 1 and now.value == before.value else f"\u2002{pair.cells[column].text}\u2002"


def _side(pair: _Pair, column: int) -> str:
    cell, other = pair.cells[column], pair.cells[1 - column]
    lower = cell.value is not None and other.value is not None and cell.value < other.value
    return "middle left" if lower else "middle right"


def _boxes(pairs: list[_Pair], period: str, column: int, pixel: float) -> Iterator[Spec]:
    """Hatched boxes in the strip left of zero: their place says which period, nothing says how many."""
    withheld = [pair for pair in pairs if pair.cells[column].state is CellState.WITHHELD]
    if withheld:
        yield {
            "type": "bar",
            "orientation": "h",
            "name": f"withheld, {period}",
            "x": [_BOX * pixel] * len(withheld),
            "base": [-_STARTS[column] * pixel] * len(withheld),
            "y": [pair.place for pair in withheld],
            "width": 0.6,
            "marker": hatch(COLOURS[column]),
            "hovertext": [hover(f"{pair.label}, {period}", pair.cells[column], "") for pair in withheld],
            "hoverinfo": "text",
        }
        yield {
            "type": "scatter",
            "mode": "markers+text",
            "name": f"c, {period}",
            "x": [(_BOX / 2 - _STARTS[column]) * pixel] * len(withheld),
            "y": [pair.place for pair in withheld],
            "marker": C_GROUND,
            "text": ["c"] * len(withheld),
            "textfont": {"size": LABEL_SIZE, "color": palette.TEXT},
            "hoverinfo": "skip",
        }
