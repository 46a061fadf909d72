"""A heatmap with its numbers printed, and totals set apart. Axes are numeric, so that boxes can be laid over cells."""

from collections.abc import Iterator
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.frame import EDGE, WIDTH, Sketch, Spec, framed
from dashboard.charts.marks import C_GROUND, hatch, hover
from dashboard.charts.rows import Rows, rows_of
from dashboard.charts.scale import all_cells, largest
from dashboard.charts.template import LABEL_SIZE
from dashboard.charts.text import lines_of, plain, widest, width_of
from dashboard.views.model import Cell, CellState, Heading, HeadingKind, TableView

_SEAM = 0.06
_APART = 0.3
_LINE, _TOLERANCE = 19, 1.06
_PROVISIONAL = "The numbers are provisional: more returns may come in."
_TOTAL = Heading(("_T",), "Total", HeadingKind.TOTAL)


@dataclass(frozen=True, slots=True)
class _Box:
    """One cell of the picture; totals are not coloured by the scale."""

    x: float
    y: float
    cell: Cell
    name: str
    is_total: bool
    height: float


def heatmap(table: TableView, width: int = WIDTH) -> go.Figure:
    """Rows against columns, one hue. A withheld cell is hatched, a zero is white, no return is grey."""
    rows = rows_of((*table.rows, _TOTAL) if table.total_row else table.rows, width, share=0.28, even=True)
    columns = (*table.columns, _TOTAL) if table.total_column else table.columns
    places = [*map(float, range(len(table.columns)))]
    places += [len(table.columns) + _APART] if table.total_column else []
    boxes = list(_boxes(table, rows, places))
    top = largest(all_cells(table.cells))
    slot = (width - 2 * EDGE - rows.left) / (places[-1] + 1)
    x, above = _column_axis(columns, places, slot)
    axes = {"xaxis": x, "yaxis": rows.axis()}
    traces = [_colours(boxes, top, table.unit), *_covers(boxes), _numbers(boxes, top)]
    sketch = Sketch(rows.height, rows.left, above=above, traces=traces, axes=axes, provisional=_PROVISIONAL)
    return framed(table, sketch, width)


def _boxes(table: TableView, rows: Rows, xs: list[float]) -> Iterator[_Box]:
    whole = [[*cells] for cells in table.cells]
    for cells, total in zip(whole, table.total_column, strict=False):
        cells.append(total)
    if table.total_row:
        whole.append(list(table.total_row))
    for r, cells in enumerate(whole):
        for c, cell in enumerate(cells):
            is_total = r == len(table.rows) or c == len(table.columns)
            row = "Total" if r == len(table.rows) else table.rows[r].label
            column = "Total" if c == len(table.columns) else table.columns[c].label
            yield _Box(xs[c], rows.places[r], cell, f"{row}, {column}", is_total, rows.sizes[r] - _SEAM)


def _column_axis(columns: tuple[Heading, ...], places: list[float], slot: float) -> tuple[Spec, float]:
    """Names on top, broken to their columns; turned where a single word is wider than a column."""
    words = [word for column in columns for word in column.label.split()]
    turned = max((width_of(word, LABEL_SIZE) for word in words), default=0) > slot * _TOLERANCE
    broken = [lines_of(column.label, 150 if turned else slot - 4, LABEL_SIZE) for column in columns]
    texts = ["<br>".join(plain(line) for line in lines) for lines in broken]
    height = widest(texts, LABEL_SIZE) if turned else max(map(len, broken), default=1) * _LINE
    axis: Spec = {
        "range": [-0.5, places[-1] + 0.5],
        "side": "top",
        "tickangle": -90 if turned else 0,
        "tickvals": places,
        "ticktext": texts,
    }
    return axis, height + 8


def _colours(boxes: list[_Box], top: int, unit: str) -> Spec:
    """A bar a cell: unlike a heatmap's, its colour, gap and place can be chosen one by one."""
    numbers = [box for box in boxes if box.cell.is_number]
    return _bars(numbers, "numbers", {"color": [_fill(box, top) for box in numbers], "line": _outline(numbers)}, unit)


def _fill(box: _Box, top: int) -> str:
    if box.is_total:
        return palette.TOTAL_FILL
    return palette.on_scale((box.cell.value or 0) / top) if box.cell.value else palette.PAPER


def _outline(boxes: list[_Box]) -> Spec:
    """A hair line around white cells, so that the grid holds together."""
    widths = [1 if box.cell.state is CellState.ZERO and not box.is_total else 0 for box in boxes]
    return {"color": palette.GRID, "width": widths}


def _covers(boxes: list[_Box]) -> Iterator[Spec]:
    withheld = [box for box in boxes if box.cell.state is CellState.WITHHELD]
    missing = [box for box in boxes if box.cell.state is CellState.NO_RETURN]
    if withheld:
        pale = hatch(palette.AXIS)
        yield _bars(withheld, "withheld", {**pale, "line": {"width": 0}}, "")
    if missing:
        yield _bars(missing, "no return", {"color": palette.NO_RETURN_FILL, "line": {"width": 0}}, "")


def _bars(boxes: list[_Box], name: str, marker: Spec, unit: str) -> Spec:
    return {
        "type": "bar",
        "name": name,
        "x": [box.x for box in boxes],
        "y": [-box.height for box in boxes],
        "base": [box.y + box.height / 2 for box in boxes],
        "width": 1 - _SEAM,
        "marker": marker,
        "hovertext": [hover(box.name, box.cell, unit) for box in boxes],
        "hoverinfo": "text",
    }


def _numbers(boxes: list[_Box], top: int) -> Spec:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": "labels",
        "x": [box.x for box in boxes],
        "y": [box.y for box in boxes],
        "marker": {**C_GROUND, "opacity": [int(box.cell.state is CellState.WITHHELD) for box in boxes]},
        "text": [_text(box) for box in boxes],
        "textfont": {"size": LABEL_SIZE, "color": [_text_colour(box, top) for box in boxes]},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _text(box: _Box) -> str:
    if box.cell.state is CellState.NO_RETURN:
        return "\u2013"
    return f"<b>{box.cell.text}</b>" if box.is_total else box.cell.text


def _text_colour(box: _Box, top: int) -> str:
    if box.cell.state is CellState.ZERO and not box.is_total:
        return palette.GREY
    return palette.text_on(_fill(box, top)) if box.cell.is_number else palette.TEXT
