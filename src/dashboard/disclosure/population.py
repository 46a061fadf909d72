"""What has to be protected in one population: which cells are too small, and what each proof has to reach."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from dashboard.disclosure.deviations import Aim, Amounts
from dashboard.disclosure.editions import Change, Contributor, Edition, Key, LinkedTable, Target
from dashboard.disclosure.linked import LinkedCells, Place

Price: TypeAlias = Callable[[str, Key, int], float]
"""What it costs to withhold a cell: by table, key and count."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads: a contributor by name, or "" for a reader without own records.

    own: the persons of each cell that the reader supplied. complete: unknowns without records of others.
    """

    name: str
    own: Mapping[int, int]
    complete: frozenset[int]


@dataclass(frozen=True, slots=True)
class Pair:
    """The same cell in the last edition and in an earlier one: its names, and its two numbers."""

    table: str
    key: Key
    now: int
    then: int
    is_leaf: bool


@dataclass(frozen=True)
class Population:
    """One population of a history, before anything is decided about it."""

    history: Sequence[Edition]
    linked: LinkedCells
    threshold: int
    contributors: Sequence[Contributor]

    @cached_property
    def cells(self) -> Mapping[Place, int]:
        """The published cells of the last edition."""
        return self._published(-1)

    @cached_property
    def shown_before(self) -> frozenset[int]:
        """Cells that readers know for good: shown in an earlier edition, or zero in some table."""
        known = set(self.linked.constant)
        for place, edition in enumerate(self.history[:-1]):
            known |= {
                number
                for (name, key), number in self._published(place).items()
                if key not in edition.withheld.get(name, frozenset())
            }
        return frozenset(known)

    @cached_property
    def withheld_already(self) -> frozenset[int]:
        """Cells that the last edition withholds before anything is decided here."""
        withheld = self.history[-1].withheld
        return frozenset(number for (name, key), number in self.cells.items() if key in withheld.get(name, frozenset()))

    @cached_property
    def primary(self) -> frozenset[int]:
        """Cells too small to be shown: for what they are, to some reader, or against an earlier edition."""
        published = set(self.cells.values())
        small = published & self.linked.uncertain
        for reader in self.readers:
            small |= {cell for cell in published if 0 < self._count(cell, reader) < self.threshold}
        for place, edition in enumerate(self.history[:-1]):
            for pair in self._pairs(place):
                shown = not pair.is_leaf and pair.key not in edition.withheld.get(pair.table, frozenset())
                if shown and 0 < abs(self._change(pair)) < self._level_of_change(pair, place):
                    small.add(pair.now)
        return frozenset(small)

    @cached_property
    def readers(self) -> tuple[Reader, ...]:
        """The reader without own records, then each contributor."""
        return (Reader("", {}, frozenset()), *map(self._reader, self.contributors))

    def aims(self) -> dict[tuple[str, Aim], list[Target]]:
        """What a witness has to reach, by reader, and the targets it is a proof for."""
        found: defaultdict[tuple[str, Aim], list[Target]] = defaultdict(list)
        for reader in self.readers:
            for (table, key), cell in self._named_cells(-1):
                count, level = self._count(cell, reader), self._levels[cell]
                if 0 < count < level:
                    aim = Aim(((cell, 1),), level - count)
                    found[reader.name, aim].append(Target(table, key, None, reader.name))
        for place in range(len(self.history) - 1):
            for (table, key), cell in self._named_cells(place):
                count = self.linked.counts[cell]
                if 0 < count < self._lowest:
                    aim = Aim(((cell, 1),), self._lowest - count)
                    found["", aim].append(Target(table, key, was=place))
            for pair in self._pairs(place):
                change, level = self._change(pair), self._level_of_change(pair, place)
                if 0 < abs(change) < level:
                    sign = 1 if change > 0 else -1
                    aim = Aim(((pair.now, sign), (pair.then, -sign)), level - abs(change))
                    found["", aim].append(Target(pair.table, pair.key, place))
        return dict(found)

    def falls(self, reader: Reader) -> Amounts:
        """How far each cell can fall in the eyes of a reader: an unknown to what the reader knows of it."""
        falls = np.full(len(self.linked.counts), np.inf)
        for cell, unknown in self.linked.unknowns.items():
            falls[cell] = unknown.count - reader.own.get(cell, 0)
        return falls

    def prices(self, price: Price) -> Amounts:
        """What it costs to withhold each cell; one of several names costs what the dearest does."""
        prices = np.zeros(len(self.linked.counts))
        for (table, key), cell in self.cells.items():
            prices[cell] = max(prices[cell], price(table, key, self.linked.counts[cell]))
        return prices

    def change(self, deviation: Mapping[int, int]) -> Change:
        """A deviation told in leaves: what it adds to which leaf of which edition."""
        return {
            (place, *name): amount
            for cell, amount in deviation.items()
            if cell in self.linked.unknowns
            for place, name in self._leaf_names[cell]
        }

    @cached_property
    def _leaf_names(self) -> Mapping[int, Sequence[tuple[int, Place]]]:
        names: defaultdict[int, list[tuple[int, Place]]] = defaultdict(list)
        for place, leaves in enumerate(self.linked.leaves):
            for name, number in leaves.items():
                names[number].append((place, name))
        return names

    def _published(self, place: int) -> dict[Place, int]:
        tables = self.history[place].tables
        return {name: number for name, number in self.linked.cells[place].items() if tables[name[0]].published}

    def _named_cells(self, place: int) -> Iterator[tuple[Place, int]]:
        """Cells, then leaves that are no cell of the same name (persons under a region, and all of that region)."""
        cells = self._published(place)
        yield from cells.items()
        for name, number in self.linked.leaves[place].items():
            if cells.get(name) != number:
                yield name, number

    @cached_property
    def _lowest(self) -> int:
        """The lowest threshold that any edition was protected under: up to it, what they withheld stays safe."""
        return min(self.threshold, *(edition.threshold or self.threshold for edition in self.history))

    def _count(self, cell: int, reader: Reader) -> int:
        return self.linked.counts[cell] - reader.own.get(cell, 0)

    def _change(self, pair: Pair) -> int:
        return self.linked.counts[pair.now] - self.linked.counts[pair.then]

    def _level_of_change(self, pair: Pair, place: int) -> int:
        return min(self._levels[pair.now], self.history[place].threshold or self.threshold)

    @cached_property
    def _levels(self) -> Sequence[int]:
        """For each cell the threshold that can still be kept: the lowest it was protected under, not revised since."""
        levels = [self.threshold] * len(self.linked.counts)
        for place, edition in enumerate(self.history[:-1]):
            if 0 < edition.threshold < self.threshold:
                for cell in self._unrevised(place):
                    levels[cell] = min(levels[cell], edition.threshold)
        return levels

    def _unrevised(self, place: int) -> set[int]:
        """The cells made of unknowns that are the same in an earlier edition and now."""
        same = set(self.linked.leaves[place].values()) & set(self.linked.leaves[-1].values())
        waiting = [(cell, set(parts)) for cell, parts in self.linked.sums]
        while True:
            found = {cell for cell, parts in waiting if cell not in same and parts <= same}
            if not found:
                return same
            same |= found

    def _pairs(self, place: int) -> Iterator[Pair]:
        """Cells and leaves that were revised since an earlier edition and mean the same in both."""
        then, now = self.history[place].tables, self.history[-1].tables
        codes = {name: _same_codes(then[name], now[name]) for name in now}
        earlier = self._published(place)
        for (table, key), number in self.cells.items():
            same = (table, key) in earlier and all(c in known for c, known in zip(key, codes[table], strict=True))
            if same and earlier[table, key] != number:
                yield Pair(table, key, number, earlier[table, key], is_leaf=False)
        for (table, key), number in self.linked.leaves[-1].items():
            before = self.linked.leaves[place][table, key]
            if before != number:
                yield Pair(table, key, number, before, is_leaf=True)

    def _reader(self, contributor: Contributor) -> Reader:
        leaves = self.linked.leaves[-1]
        own: dict[int, int] = {}
        for table, counts in contributor.counts.items():
            own |= {leaves[table, leaf]: count for leaf, count in counts.items() if (table, leaf) in leaves}
        complete = {
            leaves[table, leaf]
            for table, known in contributor.complete.items()
            for leaf in known
            if (table, leaf) in leaves
        }
        return Reader(contributor.name, self._added_up(own), frozenset(complete))

    def _added_up(self, own: Mapping[int, int]) -> Mapping[int, int]:
        """Own records of unknowns added up for every cell that is a sum of some."""
        parts, found = dict(self.linked.sums), dict(own)

        def total(cell: int) -> int:
            if cell not in found:
                found[cell] = sum(map(total, parts.get(cell, ())))
            return found[cell]

        for cell in range(len(self.linked.counts)):
            total(cell)
        return found


def _same_codes(then: LinkedTable, now: LinkedTable) -> tuple[frozenset[str], ...]:
    """For each dimension the codes that stand for the same atoms in two editions."""
    return tuple(_same(then.paths[name], now.paths[name]) for name in now.dimensions)


def _same(then: Mapping[str, Sequence[str]], now: Mapping[str, Sequence[str]]) -> frozenset[str]:
    before, after = _atoms(then), _atoms(now)
    return frozenset(code for code, atoms in after.items() if before.get(code) == atoms)


def _atoms(paths: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    atoms: defaultdict[str, set[str]] = defaultdict(set)
    for atom, path in paths.items():
        for code in path:
            atoms[code].add(atom)
    return {code: frozenset(found) for code, found in atoms.items()}
