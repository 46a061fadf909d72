"""The least and the largest value of sums of unknowns under the equations: a part of the audit.

Unknowns that stand in the same equations are put together, and what hangs together is solved by linear programs.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeAlias

import highspy
import numpy as np
from numpy.typing import NDArray

from dashboard.disclosure.audit_equations import Form, System, Terms

TOLERANCE = 1e-6
PRIMAL_SIMPLEX = 4
WORTHWHILE = 3
"""Programs for many counts at once go on while each settles so many of them."""

Progress: TypeAlias = Callable[[int, int], None]
_Row: TypeAlias = tuple[Terms, int]
"""An equation: what its terms come to."""


# Smaller systems -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reduced:
    """The equations between groups of unknowns. group leaves out fixed unknowns; part is the component of a group."""

    fixed: Terms
    rows: Sequence[tuple[Terms, int]]
    group: Terms
    size: Sequence[int]
    truth: Sequence[int]
    part: Sequence[int]


def extremes(system: System, asked: Sequence[Terms], progress: Progress) -> list[tuple[float, float]]:
    """Least and largest value of each sum of unknowns; the least is the largest of the negative."""
    reduced = _reduce(system)
    wanted = [_pieces(reduced, terms, sign) for terms in asked for sign in (-1, 1)]
    by_part: defaultdict[int, set[Form]] = defaultdict(set)
    for pieces in wanted:
        for piece in pieces:
            by_part[reduced.part[piece[0][0]]].add(piece)
    rows: defaultdict[int, list[tuple[Terms, int]]] = defaultdict(list)
    for terms, right in reduced.rows:
        rows[reduced.part[next(iter(terms))]].append((terms, right))
    largest: dict[Form, float] = {}
    for done, (part, forms) in enumerate(sorted(by_part.items())):
        progress(done, len(by_part))
        groups = {group for terms, _ in rows[part] for group in terms} or {part}
        largest.update(_Part(rows[part], {g: reduced.truth[g] for g in sorted(groups)}, sorted(forms)).largest())
    values = [sum(largest[piece] for piece in pieces) for pieces in wanted]
    base = [sum(factor * reduced.fixed.get(number, 0) for number, factor in terms.items()) for terms in asked]
    return [(known - low, known + top) for known, low, top in zip(base, values[::2], values[1::2], strict=True)]


def _reduce(system: System) -> _Reduced:
    """Fix what follows at once, and put together what stands in the same equations."""
    rows, fixed = _fix(system.equations)
    columns: dict[int, list[tuple[int, int]]] = {
        number: [] for number in range(len(system.truth)) if number not in fixed
    }
    for place, (terms, _) in enumerate(rows):
        for number, factor in terms.items():
            columns[number].append((place, factor))
    groups: dict[Form, int] = {}
    group = {number: groups.setdefault(tuple(column), len(groups)) for number, column in columns.items()}
    truth, size = [0] * len(groups), [0] * len(groups)
    for number, place in group.items():
        truth[place] += system.truth[number]
        size[place] += 1
    grouped = [({group[number]: factor for number, factor in terms.items()}, right) for terms, right in rows]
    return _Reduced(fixed, grouped, group, size, truth, _parts(grouped, len(groups)))


def _parts(rows: Iterable[tuple[Terms, int]], groups: int) -> list[int]:
    """For each group the smallest group that a chain of equations connects it with."""
    parent = list(range(groups))

    def root(group: int) -> int:
        while parent[group] != group:
            parent[group] = parent[parent[group]]
            group = parent[group]
        return group

    for terms, _ in rows:
        first, *others = (root(group) for group in terms)
        for other in others:
            low, high = sorted((root(first), root(other)))
            parent[high] = low
    return [root(group) for group in range(groups)]


def _pieces(reduced: _Reduced, terms: Terms, sign: int) -> list[Form]:
    """The largest value of a sum (times the sign) in terms of groups, apart for each component.

    One member of a group may have all of it, so the largest factor among the members counts for the group.
    """
    factors: defaultdict[int, list[int]] = defaultdict(list)
    for number, factor in terms.items():
        if number in reduced.group:
            factors[reduced.group[number]].append(sign * factor)
    pieces: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for group, found in sorted(factors.items()):
        best = max(found) if len(found) == reduced.size[group] else max(0, *found)
        if best:
            pieces[reduced.part[group]].append((group, best))
    return [tuple(piece) for piece in pieces.values()]


def _fix(equations: Mapping[Form, int]) -> tuple[list[tuple[Terms, int]], dict[int, int]]:
    """Unknowns that follow at once (a sum of 0, a sum of one), and what is left of the equations."""
    rows = [(dict(form), right) for form, right in equations.items()]
    places: defaultdict[int, list[int]] = defaultdict(list)
    for place, (terms, _) in enumerate(rows):
        for number in terms:
            places[number].append(place)
    fixed: dict[int, int] = {}
    waiting = list(range(len(rows)))
    while waiting:
        terms, right = rows[waiting.pop()]
        found = _follows(terms, right)
        fixed |= found
        for number, value in found.items():
            for place in places[number]:
                others, rest = rows[place]
                rows[place] = (others, rest - others.pop(number) * value)
                waiting.append(place)
    return [(terms, right) for terms, right in rows if terms], fixed


def _follows(terms: Terms, right: int) -> dict[int, int]:
    if len(terms) == 1:
        return {number: right * factor for number, factor in terms.items()}
    if right == 0 and len(set(terms.values())) == 1:
        return dict.fromkeys(terms, 0)
    return {}


# Linear programs -------------------------------------------------------------------------------------------


class _Part:
    """One component: the largest value of each form over all counts that satisfy its equations.

    A solution found for one form is tried on every other, and a form that has reached a limit which follows
    without a program is done: most are. The rest are solved one by one, each from the basis of the one before.
    """

    def __init__(self, rows: Sequence[_Row], truth: Mapping[int, int], forms: Sequence[Form]) -> None:
        self._forms = forms
        self._columns = {group: column for column, group in enumerate(truth)}
        self._places = [np.array([self._columns[group] for group, _ in form]) for form in forms]
        self._factors = [np.array([float(factor) for _, factor in form]) for form in forms]
        self._starts = np.cumsum([0, *map(len, forms)])[:-1]
        self._all_places, self._all_factors = np.concatenate(self._places), np.concatenate(self._factors)
        self._limits = _limits(rows, forms)
        self._best = np.full(len(forms), -inf)
        self._try(np.array([float(count) for count in truth.values()]))
        self._solver = _solver(
            [({self._columns[group]: f for group, f in terms.items()}, r) for terms, r in rows], len(truth)
        )

    def largest(self) -> Mapping[Form, float]:
        """The largest value of each form, cut down to a whole number."""
        for sign in (1, -1):
            self._together([place for place, factors in enumerate(self._factors) if sign * factors[0] > 0])
        for place in range(len(self._forms)):
            if self._is_open(place):
                self._maximise([place])
                self._limits[place] = self._best[place]
        return dict(zip(self._forms, self._best.tolist(), strict=True))

    def _is_open(self, place: int) -> bool:
        return bool(self._best[place] < self._limits[place])

    def _together(self, places: Sequence[int]) -> None:
        """Maximise many forms at once, as long as that settles enough of them."""
        waiting = [place for place in places if self._is_open(place) and self._limits[place] < inf]
        while len(waiting) >= WORTHWHILE:
            self._maximise(waiting)
            left = [place for place in waiting if self._is_open(place)]
            if len(waiting) - len(left) < WORTHWHILE:
                return
            waiting = left

    def _maximise(self, places: Sequence[int]) -> None:
        costs = np.zeros(len(self._columns))
        for place in places:
            costs[self._places[place]] += self._factors[place]
        self._solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        self._solver.run()
        status = self._solver.getModelStatus()
        if status == highspy.HighsModelStatus.kUnbounded and len(places) == 1:
            self._best[places[0]] = inf
        elif status == highspy.HighsModelStatus.kOptimal:
            self._try(np.array(self._solver.getSolution().col_value))
        else:
            raise RuntimeError(f"HiGHS ended with {status.name}")

    def _try(self, solution: NDArray[np.float64]) -> None:
        """See how far a solution takes every form. Counts are whole: what lies above a whole number is cut off."""
        values = np.add.reduceat(self._all_factors * solution[self._all_places], self._starts)
        self._best = np.maximum(self._best, np.floor(values + TOLERANCE))


def _solver(rows: Sequence[_Row], columns: int) -> highspy.Highs:
    """Primal simplex keeps its basis when only the objective changes, and presolve would throw it away."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("presolve", "off")
    solver.setOptionValue("solver", "simplex")
    solver.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
    solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
    solver.addVars(columns, np.zeros(columns), np.full(columns, highspy.kHighsInf))
    right = np.array([float(right) for _, right in rows])
    starts = np.cumsum([0, *(len(terms) for terms, _ in rows)])[:-1].astype(np.int32)
    index = np.array([column for terms, _ in rows for column in terms], dtype=np.int32)
    factors = np.array([float(factor) for terms, _ in rows for factor in terms.values()])
    solver.addRows(len(rows), right, right, len(index), starts, index, factors)
    return solver


def _limits(rows: Sequence[_Row], forms: Sequence[Form]) -> NDArray[np.float64]:
    """What each form can't exceed, as far as single equations tell. No count is below 0."""
    sides = [side for row in rows for side in _sides(*row)]
    most = _most(sides)
    holding: defaultdict[int, list[_Side]] = defaultdict(list)
    for side in sides:
        for group in side.groups:
            holding[group].append(side)
    limits = []
    for form in forms:
        limit = sum(factor * most[group] for group, factor in form if factor > 0)
        if all(factor == 1 for _, factor in form):
            groups = {group for group, _ in form}
            limit = min([limit, *(side.cap(most) for side in holding[form[0][0]] if groups <= side.groups)])
        limits.append(float(limit))
    return np.array(limits)


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of an equation: these groups come to `more` and what the others come to."""

    groups: frozenset[int]
    others: frozenset[int]
    more: int

    def cap(self, most: Mapping[int, float]) -> float:
        return self.more + sum(most[group] for group in self.others)


def _sides(terms: Terms, right: int) -> tuple[_Side, _Side]:
    plus = frozenset(group for group, factor in terms.items() if factor > 0)
    minus = frozenset(terms) - plus
    return _Side(plus, minus, right), _Side(minus, plus, -right)


def _most(sides: Sequence[_Side]) -> Mapping[int, float]:
    """The most that each group can hold: the cap of any side it stands on. Caps are whole, so this ends."""
    most: defaultdict[int, float] = defaultdict(lambda: inf)
    changed = True
    while changed:
        changed = False
        for side in sides:
            cap = side.cap(most)
            lower = [group for group in side.groups if cap < most[group]]
            most.update(dict.fromkeys(lower, cap))
            changed = changed or bool(lower)
    return most
