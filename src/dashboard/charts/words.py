"""A chart in one sentence, for those who can't see it: the finding, with shown numbers only."""

from collections.abc import Callable, Iterable, Mapping

from dashboard.views.model import Cell, CellState, TableView

MOST_NAMED = 5
_Named = tuple[str, Cell]

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
        (f"{row.label}, {column.label}", cell)
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
    return [(row.label, cells[at]) for row, cells in zip(table.rows, table.cells, strict=True)]


def _listed(cells: Iterable[_Named]) -> str:
    """`Bangladesh 12, India 6, 3 smaller, 0 for Nepal`."""
    named = list(cells)
    shown = sorted((item for item in named if item[1].value), key=lambda item: -(item[1].value or 0))
    parts = [f"{label} {cell.text}" for label, cell in shown[:MOST_NAMED]]
    parts += [f"{len(shown) - MOST_NAMED} smaller"] if len(shown) > MOST_NAMED else []
    zeros = [label for label, cell in named if cell.value == 0]
    if zeros:
        parts.append(f"0 for {', '.join(zeros) if len(zeros) <= MOST_NAMED else f'{len(zeros)} others'}")
    return ", ".join(parts) or "no number can be shown"


def _from_to(cells: list[_Named]) -> str:
    shown = [item for item in cells if item[1].is_number]
    if not shown:
        return "no number can be shown"
    (first, start), (last, end) = shown[0], shown[-1]
    if first == last:
        return f"{start.text} in {first}"
    peak, top = max(shown, key=lambda item: item[1].value or 0)
    return f"{start.text} in {first}, {end.text} in {last}, highest {top.text} in {peak}"


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
