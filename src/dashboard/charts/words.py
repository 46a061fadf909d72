"""A chart in one sentence, for those who can't see it: the finding, with shown numbers only."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from dashboard.views.model import Cell, CellState, Heading, HeadingKind, TableView

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class _Named:
    """A cell and what it is called; what stands for several codes is not ranked among the codes."""

    label: str
    cell: Cell
    is_rest: bool = False

    @property
    def value(self) -> int:
        """The number, or 0 where there is none to say."""
        return self.cell.value or 0


_KINDS = {
    "ranked_bars": "Ranked bars",
    "small_bars": "Ranked bars in panels",
    "heatmap": "Heatmap",
    "sankey": "Flow chart",
    "lines": "Line chart",
    "small_columns": "Columns in panels",
}


def describe(table: TableView) -> str:
    """What the chart shows, for its alternative text: `Ranked bars of victims by nationality, 2024: ...`."""
    title = table.title[:1].lower() + table.title[1:]
    kind = _KINDS.get(table.chart, "Chart")
    head = f"{'Invented figures. ' if table.invented else ''}{kind} of {title} ({table.subtitle})"
    if table.is_empty:
        return f"{head}: no returns."
    findings = _FINDINGS.get(table.chart, _ranking)(table)
    return f"{head}: {'; '.join([*findings, *_unseen(table)])}."


def _ranking(table: TableView) -> list[str]:
    """Each column's largest numbers, then what has none."""
    if len(table.columns) == 1:
        return [_listed(_column(table, 0))]
    return [f"{column.label}: {_listed(_column(table, at))}" for at, column in enumerate(table.columns)]


def _course(table: TableView) -> list[str]:
    """Where each column begins and ends, and its highest point."""
    return [
        f"{f'{column.label} ' if len(table.columns) > 1 else ''}{_from_to(_column(table, at))}"
        for at, column in enumerate(table.columns)
    ]


def _largest_cells(table: TableView) -> list[str]:
    cells = (
        _Named(f"{row.label}, {column.label}", cell, _is_rest(row, column))
        for row, line in zip(table.rows, table.cells, strict=True)
        for column, cell in zip(table.columns, line, strict=True)
    )
    return [f"largest {_listed(cells)}"]


_FINDINGS: Mapping[str, Callable[[TableView], list[str]]] = {
    "heatmap": _largest_cells,
    "lines": _course,
    "small_columns": _course,
}


def _column(table: TableView, at: int) -> list[_Named]:
    return [_Named(row.label, cells[at], _is_rest(row)) for row, cells in zip(table.rows, table.cells, strict=True)]


def _is_rest(*headings: Heading) -> bool:
    return any(heading.kind is HeadingKind.REST for heading in headings)


def _listed(cells: Iterable[_Named]) -> str:
    """`Bangladesh 12, India 6, 3 smaller, Other Southern Asia (7) 9, 0 for Nepal`."""
    named = list(cells)
    shown = sorted((one for one in named if one.value), key=lambda one: -one.value)
    single = [one for one in shown if not one.is_rest]
    parts = [f"{one.label} {one.cell.text}" for one in single[:MOST_NAMED]]
    parts += [f"{len(single) - MOST_NAMED} smaller"] if len(single) > MOST_NAMED else []
    parts += [f"{one.label} {one.cell.text}" for one in shown if one.is_rest][:MOST_NAMED]
    zeros = [one.label for one in named if one.cell.value == 0]
    if zeros:
        parts.append(f"0 for {', '.join(zeros) if len(zeros) <= MOST_NAMED else f'{len(zeros)} others'}")
    return ", ".join(parts) or "no number can be shown"


def _from_to(cells: list[_Named]) -> str:
    shown = [one for one in cells if one.cell.is_number]
    if not shown:
        return "no number can be shown"
    first, last = shown[0], shown[-1]
    if first is last:
        return f"{first.cell.text} in {first.label}"
    peak = max(shown, key=lambda one: one.value)
    ends = f"{first.cell.text} in {first.label}, {last.cell.text} in {last.label}"
    return f"{ends}, highest {peak.cell.text} in {peak.label}"


def _unseen(table: TableView) -> list[str]:
    states = [cell.state for line in table.cells for cell in line]
    found = []
    if withheld := states.count(CellState.WITHHELD):
        found.append(f"{withheld} withheld")
    if missing := states.count(CellState.NO_RETURN):
        found.append(f"{missing} without a return")
    if CellState.PROVISIONAL in states:
        found.append("some numbers are provisional")
    return found
