"""Small multiples: how many panels stand side by side, where each stands, and its title."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.charts.frame import Spec, note
from dashboard.charts.template import LABEL_SIZE
from dashboard.charts.text import lines_of, plain

MOST = 4
"""Panels in a row."""
_GAP, _LINE = 28, 19


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: its axes and its domain as shares of the plotting area."""

    number: int
    x: tuple[float, float]
    y: tuple[float, float]
    leftmost: bool

    @property
    def x_axis(self) -> str:
        """The name traces call the panel's horizontal axis by."""
        return f"x{self.number}" if self.number > 1 else "x"

    @property
    def y_axis(self) -> str:
        """The name traces call the panel's vertical axis by."""
        return f"y{self.number}" if self.number > 1 else "y"

    def axes(self, x: Spec, y: Spec) -> Spec:
        """The two axes as entries of a layout."""
        suffix = str(self.number) if self.number > 1 else ""
        return {
            f"xaxis{suffix}": {**x, "domain": list(self.x), "anchor": self.y_axis},
            f"yaxis{suffix}": {**y, "domain": list(self.y), "anchor": self.x_axis},
        }


@dataclass(frozen=True, slots=True)
class Grid:
    """All panels. height is that of the plotting area, above the room for the first row's titles."""

    panels: tuple[Panel, ...]
    titles: tuple[Spec, ...]
    height: float
    above: float
    panel_width: float


def _across(count: int, plot: float, least: float) -> int:
    """Panels side by side: as even over the rows as they go."""
    fit = max(1, min(MOST, count, int((plot + _GAP) // (least + _GAP))))
    return -(-count // -(-count // fit))


def panel_width(count: int, plot: float, least: float) -> float:
    """Pixels of one of so many panels."""
    across = _across(count, plot, least)
    return (plot - (across - 1) * _GAP) / across


def grid_of(titles: Sequence[str], plot: float, height: float, *, least: float, below: float = 0) -> Grid:
    """Panels of one height in even rows; least is the narrowest panel, below the room under each row."""
    across = _across(len(titles), plot, least)
    rows = -(-len(titles) // across)
    panel = panel_width(len(titles), plot, least)
    broken = [lines_of(title, panel, LABEL_SIZE, bold=True) for title in titles]
    above = max(len(lines) for lines in broken) * _LINE + 8
    pitch = height + above + below + 12
    whole = pitch * (rows - 1) + height
    panels = tuple(
        Panel(
            index + 1,
            _span((index % across) * (panel + _GAP), panel, plot),
            _span(whole - (index // across) * pitch - height, height, whole),
            index % across == 0,
        )
        for index in range(len(titles))
    )
    return Grid(panels, tuple(map(_title, panels, broken)), whole, above, panel)


def _span(start: float, length: float, whole: float) -> tuple[float, float]:
    return max(0.0, start / whole), min(1.0, (start + length) / whole)


def _title(panel: Panel, lines: list[str]) -> Spec:
    text = "<br>".join(f"<b>{plain(line)}</b>" for line in lines)
    return note(text, panel.x[0], panel.y[1], yanchor="bottom", yshift=4)
