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
_Description: TypeAlias = frozenset[tuple[str, str]]
"""A cell by its codes without totals: the same in every table of an edition that has it."""


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

    def description(self, cell: Key) -> _Description:
        return frozenset((name, code) for name, code in zip(self.table.dimensions, cell, strict=True) if code != TOTAL)

    def named(self, description: _Description) -> Key | None:
        """The cell of that description, if this table has it."""
        codes = dict(description)
        cell = tuple(codes.pop(name, TOTAL) for name in self.table.dimensions)
        known = not codes and all(code in behind for code, behind in zip(cell, self.atoms, strict=True))
        return cell if known else None

    def splits(self, cell: Key) -> Iterator[list[Key]]:
        """The parts of a cell in each dimension: the codes one step finer, where they make up all of it."""
        for place, code in enumerate(cell):
            behind = self.atoms[place][code]
            paths = [self.paths[place][atom] for atom in behind]
            finer = {path[max(path.index(code) - 1, 0)] for path in paths}
            if code not in finer and sum(len(self.atoms[place][part]) for part in finer) == len(behind):
                yield [(*cell[:place], part, *cell[place + 1 :]) for part in sorted(finer)]


@dataclass(frozen=True, slots=True)
class Link:
    """Two tables that share cells: for each its name, the places of the shared dimensions, and the paths there."""

    sides: tuple[tuple[str, tuple[int, ...], Paths], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A history as the checker reads it.

    small are the cells of the last edition that must not be shown. wanted holds what must not become known: for each
    target what its name may mean (True: a leaf), how large it is, and how large a witness has to make it.
    """

    last: int
    counted: Mapping[Spot, Counted]
    links: Sequence[Link]
    contributors: Mapping[str, Contributor]
    small: frozenset[Target]
    wanted: Mapping[Target, Mapping[bool, tuple[int, int]]]


def read(history: Sequence[Edition], threshold: int, contributors: Sequence[Contributor]) -> Reading:
    counted: dict[Spot, Counted] = {}
    for place, edition in enumerate(history):
        for name, table in edition.tables.items():
            counted[place, name] = _count(
                table, edition.withheld.get(name, frozenset()), counted.get((place - 1, name))
            )
    last = len(history) - 1
    levels = Levels(threshold, [edition.threshold for edition in history[:-1]], counted, last)
    small: set[Target] = set()
    wanted: defaultdict[Target, dict[bool, tuple[int, int]]] = defaultdict(dict)
    for target, leaf, number in _quantities(counted, last, contributors):
        if 0 < abs(number) < threshold:
            if target.since is None and target.was is None and not leaf:
                small.add(target)
            level = levels.of(target, leaf)
            if abs(number) < level:
                wanted[target][leaf] = (number, level)
    named = {contributor.name: contributor for contributor in contributors}
    return Reading(last, counted, tuple(_links(history)), named, frozenset(small), wanted)


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


def tables_agree(reading: Reading, leaves: Mapping[Spot, Sums]) -> bool:
    """Whether in every edition the tables have the same number of persons in the cells they share."""
    changed = {place for place, _ in leaves}
    for link in reading.links:
        for place in changed:
            left, right = (_margin(leaves.get((place, name), {}), places, paths) for name, places, paths in link.sides)
            if left != right:
                return False
    return True


def _margin(leaves: Sums, places: Sequence[int], paths: Paths) -> Sums:
    margin: defaultdict[Key, int] = defaultdict(int)
    for leaf, number in leaves.items():
        margin[tuple(leaf[place] for place in places)] += number
    return add_up(margin, paths)


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
            for leaf, key, number in _counts(table):
                yield Target(name, key, was=place), leaf, number


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


# Up to what it must not become known -----------------------------------------------------------------------


class Levels:
    """How large each count has to be made by a witness: k, or a lower threshold that readers know it under already.

    What was published under a lower threshold is protected up to that one only, and that can't be taken back for a
    count that was not revised since. A change since then is no safer than the count it led to.
    """

    def __init__(self, threshold: int, earlier: Sequence[int], counted: Mapping[Spot, Counted], last: int) -> None:
        """earlier are the thresholds of the earlier editions, 0 where one had the threshold of today."""
        self._threshold = threshold
        self._earlier = [published or threshold for published in earlier]
        tables = {name: table for (place, name), table in counted.items() if place == last}
        self._unrevised = {
            place: _Unrevised(tables, {name: counted[place, name] for name in tables})
            for place, published in enumerate(self._earlier)
            if published < threshold
        }

    def of(self, target: Target, leaf: bool) -> int:
        """The level of a target; leaf says which of two meanings its name has. An earlier count has the lowest."""
        if target.was is not None:
            return min(self._threshold, *self._earlier)
        level = self._threshold if target.since is None else min(self._threshold, self._earlier[target.since])
        for place, unrevised in self._unrevised.items():
            if self._earlier[place] < level and unrevised.holds(target.table, target.cell, leaf):
                level = self._earlier[place]
        return level


class _Unrevised:
    """Which counts of the last edition are the same as in an earlier one, as far as a reader can know.

    A cell is where none of its leaves was revised, or none of the leaves of the same cell in another table of the
    same people; so is a cell that is the sum of such cells.
    """

    def __init__(self, now: Mapping[str, Counted], then: Mapping[str, Counted]) -> None:
        self._tables = now
        self._revised = {name: _revised(table, then[name]) for name, table in now.items()}
        self._sums = {name: add_up(dict.fromkeys(self._revised[name], 1), table.paths) for name, table in now.items()}
        self._known: dict[_Description, bool] = {}

    def holds(self, name: str, key: Key, leaf: bool) -> bool:
        """Whether a leaf or a cell is unrevised."""
        return key not in self._revised[name] if leaf else self._cell(self._tables[name].description(key))

    def _cell(self, cell: _Description) -> bool:
        if cell not in self._known:
            self._known[cell] = False  # until it is found out: a code that is a part of itself proves nothing
            held = [(name, key) for name, table in self._tables.items() if (key := table.named(cell)) is not None]
            self._known[cell] = any(not self._sums[name].get(key) for name, key in held) or any(
                all(self._cell(self._tables[name].description(part)) for part in parts)
                for name, key in held
                for parts in self._tables[name].splits(key)
            )
        return self._known[cell]


def _revised(now: Counted, then: Counted) -> frozenset[Key]:
    one, two = now.table, then.table
    leaves = one.counts.keys() | two.counts.keys()
    other = {leaf for leaf in leaves if one.counts.get(leaf, 0) != two.counts.get(leaf, 0)}
    return frozenset(other | (one.uncertain ^ two.uncertain))
