"""Ranked bars in small multiples: one panel a column, the same rows and the same scale in each."""

import plotly.graph_objects as go

from dashboard.charts.frame import EDGE, WIDTH, Sketch, framed
from dashboard.charts.marks import Bars, Mark, drawn
from dashboard.charts.palette import look
from dashboard.charts.panels import grid_of
from dashboard.charts.ranked_bars import bar_colour
from dashboard.charts.rows import rows_of
from dashboard.charts.scale import all_cells, largest, with_room
from dashboard.charts.template import LABEL_SIZE
from dashboard.charts.text import width_of
from dashboard.views.model import TableView

_NARROWEST = 150


def small_bars(table: TableView, width: int = WIDTH) -> go.Figure:
    """One panel a column; names stand at the leftmost panels only."""
    rows = rows_of(table.rows, width)
    plot = width - 2 * EDGE - rows.left
    grid = grid_of([column.label for column in table.columns], plot, rows.height, least=_NARROWEST)
    top = largest(all_cells(table.cells))
    limit = with_room(top, grid.panel_width, width_of(f"{top:,}", LABEL_SIZE) + 14)
    sketch = Sketch(grid.height, left=rows.left, above=grid.above, annotations=list(grid.titles))
    for index, panel in enumerate(grid.panels):
        column = table.columns[index]
        colour = look(table.column_label, column).colour
        marks = [
            Mark(place, cells[index], bar_colour(row, colour), f"{row.label}, {column.label}")
            for row, place, cells in zip(table.rows, rows.places, table.cells, strict=True)
        ]
        traces, shapes = drawn(marks, Bars(limit, panel.x_axis, panel.y_axis), table.unit)
        sketch.traces += traces
        sketch.shapes += shapes
        x = {"range": [0, limit], "visible": False, "fixedrange": True}
        sketch.axes |= panel.axes(x, rows.axis(showline=True, showticklabels=panel.leftmost))
    return framed(table, sketch, width)
