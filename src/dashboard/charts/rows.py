"""Rows with a name on the left: where each stands, and the axis that names them."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.charts.frame import Spec
from dashboard.charts.template import LABEL_SIZE
from dashboard.charts.text import widest, wrapped
from dashboard.views.model import Heading

ROW = 34
_LINE, _AIR = 19, 8
_APART = 0.4
"""The gap before "not recorded", the rest and the total: they are no category like the others."""


@dataclass(frozen=True)
class Rows:
    """The rows of a chart, the first on top. Places and sizes are counted in rows of one line."""

    places: tuple[float, ...]
    sizes: tuple[float, ...]
    labels: tuple[str, ...]

    @property
    def ends(self) -> tuple[float, float]:
        """Where the first row begins and the last one ends."""
        return self.places[0] - self.sizes[0] / 2, self.places[-1] + self.sizes[-1] / 2

    @property
    def height(self) -> float:
        """Pixels all rows need together."""
        first, last = self.ends
        return (last - first) * ROW

    @property
    def left(self) -> float:
        """Pixels the longest label needs."""
        return widest(list(self.labels), LABEL_SIZE) + 10

    def axis(self, **more: object) -> Spec:
        """The axis that carries the names, turned so that the first row is on top."""
        first, last = self.ends
        return {
            "range": [last, first],
            "tickvals": list(self.places),
            "ticktext": list(self.labels),
            "ticks": "outside",
            "ticklen": 8,
            "tickcolor": "rgba(0,0,0,0)",
            **more,
        }


def rows_of(headings: Sequence[Heading], width: int, *, share: float = 0.36, even: bool = False) -> Rows:
    """Rows for a figure of a width: names take a share of it at most. even: all as high as the highest."""
    room = min(280.0, width * share)
    labels = tuple(wrapped(heading.label, room, LABEL_SIZE) for heading in headings)
    sizes = [max(1.0, ((label.count("<br>") + 1) * _LINE + _AIR) / ROW) for label in labels]
    sizes = [max(sizes)] * len(sizes) if even else sizes
    places, end = [], 0.0
    for index, size in enumerate(sizes):
        end += _APART if index and headings[index].kind is not headings[index - 1].kind else 0
        places.append(end + size / 2)
        end += size
    return Rows(tuple(places), tuple(sizes), labels)
