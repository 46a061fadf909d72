"""Events in a series: thin dashed verticals, labelled above the plotting area in as many lanes as it takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.charts import palette
from dashboard.charts.frame import Spec, note
from dashboard.charts.template import SMALL_SIZE
from dashboard.charts.text import lines_of, plain, widest
from dashboard.views.model import Event, TableView

_ROOM, _LINE = 240, 17
_BEFORE = -0.5
"""A break is drawn between its period and the one before: the two must not be compared."""


@dataclass(frozen=True, slots=True)
class _Flag:
    event: Event
    place: float
    lines: list[str]
    start: float
    end: float
    leftward: bool


def break_places(table: TableView) -> frozenset[int]:
    """Rows before which the series is broken."""
    codes = [row.code for row in table.rows]
    return frozenset(codes.index(event.period) for event in table.events if event.is_break and event.period in codes)


def event_marks(table: TableView, plot: float) -> tuple[float, list[Spec], list[Spec]]:
    """Pixels needed above the plotting area, the verticals, their labels."""
    lanes = _lanes(_flags(table, plot))
    shapes: list[Spec] = []
    notes: list[Spec] = []
    height = 6.0
    for lane in lanes:
        for flag in lane:
            shapes += _vertical(flag, height + len(flag.lines) * _LINE)
            notes.append(_label(flag, height))
        height += max(len(flag.lines) for flag in lane) * _LINE + 6
    return height + 4 if lanes else 12.0, shapes, notes


def _flags(table: TableView, plot: float) -> list[_Flag]:
    codes = [row.code for row in table.rows]
    slot = plot / max(1, len(codes))
    return [_flag(event, codes.index(event.period), slot, plot) for event in table.events if event.period in codes]


def _flag(event: Event, index: int, slot: float, plot: float) -> _Flag:
    """A label runs to the right of its vertical, or to the left where it would leave the figure."""
    text = f"{event.label} (break in the series)" if event.is_break else event.label
    place = index + (_BEFORE if event.is_break else 0)
    lines = lines_of(text, min(_ROOM, plot * 0.6), SMALL_SIZE, bold=event.is_break)
    long = widest(lines, SMALL_SIZE, bold=event.is_break) + 12
    at = (place + 0.5) * slot
    leftward = at + long > plot
    start = at - long if leftward else at
    return _Flag(event, place, lines, start, start + long, leftward)


def _lanes(flags: Sequence[_Flag]) -> list[list[_Flag]]:
    """Labels that would overlap go into different lanes; the first lane is the lowest."""
    lanes: list[list[_Flag]] = []
    for flag in sorted(flags, key=lambda flag: flag.start):
        free = (lane for lane in lanes if all(flag.start >= other.end or flag.end <= other.start for other in lane))
        lane = next(free, None)
        if lane is None:
            lanes.append([flag])
        else:
            lane.append(flag)
    return lanes


def _vertical(flag: _Flag, height: float) -> list[Spec]:
    """The line through the plotting area, and its upper end in pixels, up to the label."""
    strong = flag.event.is_break
    line = {"color": palette.NOTE if strong else palette.AXIS, "width": 2 if strong else 1, "dash": "dash"}
    common = {"type": "line", "xref": "x", "yref": "paper", "x0": flag.place, "x1": flag.place, "line": line}
    return [
        {**common, "y0": 0, "y1": 1, "layer": "below"},
        {**common, "ysizemode": "pixel", "yanchor": 1, "y0": 0, "y1": height - 4},
    ]


def _label(flag: _Flag, height: float) -> Spec:
    text = "<br>".join(plain(line) for line in flag.lines)
    text = f"<b>{text}</b>" if flag.event.is_break else text
    anchor = {"xanchor": "right", "align": "right", "xshift": -5} if flag.leftward else {"xshift": 5}
    placed = {"xref": "x", "yanchor": "bottom", "yshift": height}
    return note(text, flag.place, 1, size=SMALL_SIZE, colour=palette.NOTE, **placed, **anchor)
