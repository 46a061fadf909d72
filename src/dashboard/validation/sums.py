"""Totals that the return states, held against the sum of their parts."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

from dashboard.validation.model import Finding, Severity
from dashboard.validation.records import MappedReturn, Row, Standing, StatedSum

KINDS_OF_TOTALS_AT_MOST = 64
"""Each kind (over sex; over sex and age; ...) needs one pass over all rows. No honest return has more."""

_Key = tuple[str | None, ...]


def sums(returned: MappedReturn) -> Iterator[Finding]:
    """Totals that do not add up. A censored part is the range of numbers it can be, and so is the sum."""
    for stated in chain(returned.sums, _stated_in_rows(returned)):
        if not stated.agrees:
            row = stated.row
            message = (
                f"{stated.what}: the parts add up to {_range(stated.parts)}, the total says {_range(stated.stated)}."
            )
            step = "Correct the rows or the total; if the source has it so, tick it with a reason."
            where = (row.sheet, row.number, row.count.column, row.count.text)
            yield Finding(Severity.WARNING, "sums", message, step, *where)


def _stated_in_rows(returned: MappedReturn) -> Iterator[StatedSum]:
    """Each total row that can be read, with the leaves it is the sum of."""
    kinds: dict[frozenset[int], list[Row]] = defaultdict(list)
    for row in returned.rows:
        if row.standing is Standing.TOTAL and row.understood:
            kinds[row.totalled].append(row)
    for positions, rows in list(kinds.items())[:KINDS_OF_TOTALS_AT_MOST]:
        parts = _sums_over(returned, positions)
        for row in rows:
            stated = (row.count.low, row.count.high)
            yield StatedSum(row, "Total row", stated, parts.get(_without(row.key, positions), (0, 0)))


def _sums_over(returned: MappedReturn, positions: frozenset[int]) -> dict[_Key, tuple[int, int]]:
    found: dict[_Key, tuple[int, int]] = {}
    for row in returned.understood():
        key = _without(row.key, positions)
        low, high = found.get(key, (0, 0))
        found[key] = (low + row.count.low, high + row.count.high)
    return found


def _without(key: _Key, positions: frozenset[int]) -> _Key:
    return tuple(code for index, code in enumerate(key) if index not in positions)


def _range(bounds: tuple[int, int]) -> str:
    low, high = bounds
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
