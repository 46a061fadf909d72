"""What a reader can work out: the least and the largest count of each withheld cell, by linear programming.

The feasibility intervals of the SDC handbook (Hundepool et al., Statistical Disclosure Control, 2012, chapter 4). The
reader knows every number shown in every edition, that counts aren't negative, that tables agree on cells they share,
and which counts were not revised. That counts are whole is left out, so an interval here is at least as wide as the
true one: a breach found is a breach, none found is no proof. The proof is the checker's. This looks for mistakes in
both sides, and shares no code with either.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

from dashboard.disclosure.audit_equations import Counted, System, Terms, system_of
from dashboard.disclosure.audit_programs import Progress, extremes
from dashboard.disclosure.editions import Edition, Key


@dataclass(frozen=True, slots=True)
class Interval:
    """What a reader can work out about a withheld count, or about a change since an earlier edition.

    lower and upper are None where there is no limit. breach says that a small count is known to be small.
    Left of the wall: it holds the true count.
    """

    table: str
    cell: Key
    lower: int | None
    upper: int | None
    count: int
    breach: bool
    since: int | None = None


def intervals(
    history: Sequence[Edition], threshold: int, progress: Progress = lambda _done, _all: None
) -> tuple[Interval, ...]:
    """The interval of each withheld cell of the last edition, and of each small change of a cell since another."""
    system = system_of(history)
    asked = [*_withheld(system), *_small_changes(system, threshold)]
    solved = extremes(system, [question.terms for question in asked], progress)
    return tuple(
        _interval(question, threshold, lower, upper) for question, (lower, upper) in zip(asked, solved, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Question:
    table: str
    cell: Key
    since: int | None
    count: int
    terms: Terms


def _interval(question: _Question, threshold: int, lower: float, upper: float) -> Interval:
    small = 0 < abs(question.count) < threshold
    known = upper < threshold if question.count > 0 else lower > -threshold
    return Interval(
        question.table,
        question.cell,
        None if lower == -inf else int(lower),
        None if upper == inf else int(upper),
        question.count,
        small and known,
        question.since,
    )


# Questions -------------------------------------------------------------------------------------------------


def _withheld(system: System) -> Iterator[_Question]:
    for (place, name), table in system.counted.items():
        if place == system.last and table.table.published:
            for cell in sorted(cell for cell in table.withheld if table.has(cell)):
                terms = dict.fromkeys(system.members[place, name].get(cell, ()), 1)
                yield _Question(name, cell, None, table.sums.get(cell, 0), terms)


def _small_changes(system: System, threshold: int) -> Iterator[_Question]:
    """Of cells with the same atoms behind their codes in both editions, small changes."""
    for (place, name), then in system.counted.items():
        now = system.counted[system.last, name]
        if place == system.last or not (now.table.published and then.table.published):
            continue
        for cell in sorted(now.sums.keys() | then.sums.keys()):
            change = now.sums.get(cell, 0) - then.sums.get(cell, 0)
            if 0 < abs(change) < threshold and _same_atoms(now, then, cell):
                yield _Question(name, cell, place, change, _difference(system, place, name, cell))


def _same_atoms(now: Counted, then: Counted, cell: Key) -> bool:
    return all(
        code in behind and behind[code] == earlier.get(code)
        for code, behind, earlier in zip(cell, now.atoms, then.atoms, strict=True)
    )


def _difference(system: System, place: int, name: str, cell: Key) -> Terms:
    terms: defaultdict[int, int] = defaultdict(int)
    for spot, factor in ((system.last, 1), (place, -1)):
        for number in system.members[spot, name].get(cell, ()):
            terms[number] += factor
    return {number: factor for number, factor in terms.items() if factor}
