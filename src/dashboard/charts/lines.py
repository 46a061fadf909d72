"""Lines over periods, from zero. Few points or many zeros: columns. More than four lines: small multiples."""

from collections.abc import Iterator

import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.events import break_places, event_marks
from dashboard.charts.frame import EDGE, WIDTH, Entry, Sketch, Spec, dot, framed, note
from dashboard.charts.panels import grid_of, panel_width
from dashboard.charts.period_axis import period_axis
from dashboard.charts.scale import all_cells, largest, ticks
from dashboard.charts.series import Series
from dashboard.charts.small_columns import small_columns
from dashboard.charts.template import LABEL_SIZE, SMALL_SIZE
from dashboard.charts.text import lines_of, plain, widest, width_of
from dashboard.views.model import CellState, TableView

MOST_LINES, FEWEST_POINTS = 4, 6
_HEIGHT, _PANEL_HEIGHT, _NARROWEST, _HEADROOM = 300, 150, 240, 1.14
_NUMBERED_SLOT, _LABEL_ROOM, _LABEL_LINE = 40, 130, 19


def lines(table: TableView, width: int = WIDTH) -> go.Figure:
    """Chooses between one figure of lines, small multiples and columns."""
    if _better_as_columns(table):
        return small_columns(table, width)
    return _multiples(table, width) if len(table.columns) > MOST_LINES else _together(table, width)


def _better_as_columns(table: TableView) -> bool:
    cells = all_cells(table.cells)
    points = max((sum(row[at].is_number for row in table.cells) for at in range(len(table.columns))), default=0)
    zeros = sum(cell.state is CellState.ZERO for cell in cells)
    return points < FEWEST_POINTS or zeros * 2 > sum(cell.is_number for cell in cells)


def _together(table: TableView, width: int) -> go.Figure:
    top = largest(all_cells(table.cells))
    limit = top * _HEADROOM
    left = width_of(f"{top:,}", LABEL_SIZE) + 12
    labels = _end_labels(table, width)
    right = widest([line for lines in labels for line in lines], LABEL_SIZE) + 24 if labels else 0
    plot = width - 2 * EDGE - left - right
    slot = plot / len(table.rows)
    x, below = period_axis(table.rows, slot)
    above, shapes, notes = event_marks(table, plot)
    sketch = Sketch(_HEIGHT, left, right, above, below, shapes=[*shapes, *_gaps(table)], annotations=notes)
    sketch.annotations += _gap_labels(table, slot)
    sketch.annotations += _placed(table, labels, limit)
    sketch.key = _key(table) if len(table.columns) > 1 and not labels else ()
    sketch.axes = {"xaxis": x, "yaxis": value_axis(top, limit)}
    numbered = len(table.columns) == 1 and slot >= _NUMBERED_SLOT
    for lane, series in enumerate(_series(table)):
        sketch.traces += series.traces(limit, lane, len(table.columns), numbered=numbered)
    return framed(table, sketch, width)


def _multiples(table: TableView, width: int) -> go.Figure:
    top = largest(all_cells(table.cells))
    limit = top * _HEADROOM
    left = width_of(f"{top:,}", LABEL_SIZE) + 12
    titles = [column.label for column in table.columns]
    plot = width - 2 * EDGE - left
    x, below = period_axis(table.rows, panel_width(len(titles), plot, _NARROWEST) / len(table.rows))
    grid = grid_of(titles, plot, _PANEL_HEIGHT, least=_NARROWEST, below=below)
    sketch = Sketch(grid.height, left, above=grid.above, below=below, annotations=list(grid.titles))
    for panel, series in zip(grid.panels, _series(table), strict=True):
        placed = Series(
            series.label, series.rows, series.cells, palette.Look(palette.BLUE), series.breaks, series.unit,
            panel.x_axis, panel.y_axis,
        )  # fmt: skip
        sketch.traces += placed.traces(limit, 0, 1, numbered=False)
        y = value_axis(top, limit, 3) | {"showticklabels": panel.leftmost}
        sketch.axes |= panel.axes(x, y)
    return framed(table, sketch, width)


def value_axis(top: int, limit: float, most: int = 5) -> Spec:
    """An axis of values from zero, with whole numbers and a light grid."""
    return {"range": [0, limit], "tickvals": ticks(top, limit, most), "tickformat": ",d", "showgrid": True}


def _series(table: TableView) -> Iterator[Series]:
    breaks = break_places(table)
    for at, column in enumerate(table.columns):
        cells = [row[at] for row in table.cells]
        yield Series(column.label, table.rows, cells, palette.look(table.column_label, column), breaks, table.unit)


def _entry(table: TableView, at: int, label: str) -> Entry:
    return Entry(palette.look(table.column_label, table.columns[at]).colour, label)


def _key(table: TableView) -> tuple[Entry, ...]:
    return tuple(_entry(table, at, column.label) for at, column in enumerate(table.columns))


def _end_labels(table: TableView, width: int) -> list[list[str]]:
    """The names of the lines for their ends; none where the figure is too narrow, or there is one line."""
    if len(table.columns) < 2 or width < 600:
        return []
    return [lines_of(column.label, _LABEL_ROOM, LABEL_SIZE) for column in table.columns]


def _placed(table: TableView, labels: list[list[str]], limit: float) -> Iterator[Spec]:
    """Each name at the height of its line's last number, pushed apart where two would overlap."""
    ends = [_last(table, at) for at in range(len(labels))]
    floor = 0.0
    for at in sorted(range(len(labels)), key=lambda at: ends[at]):
        half = len(labels[at]) * _LABEL_LINE / 2
        height = ends[at] / limit * _HEIGHT
        push = max(0.0, floor + half - height)
        floor = height + push + half
        first, *others = labels[at]
        text = "<br>".join([dot(_entry(table, at, first)), *map(plain, others)])
        yield note(text, 1, ends[at], yref="y", yanchor="middle", yshift=push, xshift=2)


def _last(table: TableView, at: int) -> int:
    return next((row[at].value or 0 for row in reversed(table.cells) if row[at].is_number), 0)


def _gap_runs(table: TableView) -> Iterator[tuple[int, int]]:
    """First and last row of each run of periods for which nobody returned anything."""
    start = None
    for index, row in enumerate((*table.cells, ())):
        missing = bool(row) and all(cell.state is CellState.NO_RETURN for cell in row)
        if missing and start is None:
            start = index
        elif not missing and start is not None:
            yield start, index - 1
            start = None


def _gaps(table: TableView) -> Iterator[Spec]:
    for first, last in _gap_runs(table):
        yield {
            "type": "rect",
            "xref": "x",
            "yref": "paper",
            "x0": first - 0.5,
            "x1": last + 0.5,
            "y0": 0,
            "y1": 1,
            "fillcolor": palette.TOTAL_FILL,
            "line": {"width": 0},
            "layer": "below",
        }


def _gap_labels(table: TableView, slot: float) -> Iterator[Spec]:
    for first, last in _gap_runs(table):
        turned = (last - first + 1) * slot < width_of("no return", SMALL_SIZE) + 4
        middle = {"xref": "x", "xanchor": "center", "yanchor": "bottom", "yshift": 6}
        place = (first + last) / 2
        angle = -90 if turned else 0
        yield note("no return", place, 0, size=SMALL_SIZE, colour=palette.NOTE, textangle=angle, **middle)
