"""The words around a table: what it counts, for when, and what a reader has to know."""

from collections.abc import Mapping

from dashboard.datasets import STRUCTURES, TOTAL, periods
from dashboard.published_tables import PublishedTable
from dashboard.views.choices import compared_periods
from dashboard.views.coverage import quarters_in, quarters_missing
from dashboard.views.levels import sparse_note
from dashboard.views.model import View
from dashboard.views.published import Published

_BY = {
    periods.YEAR: "by year",
    periods.QUARTER: "by quarter",
    periods.FIVE_YEARS: "by five years",
    periods.REPORT_YEAR: "by TIP-report year",
    periods.ALL: "in all periods",
}


def measure(standing: Mapping[str, str], table: PublishedTable, published: Published) -> str:
    """What is counted, in words: `Identified victims`, `Participants`, `Cases`.

    A dimension whose codes can't be added up says what kind of count it is; it stands at one code here.
    """
    structure = STRUCTURES[table.structure]
    for dimension in structure.dimensions:
        if not dimension.total and dimension.name in standing:
            label = published.label(table, dimension.name, standing[dimension.name])
            return label if label.endswith("s") else f"{label}s"
    return structure.label


def subtitle(
    view: View, choice: Mapping[str, str], standing: Mapping[str, str], table: PublishedTable, published: Published
) -> str:
    """Period, unit and filters in one line: `All periods, persons; only children`."""
    structure = STRUCTURES[table.structure]
    when = _when(view, choice)
    parts = [
        published.label(table, name, code).lower()
        for name, code in standing.items()
        if code != TOTAL and structure.dimension(name).total
    ]
    unit = [] if structure.name == "prevention" else [structure.unit]
    line = ", ".join([f"{when[:1].upper()}{when[1:]}", *unit])
    return f"{line}; only {', '.join(parts)}" if parts else line


def _when(view: View, choice: Mapping[str, str]) -> str:
    if view.is_series:
        level = choice["level"]
        fuller = {periods.REPORT_YEAR: f"{by(level)} (1 April to 31 March)", periods.ALL: in_sentence(TOTAL)}
        return fuller.get(level, by(level))
    return " compared with ".join(map(in_sentence, compared_periods(choice)))


def by(level: str) -> str:
    """How a series goes through time: `by quarter`."""
    return _BY[level]


def in_sentence(period: str) -> str:
    """A period within a sentence: `2024`, `all periods`."""
    return "all periods" if period == TOTAL else periods.label(period)


def notes(view: View, table: PublishedTable, published: Published, shown: tuple[str, ...]) -> tuple[str, ...]:
    """What stands under every copy of the table: the sign for withheld numbers, gaps, the caveat."""
    found = (
        withheld_note(table, published),
        sparse_note(view, table),
        _incomplete(table, published, shown),
        _outside_report_years(table, published, shown),
        view.caveat,
    )
    return tuple(note for note in found if note)


def _incomplete(table: PublishedTable, published: Published, shown: tuple[str, ...]) -> str:
    """A year with quarters to come must not be read as a fall."""
    gaps = [(period, quarters_missing(published.returns(table.structure), period)) for period in shown]
    parts = [
        f"{periods.label(period)} ({(whole := quarters_in(period)) - missing} of {whole} quarters)"
        for period, missing in gaps
        if missing
    ]
    return f"Not complete: {', '.join(parts)}." if parts else ""


def _outside_report_years(table: PublishedTable, published: Published, shown: tuple[str, ...]) -> str:
    """A return for a calendar year can't be laid over a year that ends in March."""
    whole_years = any(entry.period.endswith("X") for entry in published.returns(table.structure))
    report_years = any(periods.level_of(period) == periods.REPORT_YEAR for period in shown)
    return "Returns for whole calendar years are not part of TIP-report years." if whole_years and report_years else ""


def withheld_note(table: PublishedTable, published: Published) -> str:
    """The legend of the sign `c` for this circulation, under the policy of this publication."""
    threshold = published.threshold(table)
    if threshold <= 1:
        return "c: a number that its source withheld."
    small = "1" if threshold == 2 else f"a number from 1 to {threshold - 1}"
    return f"c: {small}, or a number withheld so that a small one cannot be worked out (zeros can be among them)."
