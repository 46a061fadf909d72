"""A period's total that is far from what the same agency returned before.

The rule has two halves. More than three times (or less than a third of) the mean of the last periods
before it, four at most, in the agency's newest accepted return of that structure: so that growth is
not reported every quarter. And at least 10 away from it: so that small counts, which swing by chance
alone, are left in peace (2 after 0, 7 after 2 are nothing). If counts vary as Poisson numbers do,
chance alone passes both halves in at most one of 400 periods (at a mean of 13, where it is
likeliest); where the newest return holds one earlier period only, in one of 67 (at a mean of 9.5).
Deaf by design to a slow drift.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from dashboard.datasets import Dataset, Observation, Structure, periods
from dashboard.validation.model import Finding, Severity
from dashboard.validation.records import MappedReturn, Row

TIMES = 3
AT_LEAST = 10
LOOK_BACK = 4

_Series = tuple[str, str, tuple[str, ...], str]
"""Structure, agency, codes of the dimensions that are never added over, level of the period."""


def jump(returned: MappedReturn) -> Iterator[Finding]:
    """Compare each period's total with the mean of up to four before it. Withheld counts add nothing."""
    history = _totals(returned.previous.values())
    first: dict[tuple[_Series, str], Row] = {}
    new: dict[tuple[_Series, str], int] = defaultdict(int)
    for row in returned.understood():
        codes = tuple(cell.code or "" for cell in row.codes)
        key = _key(row.structure, row.agency.code or "", codes, row.period.code or "")
        first.setdefault(key, row)
        new[key] += row.count.low
    for (series, period), total in new.items():
        earlier = [history[series][one] for one in sorted(history[series]) if one < period][-LOOK_BACK:]
        if earlier and _is_jump(total, mean := sum(earlier) / len(earlier)):
            yield _finding(first[series, period], period, total, mean, len(earlier))


def _is_jump(total: int, mean: float) -> bool:
    far = abs(total - mean) >= AT_LEAST
    return far and (total > TIMES * mean or mean > TIMES * total)


def _totals(previous: Iterable[Dataset]) -> dict[_Series, dict[str, int]]:
    found: dict[_Series, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for dataset in previous:
        for observation in dataset.observations:
            series, period = _of(dataset.structure, observation)
            found[series][period] += observation.value or 0
    return found


def _of(structure: Structure, observation: Observation) -> tuple[_Series, str]:
    return _key(structure, observation.agency, observation.codes, observation.period)


def _key(structure: Structure, agency: str, codes: tuple[str, ...], period: str) -> tuple[_Series, str]:
    pairs = zip(structure.dimensions, codes, strict=True)
    fixed = tuple(code for dimension, code in pairs if not dimension.total)
    return (structure.name, agency, fixed, periods.level_of(period)), period


def _finding(row: Row, period: str, total: int, mean: float, number: int) -> Finding:
    fixed = [
        cell.code or ""
        for dimension, cell in zip(row.structure.dimensions, row.codes, strict=True)
        if not dimension.total
    ]
    what = " ".join([row.structure.label, *(f"({code})" for code in fixed)])
    before = "the period before" if number == 1 else f"the {number} periods before (mean)"
    return Finding(
        Severity.WARNING,
        "jump",
        f"{what} in {period}: {total:,} in all, against {mean:,.1f} in {before}.",
        "Check that the period is complete and nothing there twice; if it is right, tick it with a reason.",
        row.sheet,
        row.number,
        row.period.column,
        row.period.text,
    )
