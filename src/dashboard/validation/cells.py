"""Rules on single cells: numbers, codes, periods."""

import re
from collections.abc import Iterator
from datetime import date

from dashboard.datasets import NOT_RECORDED, periods
from dashboard.validation.choices import Choices
from dashboard.validation.model import Finding, Severity
from dashboard.validation.records import Cell, Count, Fault, MappedReturn, Row, Standing

EARLIEST_YEAR = 2000
"""The year of the Palermo Protocol: nobody counted under its definition before."""

LARGEST_COUNT = 10_000_000

_SUGGESTED_AT_MOST = 100
"""Distinct unknown texts for which near codes are looked up: each costs some milliseconds."""

_NAMED_AT_MOST = 12

_FAULTS = {
    Fault.EMPTY: (
        "types",
        "The count is empty.",
        "Write 0 if nobody was counted; delete the row if it is not known.",
    ),
    Fault.TEXT: ("types", "The count is not a whole number.", "Write digits only, for instance 12."),
    Fault.NEGATIVE: (
        "counts",
        "The count is negative.",
        "Correct the number; a correction is sent as a new return.",
    ),
    Fault.FRACTION: (
        "counts",
        "The count is a fraction.",
        "Write the number of people or cases in digits alone, not a rate or share.",
    ),
    Fault.HUGE: ("counts", f"The count is above {LARGEST_COUNT:,}.", "Check the column and the number."),
}


def _at(row: Row, cell: Cell | Count, severity: Severity, rule: str, message: str, next_step: str) -> Finding:
    return Finding(severity, rule, message, next_step, row.sheet, row.number, cell.column, cell.text)


def types(returned: MappedReturn) -> Iterator[Finding]:
    """A count that is no number, a period or observation status that cannot be read."""
    yield from _faulty_counts(returned, "types")
    for row in returned.leaves():
        if row.period.code is None:
            message, step = (
                "The period cannot be read.",
                "Write a quarter as 2024-Q1 or a whole year as 2024.",
            )
            yield _at(row, row.period, Severity.ERROR, "types", message, step)
        if row.status.code is None:
            message, step = (
                "The observation status is unknown.",
                'Write "Normal" or "Provisional", or leave it empty.',
            )
            yield _at(row, row.status, Severity.ERROR, "types", message, step)


def counts(returned: MappedReturn) -> Iterator[Finding]:
    """A number that cannot be a count: negative, fractional, or far too large."""
    yield from _faulty_counts(returned, "counts")


def _faulty_counts(returned: MappedReturn, rule: str) -> Iterator[Finding]:
    for row in returned.rows:
        if row.count.fault is None or row.standing not in (Standing.LEAF, Standing.TOTAL):
            continue
        named, message, step = _FAULTS[row.count.fault]
        if named == rule:
            yield _at(row, row.count, Severity.ERROR, rule, message, step)


def codes(returned: MappedReturn) -> Iterator[Finding]:
    """A text that names no code: an error, or a warning where the profile says what it then counts as."""
    suggested: dict[tuple[str, str], str] = {}
    for row in returned.leaves():
        if row.agency.code is None:
            message, step = "The reporting country is unknown.", "Write its three-letter ISO code."
            yield _at(row, row.agency, Severity.ERROR, "codes", message, step)
        for dimension, cell in zip(row.structure.dimensions, row.codes, strict=True):
            if cell.code is None or cell.assumed:
                known = returned.choices.get(dimension.name)
                if not cell.text and not cell.assumed:
                    message, step = f"{dimension.label} is empty.", _choice(known)
                    yield _at(row, cell, Severity.ERROR, "codes", message, step)
                    continue
                asked = (dimension.name, cell.text)
                if known and asked not in suggested and len(suggested) < _SUGGESTED_AT_MOST:
                    suggested[asked] = _suggestion(known, cell.text)
                yield _unknown(row, cell, dimension.label, suggested.get(asked, "See the list of codes."))


def _choice(known: Choices | None) -> str:
    """What to write in an empty cell. Some lists have no code for what is not known: the codes they have."""
    reportable = known.codelist.reportable if known else ()
    if NOT_RECORDED in reportable or known is None:
        return f'Choose from the list; choose "Not recorded" ({NOT_RECORDED}) if it is not known.'
    named = [f"{known.codelist.label(code)} ({code})" for code in reportable[:_NAMED_AT_MOST]]
    more = " and others" if len(reportable) > len(named) else ""
    return f'Choose from the list, which has no "Not recorded": {", ".join(named)}{more}.'


def _unknown(row: Row, cell: Cell, label: str, suggestion: str) -> Finding:
    message = f'{label}: "{cell.text[:80]}" is not on the list. {suggestion}'
    if cell.assumed:
        message += f" It is counted as {cell.code}."
        step = "Tick it with a reason if that is right; else correct it, or have the name added as an alias."
        return _at(row, cell, Severity.WARNING, "codes", message, step)
    step = "Write one of the codes or labels of the list, or have the name added as an alias."
    return _at(row, cell, Severity.ERROR, "codes", message, step)


def _suggestion(known: Choices, text: str) -> str:
    if finer := known.finer(text):
        return f"It is a sum of finer codes; report these: {', '.join(finer[:6])}."
    near = known.nearest(text)
    return f"Nearest: {', '.join(near)}." if near else "Nothing on the list is near."


def period_range(returned: MappedReturn) -> Iterator[Finding]:
    """A period before 2000 or still to come is an error; one that is not over yet, a warning."""
    for row in returned.leaves():
        if row.period.code is None or not periods.is_reported_period(row.period.code):
            continue
        first, last = _months(row.period.code)
        if first > _month(returned.today):
            message, step = "The period has not begun.", "Correct the period."
            yield _at(row, row.period, Severity.ERROR, "period_range", message, step)
        elif last >= _month(returned.today):
            message = "The period is not over yet, so the count will grow."
            step = "Tick it with a reason, or send the return when the period is over."
            yield _at(row, row.period, Severity.WARNING, "period_range", message, step)
        elif periods.year_of(row.period.code) < EARLIEST_YEAR:
            message, step = f"The period is before {EARLIEST_YEAR}.", "Correct the period."
            yield _at(row, row.period, Severity.ERROR, "period_range", message, step)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _months(period: str) -> tuple[int, int]:
    """The first and last month of a quarter or year, numbered through."""
    start = periods.year_of(period) * 12
    if quarter := re.fullmatch(r"\d{4}-Q([1-4])", period):
        start += 3 * (int(quarter[1]) - 1)
    return start, start + periods.months(period) - 1
