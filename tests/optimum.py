"""The proven optimum of withholding in a two-way table, by integer programming: to measure the protector.

Which cells must be withheld, at the least cost, so that every small cell could be `threshold` or more?

Every cell of a two-way table with margins (leaves, row totals, column totals, the grand total) stands in
exactly two of the equations "parent = sum of children" (those of the rows, of the columns, and of each
margin), once on either side. So the cells are the arcs of a network whose nodes are the equations, and a
change that keeps all equations is a circulation. From this follows what the method stands on:

- *Whole numbers.* With whole capacities a largest flow is whole: a linear attacker finds nothing that a
  whole table would not show, and a fractional possibility never stands for a whole one that is missing.
- *No cell need move further than the small one.* Let cell t have to rise by d. A circulation that raises t
  by d or more can be scaled down to d (the equations are homogeneous, and falls only shrink), and parts into
  simple cycles without cancelling. Keep those through t: their weights add up to d, and each moves a cell at
  most once. So no cell rises by more than d or falls by more than min(count, d): the caps used here are exact.
- *Cuts.* Cell t can rise by d exactly if d units flow from its one end to the other through withheld cells.
  By max-flow min-cut that is so if every cut between the ends has withheld capacity d (Fischetti and Salazar's
  capacity constraints). The master problem begins without any and gets those that its answer breaks.
"""

import itertools
import math
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import highspy
import numpy as np
from tests.releases import TOTAL, table_cells

from dashboard.disclosure.editions import Key, LinkedTable

Node: TypeAlias = tuple[int, str]
Cost: TypeAlias = Callable[[Key, int], float]
Cut: TypeAlias = tuple[Mapping[Key, int], int]
"""Capacities by cell, and how much of them must be withheld."""
NEAR = 1e-6
ROUNDS = 1_000


@dataclass(frozen=True, slots=True)
class Optimum:
    """The cells to withhold (small ones among them), and their cost."""

    withheld: frozenset[Key]
    cost: float


@dataclass(frozen=True, slots=True)
class Network:
    """The cells of a two-way table, zeros too, and the two equations that each stands in."""

    counts: Mapping[Key, int]
    ends: Mapping[Key, tuple[Node, Node]]
    threshold: int

    @property
    def small(self) -> list[Key]:
        """The cells that must be withheld and could have to be threshold or more."""
        return [cell for cell, count in self.counts.items() if 0 < count < self.threshold]


def usual_cost(_: Key, count: int) -> float:
    """What it costs to withhold a cell that is not small."""
    return math.log(1 + count) if count else 0.5


def network(table: LinkedTable, threshold: int) -> Network:
    """Read a two-way table whose dimensions have one level and a total."""
    rows, columns = ([*table.paths[name], TOTAL] for name in table.dimensions)
    if any(len(path) != 2 for paths in table.paths.values() for path in paths.values()):
        raise ValueError(f"{table.name} is not a two-way table of one level. Take one of releases.two_way.")
    known = table_cells(table)
    cells = list(itertools.product(rows, columns))
    return Network({cell: known.get(cell, 0) for cell in cells}, {cell: _ends(cell) for cell in cells}, threshold)


def _ends(cell: Key) -> tuple[Node, Node]:
    """The equations as nodes: (0, row) and (1, column), and with the total for the two margins.

    Persons flow from the rows' margin by a row total into its row, by a leaf into its column, by a column
    total into the columns' margin, and by the grand total back. A rise of the cell is flow this way.
    """
    row, column = cell
    if column == TOTAL:
        return ((1, TOTAL) if row == TOTAL else (0, TOTAL)), (0, row)
    return ((1, column), (1, TOTAL)) if row == TOTAL else ((0, row), (1, column))


def optimum(table: LinkedTable, threshold: int = 5, cost: Cost = usual_cost) -> Optimum:
    """The cheapest protected set, proven. Small cells cost nothing and are always withheld."""
    found = network(table, threshold)
    small = set(found.small)
    costs = {cell: 0.0 if cell in small else cost(cell, count) for cell, count in found.counts.items()}
    master = Master(costs, small)
    for whole in (False, True):
        for _ in range(ROUNDS):
            shares = master.solve(whole=whole)
            cuts = [cut for target in small if (cut := broken_cut(found, target, shares))]
            if not cuts or not (master.add(cuts) or whole):
                break
        else:
            raise RuntimeError(f"No optimum after {ROUNDS} rounds.")
    withheld = frozenset(cell for cell, share in shares.items() if share > 0.5)
    return Optimum(withheld, sum(costs[cell] for cell in withheld))


def is_protected(table: LinkedTable, withheld: frozenset[Key], threshold: int = 5) -> bool:
    """Whether every small cell is withheld and could be threshold or more: in whole numbers, without a solver."""
    found = network(table, threshold)
    shares = {cell: float(cell in withheld) for cell in found.counts}
    return all(target in withheld and not broken_cut(found, target, shares) for target in found.small)


class Master:
    """Which cells to withhold, under the cuts so far."""

    def __init__(self, costs: Mapping[Key, float], small: set[Key]) -> None:
        """One binary a cell; those of small cells are 1."""
        self._cells = list(costs)
        self._places = {cell: place for place, cell in enumerate(self._cells)}
        self._small = small
        self._seen: set[tuple[tuple[tuple[Key, int], ...], int]] = set()
        self._solver = _solver()
        for cell, cost in costs.items():
            self._solver.addCol(cost, float(cell in small), 1.0, 0, [], [])

    def add(self, cuts: list[Cut]) -> bool:
        """Tighten and add cuts: what small cells give is taken off, and no cell counts for more than is left.

        False if all were there already (a fraction within the solver's tolerance).
        """
        before = len(self._seen)
        for capacities, needed in cuts:
            left = needed - sum(capacities.get(cell, 0) for cell in self._small)
            weights = {cell: min(size, left) for cell, size in capacities.items() if cell not in self._small}
            signature = (tuple(sorted(weights.items())), left)
            if signature in self._seen:
                continue
            self._seen.add(signature)
            places = np.array([self._places[cell] for cell in weights], dtype=np.int32)
            self._solver.addRow(float(left), highspy.kHighsInf, len(weights), places, [*map(float, weights.values())])
        return len(self._seen) > before

    def solve(self, *, whole: bool) -> dict[Key, float]:
        """The cheapest choice; in fractions unless whole."""
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        for place in range(len(self._cells)):
            self._solver.changeColIntegrality(place, kind)
        values = _solve(self._solver)
        if whole:
            values = [round(value) for value in values]
        return dict(zip(self._cells, values, strict=True))


def _solver() -> highspy.Highs:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.0)
    solver.setOptionValue("random_seed", 1)
    return solver


def _solve(solver: highspy.Highs) -> list[float]:
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"The optimum is not proven: {solver.modelStatusToString(solver.getModelStatus())}.")
    return list(solver.getSolution().col_value)


def caps(found: Network, target: Key) -> Iterator[tuple[Key, Node, Node, int]]:
    """How far each cell need rise, and fall, as arcs; the target itself is left out."""
    needed = found.threshold - found.counts[target]
    for cell, (start, end) in found.ends.items():
        if cell != target:
            yield cell, start, end, needed
            if found.counts[cell]:
                yield cell, end, start, min(needed, found.counts[cell])


def broken_cut(found: Network, target: Key, shares: Mapping[Key, float]) -> Cut | None:
    """A cut with less withheld capacity than the target must rise by, or None if it can rise so far."""
    needed = found.threshold - found.counts[target]
    arcs = list(caps(found, target))
    start, end = found.ends[target]
    room: dict[Node, dict[Node, float]] = defaultdict(dict)
    for cell, one, other, size in arcs:
        room[one][other] = room[one].get(other, 0.0) + size * shares[cell]
        room[other].setdefault(one, 0.0)
    side = _cut_side(room, end, start, needed)
    if side is None:
        return None
    capacities: dict[Key, int] = defaultdict(int)
    for cell, one, other, size in arcs:
        if one in side and other not in side:
            capacities[cell] += size
    return dict(capacities), needed


def _cut_side(room: Mapping[Node, dict[Node, float]], source: Node, sink: Node, needed: int) -> set[Node] | None:
    """The nodes on the source's side of a smallest cut, or None when needed can flow. Edmonds and Karp."""
    flow = 0.0
    while flow < needed - NEAR:
        before = _reach(room, source)
        if sink not in before:
            return set(before)
        steps = list(_steps(before, sink))
        most = min(needed - flow, *(room[one][other] for one, other in steps))
        for one, other in steps:
            room[one][other] -= most
            room[other][one] += most
        flow += most
    return None


def _reach(room: Mapping[Node, dict[Node, float]], source: Node) -> dict[Node, Node]:
    """Every node that can be reached, with the node before it."""
    before = {source: source}
    waiting = deque([source])
    while waiting:
        one = waiting.popleft()
        for other, size in room[one].items():
            if size > NEAR and other not in before:
                before[other] = one
                waiting.append(other)
    return before


def _steps(before: Mapping[Node, Node], sink: Node) -> Iterator[tuple[Node, Node]]:
    while before[sink] != sink:
        yield before[sink], sink
        sink = before[sink]
