"""Two periods side by side: two markers a row, joined by a line. Withheld sides stand left of zero."""

from collections.abc import Iterator

import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.frame import EDGE, WIDTH, Sketch, Spec, dot, framed
from dashboard.charts.marks import hatch, hover
from dashboard.charts.rows import Rows, rows_of
from dashboard.charts.scale import all_cells, largest
from dashboard.charts.template import LABEL_SIZE
from dashboard.charts.text import plain, width_of
from dashboard.views.model import Cell, CellState, TableView

NOW, BEFORE = palette.BLUE, palette.ORANGE
_BOX, _GUTTER = 22, 64
"""Pixels of a withheld box, and of the strip left of zero that holds one for each period."""


def dumbbell(table: TableView, width: int = WIDTH) -> go.Figure:
    """The first column is the period chosen, the second the one it is compared with."""
    rows = rows_of(table.rows, width)
    top = largest(all_cells(table.cells))
    plot = width - 2 * EDGE - rows.left
    label = width_of(f"{top:,}", LABEL_SIZE) + 22
    pixel = top / max(plot - _GUTTER - label, plot * 0.4)
    traces = [*_joins(table, rows), *_dots(table, rows), *_boxes(table, rows, pixel)]
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
        "bargap": 0,
    }
    stripes = [_stripe(place) for place in rows.places]
    sketch = Sketch(rows.height, left=rows.left, traces=traces, shapes=stripes, axes=axes, key=_key(table))
    return framed(table, sketch, width)


def _stripe(place: float) -> Spec:
    line = {"color": palette.GRID, "width": 1}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": place, "y1": place, "line": line, "layer": "below"}


def _key(table: TableView) -> str:
    now, before = (_period(table, column) for column in (0, 1))
    return dot(BEFORE, before, "\u25cb") + "\u2003" + dot(NOW, now)


def _period(table: TableView, column: int) -> str:
    missing = all(cells[column].state is CellState.NO_RETURN for cells in table.cells)
    return table.columns[column].label + (": no return" if missing else "")


def _pairs(table: TableView, rows: Rows) -> Iterator[tuple[float, str, Cell, Cell]]:
    for place, heading, cells in zip(rows.places, table.rows, table.cells, strict=True):
        yield place, heading.label, cells[0], cells[1]


def _joins(table: TableView, rows: Rows) -> Iterator[Spec]:
    x: list[int | None] = []
    y: list[float | None] = []
    for place, _, now, before in _pairs(table, rows):
        if now.is_number and before.is_number:
            x += [before.value, now.value, None]
            y += [place, place, None]
    line = {"color": palette.AXIS, "width": 3}
    yield {"type": "scatter", "mode": "lines", "name": "change", "x": x, "y": y, "line": line, "hoverinfo": "skip"}


def _dots(table: TableView, rows: Rows) -> Iterator[Spec]:
    """Before first, so that the chosen period lies on top where both are equal."""
    for column, colour in ((1, BEFORE), (0, NOW)):
        found = [pair for pair in _pairs(table, rows) if pair[2 + column].is_number]
        cells = [pair[2 + column] for pair in found]
        others = [pair[3 - column] for pair in found]
        hollow = [column == 1 or cell.state is CellState.PROVISIONAL for cell in cells]
        yield {
            "type": "scatter",
            "mode": "markers+text",
            "name": table.columns[column].label,
            "x": [cell.value for cell in cells],
            "y": [pair[0] for pair in found],
            "marker": {
                "size": 15 if column else 11,
                "color": [palette.PAPER if empty else colour for empty in hollow],
                "line": {"color": colour, "width": 2.5},
            },
            "text": [_label(cell, other, column) for cell, other in zip(cells, others, strict=True)],
            "textposition": [_side(cell, other, column) for cell, other in zip(cells, others, strict=True)],
            "textfont": {"size": LABEL_SIZE, "color": palette.TEXT},
            "cliponaxis": False,
            "hovertext": [
                hover(f"{pair[1]}, {table.columns[column].label}", cell, table.unit)
                for pair, cell in zip(found, cells, strict=True)
            ],
            "hoverinfo": "text",
        }


def _label(cell: Cell, other: Cell, column: int) -> str:
    """Equal numbers are written once."""
    return "" if column == 1 and cell.value == other.value else f"\u2002{cell.text}\u2002"


def _side(cell: Cell, other: Cell, column: int) -> str:
    if other.value is None or cell.value is None or cell.value == other.value:
        return "middle right"
    return "middle left" if cell.value < other.value else "middle right"


def _boxes(table: TableView, rows: Rows, pixel: float) -> Iterator[Spec]:
    """Hatched boxes in the strip left of zero: their place says which period, nothing says how many."""
    for column, colour, start in ((1, BEFORE, _GUTTER - 4), (0, NOW, _GUTTER - 8 - _BOX)):
        found = [pair for pair in _pairs(table, rows) if pair[2 + column].state is CellState.WITHHELD]
        if not found:
            continue
        yield {
            "type": "bar",
            "orientation": "h",
            "name": f"withheld, {table.columns[column].label}",
            "x": [_BOX * pixel] * len(found),
            "base": [-start * pixel] * len(found),
            "y": [pair[0] for pair in found],
            "width": 0.6,
            "marker": hatch(colour),
            "text": ["c"] * len(found),
            "textposition": "inside",
            "insidetextanchor": "middle",
            "textangle": 0,
            "textfont": {"size": LABEL_SIZE, "color": palette.TEXT},
            "hovertext": [plain(f"{pair[1]}, {table.columns[column].label}: withheld (c)") for pair in found],
            "hoverinfo": "text",
        }
