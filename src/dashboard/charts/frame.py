"""What surrounds every figure, so that a downloaded picture explains itself: title, key, notes, source."""

from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.template import LABEL_SIZE, SMALL_SIZE, TEMPLATE, TITLE_SIZE
from dashboard.charts.text import lines_of, plain
from dashboard.views.model import Cell, CellState, TableView

Spec = dict[str, Any]
"""A trace, an axis, a shape or an annotation, as Plotly's JSON has it: ten times cheaper than its classes."""

WIDTH = 800
"""The width in pixels a figure is laid out for unless the caller knows a better one. It stretches from there."""
EDGE = 12
_TITLE_LINE, _SUBTITLE_LINE, _KEY_LINE, _FOOT_LINE = 26, 19, 26, 17


@dataclass
class Sketch:
    """What a chart has drawn, before its frame. Sizes in pixels.

    left, right, above and below is the room that labels need around the plotting area; key explains
    colours in one line and is markup already.
    """

    height: float
    left: float = 0
    right: float = 0
    above: float = 0
    below: float = 0
    key: str = ""
    notes: tuple[str, ...] = ()
    traces: list[Spec] = field(default_factory=list)
    axes: Spec = field(default_factory=dict)
    shapes: list[Spec] = field(default_factory=list)
    annotations: list[Spec] = field(default_factory=list)


def framed(table: TableView, sketch: Sketch, width: int) -> go.Figure:
    """The finished figure. Nothing is validated: a figure takes a millisecond, and the tests look at it."""
    room = width - 2 * EDGE
    title = lines_of(table.title, room, TITLE_SIZE, bold=True)
    subtitle = _subtitle(table, room)
    foot = foot_lines(table, sketch, room)
    head = EDGE + len(title) * _TITLE_LINE + len(subtitle) * _SUBTITLE_LINE + 14
    key = _KEY_LINE if sketch.key else 0
    top = head + key + sketch.above
    bottom = sketch.below + len(foot) * _FOOT_LINE + 14 + EDGE
    left, right = sketch.left + EDGE, sketch.right + EDGE
    layout: Spec = {
        "template": TEMPLATE,
        "height": round(top + sketch.height + bottom),
        "margin": {"l": left, "r": right, "t": top, "b": bottom, "pad": 0},
        "title": {
            "text": "<br>".join(f"<b>{plain(line)}</b>" for line in title),
            "subtitle": {"text": "<br>".join(subtitle)},
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"l": EDGE, "t": EDGE},
        },
        "shapes": sketch.shapes,
        "annotations": [*sketch.annotations, _foot(foot, left, sketch.below)],
        **sketch.axes,
    }
    if sketch.key:
        layout["annotations"].append(_key(sketch.key, left, sketch.above))
    return go.Figure({"data": sketch.traces, "layout": layout}, _validate=False)


def _subtitle(table: TableView, room: float) -> list[str]:
    text = table.subtitle
    if len(table.columns) == 1 and len(table.total_row) == 1:
        text += f", total {table.total_row[0].text}"
    if not table.invented:
        return [plain(line) for line in lines_of(text, room, LABEL_SIZE)]
    mark = "Invented figures"
    first, *rest = lines_of(f"{mark} \u00b7 {text}", room, LABEL_SIZE)
    return [f"<b>{mark}</b>{plain(first.removeprefix(mark))}", *(plain(line) for line in rest)]


def shown_cells(table: TableView) -> list[Cell]:
    """Every cell a reader of the table sees, totals included."""
    return [*(cell for row in table.cells for cell in row), *table.total_row, *table.total_column]


def foot_lines(table: TableView, sketch: Sketch, room: float) -> list[str]:
    """The sign `c` where it occurs, other signs, the caveat, then source and date; broken to a width."""
    states = {cell.state for cell in shown_cells(table)}
    texts = [note for note in table.notes if note.startswith("c:") and CellState.WITHHELD in states]
    if CellState.PROVISIONAL in states:
        texts.append("Dotted: provisional, more returns may come in.")
    texts += sketch.notes
    texts += [note for note in table.notes if not note.startswith("c:")]
    coverage = f" {table.coverage.sentence}." if table.coverage.expected else ""
    texts.append(f"Source: {table.source}.{coverage} As of {table.as_of}.")
    return [plain(line) for text in texts for line in lines_of(text, room, SMALL_SIZE)]


def _foot(lines: list[str], left: float, below: float) -> Spec:
    return note(
        "<br>".join(lines), 0, 0, size=SMALL_SIZE, colour=palette.NOTE, xshift=EDGE - left, yshift=-below - 14, yanchor="top"
    )


def _key(key: str, left: float, above: float) -> Spec:
    return note(key, 0, 1, xshift=EDGE - left, yshift=above + 6, yanchor="bottom")


def note(text: str, x: float, y: float, **more: Any) -> Spec:
    """A text placed in the figure: by default left aligned at a place of the plotting area (0 to 1)."""
    font = {"size": more.pop("size", LABEL_SIZE), "color": more.pop("colour", palette.TEXT)}
    placed = {"xref": "paper", "yref": "paper", "xanchor": "left", "align": "left", "showarrow": False}
    return {**placed, "text": text, "x": x, "y": y, "font": font, **more}


def dot(colour: str, label: str, sign: str = "\u25cf") -> str:
    """One entry of a key: a coloured sign and its label in the text's colour."""
    return f'<span style="color:{colour}">{sign}</span> {plain(label)}'


def empty(table: TableView, sentence: str, width: int) -> go.Figure:
    """A figure that says why there is nothing to see."""
    hidden = {"visible": False, "range": [0, 1]}
    sketch = Sketch(height=160, axes={"xaxis": hidden, "yaxis": hidden})
    lines = "<br>".join(plain(line) for line in lines_of(sentence, width - 4 * EDGE, 16))
    sketch.annotations.append(note(lines, 0.5, 0.5, size=16, colour=palette.NOTE, xanchor="center", align="center"))
    return framed(table, sketch, width)
