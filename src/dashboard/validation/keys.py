"""Rules on rows that count the same thing: duplicates, parts that are added up, totals among the leaves."""

from collections import Counter
from collections.abc import Iterator

from dashboard.validation.model import Finding, Severity
from dashboard.validation.records import MappedReturn, Row, SameKey, Standing


def duplicates(returned: MappedReturn) -> Iterator[Finding]:
    """The same period and codes in two rows, where the layout has no column that could tell them apart."""
    if returned.same_key is not SameKey.REFUSE:
        return
    first: dict[tuple[str | None, ...], Row] = {}
    for row in returned.understood():
        earlier = first.setdefault(row.key, row)
        if earlier is not row:
            message = f'The same period and codes stand in row {earlier.number} of sheet "{earlier.sheet}" already.'
            step = "Add the two counts up in one row, or correct the codes of one of them."
            where = (row.sheet, row.number, row.count.column, row.count.text)
            yield Finding(Severity.ERROR, "duplicates", message, step, *where)


def whole_years(returned: MappedReturn) -> Iterator[Finding]:
    """A count for a whole year beside one for a quarter of it: the same people would count twice."""
    quarters: dict[tuple[str | None, ...], Row] = {}
    for row in returned.understood():
        if "-Q" in (row.period.code or ""):
            quarters.setdefault(_year_of(row), row)
    for row in returned.understood():
        beside = None if "-Q" in (row.period.code or "") else quarters.get(_year_of(row))
        if beside:
            message = f"The year stands beside its quarter in row {beside.number}: people would count twice."
            step = "Give the counts by quarter, or for the whole year only."
            where = (row.sheet, row.number, row.period.column, row.period.text)
            yield Finding(Severity.ERROR, "whole_years", message, step, *where)


def _year_of(row: Row) -> tuple[str | None, ...]:
    return row.structure.name, row.agency.code, (row.period.code or "")[:4]


def added_up(returned: MappedReturn) -> Iterator[Finding]:
    """How many rows became one observation, where the layout says more than is kept."""
    if returned.same_key is not SameKey.ADD:
        return
    rows = Counter(row.key for row in returned.understood() if row.count.value is not None)
    if rows.total() > len(rows):
        message = (
            f"{rows.total():,} rows were added up to {len(rows):,} observations: "
            "they have the same codes in all that is kept."
        )
        yield Finding(Severity.NOTE, "added_up", message, "Nothing to do. The file itself is kept as it came.")


def totals(returned: MappedReturn) -> Iterator[Finding]:
    """A total row among the rows: it is kept out, and used to check the sums."""
    for row in returned.rows:
        if row.standing is Standing.TOTAL:
            message = "The row is a total. It is not imported, and its number is used to check the sums."
            severity = Severity.NOTE if returned.totals_expected else Severity.WARNING
            step = "Nothing to do." if returned.totals_expected else "Remove the row, or tick it with a reason."
            cell = next((cell for cell in row.cells if cell.code == "_T"), row.period)
            yield Finding(severity, "totals", message, step, row.sheet, row.number, cell.column, cell.text)
