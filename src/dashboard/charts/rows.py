"""Rows with a name on the left: where each stands, and the axis that names them."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.charts.frame import Spec
from dashboard.charts.template import LABEL_SIZE
from dashboard.charts.text import widest, wrapped
from dashboard.views.model import Heading, HeadingKind

ROW = 34
_APART = 0.4
"""The gap before "not recorded" and the rest: they are no category like the others."""


@dataclass(frozen=True)
class Rows:
    """The rows of a chart, the first on top."""

    headings: tuple[Heading, ...]
    places: tuple[float, ...]
    labels: tuple[str, ...]

    @property
    def height(self) -> float:
        """Pixels all rows need together."""
        return (self.places[-1] + 1) * ROW

    @property
    def left(self) -> float:
        """Pixels the longest label needs."""
        return widest(list(self.labels), LABEL_SIZE) + 10

    def axis(self, **more: object) -> Spec:
        """The axis that carries the names, turned so that the first row is on top."""
        return {
            "range": [self.places[-1] + 0.5, -0.5],
            "tickvals": list(self.places),
            "ticktext": [f"{label}\u2002" for label in self.labels],
            **more,
        }


def rows_of(headings: Sequence[Heading], width: int) -> Rows:
    """Rows for a figure of a width: names take a third of it at most."""
    room = min(280.0, width * 0.36)
    places, at = [], 0.0
    for index, heading in enumerate(headings):
        apart = heading.kind in (HeadingKind.NOT_RECORDED, HeadingKind.REST)
        before = headings[index - 1].kind if index else heading.kind
        at += _APART if apart and before is HeadingKind.CODE and index else 0
        places.append(at)
        at += 1
    labels = tuple(wrapped(heading.label, room, LABEL_SIZE) for heading in headings)
    return Rows(tuple(headings), tuple(places), labels)
