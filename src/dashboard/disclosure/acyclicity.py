"""Acyclic plans: the condition under which protecting cells protects the joint table.

A reader puts the tables of a structure together. If they form a cycle (nationality with sector, sector with sex,
sex with nationality), the joint table says more than any of them, and a cell that looks safe in each table can
still be worked out. In an acyclic plan what holds on cells holds on the joint table. The test is the reduction of
Graham, Yu and Özsoyoğlu over pairs of a dimension and a level.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Protocol, TypeAlias

from dashboard.datasets import periods
from dashboard.datasets.structures import MOVEMENT
from dashboard.errors import ConfigurationError

Vertex: TypeAlias = tuple[str, str]
"""A dimension and a level of it."""

COARSER: Mapping[str, tuple[str, ...]] = {
    periods.QUARTER: (periods.YEAR, periods.FIVE_YEARS, periods.REPORT_YEAR),
    periods.YEAR: (periods.FIVE_YEARS,),
    "place": ("country", "subregion"),
    "country": ("subregion",),
}
"""The levels that follow from a level. One that is not named here is taken to be unrelated to any other."""

DERIVED: Mapping[str, tuple[str, ...]] = {MOVEMENT.name: ("origin", "destination")}
"""Dimensions that follow from others together."""

EVERY_LEVEL = ""
"""Stands for the finest level of a dimension whose levels a table does not name: it shows all of them."""


class ShownTable(Protocol):
    """What must be known of a table: its name, its dimensions, and the levels shown where not all are."""

    @property
    def name(self) -> str: ...
    @property
    def dimensions(self) -> tuple[str, ...]: ...
    @property
    def levels(self) -> Mapping[str, tuple[str, ...]]: ...


def require_acyclic(tables: Sequence[ShownTable]) -> None:
    """Refuse tables of one structure that can't be protected together. The message names tables and mend."""
    _require_nested(tables)
    _require_derived(tables)
    ring = _ring(tables)
    if ring:
        raise ConfigurationError(
            f"publication_plan.toml: the tables {', '.join(tables[place].name for place in ring)} form a cycle, so a "
            f"withheld count could be worked out from them together: {'; '.join(_links(ring, tables))}. Drop one of "
            "these dimensions from one table, or plan one table that holds them all."
        )


def cycle(tables: Sequence[ShownTable]) -> tuple[str, ...]:
    """The names of the tables that form a cycle, each sharing something with the next; () where there is none."""
    return tuple(tables[place].name for place in _ring(tables))


def _ring(tables: Sequence[ShownTable]) -> tuple[int, ...]:
    left = _reduced(_edges(tables))
    return _in_a_ring(left) if len(left) > 1 else ()


def _edges(tables: Sequence[ShownTable]) -> dict[int, frozenset[Vertex]]:
    """What each table tells apart: the levels it shows, and the coarser ones that any table shows."""
    shown = {(name, level) for table in tables for name in table.dimensions for level in _levels(table, name)}
    return {
        place: frozenset(
            (name, level) for name, level in shown if name in table.dimensions and _tells(table, name, level)
        )
        for place, table in enumerate(tables)
    }


def _levels(table: ShownTable, dimension: str) -> tuple[str, ...]:
    return table.levels.get(dimension, (EVERY_LEVEL,))


def _tells(table: ShownTable, dimension: str, level: str) -> bool:
    """Whether a level of the dimension is shown by the table, or follows from one that is."""
    own = _levels(table, dimension)
    return EVERY_LEVEL in own or level in own or any(level in COARSER.get(finer, ()) for finer in own)


def _reduced(edges: Mapping[int, frozenset[Vertex]]) -> dict[int, frozenset[Vertex]]:
    """Take away what only one table has, and tables that lie within another, until nothing changes."""
    left = dict(edges)
    while True:
        tables_with = Counter(vertex for edge in left.values() for vertex in edge)
        smaller = _without_contained(
            {place: frozenset(vertex for vertex in edge if tables_with[vertex] > 1) for place, edge in left.items()}
        )
        if smaller == left:
            return left
        left = smaller


def _without_contained(edges: Mapping[int, frozenset[Vertex]]) -> dict[int, frozenset[Vertex]]:
    left = dict(edges)
    for place, edge in edges.items():
        if any(edge <= other for at, other in left.items() if at != place):
            del left[place]
    return left


def _in_a_ring(edges: Mapping[int, frozenset[Vertex]]) -> tuple[int, ...]:
    """From each table to one it shares most with. What all of them share holds no two together."""
    everywhere = frozenset.intersection(*edges.values())
    own = {place: edge - everywhere for place, edge in edges.items()}
    ring = [min(own)]
    while len(ring) < len(own):
        here = own[ring[-1]]
        ring.append(max((place for place in own if place not in ring), key=lambda place: len(own[place] & here)))
    return tuple(ring)


def _links(ring: tuple[int, ...], tables: Sequence[ShownTable]) -> Iterator[str]:
    """For each two neighbours what they share, beyond what the whole ring shares."""
    edges = _edges(tables)
    everywhere = frozenset.intersection(*(edges[place] for place in ring))
    for one, other in zip(ring, (*ring[1:], ring[0]), strict=True):
        shared = sorted({name for name, _ in edges[one] & edges[other] - everywhere})
        if shared:
            yield f"{tables[one].name} and {tables[other].name} share {', '.join(shared)}"


def _require_nested(tables: Sequence[ShownTable]) -> None:
    """Two tables fit together along a dimension only where the levels of one follow from those of the other."""
    for one, other in combinations(tables, 2):
        for name in one.dimensions:
            if name in other.dimensions and not (_follows(one, other, name) or _follows(other, one, name)):
                raise ConfigurationError(
                    f"publication_plan.toml: the levels of {name} in {one.name} ({', '.join(_levels(one, name))}) and "
                    f"in {other.name} ({', '.join(_levels(other, name))}) do not lie within each other. "
                    "Give one of the two tables a level from which both follow."
                )


def _follows(coarse: ShownTable, fine: ShownTable, dimension: str) -> bool:
    return all(_tells(fine, dimension, level) for level in _levels(coarse, dimension))


def _require_derived(tables: Sequence[ShownTable]) -> None:
    """A table that determines a derived dimension must hold it where another one does: else nothing ties the two."""
    for derived, sources in DERIVED.items():
        holders = [table.name for table in tables if derived in table.dimensions]
        for table in tables:
            if holders and derived not in table.dimensions and set(sources) <= set(table.dimensions):
                raise ConfigurationError(
                    f"publication_plan.toml: {derived} of the table {holders[0]} follows from {' and '.join(sources)} "
                    f"of the table {table.name}. Add {derived} to {table.name}."
                )
