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

from dashboard.disclosure.checker_reading import Reading, Spot, Sums, add_up, is_leaf, read, tables_agree
from dashboard.disclosure.editions import Contributor, Edition, Key, Target, Witness


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
    reading = read(history, threshold, contributors)
    truth = {spot: table.table.counts for spot, table in reading.counted.items()}
    if not tables_agree(reading, truth):
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
            good = (leaf for leaf, count in table.counts.items() if is_leaf(table, leaf) and _is_count(count))
            if len(table.counts) != sum(1 for _ in good) or not all(is_leaf(table, leaf) for leaf in table.uncertain):
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


# What is shown ---------------------------------------------------------------------------------------------


def _shown(reading: Reading) -> Iterator[Breach]:
    """Cells of the last edition that must not be shown, whatever else is or was (invariant I0)."""
    reasons = {False: Reason.SMALL_SHOWN, True: Reason.REMAINDER_SHOWN}
    for target in reading.small:
        if reading.counted[reading.last, target.table].shows(target.cell):
            yield Breach(target, reasons[bool(target.contributor)])
    for (place, name), table in reading.counted.items():
        if place == reading.last:
            uncertain = add_up(dict.fromkeys(table.table.uncertain, 1), table.paths)
            yield from (Breach(Target(name, cell), Reason.UNCERTAIN_SHOWN) for cell in uncertain if table.shows(cell))


def _changes_shown(reading: Reading) -> Iterator[Breach]:
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

    leaves: Mapping[Spot, Sums]
    sums: Mapping[Spot, Sums]

    def change(self, spot: Spot, key: Key, leaf: bool) -> int:
        return (self.leaves if leaf else self.sums).get(spot, {}).get(key, 0)


def _unproved(reading: Reading, witnesses: Iterable[Witness]) -> Iterator[Breach]:
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


def _other(reading: Reading, witness: Witness) -> _Other | Reason:
    """The witness laid out, or what is wrong with it."""
    leaves: defaultdict[Spot, dict[Key, int]] = defaultdict(dict)
    for (place, name, leaf), number in witness.change.items():
        # type() and not isinstance(): 0.9999999999 and numpy's numbers, which may overflow, prove nothing.
        if type(number) is not int:
            return Reason.NOT_WHOLE
        counted = reading.counted.get((place, name))
        if counted is None or not is_leaf(counted.table, leaf):
            return Reason.NO_LEAF
        leaves[place, name][leaf] = number
    sums: dict[Spot, Sums] = {}
    for spot in leaves:
        if reading.counted[spot].table.published:
            twin = next((earlier for earlier in sums if _same_sums(reading, leaves, earlier, spot)), None)
            sums[spot] = sums[twin] if twin else add_up(leaves[spot], reading.counted[spot].paths)
    other = _Other(leaves, sums)
    return _fault(reading, other) or other


def _same_sums(reading: Reading, leaves: Mapping[Spot, Sums], one: Spot, two: Spot) -> bool:
    """Most editions change alike, so most sums need be worked out once."""
    return reading.counted[one].paths is reading.counted[two].paths and leaves[one] == leaves[two]


def _fault(reading: Reading, other: _Other) -> Reason | None:
    """Why the other history isn't one that a reader must think possible."""
    for spot, leaves in other.leaves.items():
        counts = reading.counted[spot].table.counts
        if any(counts.get(leaf, 0) + number < 0 for leaf, number in leaves.items()):
            return Reason.NEGATIVE
        if not all(_same_where_unrevised(reading, other, spot[1], leaf) for leaf in leaves):
            return Reason.REVISED
    if not all(reading.counted[spot].withheld.issuperset(sums) for spot, sums in other.sums.items()):
        return Reason.SHOWN_CHANGED
    if not tables_agree(reading, other.leaves):
        return Reason.DISAGREEMENT
    return None


def _same_where_unrevised(reading: Reading, other: _Other, name: str, leaf: Key) -> bool:
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


def _grown(reading: Reading, other: _Other, target: Target, leaf: bool) -> bool:
    """Whether the count, change or remainder has reached its level, a change without turning its sign."""
    number, level = reading.wanted[target][leaf]
    place = reading.last if target.was is None else target.was
    change = other.change((place, target.table), target.cell, leaf)
    if target.since is not None:
        change -= other.change((target.since, target.table), target.cell, leaf)
    return (number + change if number > 0 else -number - change) >= level


def _agrees_with(reading: Reading, other: _Other, name: str) -> bool:
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
