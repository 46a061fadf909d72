"""Which levels of periods a view shows of a publication, and what stands in for one that is too sparse."""

from dashboard.datasets import periods
from dashboard.published_tables import PublishedTable
from dashboard.views.model import View

_CHAIN = (periods.QUARTER, periods.YEAR, periods.FIVE_YEARS)
"""Each level lies within the next, so the next can stand in for it."""

_SPARSE = {periods.QUARTER: "quarters", periods.YEAR: "years"}
_STAND_IN = {
    periods.YEAR: "whole years are shown",
    periods.FIVE_YEARS: "five years are shown together",
    periods.ALL: "all periods are shown together",
}


def levels_of(view: View, table: PublishedTable) -> tuple[str, ...]:
    """The levels a reader may choose among, the default one first; ALL where nothing finer stands in for it."""
    shown = tuple(level for level in view.period_levels if level in table.period_levels)
    first = stand_in(view.period_levels[0], table)
    return (first, *(level for level in shown if level != first))


def stand_in(level: str, table: PublishedTable) -> str:
    """The level itself where the table shows it, else the next coarser one that it shows."""
    coarser = _CHAIN[_CHAIN.index(level) :] if level in _CHAIN else (level,)
    return next((step for step in coarser if step in table.period_levels), periods.ALL)


def covering(period: str, options: tuple[str, ...]) -> str | None:
    """The finest option that holds a period: itself, its year, or its five years."""
    steps = periods.at_levels(period, _CHAIN) if periods.is_reported_period(period) else ()
    return next((step for step in (period, *steps) if step in options), None)


def sparse_note(view: View, table: PublishedTable) -> str:
    """`Years are too sparse to be shown apart; five years are shown together.`, or nothing."""
    missing = [level for level in _SPARSE if level in view.period_levels and level not in table.period_levels]
    if not missing:
        return ""
    names = " and ".join(_SPARSE[level] for level in missing)
    return f"{names.capitalize()} are too sparse to be shown apart; {_STAND_IN[stand_in(missing[-1], table)]}."
