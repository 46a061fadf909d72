"""Deviations: how far another possible history lies from the true one, found by linear programs.

A deviation keeps every sum, leaves no count below what the reader knows, and is zero on every closed cell
(one that is shown). Whether a withheld cell could be k or more is a question for a deviation that reaches
that far. Solved by HiGHS (Q. Huangfu, J. A. J. Hall: Parallelizing the dual revised simplex method.
Mathematical Programming Computation 10, 2018); what it returns is rounded to whole persons and checked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import TypeAlias

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from dashboard.disclosure.linked import LinkedCells
from dashboard.errors import DashboardError

Numbers: TypeAlias = NDArray[np.int64]
Amounts: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = dict[int, int]
"""A deviation in whole persons, by cell; cells that stay the same are left out."""

WHOLE = 1e-5
"""How far from a whole number a result of the solver may lie and still be taken for it."""
FREE = 1e-3
"""The price of a person in an open cell: almost nothing, so that short deviations are found first."""
_OPTIMAL = highspy.HighsModelStatus.kOptimal
_FEASIBLE = 2
_GAVE_UP = (highspy.HighsModelStatus.kIterationLimit, highspy.HighsModelStatus.kSolutionLimit)
_NONE = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)


@dataclass(frozen=True, slots=True)
class Aim:
    """What a deviation has to reach: the signed sum of cells (+1 or -1 each) rises by `rise` persons."""

    terms: tuple[tuple[int, int], ...]
    rise: int

    def reached_by(self, deviation: Mapping[int, int]) -> bool:
        """Whether a whole deviation gets there."""
        return sum(sign * deviation.get(cell, 0) for cell, sign in self.terms) >= self.rise


class Kind(Enum):
    """What a program may answer: fractions of persons, whole persons at the lowest price, or any whole persons."""

    FRACTIONS = auto()
    PERSONS = auto()
    ANY_PERSONS = auto()


class Sums:
    """The sums of a population as a sparse matrix: one row a sum, zero for every possible deviation."""

    def __init__(self, linked: LinkedCells) -> None:
        self.size = len(linked.counts)
        self.linked = linked
        lengths = [len(parts) + 1 for _, parts in linked.sums]
        columns = np.fromiter((c for cell, parts in linked.sums for c in (cell, *parts)), dtype=np.int64)
        values = np.fromiter((v for _, parts in linked.sums for v in (-1.0, *([1.0] * len(parts)))), dtype=float)
        starts = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        self.by_row = sparse.csr_matrix((values, columns, starts), shape=(len(linked.sums), self.size))
        self.by_row.sum_duplicates()
        self.by_cell = self.by_row.tocsc()

    def restricted(self, cells: Numbers) -> sparse.csr_matrix:
        """The sums over some cells, all others staying the same."""
        part = self.by_cell[:, cells].tocsr()
        return part[np.flatnonzero(np.diff(part.indptr))]

    def movable(self, cells: Numbers) -> Numbers:
        """The cells that can deviate at all when all others stay the same: none of them is alone in a sum."""
        part = abs(self.by_cell[:, cells]).tocsr()
        moves = np.ones(len(cells), dtype=bool)
        while True:
            alone = part @ moves == 1
            stuck = moves & (part.T @ alone > 0)
            if not stuck.any():
                return cells[moves]
            moves &= ~stuck

    @cached_property
    def unknown(self) -> NDArray[np.bool_]:
        """Which cells are one unknown."""
        found = np.zeros(self.size, dtype=bool)
        found[list(self.linked.unknowns)] = True
        return found

    @cached_property
    def shared(self) -> NDArray[np.bool_]:
        """Which cells several tables have."""
        found = np.zeros(self.size, dtype=bool)
        found[list(self.linked.shared)] = True
        return found

    @cached_property
    def above(self) -> sparse.csr_matrix:
        """A row for each cell: of an unknown itself and every cell it is part of; empty for other cells."""
        parents: list[list[int]] = [[] for _ in range(self.size)]
        for cell, parts in self.linked.sums:
            for part in parts:
                parents[part].append(cell)
        found = [_closure(cell, parents) if self.unknown[cell] else () for cell in range(self.size)]
        starts = np.concatenate([[0], np.cumsum([len(cells) for cells in found], dtype=np.int64)])
        columns = np.fromiter((cell for cells in found for cell in cells), dtype=np.int64)
        return sparse.csr_matrix((np.ones(len(columns)), columns, starts), shape=(self.size, self.size))

    @cached_property
    def below(self) -> list[Numbers]:
        """For each cell, the unknowns in it."""
        turned = self.above.tocsc()
        turned.sort_indices()
        found: list[Numbers] = np.split(turned.indices, turned.indptr[1:-1])
        return found

    @cached_property
    def lines(self) -> list[Numbers]:
        """For each sum, the unknowns that stand in it side by side."""
        found = (np.array(parts, dtype=np.int64) for _, parts in self.linked.sums)
        return [parts[self.unknown[parts]] for parts in found]


def _closure(cell: int, parents: Sequence[Sequence[int]]) -> tuple[int, ...]:
    found, waiting = {cell}, [cell]
    while waiting:
        for parent in parents[waiting.pop()]:
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return tuple(sorted(found))


class Model:
    """A linear program over some cells of a population, kept between questions.

    prices: what one person more or fewer in a cell costs. falls: how far each cell can fall (inf: its parts
    decide). Cells outside of `cells` stay the same.
    """

    def __init__(self, sums: Sums, cells: Numbers, prices: Amounts, falls: Amounts, kind: Kind) -> None:
        self.cells = cells
        self._place = {int(cell): place for place, cell in enumerate(cells)}
        self._width = len(cells)
        self._falls = falls[cells]
        rows = sums.restricted(cells)
        self._aim_row = rows.shape[0]
        self._kind = kind
        self._solver = _solver(kind)
        self._check(self._solver.passModel(self._program(rows, prices[cells], kind)))

    def _program(self, rows: sparse.csr_matrix, prices: Amounts, kind: Kind) -> highspy.HighsLp:
        both = sparse.hstack([rows, -rows]).tocsr()
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = 2 * self._width, self._aim_row + 1
        program.col_cost_ = np.concatenate([prices, prices])
        program.col_lower_ = np.zeros(2 * self._width)
        program.col_upper_ = np.concatenate([np.full(self._width, highspy.kHighsInf), self._falls])
        program.row_lower_ = np.concatenate([np.zeros(self._aim_row), [-highspy.kHighsInf]])
        program.row_upper_ = np.concatenate([np.zeros(self._aim_row), [highspy.kHighsInf]])
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        # The last row is the aim's: empty until a question is put.
        program.a_matrix_.start_ = np.concatenate([both.indptr, both.indptr[-1:]])
        program.a_matrix_.index_ = both.indices
        program.a_matrix_.value_ = both.data
        if kind is not Kind.FRACTIONS:
            program.integrality_ = [highspy.HighsVarType.kInteger] * (2 * self._width)
        return program

    def price(self, cells: Iterable[int], price: float) -> None:
        """What a person more or fewer in the cells costs from now on."""
        for cell in cells:
            if cell in self._place:
                self._solver.changeColCost(self._place[cell], price)
                self._solver.changeColCost(self._width + self._place[cell], price)

    def reach(self, aim: Aim, *, patience: int | None = None) -> tuple[Numbers, Amounts] | None:
        """The cheapest deviation that reaches the aim: cells and amounts. None where there is none, or it takes
        more than `patience` steps to find."""
        if not any(cell in self._place for cell, _ in aim.terms):
            return None
        self._set_aim(aim, aim.rise)
        self._solver.setOptionValue("simplex_iteration_limit", patience or 2**31 - 1)
        self._solver.clearSolver()
        self._solver.run()
        status = self._solver.getModelStatus()
        found = np.array(self._solver.getSolution().col_value) if self._has_solution(status) else None
        self._set_aim(aim, None)
        if found is None:
            if status in _NONE or status in _GAVE_UP:
                return None
            raise DashboardError(f"The solver stopped without a result ({status}). Nothing was published; try again.")
        amounts = found[: self._width] - found[self._width :]
        changed = np.flatnonzero(np.abs(amounts) > WHOLE)
        return self.cells[changed], amounts[changed]

    def _has_solution(self, status: highspy.HighsModelStatus) -> bool:
        """The best one, or in whole persons any that was found before the limit."""
        gave_up = self._kind is not Kind.FRACTIONS and status in _GAVE_UP
        return status == _OPTIMAL or (gave_up and self._solver.getInfo().primal_solution_status == _FEASIBLE)

    def _set_aim(self, aim: Aim, rise: int | None) -> None:
        for cell, sign in aim.terms:
            place = self._place.get(cell)
            if place is not None:
                weight = 0.0 if rise is None else float(sign)
                self._solver.changeCoeff(self._aim_row, place, weight)
                self._solver.changeCoeff(self._aim_row, self._width + place, -weight)
        lower = -highspy.kHighsInf if rise is None else float(rise)
        self._solver.changeRowBounds(self._aim_row, lower, highspy.kHighsInf)

    @staticmethod
    def _check(status: highspy.HighsStatus) -> None:
        if status == highspy.HighsStatus.kError:
            raise DashboardError("The solver refused the tables. Nothing was published.")


def _solver(kind: Kind) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy types its methods, not this
    solver.setOptionValue("output_flag", False)
    # One thread and a fixed seed: the same input has to give the same bytes.
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    if kind is Kind.PERSONS:
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.setOptionValue("mip_max_nodes", 200)
    elif kind is Kind.ANY_PERSONS:
        solver.setOptionValue("mip_rel_gap", highspy.kHighsInf)
    else:
        solver.setOptionValue("presolve", "off")
        solver.setOptionValue("solver", "simplex")
        solver.setOptionValue("simplex_strategy", 1)
        # All coefficients are 1 or -1: nothing to scale.
        solver.setOptionValue("simplex_scale_strategy", 0)
    return solver


def whole(cells: Numbers, amounts: Amounts) -> Whole | None:
    """The deviation in whole persons, or None where some amount is a fraction."""
    rounded = np.round(amounts)
    if np.abs(amounts - rounded).max(initial=0.0) > WHOLE:
        return None
    return {int(cell): int(amount) for cell, amount in zip(cells, rounded, strict=True) if amount}
