"""What surrounds every figure, so that a downloaded picture explains itself: title, key, notes, source."""

from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.template import LABEL_SIZE, SMALL_SIZE, TEMPLATE, TITLE_SIZE
from dashboard.charts.text import lines_of, plain, unbroken, width_of
from dashboard.views.model import Cell, CellState, TableView

Spec = dict[str, Any]
"""A trace, an axis, a shape or an annotation, as Plotly's JSON has it: ten times cheaper than its classes."""

WIDTH = 800
"""The width in pixels a figure is laid out for unless the caller knows a better one. It stretches from there."""
EDGE = 12
_TITLE_LINE, _SUBTITLE_LINE, _KEY_LINE, _FOOT_LINE, _FOOT_GAP = 26, 19, 24, 17, 14
_TEXT_PAD = 2
"""Pixels that Plotly puts around an annotation: taken back, so that it stands under the title's first letter."""
_FOOT = {"size": SMALL_SIZE, "colour": palette.NOTE}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a colour stands for."""

    colour: str
    label: str
    sign: str = "\u25cf"


@dataclass
class Sketch:
    """What a chart has drawn, before its frame. Sizes in pixels.

    left, right, above and below is the room that labels need around the plotting area; key explains
    colours; provisional says how provisional numbers look.
    """

    height: float
    left: float = 0
    right: float = 0
    above: float = 0
    below: float = 0
    key: tuple[Entry, ...] = ()
    notes: tuple[str, ...] = ()
    provisional: str = "Dotted: provisional, more returns may come in."
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
    gap = 10 if sketch.above or sketch.key else 16
    key = _key_lines(sketch.key, room)
    head = len(subtitle) * _SUBTITLE_LINE + gap + sketch.above + len(key) * _KEY_LINE
    top = EDGE + len(title) * _TITLE_LINE + head
    bottom = sketch.below + _FOOT_GAP + len(foot) * _FOOT_LINE + EDGE
    left, right = sketch.left + EDGE, sketch.right + EDGE
    start = {"xshift": -sketch.left - _TEXT_PAD}
    words = [
        note(
            "<br>".join(f"<b>{plain(line)}</b>" for line in title),
            0,
            1,
            size=TITLE_SIZE,
            yanchor="bottom",
            yshift=head,
            **start,
        ),
        note("<br>".join(subtitle), 0, 1, colour=palette.NOTE, yanchor="top", yshift=head, **start),
        note("<br>".join(foot), 0, 0, **_FOOT, yanchor="top", yshift=-sketch.below - _FOOT_GAP, **start),
    ]
    if key:
        words.append(note("<br>".join(key), 0, 1, yanchor="bottom", yshift=sketch.above + 4, **start))
    layout: Spec = {
        "template": TEMPLATE,
        "height": round(top + sketch.height + bottom),
        "margin": {"l": left, "r": right, "t": top, "b": bottom, "pad": 0},
        "shapes": sketch.shapes,
        "annotations": [*words, *sketch.annotations],
        **sketch.axes,
    }
    return go.Figure({"data": sketch.traces, "layout": layout}, _validate=False)


def _subtitle(table: TableView, room: float) -> list[str]:
    text = table.subtitle
    if len(table.columns) == 1 and table.total_row and table.total_row[0].state is not CellState.NO_RETURN:
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
    """A withdrawal, the sign `c` where it occurs, other signs, the caveat, source, date, readers; broken to a width."""
    states = {cell.state for cell in shown_cells(table)}
    texts = [table.withdrawn] if table.withdrawn else []
    texts += [note for note in table.notes if note.startswith("c:") and CellState.WITHHELD in states]
    if CellState.PROVISIONAL in states:
        texts.append(sketch.provisional)
    texts += sketch.notes
    texts += [note for note in table.notes if not note.startswith("c:")]
    coverage = f" {table.coverage.sentence}." if table.coverage.expected else ""
    date, readers = unbroken(f"As of {table.as_of}."), unbroken(f"For: {table.circulation.label}.")
    texts.append(f"Source: {table.source}.{coverage} {date} {readers}")
    return [plain(line) for text in texts for line in lines_of(text, room, SMALL_SIZE)]


def note(text: str, x: float, y: float, **more: Any) -> Spec:
    """A text placed in the figure: by default left aligned at a place of the plotting area (0 to 1)."""
    font = {"size": more.pop("size", LABEL_SIZE), "color": more.pop("colour", palette.TEXT)}
    placed = {"xref": "paper", "yref": "paper", "xanchor": "left", "align": "left", "showarrow": False}
    return {**placed, "text": text, "x": x, "y": y, "font": font, **more}


def dot(entry: Entry) -> str:
    """One entry of a key: a coloured sign, and its label in the text's colour."""
    return f'<span style="color:{entry.colour};font-size:18px">{entry.sign}</span> {plain(entry.label)}'


def _key_lines(key: tuple[Entry, ...], room: float) -> list[str]:
    lines: list[str] = []
    left = 0.0
    for entry in key:
        needed = width_of(entry.label, LABEL_SIZE) + 40
        if not lines or needed > left:
            lines.append(dot(entry))
            left = room - needed
        else:
            lines[-1] += f"\u2003{dot(entry)}"
            left -= needed
    return lines


def empty(table: TableView, sentence: str, width: int) -> go.Figure:
    """A figure that says why there is nothing to see."""
    hidden = {"visible": False, "range": [0, 1]}
    sketch = Sketch(height=160, axes={"xaxis": hidden, "yaxis": hidden})
    lines = "<br>".join(plain(line) for line in lines_of(sentence, width - 4 * EDGE, 16))
    sketch.annotations.append(note(lines, 0.5, 0.5, size=16, colour=palette.NOTE, xanchor="center", align="center"))
    return framed(table, sketch, width)
