"""What a reader knows, as equations between unknown counts: a part of the audit, without a line of what protects."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, pairwise, product
from typing import TypeAlias

from dashboard.disclosure.editions import Edition, Key, LinkedTable

TOTAL = "_T"

_Spot: TypeAlias = tuple[int, str]
Terms: TypeAlias = Mapping[int, int]
"""Unknowns by number, each with its factor."""
Form: TypeAlias = tuple[tuple[int, int], ...]
"""The same in order, so that equal sums are solved once."""
_Shared: TypeAlias = frozenset[tuple[str, str]]
"""A cell by its codes without totals: the same in every table of an edition that has it."""


# Tables ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counted:
    """A table of an edition. sums are its cells that aren't 0; atoms and splits say what lies behind a code."""

    table: LinkedTable
    withheld: frozenset[Key]
    sums: Mapping[Key, int]
    atoms: Sequence[Mapping[str, frozenset[str]]]
    splits: Sequence[Mapping[str, frozenset[frozenset[str]]]]

    def shows(self, cell: Key) -> bool:
        return self.table.published and cell not in self.withheld

    def state(self, leaf: Key) -> tuple[int, bool]:
        """A count of which a source withheld a part is another one than the same number in full."""
        return self.table.counts.get(leaf, 0), leaf in self.table.uncertain

    def cells(self, leaf: Key) -> Iterator[Key]:
        paths = self.table.paths
        return product(
            *(dict.fromkeys(paths[name][atom]) for name, atom in zip(self.table.dimensions, leaf, strict=True))
        )

    def shared(self, cell: Key) -> _Shared:
        return frozenset((name, code) for name, code in zip(self.table.dimensions, cell, strict=True) if code != TOTAL)

    def cell(self, shared: _Shared) -> Key | None:
        """The cell of that description, if this table has it."""
        codes = dict(shared)
        cell = tuple(codes.pop(name, TOTAL) for name in self.table.dimensions)
        return None if codes or not self.has(cell) else cell

    def has(self, cell: Key) -> bool:
        return all(code in known for code, known in zip(cell, self.atoms, strict=True))

    def parts(self, cell: Key) -> Iterator[list[Key]]:
        """Every way to split a cell in one dimension into others of this table."""
        for place, code in enumerate(cell):
            for split in self.splits[place].get(code, ()):
                yield [(*cell[:place], part, *cell[place + 1 :]) for part in split]


def _count(table: LinkedTable, withheld: frozenset[Key]) -> Counted:
    atoms = [_atoms(table.paths[name]) for name in table.dimensions]
    splits = [_splits(table.paths[name], behind) for name, behind in zip(table.dimensions, atoms, strict=True)]
    sums: defaultdict[Key, int] = defaultdict(int)
    counted = Counted(table, withheld, sums, atoms, splits)
    for leaf, count in table.counts.items():
        for cell in counted.cells(leaf):
            sums[cell] += count
    return counted


def _atoms(paths: Mapping[str, tuple[str, ...]]) -> Mapping[str, frozenset[str]]:
    behind: defaultdict[str, set[str]] = defaultdict(set)
    for atom, path in paths.items():
        for code in path:
            behind[code].add(atom)
    return {code: frozenset(names) for code, names in behind.items()}


def _splits(
    paths: Mapping[str, tuple[str, ...]], atoms: Mapping[str, frozenset[str]]
) -> Mapping[str, frozenset[frozenset[str]]]:
    """For each code the sets of finer codes that make it up: those so many steps below it, or above the finest."""
    found: defaultdict[str, set[frozenset[str]]] = defaultdict(set)
    for code, behind in atoms.items():
        finer = [paths[atom][: paths[atom].index(code)] for atom in behind]
        for step in range(min(map(len, finer))):
            for split in (frozenset(path[step] for path in finer), frozenset(path[-1 - step] for path in finer)):
                if sum(len(atoms[part]) for part in split) == len(behind):
                    found[code].add(split)
    return {code: frozenset(ways) for code, ways in found.items()}


# Unknowns and equations ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class System:
    """What a reader knows: the unknown leaf counts of each cell, and equations between them with their right side.

    truth holds the true count of each unknown.
    """

    counted: Mapping[_Spot, Counted]
    last: int
    truth: Sequence[int]
    members: Mapping[_Spot, Mapping[Key, Sequence[int]]]
    equations: Mapping[Form, int]


def system_of(history: Sequence[Edition]) -> System:
    """Tables that no edition publishes are left out: without them intervals can only be wider."""
    names = [name for name in history[0].tables if any(edition.tables[name].published for edition in history)]
    counted = {
        (place, name): _count(edition.tables[name], edition.withheld.get(name, frozenset()))
        for place, edition in enumerate(history)
        for name in names
    }
    leaves = {name: _possible([counted[place, name] for place in range(len(history))]) for name in names}
    numbers: dict[tuple[str, Key, int, bool], int] = {}
    unknown: dict[_Spot, Mapping[Key, int]] = {}
    members: dict[_Spot, Mapping[Key, Sequence[int]]] = {}
    for (place, name), table in counted.items():
        unknown[place, name] = {
            leaf: numbers.setdefault((name, leaf, *table.state(leaf)), len(numbers)) for leaf in leaves[name]
        }
        members[place, name] = _sums(unknown[place, name], table.cells)
    equations: dict[Form, int] = {}
    for place in range(len(history)):
        tables = {name: (counted[place, name], members[place, name]) for name in names}
        equations.update((tuple(sorted(form)), right) for form, right in _equations(tables) if form)
    equations.update((tuple(sorted(form)), 0) for form in _agreements(counted, unknown) if form)
    truth = [count for _, _, count, _ in numbers]
    if any(sum(factor * truth[number] for number, factor in form) != right for form, right in equations.items()):
        raise ValueError("The tables of an edition don't agree on a cell they share")
    return System(counted, len(history) - 1, truth, members, equations)


def _sums(unknown: Mapping[Key, int], cells: Callable[[Key], Iterable[Key]]) -> Mapping[Key, Sequence[int]]:
    """By cell the unknowns that it adds up."""
    members: defaultdict[Key, list[int]] = defaultdict(list)
    for leaf, number in unknown.items():
        for cell in cells(leaf):
            members[cell].append(number)
    return members


def _possible(editions: Sequence[Counted]) -> list[Key]:
    """Leaves that need not be 0 in every edition, as far as a reader sees.

    The others lie in a cell shown as 0 in each published edition. They are most of a large table, so they are
    never listed: candidates come from the finest cells that aren't shown as 0.
    """
    counted = {leaf for table in editions for leaf in table.table.counts}
    published = [table for table in editions if table.table.published]
    candidates = {leaf for leaf in _under_finest(published[0]) if leaf not in counted}
    for table in published:
        candidates = {
            leaf
            for leaf in candidates
            if all(table.sums.get(cell) or cell in table.withheld for cell in table.cells(leaf))
        }
    return sorted(counted | candidates)


def _under_finest(table: Counted) -> Iterator[Key]:
    finest: list[Mapping[str, list[str]]] = []
    for name in table.table.dimensions:
        below: defaultdict[str, list[str]] = defaultdict(list)
        for atom, path in table.table.paths[name].items():
            below[path[0]].append(atom)
        finest.append(below)
    for cell in table.sums.keys() | table.withheld:
        if all(code in below for code, below in zip(cell, finest, strict=True)):
            yield from product(*(below[code] for code, below in zip(cell, finest, strict=True)))


def _equations(
    tables: Mapping[str, tuple[Counted, Mapping[Key, Sequence[int]]]],
) -> Iterator[tuple[Form, int]]:
    """What one edition tells, without what follows from the rest: a total whose parts are told says nothing new."""
    shared = dict.fromkeys(table.shared(cell) for table, members in tables.values() for cell in members)
    holders = {
        cell: {name: key for name, (table, _) in tables.items() if (key := table.cell(cell)) is not None}
        for cell in shared
    }
    known = {
        cell: tables[name][0].sums.get(key, 0)
        for cell, held in holders.items()
        for name, key in held.items()
        if tables[name][0].shows(key)
    }
    for cell, held in holders.items():
        forms = [tuple((number, 1) for number in tables[name][1].get(key, ())) for name, key in held.items()]
        if cell in known:
            for (name, key), form in zip(held.items(), forms, strict=True):
                table, members = tables[name]
                if not any(
                    all(part not in members or table.shared(part) in known for part in parts)
                    for parts in table.parts(key)
                ):
                    yield form, known[cell]
        elif not _agreement_follows([(tables[name][0], key) for name, key in held.items()]):
            for left, right in pairwise(forms):
                yield (*left, *((number, -1) for number, _ in right)), 0


def _agreement_follows(held: Sequence[tuple[Counted, Key]]) -> bool:
    """Whether tables that agree on the parts of a cell agree on the cell: all of them split it alike."""
    splits = [{frozenset(table.shared(part) for part in parts) for parts in table.parts(key)} for table, key in held]
    return bool(set.intersection(*splits))


def _agreements(counted: Mapping[_Spot, Counted], unknown: Mapping[_Spot, Mapping[Key, int]]) -> Iterator[Form]:
    """What tables agree on although the edition doesn't show it: codes that both have in another edition only.

    Two tables of the same people agree year by year even where only five years are shown, and a reader who saw
    the years before makes use of it.
    """
    editions: defaultdict[str, list[Counted]] = defaultdict(list)
    for (_, name), table in counted.items():
        editions[name].append(table)
    for names in combinations(editions, 2):
        sides = [editions[name] for name in names]
        shared = [name for name in sides[0][0].table.dimensions if name in sides[1][0].table.dimensions]
        if all(_adds_up(tables, name) for tables in sides for name in tables[0].table.dimensions if name not in shared):
            codes = [_codes(name, *sides) for name in shared]
            for place in range(len(sides[0])):
                if not all(place in seen for code in codes for seen in code.values()):
                    yield from _unseen(place, codes, shared, [(editions[n][place], unknown[place, n]) for n in names])


def _adds_up(editions: Sequence[Counted], dimension: str) -> bool:
    return any(all(TOTAL in path for path in table.table.paths[dimension].values()) for table in editions)


def _codes(
    dimension: str, one: Sequence[Counted], two: Sequence[Counted]
) -> Mapping[tuple[frozenset[str], frozenset[str]], set[int]]:
    """The codes that two tables share, by the atoms behind them in each, with the editions that have them."""
    codes: defaultdict[tuple[frozenset[str], frozenset[str]], set[int]] = defaultdict(set)
    for place, tables in enumerate(zip(one, two, strict=True)):
        left, right = (table.atoms[table.table.dimensions.index(dimension)] for table in tables)
        for code in left.keys() & right.keys():
            codes[left[code], right[code]].add(place)
    return codes


def _unseen(
    place: int,
    codes: Sequence[Mapping[tuple[frozenset[str], frozenset[str]], set[int]]],
    shared: Sequence[str],
    tables: Sequence[tuple[Counted, Mapping[Key, int]]],
) -> Iterator[Form]:
    """Agreements on cells with a code that this edition doesn't have."""
    sums: list[Mapping[Key, Sequence[int]]] = []
    for side, (table, unknown) in enumerate(tables):
        paths = [
            {
                atom: [str(n) for n, behind in enumerate(code) if atom in behind[side]]
                for atom in table.table.paths[name]
            }
            for name, code in zip(shared, codes, strict=True)
        ]
        places = [table.table.dimensions.index(name) for name in shared]
        sums.append(_sums(unknown, partial(_cells_of, paths, places)))
    seen = [{str(n) for n, editions in enumerate(code.values()) if place in editions} for code in codes]
    for key in sorted(sums[0].keys() | sums[1].keys()):
        if not all(code in known for code, known in zip(key, seen, strict=True)):
            yield (*((n, 1) for n in sums[0].get(key, ())), *((n, -1) for n in sums[1].get(key, ())))


def _cells_of(paths: Sequence[Mapping[str, Sequence[str]]], places: Sequence[int], leaf: Key) -> Iterator[Key]:
    return product(*(path[leaf[place]] for path, place in zip(paths, places, strict=True)))
