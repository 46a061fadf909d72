"""What a table and the words around it look like as rows of values, for every kind of download."""

from collections.abc import Iterable, Iterator, Sequence

from dashboard.exports.guard import guard
from dashboard.views.model import Cell, CellState, Heading, TableView

Value = str | int
Row = tuple[Value, ...]
TOTAL = "Total"


def about(table: TableView) -> list[Row]:
    """What a reader needs to know about a table: one row a fact, its name first."""
    rows: list[Row] = [("Title", table.title), ("Shows", table.subtitle), ("Unit", table.unit)]
    rows += [("Filter", f"{name}: {code}") for name, code in table.filters]
    if table.withdrawn:
        rows.append(("Withdrawn", table.withdrawn))
    rows += [
        ("For", table.circulation.label),
        ("Source", table.source),
        ("As of", table.as_of),
        ("Coverage", table.coverage.sentence),
    ]
    if table.coverage.missing:
        rows.append(("No return from", ", ".join(table.coverage.missing)))
    if provisional := _provisional(table):
        rows.append(("Provisional", f"{provisional}: more returns may come in"))
    if table.invented:
        rows.append(("Invented figures", "These figures are invented, to show the dashboard. They count nobody."))
    rows += [("Note", note) for note in (*table.notes, *table.groups)]
    rows.append(("Publication", table.publication_id))
    return [guarded(row) for row in rows]


def is_provisional(cells: Iterable[Cell]) -> bool:
    """Whether more returns may still change a row."""
    return any(cell.state is CellState.PROVISIONAL for cell in cells)


def _provisional(table: TableView) -> str:
    """The provisional rows of a series of periods; of any other table its columns, or all of it."""
    if table.row_label == "Period":
        found = [row.label for row, cells in zip(table.rows, table.cells, strict=True) if is_provisional(cells)]
        return ", ".join(found)
    if table.column_label == "Period":
        columns = zip(table.columns, zip(*table.cells, strict=True), strict=False)
        return ", ".join(column.label for column, cells in columns if is_provisional(cells))
    return "All numbers" if any(map(is_provisional, table.cells)) else ""


def header(table: TableView) -> Row:
    """The names of the columns; a route has one column for each of its stops."""
    total = (TOTAL,) if table.total_column else ()
    return guarded((*_row_names(table), *(column.label for column in table.columns), *total))


def body(table: TableView) -> Iterator[Row]:
    """The rows, then the row of totals: numbers as numbers, everything else as text."""
    for index, (heading, cells) in enumerate(zip(table.rows, table.cells, strict=True)):
        total = table.total_column[index : index + 1]
        yield guarded((*_names(heading), *values((*cells, *total))))
    if table.total_row:
        yield guarded((TOTAL, *[""] * (len(_row_names(table)) - 1), *values(table.total_row)))


def values(cells: Sequence[Cell]) -> Row:
    """A number where there is one to show, else its sign: `c`, `no return`."""
    return tuple(cell.text if cell.value is None else cell.value for cell in cells)


def guarded(row: Row) -> Row:
    """A row in which no text can run as a formula."""
    return tuple(guard(value) if isinstance(value, str) else value for value in row)


def _row_names(table: TableView) -> tuple[str, ...]:
    stops = max((len(row.parts) for row in table.rows), default=0)
    names = tuple(table.row_label.split(" \u2192 "))
    return names if len(names) == stops else (table.row_label,)


def _names(heading: Heading) -> tuple[str, ...]:
    return heading.parts or (heading.label,)
