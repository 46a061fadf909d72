"""Reference periods: a quarter, a year, five years, a TIP-report year, all periods.

Codes follow SDMX: `2024-Q1`, `2024`. A return that knows only the year is counted in the quarter
`2024-QX` ("quarter not recorded"), so that quarters always add up to their year. Five years (`2020/2024`) begin
with a year that ends in 0 or 5. The TIP-report year 2024 (`TIP-2024`) runs from 1 April 2023 to 31 March 2024.
"""

import re
from collections.abc import Iterable

from dashboard.datasets.codelists import TOTAL

QUARTER, YEAR, FIVE_YEARS, REPORT_YEAR = "quarter", "year", "five_years", "report_year"
LEVELS = (QUARTER, YEAR, FIVE_YEARS, REPORT_YEAR)
"""Finest first; each lies within the next, but for the TIP-report year, which cuts across the calendar."""
ALL = "all"
"""Where all periods together stand, above every level."""

_QUARTER = re.compile(r"([0-9]{4})-Q([1-4X])")
_YEAR = re.compile(r"[0-9]{4}")


def is_reported_period(text: str) -> bool:
    """Whether a return may carry this reference period: a quarter `2024-Q1` or a year `2024`."""
    return bool(_YEAR.fullmatch(text)) or bool(re.fullmatch(r"[0-9]{4}-Q[1-4]", text))


def finest(period: str) -> str:
    """The quarter in which a reported period is counted: itself, or `2024-QX` for a whole year."""
    return f"{period}-QX" if _YEAR.fullmatch(period) else period


def year_of(period: str) -> int:
    """The calendar year of a quarter or a year."""
    return int(period[:4])


def report_year_of(quarter: str) -> str | None:
    """The TIP-report year a quarter falls in, or None where the quarter is not recorded."""
    match = _QUARTER.fullmatch(quarter)
    if not match or match[2] == "X":
        return None
    return f"TIP-{int(match[1]) + (0 if match[2] == '1' else 1)}"


def five_years_of(year: int) -> str:
    """The five calendar years a year lies in: `2020/2024`."""
    first = year - year % 5
    return f"{first}/{first + 4}"


def level_of(period: str) -> str:
    """Which level of the hierarchy a code stands on; TOTAL stands on none and gives ALL."""
    if period == TOTAL:
        return ALL
    if period.startswith("TIP-"):
        return REPORT_YEAR
    if "/" in period:
        return FIVE_YEARS
    return QUARTER if "-Q" in period else YEAR


def at_levels(period: str, levels: Iterable[str]) -> tuple[str, ...]:
    """Where a reported period is counted in a table that shows the given levels (TOTAL not included)."""
    quarter = finest(period)
    steps = {
        QUARTER: quarter,
        YEAR: quarter[:4],
        FIVE_YEARS: five_years_of(year_of(quarter)),
        REPORT_YEAR: report_year_of(quarter),
    }
    return tuple(step for level in levels if (step := steps[level]) is not None)


def contains(period: str, quarter: str) -> bool:
    """Whether a quarter belongs to a period of any level; every quarter belongs to TOTAL."""
    return period == TOTAL or period in at_levels(quarter, LEVELS)


def quarters_of(year: int) -> tuple[str, ...]:
    """The four quarters of a calendar year."""
    return tuple(f"{year}-Q{number}" for number in (1, 2, 3, 4))


def label(period: str) -> str:
    """`Q1 2024`, `2024`, `2020-2024` (with a dash between), `TIP report 2024`, `All periods`."""
    if period == TOTAL:
        return "All periods"
    if period.startswith("TIP-"):
        return f"TIP report {period[4:]}"
    match = _QUARTER.fullmatch(period)
    if not match:
        return period.replace("/", "\u2013")
    return f"{match[1]}, quarter not recorded" if match[2] == "X" else f"Q{match[2]} {match[1]}"


def sort_key(period: str) -> str:
    """Oldest first within a level; a quarter not recorded stands after the four of its year."""
    return period.removeprefix("TIP-")


def months(period: str) -> int:
    """Length in months of a reported period: 3 for a quarter, 12 for a year."""
    return 3 if level_of(period) == QUARTER else 12


def quarters(first: str, last: str) -> tuple[str, ...]:
    """Every quarter from first to last, both included."""
    numbers = range(_number(first), _number(last) + 1)
    return tuple(f"{number // 4}-Q{number % 4 + 1}" for number in numbers)


def _number(quarter: str) -> int:
    return int(quarter[:4]) * 4 + int(quarter[-1]) - 1
