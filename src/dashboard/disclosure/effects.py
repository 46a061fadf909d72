"""What protection does, in numbers that may be shown: how much of each table a reader gets."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from dashboard.datasets import TOTAL, periods
from dashboard.disclosure.editions import Key
from dashboard.disclosure.plan import PERIOD
from dashboard.disclosure.protection import ProtectedTable, Protection


@dataclass(frozen=True, slots=True)
class TableEffect:
    """What a reader of one protected table gets.

    shown and withheld count cells that are not zero; zeros_withheld those that are. grouped counts the codes that
    are shown together with others. persons are those counted in the table; persons_shown those among them who stand
    in a shown cell of the finest periods and codes, in the dimension that is covered least. periods is the finest
    level of periods.
    """

    table: str
    shown: int
    withheld: int
    zeros_withheld: int
    grouped: int
    persons: int
    persons_shown: int
    periods: str


def effects(protection: Protection, circulation: str) -> tuple[TableEffect, ...]:
    """The effect on every table of one circulation, in the order of the plan."""
    return tuple(_effect(table, protection) for table in protection.tables[circulation])


def withheld_cells(protection: Protection, circulation: str) -> Mapping[str, frozenset[Key]]:
    """The withheld cells by table."""
    return {
        table.table.name: frozenset(key for key in table.statuses if table.shown(key) is None)
        for table in protection.tables[circulation]
    }


def _effect(table: ProtectedTable, protection: Protection) -> TableEffect:
    classification = protection.classifications[table.table.structure.name]
    withheld = [key for key in table.statuses if table.shown(key) is None]
    zeros = sum(table.counts[key] == 0 for key in withheld)
    finest = next(iter(classification.period_levels[table.table.name]), "all")
    paths = classification.paths[table.table.name]
    codes = {name: {path[0] for path in paths[name].values()} for name in table.table.dimensions if name != PERIOD}
    least = min(_coverage(table, finest, codes), key=lambda found: found[0] / found[1] if found[1] else 1.0)
    return TableEffect(
        table=table.table.name,
        shown=len(table.statuses) - len(withheld),
        withheld=len(withheld) - zeros,
        zeros_withheld=zeros,
        grouped=sum(
            len(members)
            for dimension, groups in classification.groups.items()
            if dimension in table.table.dimensions
            for members in groups.values()
        ),
        persons=least[1],
        persons_shown=least[0],
        periods=finest,
    )


def _coverage(table: ProtectedTable, finest: str, codes: Mapping[str, AbstractSet[str]]) -> Iterator[tuple[int, int]]:
    """For each dimension, all others at total: those in shown cells of its finest codes and periods, and all."""
    dimensions = [one.name for one in table.table.structure.dimensions if not one.total]
    themes = [name for name in table.table.dimensions if name != PERIOD and name not in dimensions]
    for theme in themes or [PERIOD]:
        shown = everybody = 0
        for key, count in table.counts.items():
            named = dict(zip(table.table.dimensions, key, strict=True))
            at_total = all(code == TOTAL for name, code in named.items() if name not in (PERIOD, theme, *dimensions))
            if (
                at_total
                and periods.level_of(named[PERIOD]) == finest
                and (theme == PERIOD or named[theme] in codes[theme])
            ):
                everybody += count
                shown += count if table.shown(key) is not None else 0
        yield shown, everybody
