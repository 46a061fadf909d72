"""The headline numbers of a page: single published cells of the newest period, compared with the one before."""

from dataclasses import dataclass

from dashboard.datasets import TOTAL, periods
from dashboard.published_tables import PERIOD, ReturnStatus
from dashboard.views.cells import stored
from dashboard.views.comparison import Comparison, Verdict, compare_periods
from dashboard.views.coverage import is_provisional
from dashboard.views.levels import stand_in
from dashboard.views.model import NO_RETURN, WITHHELD, Cell, Kpi
from dashboard.views.published import Published

FIRST = Comparison(Verdict.NOT_COMPARABLE, "No earlier period to compare with.")


@dataclass(frozen=True, slots=True)
class Headline:
    """One number in large type for a period, and what may be said about its change."""

    label: str
    help: str
    period: str
    cell: Cell
    comparison: Comparison


def headlines(kpis: tuple[Kpi, ...], published: Published) -> tuple[Headline, ...]:
    """Each headline for the newest year, or for the newest five where its table shows no years; none without data."""
    found = []
    for kpi in kpis:
        shown = headline_periods(kpi, kpis, published)
        if shown:
            comparison = _compared(kpi, shown[0], shown[1], published) if len(shown) > 1 else FIRST
            cell = headline_cell(kpi, shown[0], published)
            found.append(Headline(kpi.label, kpi.help, shown[0], cell, comparison))
    return tuple(found)


def headline_periods(kpi: Kpi, kpis: tuple[Kpi, ...], published: Published) -> tuple[str, ...]:
    """The periods of its table's level for which somebody returned what the page's headlines count, newest first."""
    table = published.tables.get(kpi.table)
    level = stand_in(periods.YEAR, table) if table else periods.YEAR
    reported = _reported(kpis, published)
    if level == periods.ALL:
        return (TOTAL,) if reported else ()
    found = {step for quarter in reported for step in periods.at_levels(quarter, (level,))}
    return tuple(sorted(found, key=periods.sort_key, reverse=True))


def _reported(kpis: tuple[Kpi, ...], published: Published) -> set[str]:
    structures = {published.tables[kpi.table].structure for kpi in kpis if kpi.table in published.tables}
    return {
        entry.period
        for structure in structures
        for entry in published.returns(structure)
        if entry.status is not ReturnStatus.MISSING
    }


def _compared(kpi: Kpi, period: str, before: str, published: Published) -> Comparison:
    table = published.tables.get(kpi.table)
    if table is None:
        return FIRST
    now, then = (headline_cell(kpi, one, published) for one in (period, before))
    return compare_periods(now, then, period, before, table.structure, published)


def headline_cell(kpi: Kpi, period: str, published: Published) -> Cell:
    """The cell behind a headline. NO_RETURN where the publication has no such table or return."""
    table = published.tables.get(kpi.table)
    if table is None or not published.has_return(table.structure, period):
        return NO_RETURN
    years = published.years_within(table.structure, period)
    if not all(table.is_counted(name, code, years) for name, code in kpi.codes.items()):
        return NO_RETURN
    codes = {name: kpi.codes.get(name, TOTAL) for name in table.dimensions} | {PERIOD: period}
    if not all(table.is_shown(name, code) for name, code in codes.items()):
        return WITHHELD
    found = published.cells(table, {name: (code,) for name, code in codes.items()})
    values = {cell.codes: cell.value for cell in found}
    key = tuple(codes[name] for name in table.dimensions)
    return stored(values, key, provisional=is_provisional(published.returns(table.structure), period))
