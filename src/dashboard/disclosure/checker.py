"""The proof, read by somebody else: whole numbers only, no solver, and no line of what protects.

The protector hands over a witness for each small count: another history that fits everything shown, in which that
count is not small. A witness is hard to find and easy to check. The checker makes its own list of what must be
witnessed, so that a forgotten count is found too. After the idea of certifying algorithms (McConnell, Mehlhorn,
Näher and Schweitzer, Computer Science Review 5, 2011).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import TypeAlias

from dashboard.disclosure.editions import Contributor, Edition, Key, LinkedTable, Target, Witness

TOTAL = "_T"

_Sums: TypeAlias = Mapping[Key, int]
_Paths: TypeAlias = Sequence[Mapping[str, tuple[str, ...]]]
_Spot: TypeAlias = tuple[int, str]
"""A table in an edition: the place of the edition in the history and the name of the table."""


class Reason(StrEnum):
    """What is wrong, in a sentence. Never holds a count: a breach may end up in a log."""

    OTHER_TABLES = "The editions don't hold the same tables with the same dimensions and atoms."
    NOT_COUNTED = "A count isn't a whole number from 0 on, or its leaf isn't a combination of atoms."
    NOT_CONTRIBUTED = "A contributor's own records aren't among those counted, or its name is empty or used twice."
    TABLES_DISAGREE = "Two tables of an edition don't agree on a cell they share."
    SMALL_SHOWN = "A small count is shown."
    UNCERTAIN_SHOWN = "A cell is shown although a source withheld a part of it."
    REMAINDER_SHOWN = "A contributor learns a small count of others from a shown cell by subtracting its own records."
    CHANGE_SHOWN = "The cell is shown in two editions, and the difference is small."
    NO_WITNESS = "No valid witness proves that this count need not be small."
    NOT_WHOLE = "The witness changes something by what isn't a whole number."
    NO_LEAF = "The witness changes something that is no leaf of a table of the history."
    NEGATIVE = "In the witness a count is below 0."
    REVISED = "The witness changes a leaf differently in two editions that have the same count of it."
    SHOWN_CHANGED = "In the witness a shown cell has another count."
    DISAGREEMENT = "In the witness two tables of an edition disagree on a cell they share."
    STILL_SMALL = "In the witness the count is small, too."
    OWN_RECORDS = "The witness contradicts the records of the contributor who is to be kept from the count."


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that a reader may work out, or that isn't proved. target is None where no single cell is meant."""

    target: Target | None
    reason: Reason


def check(
    history: Sequence[Edition], threshold: int, witnesses: Sequence[Witness], contributors: Sequence[Contributor] = ()
) -> tuple[Breach, ...]:
    """Everything wrong with the last edition of a history; nothing is wrong when the result is empty."""
    if not history:
        raise ValueError("A history has at least one edition")
    malformed = tuple(_malformed(history, contributors))
    if malformed:
        return malformed
    reading = _read(history, threshold, contributors)
    truth = {spot: table.table.counts for spot, table in reading.counted.items()}
    if not _tables_agree(reading, truth):
        return (Breach(None, Reason.TABLES_DISAGREE),)
    return (*_shown(reading), *_changes_shown(reading), *_unproved(reading, witnesses))


# Is it a history at all? -----------------------------------------------------------------------------------


def _malformed(history: Sequence[Edition], contributors: Sequence[Contributor]) -> Iterator[Breach]:
    """Faults that would make every other check meaningless."""
    if any(_shape(edition) != _shape(history[0]) for edition in history):
        yield Breach(None, Reason.OTHER_TABLES)
        return
    for edition in history:
        for name, table in edition.tables.items():
            good = (leaf for leaf, count in table.counts.items() if _is_leaf(table, leaf) and _is_count(count))
            if len(table.counts) != sum(1 for _ in good) or not all(_is_leaf(table, leaf) for leaf in table.uncertain):
                yield Breach(Target(name, ()), Reason.NOT_COUNTED)
    names = [contributor.name for contributor in contributors]
    if not all(names) or len(set(names)) != len(names):
        yield Breach(None, Reason.NOT_CONTRIBUTED)
    for contributor in contributors:
        if not _contributed(history[-1], contributor):
            yield Breach(None, Reason.NOT_CONTRIBUTED)


def _shape(edition: Edition) -> object:
    return {
        name: [(dimension, frozenset(table.paths[dimension])) for dimension in table.dimensions]
        for name, table in edition.tables.items()
    }


def _is_leaf(table: LinkedTable, leaf: Key) -> bool:
    return len(leaf) == len(table.dimensions) and all(
        atom in table.paths[dimension] for dimension, atom in zip(table.dimensions, leaf, strict=True)
    )


def _is_count(number: object) -> bool:
    # type() and not isinstance(): True is no count, and a number of numpy may overflow.
    return type(number) is int and number >= 0


def _contributed(edition: Edition, contributor: Contributor) -> bool:
    """Own records are among those counted."""
    return (
        contributor.counts.keys() <= edition.tables.keys()
        and contributor.complete.keys() <= edition.tables.keys()
        and all(
            _is_count(own) and own <= edition.tables[name].counts.get(leaf, 0)
            for name, counts in contributor.counts.items()
            for leaf, own in counts.items()
        )
    )


# Adding up -------------------------------------------------------------------------------------------------


def _add_up(leaves: _Sums, paths: _Paths) -> dict[Key, int]:
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
class _Counted:
    """A table of an edition, counted: the sums of its cells, and for each code the atoms behind it."""

    table: LinkedTable
    withheld: frozenset[Key]
    paths: _Paths
    sums: _Sums
    atoms: Sequence[Mapping[str, frozenset[str]]]

    def shows(self, cell: Key) -> bool:
        return self.table.published and cell not in self.withheld


@dataclass(frozen=True, slots=True)
class _Link:
    """Two tables that share cells: for each its name, the places of the shared dimensions, and the paths there."""

    sides: tuple[tuple[str, tuple[int, ...], _Paths], ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A history as the checker reads it. wanted holds, for each small count, what it may mean and how large it is."""

    threshold: int
    last: int
    counted: Mapping[_Spot, _Counted]
    links: Sequence[_Link]
    contributors: Mapping[str, Contributor]
    wanted: Mapping[Target, Mapping[bool, int]]


def _read(history: Sequence[Edition], threshold: int, contributors: Sequence[Contributor]) -> _Reading:
    counted: dict[_Spot, _Counted] = {}
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
    return _Reading(threshold, len(history) - 1, counted, tuple(_links(history)), named, wanted)


def _count(table: LinkedTable, withheld: frozenset[Key], earlier: _Counted | None) -> _Counted:
    # A code that stands twice in a path is still one cell. Equal paths are one object, so that `_other` can tell.
    paths: _Paths = [
        {atom: tuple(dict.fromkeys(path)) for atom, path in table.paths[dimension].items()}
        for dimension in table.dimensions
    ]
    if earlier is not None and earlier.paths == paths:
        paths = earlier.paths
    atoms = [_atoms(steps) for steps in paths]
    return _Counted(table, withheld, paths, _add_up(table.counts, paths), atoms)


def _atoms(paths: Mapping[str, tuple[str, ...]]) -> Mapping[str, frozenset[str]]:
    """For each code the atoms behind it."""
    behind: defaultdict[str, set[str]] = defaultdict(set)
    for atom, path in paths.items():
        for code in path:
            behind[code].add(atom)
    return {code: frozenset(names) for code, names in behind.items()}


def _links(history: Sequence[Edition]) -> Iterator[_Link]:
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
            yield _Link(tuple((names[side], places[side], [path[side] for path in paths]) for side in (0, 1)))


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
    counted: Mapping[_Spot, _Counted], last: int, contributors: Sequence[Contributor]
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


def _counts(table: _Counted) -> Iterator[tuple[bool, Key, int]]:
    if table.table.published:
        yield from ((False, cell, number) for cell, number in table.sums.items())
    yield from ((True, leaf, number) for leaf, number in table.table.counts.items() if not _is_cell(table, leaf))


def _remainders(table: _Counted, own: _Sums) -> Iterator[tuple[bool, Key, int]]:
    """What is left of each count when a contributor subtracts its own records."""
    own_sums = _add_up(own, table.paths)
    for leaf, key, number in _counts(table):
        yield leaf, key, number - (own if leaf else own_sums).get(key, 0)


def _changes(now: _Counted, then: _Counted) -> Iterator[tuple[bool, Key, int]]:
    """Changes of the leaves, and of the cells that have the same atoms behind their codes in both editions."""
    if now.table.published and then.table.published:
        for cell in now.sums.keys() | then.sums.keys():
            if _same_atoms(now, then, cell):
                yield False, cell, now.sums.get(cell, 0) - then.sums.get(cell, 0)
    for leaf in now.table.counts.keys() | then.table.counts.keys():
        if not (_is_cell(now, leaf) and _is_cell(then, leaf)):
            yield True, leaf, now.table.counts.get(leaf, 0) - then.table.counts.get(leaf, 0)


def _is_cell(table: _Counted, leaf: Key) -> bool:
    """Whether the cell of that name is published, and holds this leaf alone."""
    return table.table.published and all(
        behind.get(atom) == frozenset((atom,)) for atom, behind in zip(leaf, table.atoms, strict=True)
    )


def _same_atoms(now: _Counted, then: _Counted, cell: Key) -> bool:
    return all(
        code in behind and behind[code] == earlier.get(code)
        for code, behind, earlier in zip(cell, now.atoms, then.atoms, strict=True)
    )


# What is shown ---------------------------------------------------------------------------------------------


def _shown(reading: _Reading) -> Iterator[Breach]:
    """Cells of the last edition that must not be shown, whatever else is (invariant I0)."""
    reasons = {False: Reason.SMALL_SHOWN, True: Reason.REMAINDER_SHOWN}
    for target, meanings in reading.wanted.items():
        if (
            target.since is None
            and False in meanings
            and reading.counted[reading.last, target.table].shows(target.cell)
        ):
            yield Breach(target, reasons[bool(target.contributor)])
    for (place, name), table in reading.counted.items():
        if place == reading.last:
            uncertain = _add_up(dict.fromkeys(table.table.uncertain, 1), table.paths)
            yield from (Breach(Target(name, cell), Reason.UNCERTAIN_SHOWN) for cell in uncertain if table.shows(cell))


def _changes_shown(reading: _Reading) -> Iterator[Breach]:
    """Small changes between two shown counts (invariant I3)."""
    for target, meanings in reading.wanted.items():
        if target.since is not None and False in meanings:
            places = (reading.last, target.since)
            if all(reading.counted[place, target.table].shows(target.cell) for place in places):
                yield Breach(target, Reason.CHANGE_SHOWN)


# Witnesses -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Other:
    """A witness laid out by table: the changes of its leaves, and what they add up to in published cells."""

    leaves: Mapping[_Spot, _Sums]
    sums: Mapping[_Spot, _Sums]

    def change(self, spot: _Spot, key: Key, leaf: bool) -> int:
        return (self.leaves if leaf else self.sums).get(spot, {}).get(key, 0)


def _unproved(reading: _Reading, witnesses: Iterable[Witness]) -> Iterator[Breach]:
    """Faults of the witnesses, and small counts that none of them proves.

    A wrong witness is reported even if another one proves the same: it means that the protector is wrong.
    """
    proved: set[tuple[Target, bool]] = set()
    for witness in witnesses:
        other = _other(reading, witness)
        if isinstance(other, Reason):
            yield from (Breach(target, other) for target in witness.targets or (None,))
            continue
        for target in witness.targets:
            grown = {(target, leaf) for leaf in reading.wanted.get(target, {}) if _grown(reading, other, target, leaf)}
            if not _agrees_with(reading, other, target.contributor):
                yield Breach(target, Reason.OWN_RECORDS)
            elif not grown and target in reading.wanted:
                yield Breach(target, Reason.STILL_SMALL)
            else:
                proved |= grown
    for target, meanings in reading.wanted.items():
        if any((target, leaf) not in proved for leaf in meanings):
            yield Breach(target, Reason.NO_WITNESS)


def _other(reading: _Reading, witness: Witness) -> _Other | Reason:
    """The witness laid out, or what is wrong with it."""
    leaves: defaultdict[_Spot, dict[Key, int]] = defaultdict(dict)
    for (place, name, leaf), number in witness.change.items():
        # type() and not isinstance(): 0.9999999999 and numpy's numbers, which may overflow, prove nothing.
        if type(number) is not int:
            return Reason.NOT_WHOLE
        counted = reading.counted.get((place, name))
        if counted is None or not _is_leaf(counted.table, leaf):
            return Reason.NO_LEAF
        leaves[place, name][leaf] = number
    sums: dict[_Spot, _Sums] = {}
    for spot in leaves:
        if reading.counted[spot].table.published:
            twin = next((earlier for earlier in sums if _same_sums(reading, leaves, earlier, spot)), None)
            sums[spot] = sums[twin] if twin else _add_up(leaves[spot], reading.counted[spot].paths)
    other = _Other(leaves, sums)
    return _fault(reading, other) or other


def _same_sums(reading: _Reading, leaves: Mapping[_Spot, _Sums], one: _Spot, two: _Spot) -> bool:
    """Most editions change alike, so most sums need be worked out once."""
    return reading.counted[one].paths is reading.counted[two].paths and leaves[one] == leaves[two]


def _fault(reading: _Reading, other: _Other) -> Reason | None:
    """Why the other history isn't one that a reader must think possible."""
    for spot, leaves in other.leaves.items():
        counts = reading.counted[spot].table.counts
        if any(counts.get(leaf, 0) + number < 0 for leaf, number in leaves.items()):
            return Reason.NEGATIVE
        if not all(_same_where_unrevised(reading, other, spot[1], leaf) for leaf in leaves):
            return Reason.REVISED
    if not all(reading.counted[spot].withheld.issuperset(sums) for spot, sums in other.sums.items()):
        return Reason.SHOWN_CHANGED
    if not _tables_agree(reading, other.leaves):
        return Reason.DISAGREEMENT
    return None


def _same_where_unrevised(reading: _Reading, other: _Other, name: str, leaf: Key) -> bool:
    """A reader may know which counts were not revised, so they change alike in all editions that have them.

    A count of which a source withheld a part is another one than the same number in full.
    """
    by_count: dict[tuple[int, bool], int] = {}
    for place in range(reading.last + 1):
        table = reading.counted[place, name].table
        change = other.change((place, name), leaf, leaf=True)
        if by_count.setdefault((table.counts.get(leaf, 0), leaf in table.uncertain), change) != change:
            return False
    return True


def _tables_agree(reading: _Reading, leaves: Mapping[_Spot, _Sums]) -> bool:
    """Whether in every edition the tables have the same number of persons in the cells they share."""
    changed = {place for place, _ in leaves}
    for link in reading.links:
        for place in changed:
            left, right = (_margin(leaves.get((place, name), {}), places, paths) for name, places, paths in link.sides)
            if left != right:
                return False
    return True


def _margin(leaves: _Sums, places: Sequence[int], paths: _Paths) -> _Sums:
    margin: defaultdict[Key, int] = defaultdict(int)
    for leaf, number in leaves.items():
        margin[tuple(leaf[place] for place in places)] += number
    return _add_up(margin, paths)


def _grown(reading: _Reading, other: _Other, target: Target, leaf: bool) -> bool:
    """Whether the count, change or remainder has reached the threshold, a change without turning its sign."""
    number = reading.wanted[target][leaf]
    change = other.change((reading.last, target.table), target.cell, leaf)
    if target.since is not None:
        change -= other.change((target.since, target.table), target.cell, leaf)
    return (number + change if number > 0 else -number - change) >= reading.threshold


def _agrees_with(reading: _Reading, other: _Other, name: str) -> bool:
    """Whether the last edition still holds every record of the contributor, and none where it knows all of them."""
    contributor = reading.contributors.get(name)
    if contributor is None:
        return True
    for (place, table), leaves in other.leaves.items():
        own, complete = contributor.counts.get(table, {}), contributor.complete.get(table, frozenset())
        counts = reading.counted[place, table].table.counts
        for leaf, number in leaves.items():
            if place == reading.last and (
                counts.get(leaf, 0) + number < own.get(leaf, 0) or (number and leaf in complete)
            ):
                return False
    return True
