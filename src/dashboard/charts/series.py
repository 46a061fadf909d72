"""One line through periods: solid, dotted towards provisional points, broken where a number is missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboard.charts import palette
from dashboard.charts.frame import Spec
from dashboard.charts.marks import hatch, hover
from dashboard.charts.palette import Look
from dashboard.charts.period_axis import without_quarter
from dashboard.charts.scale import PLACEHOLDER
from dashboard.charts.template import LABEL_SIZE
from dashboard.views.model import Cell, CellState, Heading

_BOX = 0.56
"""Width of the hatched boxes of one period, as a share of the room between two periods."""


@dataclass(frozen=True)
class Series:
    """The cells of one column of a table of periods, and how they are drawn."""

    label: str
    rows: Sequence[Heading]
    cells: Sequence[Cell]
    look: Look
    breaks: frozenset[int]
    unit: str
    x: str = "x"
    y: str = "y"

    def traces(self, limit: float, lane: int, lanes: int, *, numbered: bool) -> Iterator[Spec]:
        """The line, its dotted part, its points, and a hatched box for each withheld number."""
        yield from self._line("line", self.look.dash, provisional=False)
        yield from self._line("provisional", "dot", provisional=True)
        yield self._points(limit, numbered=numbered)
        if any(cell.state is CellState.WITHHELD for cell in self.cells):
            yield self._boxes(limit, lane, lanes)

    def _line(self, name: str, dash: str, *, provisional: bool) -> Iterator[Spec]:
        x: list[int | None] = []
        y: list[int | None] = []
        for index in range(1, len(self.cells)):
            if self._joined(index) and self._is_provisional(index) is provisional:
                x += [index - 1, index, None]
                y += [self.cells[index - 1].value, self.cells[index].value, None]
        line = {"color": self.look.colour, "width": 2.5, "dash": dash}
        if x:
            yield self._trace(mode="lines", name=f"{self.label}, {name}", x=x, y=y, line=line, hoverinfo="skip")

    def _joined(self, index: int) -> bool:
        """Whether a line may run from the period before: two numbers, no break, both points in time."""
        pair = self.rows[index - 1 : index + 1]
        numbers = self.cells[index - 1].is_number and self.cells[index].is_number
        return numbers and index not in self.breaks and not any(without_quarter(row.code) for row in pair)

    def _is_provisional(self, index: int) -> bool:
        return any(cell.state is CellState.PROVISIONAL for cell in self.cells[index - 1 : index + 1])

    def _points(self, limit: float, *, numbered: bool) -> Spec:
        shown = [(index, cell) for index, cell in enumerate(self.cells) if cell.is_number]
        texts = [cell.text for _, cell in shown]
        places = [self._beside(index, limit) for index, _ in shown]
        return self._trace(
            mode="markers+text" if numbered else "markers",
            name=self.label,
            x=[index for index, _ in shown],
            y=[cell.value for _, cell in shown],
            marker={
                "size": 9,
                "symbol": self.look.symbol,
                "color": [self._fill(cell) for _, cell in shown],
                "line": {"color": self.look.colour, "width": 2},
            },
            hovertext=[hover(f"{self.rows[index].label}, {self.label}", cell, self.unit) for index, cell in shown],
            hoverinfo="text",
            cliponaxis=False,
            **({"text": texts, "textposition": places, "textfont": _FONT} if numbered else {}),
        )

    def _beside(self, index: int, limit: float) -> str:
        """A number stands above its point, or below where the line comes down to it."""
        joined = [at for at in (index, index + 1) if 0 < at < len(self.cells) and self._joined(at)]
        around = [self.cells[at - 1 if at == index else at].value or 0 for at in joined]
        value = self.cells[index].value or 0
        down = bool(around) and sum(around) / len(around) > value > limit * 0.12
        return "bottom center" if down else "top center"

    def _fill(self, cell: Cell) -> str:
        return palette.PAPER if cell.state is CellState.PROVISIONAL else self.look.colour

    def _boxes(self, limit: float, lane: int, lanes: int) -> Spec:
        """Boxes on the baseline, side by side where several lines are withheld in one period."""
        width = _BOX / lanes
        shift = (lane + 0.5) * width - _BOX / 2
        places = [index for index, cell in enumerate(self.cells) if cell.state is CellState.WITHHELD]
        return {
            "type": "bar",
            "name": f"{self.label}, withheld",
            "x": [place + shift for place in places],
            "y": [limit * PLACEHOLDER] * len(places),
            "width": width * 0.86,
            "marker": hatch(self.look.colour if lanes > 1 else palette.GREY),
            "text": ["c"] * len(places),
            "textposition": "outside",
            "textangle": 0,
            "textfont": {"size": LABEL_SIZE, "color": palette.NOTE},
            "hovertext": [hover(f"{self.rows[place].label}, {self.label}", self.cells[place], "") for place in places],
            "hoverinfo": "text",
            "xaxis": self.x,
            "yaxis": self.y,
        }

    def _trace(self, **more: object) -> Spec:
        return {"type": "scatter", "xaxis": self.x, "yaxis": self.y, **more}


_FONT = {"size": LABEL_SIZE, "color": palette.TEXT}
