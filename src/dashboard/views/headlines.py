"""The headline numbers of a page: single published cells, compared with the period before."""

from dataclasses import dataclass

from dashboard import published_tables
from dashboard.datasets import TOTAL
from dashboard.published_tables import ReturnStatus
from dashboard.views.cells import stored
from dashboard.views.comparison import Comparison, Verdict, compare_periods
from dashboard.views.coverage import is_provisional
from dashboard.views.model import NO_RETURN, PERIOD, Cell, Kpi
from dashboard.views.published import Published

FIRST = Comparison(Verdict.NOT_COMPARABLE, "No earlier period to compare with.")


@dataclass(frozen=True, slots=True)
class Headline:
    """One number in large type, and what may be said about its change."""

    label: str
    help: str
    cell: Cell
    comparison: Comparison


def headlines(kpis: tuple[Kpi, ...], period: str, before: str | None, published: Published) -> tuple[Headline, ...]:
    """Each headline for a period, compared with another one if there is one."""
    found = []
    for kpi in kpis:
        now = headline_cell(kpi, period, published)
        comparison = FIRST
        if before and kpi.table in published.tables:
            then = headline_cell(kpi, before, published)
            structure = published.tables[kpi.table].structure
            comparison = compare_periods(now, then, period, before, structure, published)
        found.append(Headline(kpi.label, kpi.help, now, comparison))
    return tuple(found)


def headline_cell(kpi: Kpi, period: str, published: Published) -> Cell:
    """The cell behind a headline. NO_RETURN where the publication has no such table or return."""
    table = published.tables.get(kpi.table)
    if table is None or not published.has_return(table.structure, period):
        return NO_RETURN
    years = published.years_within(table.structure, period)
    if not all(table.is_counted(name, code, years) for name, code in kpi.codes.items()):
        return NO_RETURN
    codes = {name: kpi.codes.get(name, TOTAL) for name in table.dimensions} | {PERIOD: period}
    found = published_tables.observations(
        published.connection, published.publication.id, table, {name: (code,) for name, code in codes.items()}
    )
    values = {cell.codes: cell.value for cell in found}
    key = tuple(codes[name] for name in table.dimensions)
    return stored(values, key, provisional=is_provisional(published.returns(table.structure), period))


def years_with_returns(kpis: tuple[Kpi, ...], published: Published) -> tuple[str, ...]:
    """The years for which somebody returned what the headlines count, newest first."""
    structures = {published.tables[kpi.table].structure for kpi in kpis if kpi.table in published.tables}
    years = {
        entry.period[:4]
        for structure in structures
        for entry in published.returns(structure)
        if entry.status is not ReturnStatus.MISSING
    }
    return tuple(sorted(years, reverse=True))
