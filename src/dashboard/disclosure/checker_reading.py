"""A history as the checker reads it: every count added up, and the list of what must not become known.

Part of the checker, and like it without a line of what protects.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from dashboard.disclosure.editions import Contributor, Edition, Key, LinkedTable, Target

TOTAL = "_T"

Sums: TypeAlias = Mapping[Key, int]
Paths: TypeAlias = Sequence[Mapping[str, tuple[str, ...]]]
Spot: TypeAlias = tuple[int, str]
"""A table in an edition: the place of the edition in the history and the name of the table."""


def is_leaf(table: LinkedTable, leaf: Key) -> bool:
    return len(leaf) == len(table.dimensions) and all(
        atom in table.paths[dimension] for dimension, atom in zip(table.dimensions, leaf, strict=True)
    )


# Adding up -------------------------------------------------------------------------------------------------


def add_up(leaves: Sums, paths: Paths) -> dict[Key, int]:
    """The sum of every cell that isn't 0.

    One dimension at a time, the one in which the leaves differ most first: what cancels out, drops out early.
    """
    sums = {leaf: number for leaf, number in leaves.items() if number}
    atoms = [len({leaf[place] for leaf in sums}) for place in range(len(paths))]
    for place in sorted(range(len(paths)), key=lambda place: -atoms[place]):
        path = paths[place]
        step: defaultdict[Key, int] = defaultdict(int)
        for key, number in sums.items():
            before, after = key[:place], key[place + 1 :]
            for code in path[key[place]]:
                step[before + (code,) + after] += number
        sums = {key: number for key, number in step.items() if number}
    return sums


@dataclass(frozen=True, slots=True)
class Counted:
    """A table of an edition, counted: the sums of its cells, and for each code the atoms behind it."""

    table: LinkedTable
    withheld: frozenset[Key]
    paths: Paths
    sums: Sums
    atoms: Sequence[Mapping[str, frozenset[str]]]

    def shows(self, cell: Key) -> bool:
        return self.table.published and cell not in self.withheld


@dataclass(frozen=True, slots=True)
class Link:
    """Two tables that share cells: for each its name, the places of the shared dimensions, and the paths there."""

    sides: tuple[tuple[str, tuple[int, ...], Paths], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A history as the checker reads it. wanted holds, for each small count, what it may mean and how large it is."""

    threshold: int
    last: int
    counted: Mapping[Spot, Counted]
    links: Sequence[Link]
    contributors: Mapping[str, Contributor]
    wanted: Mapping[Target, Mapping[bool, int]]


def read(history: Sequence[Edition], threshold: int, contributors: Sequence[Contributor]) -> Reading:
    counted: dict[Spot, Counted] = {}
    for place, edition in enumerate(history):
        for name, table in edition.tables.items():
            counted[place, name] = _count(
                table, edition.withheld.get(name, frozenset()), counted.get((place - 1, name))
            )
    wanted: defaultdict[Target, dict[bool, int]] = defaultdict(dict)
    for target, leaf, number in _quantities(counted, len(history) - 1, contributors):
        if 0 < abs(number) < threshold:
            wanted[target][leaf] = number
    named = {contributor.name: contributor for contributor in contributors}
    return Reading(threshold, len(history) - 1, counted, tuple(_links(history)), named, wanted)


def _count(table: LinkedTable, withheld: frozenset[Key], earlier: Counted | None) -> Counted:
    # A code that stands twice in a path is still one cell. Equal paths are one object, so that `_other` can tell.
    paths: Paths = [
        {atom: tuple(dict.fromkeys(path)) for atom, path in table.paths[dimension].items()}
        for dimension in table.dimensions
    ]
    if earlier is not None and earlier.paths == paths:
        paths = earlier.paths
    atoms = [_atoms(steps) for steps in paths]
    return Counted(table, withheld, paths, add_up(table.counts, paths), atoms)


def _atoms(paths: Mapping[str, tuple[str, ...]]) -> Mapping[str, frozenset[str]]:
    """For each code the atoms behind it."""
    behind: defaultdict[str, set[str]] = defaultdict(set)
    for atom, path in paths.items():
        for code in path:
            behind[code].add(atom)
    return {code: frozenset(names) for code, names in behind.items()}


def _links(history: Sequence[Edition]) -> Iterator[Link]:
    """Tables share the cells with the same codes in the dimensions of both, and the total in every other one.

    A code counts that both tables have in any edition. An edition that shows only five years still has two tables
    of the same people, who agree year by year; a reader who saw the years in an earlier edition knows that.
    """
    for names in combinations(history[0].tables, 2):
        sides = [[edition.tables[name] for edition in history] for name in names]
        shared = [name for name in sides[0][0].dimensions if name in sides[1][0].dimensions]
        if all(_has_total(tables, name) for tables in sides for name in tables[0].dimensions if name not in shared):
            paths = [_shared_paths(name, *sides) for name in shared]
            places = [tuple(tables[0].dimensions.index(name) for name in shared) for tables in sides]
            yield Link(tuple((names[side], places[side], [path[side] for path in paths]) for side in (0, 1)))


def _has_total(editions: Sequence[LinkedTable], dimension: str) -> bool:
    """Whether a dimension can be added up at all: in some edition every leaf counts in its total."""
    return any(all(TOTAL in path for path in table.paths[dimension].values()) for table in editions)


def _shared_paths(
    dimension: str, one: Sequence[LinkedTable], two: Sequence[LinkedTable]
) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    """For both tables, where an atom is counted among the codes that both have. Equal codes are named once."""
    codes: dict[tuple[frozenset[str], frozenset[str]], str] = {}
    for place, tables in enumerate(zip(one, two, strict=True)):
        left, right = (_atoms(table.paths[dimension]) for table in tables)
        for code in left.keys() & right.keys():
            codes.setdefault((left[code], right[code]), f"{place} {code}")
    first = {atom: tuple(c for (atoms, _), c in codes.items() if atom in atoms) for atom in one[0].paths[dimension]}
    second = {atom: tuple(c for (_, atoms), c in codes.items() if atom in atoms) for atom in two[0].paths[dimension]}
    return first, second


# What must not become known --------------------------------------------------------------------------------


def _quantities(
    counted: Mapping[Spot, Counted], last: int, contributors: Sequence[Contributor]
) -> Iterator[tuple[Target, bool, int]]:
    """Every count, change and remainder: its name, whether the name means a leaf, and the number.

    One name may mean a leaf and a cell (people reported under a region, and all people of that region). A leaf
    that is a cell of its own is one thing, and counted as the cell.
    """
    for (place, name), table in counted.items():
        if place == last:
            for leaf, key, number in _counts(table):
                yield Target(name, key), leaf, number
            for contributor in contributors:
                for leaf, key, number in _remainders(table, contributor.counts.get(name, {})):
                    yield Target(name, key, contributor=contributor.name), leaf, number
        else:
            for leaf, key, number in _changes(counted[last, name], table):
                yield Target(name, key, since=place), leaf, number


def _counts(table: Counted) -> Iterator[tuple[bool, Key, int]]:
    if table.table.published:
        yield from ((False, cell, number) for cell, number in table.sums.items())
    yield from ((True, leaf, number) for leaf, number in table.table.counts.items() if not _is_cell(table, leaf))


def _remainders(table: Counted, own: Sums) -> Iterator[tuple[bool, Key, int]]:
    """What is left of each count when a contributor subtracts its own records."""
    own_sums = add_up(own, table.paths)
    for leaf, key, number in _counts(table):
        yield leaf, key, number - (own if leaf else own_sums).get(key, 0)


def _changes(now: Counted, then: Counted) -> Iterator[tuple[bool, Key, int]]:
    """Changes of the leaves, and of the cells that have the same atoms behind their codes in both editions."""
    if now.table.published and then.table.published:
        for cell in now.sums.keys() | then.sums.keys():
            if _same_atoms(now, then, cell):
                yield False, cell, now.sums.get(cell, 0) - then.sums.get(cell, 0)
    for leaf in now.table.counts.keys() | then.table.counts.keys():
        if not (_is_cell(now, leaf) and _is_cell(then, leaf)):
            yield True, leaf, now.table.counts.get(leaf, 0) - then.table.counts.get(leaf, 0)


def _is_cell(table: Counted, leaf: Key) -> bool:
    """Whether the cell of that name is published, and holds this leaf alone."""
    return table.table.published and all(
        behind.get(atom) == frozenset((atom,)) for atom, behind in zip(leaf, table.atoms, strict=True)
    )


def _same_atoms(now: Counted, then: Counted, cell: Key) -> bool:
    return all(
        code in behind and behind[code] == earlier.get(code)
        for code, behind, earlier in zip(cell, now.atoms, then.atoms, strict=True)
    )


