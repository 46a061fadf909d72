"""The five looks of a cell drawn as a bar. One home for the promise that a withheld bar tells nothing.

A withheld bar's length is a fixed share of the axis; its text is `c`, its hover says that it is
withheld; the cell it is drawn from holds no number at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboard.charts import palette
from dashboard.charts.frame import Spec
from dashboard.charts.scale import PLACEHOLDER
from dashboard.charts.template import LABEL_SIZE
from dashboard.charts.text import plain
from dashboard.views.model import Cell, CellState

C_GROUND: Spec = {"color": palette.PAPER, "size": 14, "symbol": "circle"}
"""What lies under a `c` that stands on a hatch, so that it can be read."""

_HOVER = {
    CellState.WITHHELD: "withheld (c)",
    CellState.NO_RETURN: "no return",
    CellState.ZERO: "none recorded",
}


@dataclass(frozen=True)
class Bars:
    """Where a set of bars stands: its axes, the end of the axis of values, and which way they lie."""

    limit: float
    x: str = "x"
    y: str = "y"
    lying: bool = True
    labels: bool = True
    thickness: float = 0.62

    def trace(self, places: Sequence[float], lengths: Sequence[float], **more: object) -> Spec:
        """A bar trace along these axes."""
        x, y = (lengths, places) if self.lying else (places, lengths)
        turned = {"orientation": "h"} if self.lying else {}
        axes = {"xaxis": self.x, "yaxis": self.y}
        return {"type": "bar", **turned, **axes, "x": list(x), "y": list(y), "width": self.thickness, **more}


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell to be drawn: where, in which colour, and the name its hover gives."""

    place: float
    cell: Cell
    colour: str
    name: str


def drawn(marks: Sequence[Mark], bars: Bars, unit: str) -> tuple[list[Spec], list[Spec]]:
    """Traces and shapes of a set of cells."""
    numbers = [mark for mark in marks if mark.cell.is_number]
    withheld = [mark for mark in marks if mark.cell.state is CellState.WITHHELD]
    missing = [mark for mark in marks if mark.cell.state is CellState.NO_RETURN]
    traces = [_numbers(numbers, bars, unit)] if numbers else []
    if withheld:
        traces.append(_withheld(withheld, bars))
    if missing:
        traces.append(_missing(missing, bars))
    return traces, list(_outlines(numbers, bars))


def hover(name: str, cell: Cell, unit: str) -> str:
    """What a pointer sees: never more than the table says."""
    if cell.state in _HOVER:
        return f"<b>{plain(name)}</b><br>{_HOVER[cell.state]}"
    provisional = ", provisional" if cell.state is CellState.PROVISIONAL else ""
    return f"<b>{plain(name)}</b><br>{cell.text} {plain(unit)}{provisional}"


def hatch(colour: str = palette.GREY) -> Spec:
    """The look of everything withheld."""
    return {
        "color": palette.PAPER,
        "line": {"color": colour, "width": 1},
        "pattern": {"shape": "/", "bgcolor": palette.PAPER, "fgcolor": colour, "size": 6, "solidity": 0.25},
    }


def fill(mark: Mark) -> str:
    """A bar's colour, lighter while the number is provisional."""
    provisional = mark.cell.state is CellState.PROVISIONAL
    return palette.mixed(mark.colour, 0.22) if provisional else mark.colour


def _texts(texts: list[str], colour: str = palette.TEXT) -> Spec:
    font = {"size": LABEL_SIZE, "color": colour}
    return {
        "text": texts,
        "textposition": "outside",
        "textfont": font,
        "textangle": 0,
        "cliponaxis": False,
        "constraintext": "none",
    }


def _numbers(marks: Sequence[Mark], bars: Bars, unit: str) -> Spec:
    return bars.trace(
        [mark.place for mark in marks],
        [mark.cell.value or 0 for mark in marks],
        name="numbers",
        marker={"color": [fill(mark) for mark in marks], "line": {"width": 0}},
        hovertext=[hover(mark.name, mark.cell, unit) for mark in marks],
        hoverinfo="text",
        **(_texts([mark.cell.text for mark in marks]) if bars.labels else {}),
    )


def _withheld(marks: Sequence[Mark], bars: Bars) -> Spec:
    return bars.trace(
        [mark.place for mark in marks],
        [bars.limit * PLACEHOLDER] * len(marks),
        name="withheld",
        marker=hatch(),
        hovertext=[hover(mark.name, mark.cell, "") for mark in marks],
        hoverinfo="text",
        **_texts(["c"] * len(marks), palette.NOTE),
    )


def _missing(marks: Sequence[Mark], bars: Bars) -> Spec:
    places, zeros = [mark.place for mark in marks], [0.0] * len(marks)
    trace = bars.trace(places, zeros, name="no return", hoverinfo="text")
    trace["hovertext"] = [hover(mark.name, mark.cell, "") for mark in marks]
    turned = {} if bars.lying else {"textangle": -90}
    return {**trace, **_texts(["no return"] * len(marks), palette.NOTE), **turned}


def _outlines(marks: Sequence[Mark], bars: Bars) -> Iterator[Spec]:
    """Bars have no dotted border of their own, so it is laid over them."""
    for mark in marks:
        if mark.cell.state is not CellState.PROVISIONAL or not mark.cell.value:
            continue
        low, high = mark.place - bars.thickness / 2, mark.place + bars.thickness / 2
        along, across = (("x", "y"), ("y", "x"))[not bars.lying]
        yield {
            "type": "rect",
            "xref": bars.x,
            "yref": bars.y,
            f"{along}0": 0,
            f"{along}1": mark.cell.value,
            f"{across}0": low,
            f"{across}1": high,
            "line": {"color": mark.colour, "width": 1.5, "dash": "dot"},
        }
