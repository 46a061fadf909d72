"""What a reader can work out: the least and the largest count of each withheld cell, by linear programming.

The feasibility intervals of the SDC handbook (Hundepool et al., Statistical Disclosure Control, 2012, chapter 4). The
reader knows every number shown in every edition, that counts aren't negative, that tables agree on cells they share,
and which counts were not revised. That counts are whole is left out, so an interval here is at least as wide as the
true one: a breach found is a breach, none found is no proof. The proof is the checker's. This looks for mistakes in
both sides, and shares no code with either.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, pairwise, product
from math import inf
from typing import TypeAlias

import highspy
import numpy as np
from numpy.typing import NDArray

from dashboard.disclosure.editions import Edition, Key, LinkedTable

TOTAL = "_T"
TOLERANCE = 1e-6
PRIMAL_SIMPLEX = 4
WORTHWHILE = 3
"""Programs for many counts at once go on while each settles so many of them."""

Progress: TypeAlias = Callable[[int, int], None]
_Spot: TypeAlias = tuple[int, str]
_Terms: TypeAlias = Mapping[int, int]
"""Unknowns by number, each with its factor."""
_Form: TypeAlias = tuple[tuple[int, int], ...]
"""The same in order, so that equal sums are solved once."""
_Row: TypeAlias = tuple[_Terms, int]
"""An equation: what its terms come to."""
_Shared: TypeAlias = frozenset[tuple[str, str]]
"""A cell by its codes without totals: the same in every table of an edition that has it."""


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
    system = _system(history)
    asked = [*_withheld(system), *_small_changes(system, threshold)]
    solved = _solve(system, [question.terms for question in asked], progress)
    return tuple(
        _interval(question, threshold, lower, upper) for question, (lower, upper) in zip(asked, solved, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Question:
    table: str
    cell: Key
    since: int | None
    count: int
    terms: _Terms


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


# Tables ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Counted:
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


def _count(table: LinkedTable, withheld: frozenset[Key]) -> _Counted:
    atoms = [_atoms(table.paths[name]) for name in table.dimensions]
    splits = [_splits(table.paths[name], behind) for name, behind in zip(table.dimensions, atoms, strict=True)]
    sums: defaultdict[Key, int] = defaultdict(int)
    counted = _Counted(table, withheld, sums, atoms, splits)
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
class _System:
    """What a reader knows: the unknown leaf counts of each cell, and equations between them with their right side.

    truth holds the true count of each unknown.
    """

    counted: Mapping[_Spot, _Counted]
    last: int
    truth: Sequence[int]
    members: Mapping[_Spot, Mapping[Key, Sequence[int]]]
    equations: Mapping[_Form, int]


def _system(history: Sequence[Edition]) -> _System:
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
    equations: dict[_Form, int] = {}
    for place in range(len(history)):
        tables = {name: (counted[place, name], members[place, name]) for name in names}
        equations.update((tuple(sorted(form)), right) for form, right in _equations(tables) if form)
    equations.update((tuple(sorted(form)), 0) for form in _agreements(counted, unknown) if form)
    truth = [count for _, _, count, _ in numbers]
    if any(sum(factor * truth[number] for number, factor in form) != right for form, right in equations.items()):
        raise ValueError("The tables of an edition don't agree on a cell they share")
    return _System(counted, len(history) - 1, truth, members, equations)


def _sums(unknown: Mapping[Key, int], cells: Callable[[Key], Iterable[Key]]) -> Mapping[Key, Sequence[int]]:
    """By cell the unknowns that it adds up."""
    members: defaultdict[Key, list[int]] = defaultdict(list)
    for leaf, number in unknown.items():
        for cell in cells(leaf):
            members[cell].append(number)
    return members


def _possible(editions: Sequence[_Counted]) -> list[Key]:
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


def _under_finest(table: _Counted) -> Iterator[Key]:
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
    tables: Mapping[str, tuple[_Counted, Mapping[Key, Sequence[int]]]],
) -> Iterator[tuple[_Form, int]]:
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


def _agreement_follows(held: Sequence[tuple[_Counted, Key]]) -> bool:
    """Whether tables that agree on the parts of a cell agree on the cell: all of them split it alike."""
    splits = [{frozenset(table.shared(part) for part in parts) for parts in table.parts(key)} for table, key in held]
    return bool(set.intersection(*splits))


def _agreements(counted: Mapping[_Spot, _Counted], unknown: Mapping[_Spot, Mapping[Key, int]]) -> Iterator[_Form]:
    """What tables agree on although the edition doesn't show it: codes that both have in another edition only.

    Two tables of the same people agree year by year even where only five years are shown, and a reader who saw
    the years before makes use of it.
    """
    editions: defaultdict[str, list[_Counted]] = defaultdict(list)
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


def _adds_up(editions: Sequence[_Counted], dimension: str) -> bool:
    return any(all(TOTAL in path for path in table.table.paths[dimension].values()) for table in editions)


def _codes(
    dimension: str, one: Sequence[_Counted], two: Sequence[_Counted]
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
    tables: Sequence[tuple[_Counted, Mapping[Key, int]]],
) -> Iterator[_Form]:
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


# Questions -------------------------------------------------------------------------------------------------


def _withheld(system: _System) -> Iterator[_Question]:
    for (place, name), table in system.counted.items():
        if place == system.last and table.table.published:
            for cell in sorted(cell for cell in table.withheld if table.has(cell)):
                terms = dict.fromkeys(system.members[place, name].get(cell, ()), 1)
                yield _Question(name, cell, None, table.sums.get(cell, 0), terms)


def _small_changes(system: _System, threshold: int) -> Iterator[_Question]:
    """Of cells with the same atoms behind their codes in both editions, small changes."""
    for (place, name), then in system.counted.items():
        now = system.counted[system.last, name]
        if place == system.last or not (now.table.published and then.table.published):
            continue
        for cell in sorted(now.sums.keys() | then.sums.keys()):
            change = now.sums.get(cell, 0) - then.sums.get(cell, 0)
            if 0 < abs(change) < threshold and _same_atoms(now, then, cell):
                yield _Question(name, cell, place, change, _difference(system, place, name, cell))


def _same_atoms(now: _Counted, then: _Counted, cell: Key) -> bool:
    return all(
        code in behind and behind[code] == earlier.get(code)
        for code, behind, earlier in zip(cell, now.atoms, then.atoms, strict=True)
    )


def _difference(system: _System, place: int, name: str, cell: Key) -> _Terms:
    terms: defaultdict[int, int] = defaultdict(int)
    for spot, factor in ((system.last, 1), (place, -1)):
        for number in system.members[spot, name].get(cell, ()):
            terms[number] += factor
    return {number: factor for number, factor in terms.items() if factor}


# Smaller systems -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reduced:
    """The equations between groups of unknowns. group leaves out fixed unknowns; part is the component of a group."""

    fixed: _Terms
    rows: Sequence[tuple[_Terms, int]]
    group: _Terms
    size: Sequence[int]
    truth: Sequence[int]
    part: Sequence[int]


def _solve(system: _System, asked: Sequence[_Terms], progress: Progress) -> list[tuple[float, float]]:
    """Least and largest value of each sum of unknowns; the least is the largest of the negative."""
    reduced = _reduce(system)
    wanted = [_pieces(reduced, terms, sign) for terms in asked for sign in (-1, 1)]
    by_part: defaultdict[int, set[_Form]] = defaultdict(set)
    for pieces in wanted:
        for piece in pieces:
            by_part[reduced.part[piece[0][0]]].add(piece)
    rows: defaultdict[int, list[tuple[_Terms, int]]] = defaultdict(list)
    for terms, right in reduced.rows:
        rows[reduced.part[next(iter(terms))]].append((terms, right))
    largest: dict[_Form, float] = {}
    for done, (part, forms) in enumerate(sorted(by_part.items())):
        progress(done, len(by_part))
        groups = {group for terms, _ in rows[part] for group in terms} or {part}
        largest.update(_Part(rows[part], {g: reduced.truth[g] for g in sorted(groups)}, sorted(forms)).largest())
    values = [sum(largest[piece] for piece in pieces) for pieces in wanted]
    base = [sum(factor * reduced.fixed.get(number, 0) for number, factor in terms.items()) for terms in asked]
    return [(known - low, known + top) for known, low, top in zip(base, values[::2], values[1::2], strict=True)]


def _reduce(system: _System) -> _Reduced:
    """Fix what follows at once, and put together what stands in the same equations."""
    rows, fixed = _fix(system.equations)
    columns: dict[int, list[tuple[int, int]]] = {
        number: [] for number in range(len(system.truth)) if number not in fixed
    }
    for place, (terms, _) in enumerate(rows):
        for number, factor in terms.items():
            columns[number].append((place, factor))
    groups: dict[_Form, int] = {}
    group = {number: groups.setdefault(tuple(column), len(groups)) for number, column in columns.items()}
    truth, size = [0] * len(groups), [0] * len(groups)
    for number, place in group.items():
        truth[place] += system.truth[number]
        size[place] += 1
    grouped = [({group[number]: factor for number, factor in terms.items()}, right) for terms, right in rows]
    return _Reduced(fixed, grouped, group, size, truth, _parts(grouped, len(groups)))


def _parts(rows: Iterable[tuple[_Terms, int]], groups: int) -> list[int]:
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


def _pieces(reduced: _Reduced, terms: _Terms, sign: int) -> list[_Form]:
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


def _fix(equations: Mapping[_Form, int]) -> tuple[list[tuple[_Terms, int]], dict[int, int]]:
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


def _follows(terms: _Terms, right: int) -> dict[int, int]:
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

    def __init__(self, rows: Sequence[_Row], truth: Mapping[int, int], forms: Sequence[_Form]) -> None:
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

    def largest(self) -> Mapping[_Form, float]:
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


def _limits(rows: Sequence[_Row], forms: Sequence[_Form]) -> NDArray[np.float64]:
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


def _sides(terms: _Terms, right: int) -> tuple[_Side, _Side]:
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
