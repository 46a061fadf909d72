"""Linked cells: every cell of every edition as one system of sums over the same unknowns.

What a reader can work out is decided by which cells are sums of which others: within a table, between
tables that share a margin, and between editions, where a leaf that was not revised is the same unknown. Two
cells made of the same unknowns are one cell here, whatever they are called.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import product
from typing import TypeAlias

from dashboard.datasets import TOTAL
from dashboard.disclosure.editions import Edition, Key, LinkedTable

Place: TypeAlias = tuple[str, Key]
"""A cell or a leaf by its name: table and key."""

_Paths: TypeAlias = Mapping[str, tuple[str, ...]]

HIDDEN = "\x00"
"""Begins a code that an edition does not show: the one of another edition."""
_SIGNATURES = 1 << 128


@dataclass(frozen=True, slots=True)
class Unknown:
    """A leaf of a table for as long as its count is not revised."""

    table: str
    leaf: Key
    count: int
    uncertain: bool


@dataclass(frozen=True)
class LinkedCells:
    """The cells of one population, numbered from 0.

    counts: the true count of each cell. sums: a cell and the cells that it is the sum of. unknowns: the cells
    that are one unknown. cells and leaves: by edition, the number of each cell and each leaf by its name.
    constant: cells that some table knows to be zero. uncertain: cells with a number that a source withheld.
    shared: cells that several tables have.
    """

    counts: tuple[int, ...]
    sums: tuple[tuple[int, tuple[int, ...]], ...]
    unknowns: Mapping[int, Unknown]
    cells: tuple[Mapping[Place, int], ...]
    leaves: tuple[Mapping[Place, int], ...]
    constant: frozenset[int]
    uncertain: frozenset[int]
    shared: frozenset[int]


def link(history: Sequence[Edition]) -> Iterator[LinkedCells]:
    """One system for each population: each combination of codes that are never added up (a status, a stage)."""
    universe = {name: _universe(history, name) for name in sorted(history[-1].tables)}
    separate = _never_added_up(history[-1])
    populations: defaultdict[Key, dict[str, list[Key]]] = defaultdict(dict)
    for name, leaves in universe.items():
        places = [history[-1].tables[name].dimensions.index(dimension) for dimension in separate]
        for leaf in leaves:
            population = tuple(leaf[place] for place in places)
            populations[population].setdefault(name, []).append(leaf)
    for population in sorted(populations):
        yield _Numbering(history, populations[population]).linked_cells()


def _never_added_up(edition: Edition) -> tuple[str, ...]:
    """The dimensions without a total, in every table of the structure."""
    tables = list(edition.tables.values())
    return tuple(
        name
        for name in sorted(tables[0].dimensions)
        if all(
            name in table.dimensions and not any(TOTAL in path for path in table.paths[name].values())
            for table in tables
        )
    )


def _universe(history: Sequence[Edition], name: str) -> tuple[Key, ...]:
    """The leaves of a table that may hold somebody: those that ever did, and zeros that may be withheld.

    Every other leaf is a zero that is shown, now and in every earlier edition.
    """
    held = {leaf for edition in history for leaf in (*edition.tables[name].counts, *edition.tables[name].uncertain)}
    found = held | set(_zeros(history[-1].tables[name]))
    for edition in history[:-1]:
        found |= set(_withheld_leaves(edition.tables[name], edition.withheld.get(name, frozenset())))
    return tuple(sorted(found))


def _zeros(table: LinkedTable) -> Iterator[Key]:
    """Empty leaves, each of whose sums over one dimension is not empty: withholding them can be of use."""
    width = len(table.dimensions)
    used = [sorted({leaf[place] for leaf in table.counts}) for place in range(width)]
    summable = [
        place for place, name in enumerate(table.dimensions) if any(TOTAL in p for p in table.paths[name].values())
    ]
    if not summable:
        return
    filled = {place: {_without(leaf, place) for leaf in table.counts} for place in summable}
    start = min(summable, key=lambda place: len(filled[place]) * len(used[place]))
    others = [place for place in summable if place != start]
    for rest in filled[start]:
        for code in used[start]:
            leaf = (*rest[:start], code, *rest[start:])
            if leaf not in table.counts and all(_without(leaf, place) in filled[place] for place in others):
                yield leaf


def _without(leaf: Key, place: int) -> Key:
    return leaf[:place] + leaf[place + 1 :]


def _withheld_leaves(table: LinkedTable, withheld: frozenset[Key]) -> Iterator[Key]:
    """The leaves whose own cell was withheld, empty ones too: an earlier proof may rest on them."""
    finest = [_atoms_by_path({atom: path[:1] for atom, path in table.paths[name].items()}) for name in table.dimensions]
    for key in withheld:
        if all(code in atoms for code, atoms in zip(key, finest, strict=True)):
            yield from product(*(atoms[code] for code, atoms in zip(key, finest, strict=True)))


class _Numbering:
    """Gives every set of unknowns one number, edition by edition, table by table, dimension by dimension."""

    def __init__(self, history: Sequence[Edition], leaves: Mapping[str, Sequence[Key]]) -> None:
        self._counts: list[int] = []
        self._signatures: list[int] = []
        self._numbers: dict[int, int] = {}
        self._sums: list[tuple[int, tuple[int, ...]]] = []
        self._unknowns: dict[int, Unknown] = {}
        self._same: list[int] = []
        self._constant: set[int] = set()
        self._uncertain: set[int] = set()
        self._shared: set[int] = set()
        self._leaves: list[dict[Place, int]] = []
        self._cells: list[dict[Place, int]] = []
        for edition in history:
            self._leaves.append({})
            self._cells.append({})
            paths = {name: _extended_paths(history, edition, name) for name in leaves}
            numbered = {
                name: self._number_table(edition.tables[name], found, paths[name]) for name, found in leaves.items()
            }
            self._merge_shared(edition, numbered, paths)
            self._cells[-1] |= {
                (name, key): number
                for name, cells in numbered.items()
                for key, number in cells.items()
                if not any(code.startswith(HIDDEN) for code in key)
            }

    def linked_cells(self) -> LinkedCells:
        """The system, with cells that turned out to be one and the same under one number."""
        roots = [self._root(number) for number in range(len(self._same))]
        kept = {root: place for place, root in enumerate(sorted(set(roots)))}
        number = [kept[root] for root in roots]
        sums = {(number[cell], tuple(sorted(number[part] for part in parts))) for cell, parts in self._sums}
        uncertain = {number[cell] for cell in self._uncertain}
        return LinkedCells(
            tuple(self._counts[root] for root in sorted(kept)),
            tuple(sorted(sums)),
            {number[cell]: unknown for cell, unknown in self._unknowns.items()},
            tuple({place: number[cell] for place, cell in cells.items()} for cells in self._cells),
            tuple({place: number[cell] for place, cell in leaves.items()} for leaves in self._leaves),
            frozenset(number[cell] for cell in self._constant),
            frozenset(_with_sums(uncertain, sorted(sums))),
            frozenset(number[cell] for cell in self._shared),
        )

    def _number_table(self, table: LinkedTable, leaves: Sequence[Key], paths: Sequence[_Paths]) -> dict[Key, int]:
        current = {leaf: self._unknown(table, leaf) for leaf in leaves}
        self._leaves[-1] |= {(table.name, leaf): number for leaf, number in current.items()}
        for place, steps in enumerate(paths):
            parts: defaultdict[Key, list[int]] = defaultdict(list)
            for key, number in current.items():
                for code in steps[key[place]]:
                    parts[(*key[:place], code, *key[place + 1 :])].append(number)
            current = {key: self._sum(numbers) for key, numbers in parts.items()}
        return current

    def _unknown(self, table: LinkedTable, leaf: Key) -> int:
        unknown = Unknown(table.name, leaf, table.counts.get(leaf, 0), leaf in table.uncertain)
        digest = blake2b(repr(unknown).encode(), digest_size=16).digest()
        number = self._number(int.from_bytes(digest, "big"), unknown.count)
        self._unknowns[number] = unknown
        if unknown.uncertain:
            self._uncertain.add(number)
        return number

    def _sum(self, parts: Sequence[int]) -> int:
        if len(parts) == 1:
            return parts[0]
        signature = sum(self._signatures[part] for part in parts) % _SIGNATURES
        if signature in self._numbers:
            return self._numbers[signature]
        number = self._number(signature, sum(self._counts[part] for part in parts))
        self._sums.append((number, tuple(parts)))
        return number

    def _number(self, signature: int, count: int) -> int:
        if signature not in self._numbers:
            self._numbers[signature] = len(self._counts)
            self._counts.append(count)
            self._signatures.append(signature)
            self._same.append(len(self._same))
        return self._numbers[signature]

    def _merge_shared(
        self, edition: Edition, numbered: Mapping[str, Mapping[Key, int]], paths: Mapping[str, Sequence[_Paths]]
    ) -> None:
        """Tables of one edition agree on the cells they share; a cell that one of them lacks is zero for all."""
        shared: defaultdict[Key, list[tuple[str, int]]] = defaultdict(list)
        for name, cells in numbered.items():
            for key, number in cells.items():
                shared[_shared_name(edition.tables[name], key)].append((name, number))
        codes = {
            name: {
                dimension: {code for path in steps.values() for code in path}
                for dimension, steps in zip(edition.tables[name].dimensions, found, strict=True)
            }
            for name, found in paths.items()
        }
        for reduced, places in shared.items():
            present = {name for name, _ in places}
            first = places[0][1]
            for _, number in places[1:]:
                self._merge(first, number)
            if len(present) > 1:
                self._shared.add(first)
            wanted = dict(zip(reduced[::2], reduced[1::2], strict=True))
            if any(name not in present and _has(found, wanted) for name, found in codes.items()):
                self._constant.add(first)

    def _merge(self, first: int, second: int) -> None:
        first, second = sorted((self._root(first), self._root(second)))
        self._same[second] = first

    def _root(self, number: int) -> int:
        while self._same[number] != number:
            self._same[number] = self._same[self._same[number]]
            number = self._same[number]
        return number


def _shared_name(table: LinkedTable, key: Key) -> Key:
    """What a cell is called in every table that has it: its dimensions and codes, totals left out."""
    pairs = sorted((name, code) for name, code in zip(table.dimensions, key, strict=True) if code != TOTAL)
    return tuple(part for pair in pairs for part in pair)


def _has(codes: Mapping[str, set[str]], wanted: Mapping[str, str]) -> bool:
    """Whether a table has a cell of that name: all its dimensions, at codes the table knows."""
    if any(name not in codes or code not in codes[name] for name, code in wanted.items()):
        return False
    return all(TOTAL in found for name, found in codes.items() if name not in wanted)


def _extended_paths(history: Sequence[Edition], edition: Edition, name: str) -> tuple[_Paths, ...]:
    """The paths of a table, and the codes of other editions that group its atoms otherwise, as hidden ones.

    Two tables of the same people agree also where an edition does not show it: a reader who saw the years of
    one table last time knows them when the other shows five years together now.
    """
    table = edition.tables[name]
    return tuple(_extended(table.paths[d], [item.tables[name].paths[d] for item in history]) for d in table.dimensions)


def _extended(own: _Paths, others: Sequence[_Paths]) -> _Paths:
    known = set(_atoms_by_path(own).values())
    extra: dict[tuple[str, ...], str] = {}
    for place, paths in enumerate(others):
        if paths is not own and paths != own:
            for code, atoms in sorted(_atoms_by_path(paths).items()):
                if atoms not in known:
                    extra.setdefault(atoms, f"{HIDDEN}{place} {code}")
    if not extra:
        return own
    return {atom: (*path, *(code for atoms, code in extra.items() if atom in atoms)) for atom, path in own.items()}


def _atoms_by_path(paths: _Paths) -> dict[str, tuple[str, ...]]:
    atoms: defaultdict[str, list[str]] = defaultdict(list)
    for atom, path in paths.items():
        for code in path:
            atoms[code].append(atom)
    return {code: tuple(sorted(found)) for code, found in atoms.items()}


def _with_sums(cells: set[int], sums: Sequence[tuple[int, tuple[int, ...]]]) -> set[int]:
    """The cells and every cell that is a sum with one of them."""
    above: defaultdict[int, list[int]] = defaultdict(list)
    for cell, parts in sums:
        for part in parts:
            above[part].append(cell)
    found, waiting = set(cells), list(cells)
    while waiting:
        for cell in above[waiting.pop()]:
            if cell not in found:
                found.add(cell)
                waiting.append(cell)
    return found
