"""Every joint table that agrees with what is shown: the truth about tiny data, by trying everything.

The checker and the audit look at the tables of a plan. What a reader must think possible are joint tables: a count for
each combination of all dimensions, of which every table is a margin. Here they are all gone through, cell by cell,
with what is left of each shown number; equal leftovers are gone through once (Bellman's principle). No solver, and
no line of the code that is tested.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from dashboard.disclosure.editions import Change, Edition, Key, LinkedTable

Cell = tuple[int, str, Key]
"""Edition, table and leaf or cell."""
Unknown = tuple[int, Key]
"""Edition and combination of atoms in all dimensions."""
Row = tuple[Mapping[Unknown, int], int]


@dataclass(frozen=True)
class JointTables:
    """All joint histories that agree with everything shown. `most` limits a count that nothing else limits."""

    history: Sequence[Edition]
    most: int = 12

    def largest(self, *cells: Cell) -> list[int]:
        """For each cell its largest count in any joint history."""
        return self.largest_sums([[(cell, 1)] for cell in cells])

    def smallest(self, *cells: Cell) -> list[int]:
        return [-count for count in self.largest_sums([[(cell, -1)] for cell in cells])]

    def largest_sums(self, sums: Sequence[Sequence[tuple[Cell, int]]]) -> list[int]:
        """For each sum of cells with factors its largest value in any joint history; a change is one of two cells."""
        return [int(value) for value in self._search(sums).best()]

    def extremes(self, sums: Sequence[Sequence[tuple[Cell, int]]]) -> list[tuple[int, Change]]:
        """For each sum its largest value, and what makes a joint history with that value out of the true one."""
        search = self._search(sums)
        values = search.best()
        return [(int(value), self._change(search.solution(column))) for column, value in enumerate(values)]

    def _change(self, found: Mapping[Unknown, int]) -> Change:
        change: dict[Cell, int] = {}
        for place, edition in enumerate(self.history):
            for name, table in edition.tables.items():
                counts: defaultdict[Key, int] = defaultdict(int)
                for (where, combination), count in found.items():
                    if where == place:
                        counts[self._margin(table, combination)] += count
                for leaf in counts.keys() | table.counts.keys():
                    change[place, name, leaf] = counts[leaf] - table.counts.get(leaf, 0)
        return {cell: number for cell, number in change.items() if number}

    def _search(self, sums: Sequence[Sequence[tuple[Cell, int]]]) -> "_Search":
        factors: defaultdict[Unknown, NDArray[np.int64]] = defaultdict(lambda: np.zeros(len(sums), dtype=np.int64))
        for column, terms in enumerate(sums):
            for (place, name, key), factor in terms:
                for unknown in self._behind(place, name, key):
                    factors[unknown][column] += factor
        unknowns = [(place, key) for key in product(*self._atoms.values()) for place in range(len(self.history))]
        return _Search(self._rows, [(unknown, factors[unknown]) for unknown in unknowns], self.most)

    @cached_property
    def _atoms(self) -> Mapping[str, list[str]]:
        atoms: dict[str, list[str]] = {}
        for table in self.history[0].tables.values():
            for dimension in table.dimensions:
                if atoms.setdefault(dimension, list(table.paths[dimension])) != list(table.paths[dimension]):
                    raise ValueError(f"Two tables have other atoms in {dimension}")
        return atoms

    def _margin(self, table: LinkedTable, combination: Key) -> Key:
        atoms = dict(zip(self._atoms, combination, strict=True))
        return tuple(atoms[dimension] for dimension in table.dimensions)

    @cached_property
    def _under(self) -> Mapping[str, Mapping[Key, list[Key]]]:
        """By table and leaf, the combinations of atoms that it adds up."""
        under: dict[str, defaultdict[Key, list[Key]]] = {}
        for name, table in self.history[0].tables.items():
            under[name] = defaultdict(list)
            for combination in product(*self._atoms.values()):
                under[name][self._margin(table, combination)].append(combination)
        return under

    def _behind(self, place: int, name: str, key: Key) -> list[Unknown]:
        """The unknowns that a cell adds up, or a leaf."""
        leaves = _leaves(self.history[place].tables[name], key)
        return [(place, combination) for leaf in leaves for combination in self._under[name].get(leaf, ())]

    @cached_property
    def _rows(self) -> list[Row]:
        return [*self._shown(), *self._unrevised()]

    def _shown(self) -> Iterator[Row]:
        for place, edition in enumerate(self.history):
            for name, table in edition.tables.items():
                for cell in all_cells(table):
                    if table.published and cell not in edition.withheld.get(name, frozenset()):
                        count = sum(table.counts.get(leaf, 0) for leaf in _leaves(table, cell))
                        yield dict.fromkeys(self._behind(place, name, cell), 1), count

    def _unrevised(self) -> Iterator[Row]:
        """A leaf with the same count in two editions has the same count in both in any history."""
        for name in self.history[0].tables:
            for leaf, combinations in self._under[name].items():
                first: dict[tuple[int, bool], int] = {}
                for place, edition in enumerate(self.history):
                    table = edition.tables[name]
                    earlier = first.setdefault((table.counts.get(leaf, 0), leaf in table.uncertain), place)
                    if earlier != place:
                        plus = dict.fromkeys(((earlier, combination) for combination in combinations), 1)
                        yield plus | dict.fromkeys(((place, combination) for combination in combinations), -1), 0


def all_cells(table: LinkedTable) -> list[Key]:
    """Every cell of a table, zeros too."""
    codes = (
        {code: None for path in table.paths[dimension].values() for code in path} for dimension in table.dimensions
    )
    return list(product(*codes))


def _leaves(table: LinkedTable, key: Key) -> set[Key]:
    """The leaves of a cell; of a leaf that is no cell, itself."""
    behind = [
        [atom for atom, path in table.paths[dimension].items() if code in path]
        for dimension, code in zip(table.dimensions, key, strict=True)
    ]
    return set(product(*behind)) if all(behind) else {key}


class _Search:
    """Goes through the unknowns one by one. The state is what is left of the right side of each row."""

    def __init__(self, rows: Sequence[Row], unknowns: Sequence[tuple[Unknown, NDArray[np.int64]]], most: int) -> None:
        nothing = {key for terms, right in rows if right == 0 and min(terms.values()) > 0 for key in terms}
        self._unknowns = [(key, factors) for key, factors in unknowns if key not in nothing]
        left = {tuple((key, f) for key, f in terms.items() if key not in nothing): right for terms, right in rows}
        numbered = [(dict(terms), right) for terms, right in left.items() if terms]
        self._start = tuple(right for _, right in numbered)
        self._columns = [
            [(row, terms[key]) for row, (terms, _) in enumerate(numbered) if key in terms] for key, _ in self._unknowns
        ]
        self._signs = self._signs_left(len(numbered))
        self._most = most
        self._nothing = np.zeros(len(unknowns[0][1]), dtype=np.int64)
        self._from = cache(self._search)

    def best(self) -> NDArray[np.int64]:
        best = self._from(0, self._start)
        if best is None:
            raise ValueError("The tables agree with no joint table")
        return best

    def solution(self, column: int) -> Mapping[Unknown, int]:
        """A joint history with the best value of a sum."""
        found, state = {}, self._start
        wanted = self.best()[column]
        for step, (key, factors) in enumerate(self._unknowns):
            for count, after in self._choices(step, state):
                best = self._from(step + 1, after)
                if best is not None and best[column] + count * factors[column] == wanted:
                    found[key], state, wanted = count, after, best[column]
                    break
        return found

    def _signs_left(self, rows: int) -> list[list[frozenset[int]]]:
        """For each step and row, the signs of the unknowns that come after it."""
        after: list[frozenset[int]] = [frozenset()] * rows
        signs = []
        for column in reversed(self._columns):
            signs.append(list(after))
            for row, factor in column:
                after[row] |= {factor}
        return signs[::-1]

    def _search(self, step: int, state: tuple[int, ...]) -> NDArray[np.int64] | None:
        if step == len(self._unknowns):
            return self._nothing
        best: NDArray[np.int64] | None = None
        for count, after in self._choices(step, state):
            rest = self._from(step + 1, after)
            if rest is not None:
                value = rest + count * self._unknowns[step][1]
                best = value if best is None else np.maximum(best, value)
        return best

    def _choices(self, step: int, state: tuple[int, ...]) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Every count of an unknown that the rows allow, and what is left of them then."""
        signs = self._signs[step]
        for count in range(self._most + 1):
            after = list(state)
            for row, factor in self._columns[step]:
                after[row] -= factor * count
            if all(_reachable(after[row], signs[row]) for row, _ in self._columns[step]):
                yield count, tuple(after)


def _reachable(left: int, signs: frozenset[int]) -> bool:
    return left == 0 or (1 if left > 0 else -1) in signs
