"""Columns over periods, one panel a column of the table, all with the same scale."""

import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.events import event_marks
from dashboard.charts.frame import EDGE, WIDTH, Sketch, Spec, framed
from dashboard.charts.marks import Bars, Mark, drawn
from dashboard.charts.panels import Panel, grid_of, panel_width
from dashboard.charts.period_axis import period_axis
from dashboard.charts.scale import all_cells, largest, ticks
from dashboard.charts.template import LABEL_SIZE
from dashboard.charts.text import width_of
from dashboard.views.model import TableView

_NARROWEST, _HEIGHT = 140, 190
_LABEL_ROOM = 1.14
_THICKNESS, _WIDEST = 0.62, 72
"""Of a column: as a share of its period, and in pixels."""


def small_columns(table: TableView, width: int = WIDTH) -> go.Figure:
    """One panel a stage. Numbers stand on the columns where they fit, else there is an axis."""
    top = largest(all_cells(table.cells))
    left = width_of(f"{top:,}", LABEL_SIZE) + 12
    titles = [column.label for column in table.columns]
    alone = len(titles) == 1
    plot = width - 2 * EDGE - left
    slot = panel_width(len(titles), plot, _NARROWEST) / len(table.rows)
    x, below = period_axis(table.rows, slot)
    grid = grid_of(titles, plot, _HEIGHT * (1.5 if alone else 1), least=_NARROWEST, below=below)
    labels = slot >= left - 4
    above, shapes, notes = event_marks(table, plot) if alone else (grid.above, [], list(grid.titles))
    sketch = Sketch(grid.height, 0 if labels else left, above=above, below=below, annotations=notes, shapes=shapes)
    limit = top * _LABEL_ROOM
    thickness = min(_THICKNESS, _WIDEST / slot)
    for index, panel in enumerate(grid.panels):
        traces, outlines = drawn(_marks(table, index), _bars(panel, limit, thickness, labels=labels), table.unit)
        sketch.traces += traces
        sketch.shapes += outlines
        sketch.axes |= panel.axes(x, _values(top, limit, shown=not labels, named=panel.leftmost))
    return framed(table, sketch, width)


def _bars(panel: Panel, limit: float, thickness: float, *, labels: bool) -> Bars:
    return Bars(limit, panel.x_axis, panel.y_axis, lying=False, labels=labels, thickness=thickness)


def _marks(table: TableView, index: int) -> list[Mark]:
    column = table.columns[index]
    colour = palette.look(table.column_label, column).colour
    return [
        Mark(place, cells[index], colour, f"{row.label}, {column.label}")
        for place, (row, cells) in enumerate(zip(table.rows, table.cells, strict=True))
    ]


def _values(top: int, limit: float, *, shown: bool, named: bool) -> Spec:
    if not shown:
        return {"range": [0, limit], "visible": False, "fixedrange": True}
    return {
        "range": [0, limit],
        "tickvals": ticks(top, limit, 3),
        "tickformat": ",d",
        "showgrid": True,
        "showticklabels": named,
    }
