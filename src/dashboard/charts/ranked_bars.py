"""Ranked horizontal bars with a number at each end; two periods are drawn as a dumbbell."""

import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.dumbbell import dumbbell
from dashboard.charts.frame import EDGE, WIDTH, Sketch, framed
from dashboard.charts.marks import Bars, Mark, drawn
from dashboard.charts.rows import rows_of
from dashboard.charts.scale import all_cells, largest, with_room
from dashboard.charts.template import LABEL_SIZE
from dashboard.charts.text import width_of
from dashboard.views.model import Heading, HeadingKind, TableView


def ranked_bars(table: TableView, width: int = WIDTH) -> go.Figure:
    """One bar a row, in the table's order. Numbers stand at the bars, so there is no axis of values."""
    if len(table.columns) > 1:
        return dumbbell(table, width)
    rows = rows_of(table.rows, width)
    top = largest(all_cells(table.cells))
    plot = width - 2 * EDGE - rows.left
    limit = with_room(top, plot, width_of(f"{top:,}", LABEL_SIZE) + 16)
    marks = [
        Mark(place, cells[0], bar_colour(heading), heading.label)
        for heading, place, cells in zip(table.rows, rows.places, table.cells, strict=True)
    ]
    traces, shapes = drawn(marks, Bars(limit), table.unit)
    axes = {
        "xaxis": {"range": [0, limit], "visible": False, "fixedrange": True},
        "yaxis": rows.axis(showline=True),
    }
    sketch = Sketch(rows.height, left=rows.left, traces=traces, shapes=shapes, axes=axes)
    return framed(table, sketch, width)


def bar_colour(heading: Heading, colour: str = palette.BLUE) -> str:
    """Grey for what is no category of its own."""
    return colour if heading.kind in (HeadingKind.CODE, HeadingKind.TOTAL) else palette.GREY
