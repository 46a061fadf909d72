"""A long ranking shortened for a chart: the first rows, then "other", then what is withheld."""

from collections.abc import Sequence
from dataclasses import replace

from dashboard.views.model import NO_RETURN, WITHHELD, ZERO, Cell, CellState, Heading, HeadingKind, TableView

LONGEST = 10
WITHHELD_ROWS_SHOWN = 3


def shorten(table: TableView, longest: int = LONGEST) -> TableView:
    """At most `longest` rows with numbers; the rest added up, and many withheld rows in one.

    "Other" is the sum of shown numbers only, so it says nothing that the table does not; the table
    beside the chart keeps every row. Expects a ranked table of one row dimension.
    """
    withheld = [index for index in _body(table) if not _numbers(table, index) and _withheld(table, index)]
    numbered = [index for index in _body(table) if _numbers(table, index)]
    last = [index for index, row in enumerate(table.rows) if row.kind is HeadingKind.NOT_RECORDED]
    kept = numbered[:longest] if len(numbered) > longest + 1 else numbered
    rest = numbered[len(kept) :]
    rows = [(table.rows[index], table.cells[index]) for index in kept]
    noun = _plural(table.row_label)
    if rest:
        rows.append((Heading(("rest",), f"Other {noun} shown ({len(rest)})", HeadingKind.REST), _added(table, rest)))
    if len(withheld) > WITHHELD_ROWS_SHOWN:
        heading = Heading(("withheld",), f"{len(withheld)} {'more ' if kept else ''}{noun}", HeadingKind.REST)
        rows.append((heading, _added(table, withheld)))
    else:
        rows += [(table.rows[index], table.cells[index]) for index in withheld]
    rows += [(table.rows[index], table.cells[index]) for index in last]
    return replace(
        table,
        rows=tuple(heading for heading, _ in rows),
        cells=tuple(cells for _, cells in rows),
        total_column=(),
    )


def without_empty_columns(table: TableView) -> TableView:
    """The table without the columns that are zero throughout: a panel of zeros says less than its absence.

    A column with a withheld or missing number stays, and so does the first one where all are zero.
    """
    kept = [
        place
        for place in range(len(table.columns))
        if any(cells[place].state is not CellState.ZERO for cells in table.cells)
    ] or [0]
    return replace(
        table,
        columns=tuple(table.columns[place] for place in kept),
        cells=tuple(tuple(cells[place] for place in kept) for cells in table.cells),
        total_row=tuple(table.total_row[place] for place in kept) if table.total_row else (),
    )


def _body(table: TableView) -> list[int]:
    return [index for index, row in enumerate(table.rows) if row.kind is HeadingKind.CODE]


def _numbers(table: TableView, index: int) -> bool:
    """Whether a row shows a number other than zero anywhere: in one of two compared periods, or in its total."""
    return any(cell.value for cell in _row(table, index))


def _withheld(table: TableView, index: int) -> bool:
    return any(cell.state is CellState.WITHHELD for cell in _row(table, index))


def _row(table: TableView, index: int) -> tuple[Cell, ...]:
    return (*table.cells[index], *table.total_column[index : index + 1])


def _added(table: TableView, rows: Sequence[int]) -> tuple[Cell, ...]:
    return tuple(_sum([table.cells[row][column] for row in rows]) for column in range(len(table.columns)))


def _sum(cells: Sequence[Cell]) -> Cell:
    if any(cell.state is CellState.WITHHELD for cell in cells):
        return WITHHELD
    if all(cell.state is CellState.NO_RETURN for cell in cells):
        return NO_RETURN
    total = sum(cell.value or 0 for cell in cells)
    if not total:
        return ZERO
    state = CellState.PROVISIONAL if any(c.state is CellState.PROVISIONAL for c in cells) else CellState.NUMBER
    return Cell(state, total)


def _plural(label: str) -> str:
    word = label.lower()
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
