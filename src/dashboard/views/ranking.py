"""A long ranking shortened for a chart: the first rows, the next ones together, then what is withheld."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from dashboard.views.groups import plural
from dashboard.views.model import NO_RETURN, WITHHELD, ZERO, Cell, CellState, Heading, HeadingKind, TableView, View

LONGEST = 10
MOST_GROUPS = 4
WITHHELD_ROWS_SHOWN = 3

_PANELS = {"small_bars"}
"""Charts that give each column a panel of its own."""

_Line: TypeAlias = tuple[Heading, tuple[Cell, ...]]


def as_drawn(view: View, table: TableView) -> TableView:
    """The table as its figure shows it: a long ranking is shortened, a panel of zeros left out."""
    drawn = shorten(table) if view.ranked and len(view.rows) == 1 and view.chart != "heatmap" else table
    return without_empty_columns(drawn) if view.chart in _PANELS and drawn.columns else drawn


def shorten(table: TableView, longest: int = LONGEST) -> TableView:
    """At most `longest` rows with numbers; the next ones added up, and many withheld rows in one.

    A sum is one of shown numbers only, so it says nothing that the table does not; the table beside the
    chart keeps every row. Groups of codes stand behind the codes. Expects a ranked table of one row dimension.
    """
    noun = plural(table.row_label)
    rows = [
        *_shortened(table, HeadingKind.CODE, noun, longest),
        *_shortened(table, HeadingKind.REST, f"groups of {noun}", MOST_GROUPS),
        *(row for row in zip(table.rows, table.cells, strict=True) if row[0].kind is HeadingKind.NOT_RECORDED),
    ]
    return replace(
        table,
        rows=tuple(heading for heading, _ in rows),
        cells=tuple(cells for _, cells in rows),
        total_column=(),
    )


def _shortened(table: TableView, kind: HeadingKind, noun: str, longest: int) -> Iterator[_Line]:
    """The rows of one kind: those with numbers, the sum of the smaller ones, then what is withheld. Zeros go."""
    body = [index for index, row in enumerate(table.rows) if row.kind is kind]
    numbered = [index for index in body if _numbers(table, index)]
    withheld = [index for index in body if not _numbers(table, index) and _withheld(table, index)]
    kept = numbered[:longest] if len(numbered) > longest + 1 else numbered
    yield from _lines(table, kept)
    if rest := numbered[len(kept) :]:
        # Not "other nationalities": that is what a group of codes is called.
        yield _rest("rest", kind, f"Next {len(rest)} {noun} together"), _added(table, rest)
    if len(withheld) > WITHHELD_ROWS_SHOWN:
        yield _rest("withheld", kind, f"{len(withheld)} {'more ' if kept else ''}{noun}"), _added(table, withheld)
    else:
        yield from _lines(table, withheld)


def _lines(table: TableView, rows: Sequence[int]) -> Iterator[_Line]:
    yield from ((table.rows[index], table.cells[index]) for index in rows)


def _rest(name: str, kind: HeadingKind, label: str) -> Heading:
    return Heading((f"{name} {kind.value}",), label, HeadingKind.REST)


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
