"""How complete the data of a period is: who returned it, which quarters are there, can it still grow."""

from collections.abc import Iterable

from dashboard.datasets import TOTAL, periods
from dashboard.published_tables import CoverageEntry, ReturnStatus
from dashboard.views.model import Coverage

_QUARTERS_IN = {periods.YEAR: 4, periods.REPORT_YEAR: 4, periods.FIVE_YEARS: 20}
_QUARTERLY = (ReturnStatus.RETURNED, ReturnStatus.PROVISIONAL)


def coverage(entries: Iterable[CoverageEntry], shown: tuple[str, ...]) -> Coverage:
    """Coverage of the periods shown: an organisation counts as returned if it did for one of them."""
    within = [entry for entry in entries if any(periods.contains(period, entry.period) for period in shown)]
    names = {entry.organisation: entry.organisation_name for entry in within}
    returned = {entry.organisation for entry in within if entry.status is not ReturnStatus.MISSING}
    return Coverage(
        returned=len(returned),
        expected=len(names),
        missing=tuple(sorted(names[code] for code in names if code not in returned)),
        provisional=any(entry.status is ReturnStatus.PROVISIONAL for entry in within),
    )


def quarters_reported(entries: Iterable[CoverageEntry], period: str) -> int:
    """How many quarters of a period somebody has reported ("quarter not recorded" counts as one).

    Where organisations report by quarter, theirs are counted: a return for the whole year from another
    one must not hide that quarters are to come. Where all report whole years, the year is complete; but a
    return for a whole year is none for one of its quarters.
    """
    within = [entry for entry in entries if periods.contains(period, entry.period)]
    if periods.level_of(period) == periods.FIVE_YEARS:
        return sum(quarters_reported(within, year) for year in {entry.period[:4] for entry in within})
    if period.endswith("X"):
        return int(any(entry.status is not ReturnStatus.MISSING for entry in within))
    quarters = [entry for entry in within if not entry.period.endswith("X")]
    by_quarter = {entry.period for entry in quarters if entry.status in _QUARTERLY}
    if by_quarter or periods.level_of(period) == periods.QUARTER:
        return len(by_quarter)
    return len({entry.period for entry in quarters if entry.status is ReturnStatus.WHOLE_YEAR})


def quarters_missing(entries: Iterable[CoverageEntry], period: str) -> int:
    """How many quarters of a year, of five years or of a TIP-report year nobody has reported; 0 for other periods.

    It makes no difference whether they are to come, or lie before the first return.
    """
    complete = quarters_in(period)
    reported = quarters_reported(entries, period) if complete else 0
    return complete - reported if reported else 0


def quarters_in(period: str) -> int:
    """How many quarters make a period complete: 4 for a year, 20 for five years, 0 where it makes no sense."""
    return _QUARTERS_IN.get(periods.level_of(period), 0)


def is_provisional(entries: Iterable[CoverageEntry], period: str) -> bool:
    """Whether the number for a period may still grow: a provisional return, or quarters to come.

    All periods together are never finished, so they are not marked; the coverage says what is missing.
    """
    known = tuple(entries)
    if period == TOTAL:
        return False
    return coverage(known, (period,)).provisional or quarters_missing(known, period) > 0


def newest_quarter(entries: Iterable[CoverageEntry]) -> str | None:
    """The last quarter for which anybody reported."""
    reported = (entry.period for entry in entries if entry.status is not ReturnStatus.MISSING)
    return max((period for period in reported if not period.endswith("X")), default=None)
