"""The search for deviations in one population: through withheld cells, then near the aim at a price, then anywhere."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csgraph

from dashboard.disclosure.deviations import FREE, Aim, Amounts, Kind, Model, Numbers, Sums, Whole, whole

Some: TypeAlias = NDArray[np.bool_]
"""Some cells of a population: for each cell whether it is one of them."""
Width: TypeAlias = tuple[int, int, int]
"""How many unknowns to take from a sum, how many in all, how many times to go on."""

SMALL_POPULATION = 4000
"""Cells up to which each question is put to all cells at once; above, to the cells near by first."""
PATIENCE = 400
"""Steps of the solver after which a question is put to other cells. Steps, not seconds: any machine takes as many."""
LONG_PATIENCE = 600
"""The same where the answer costs nothing: a deviation through withheld cells alone."""
GROWTH = 1.1
"""How many times more cells may be open than when the withheld cells were last made a model of."""
OPEN_WIDTH = (12, 150, 3)
WIDTH = (16, 700, 2)
LAST_WIDTH = (50, 3000, 3)
"""Around an aim: through withheld cells, at a price, and where nothing else was found."""
CIRCLES = 5
"""How often cells around are added before a deviation in whole persons is looked for elsewhere."""
START = 4
"""How many unknowns of a cell to start from."""


class Search:
    """Open cells are withheld and may deviate; closed ones are shown, and opening one has its price."""

    def __init__(
        self, sums: Sums, open_cells: Iterable[int], fixed: Iterable[int], prices: Amounts, falls: Amounts
    ) -> None:
        """fixed cells never deviate: they were shown before. falls: how far each unknown can fall."""
        self._sums = sums
        self._prices, self._falls = prices.copy(), falls
        self.fixed = np.zeros(sums.size, dtype=bool)
        self.fixed[list(fixed)] = True
        self.open = np.zeros(sums.size, dtype=bool)
        self._models: list[Model] = []
        self._of_table: dict[int, Model] | None = None
        self._everything: Model | None = None
        self._withheld: Model | None = None
        self._open_then = 0
        self.open_up(open_cells)

    def open_up(self, cells: Iterable[int]) -> None:
        """Withhold cells from now on."""
        fresh = [int(cell) for cell in cells if not self.open[cell] and not self.fixed[cell]]
        self.open[fresh] = True
        self._prices[fresh] = FREE
        for model in self._models:
            model.price(fresh, FREE)

    def close(self, cell: int, price: float) -> None:
        """Show a cell again; a deviation through it has its price."""
        self.open[cell] = False
        self._withheld = None
        self._prices[cell] = price
        for model in self._models:
            model.price([cell], price)

    def price_closed(self, prices: Amounts) -> None:
        """Another price for every closed cell."""
        for cell in np.flatnonzero(~self.open & ~self.fixed).tolist():
            self._prices[cell] = prices[cell]
            for model in self._models:
                model.price([cell], prices[cell])

    def free(self, aim: Aim) -> Whole | None:
        """A deviation through open cells alone, or None where none was found."""
        if self._sums.size > SMALL_POPULATION:
            near = self._near(aim, *OPEN_WIDTH, among=self.open & ~self.fixed)
            return self._ask(self._model(near[self.open[near]]), aim)
        for model in self._far(aim):
            found = self._ask(model, aim, PATIENCE, mend=False)
            if found is not None and all(self.open[cell] for cell in found):
                return found
        return None

    def cheapest(self, aim: Aim) -> Whole | None:
        """The cheapest deviation that was found, at the price of opening cells. None only where there is none."""
        if self._sums.size > SMALL_POPULATION:
            found = self._free_anywhere(aim) or self._near_by(aim, WIDTH)
            if found is not None:
                return found
        for model in self._far(aim):
            found = self._ask(model, aim, PATIENCE)
            if found is not None:
                return found
        return self._near_by(aim, LAST_WIDTH) or self._ask_everything(aim)

    def _near_by(self, aim: Aim, width: Width) -> Whole | None:
        return self._ask(self._model(self._near(aim, *width, among=~self.fixed)), aim)

    def _free_anywhere(self, aim: Aim) -> Whole | None:
        """A deviation through any of the cells that are open, so that none has to be opened."""
        cells = np.flatnonzero(self.open & ~self.fixed)
        if self._withheld is None or len(cells) > GROWTH * self._open_then:
            self._withheld, self._open_then = self._model(self._sums.movable(cells)), len(cells)
        return self._ask(self._withheld, aim, LONG_PATIENCE)

    def _far(self, aim: Aim) -> Iterator[Model]:
        if self._sums.size > SMALL_POPULATION:
            model = self._tables().get(aim.terms[0][0])
            if model is not None:
                yield model
        yield self._all()

    def _ask_everything(self, aim: Aim) -> Whole | None:
        """The last resort: with fractions nothing is left out, so where that fails, there is no deviation at all.

        Where only the way from fractions to whole persons failed, whole persons are looked for everywhere.
        """
        fractions = self._all().reach(aim)
        if fractions is None:
            return None
        found = whole(*fractions) or self._in_persons(fractions[0], aim)
        if found is not None:
            return found
        last = self._model(np.flatnonzero(~self.fixed), Kind.ANY_PERSONS).reach(aim)
        return whole(*last) if last else None

    def _all(self) -> Model:
        if self._everything is None:
            self._everything = self._kept(self._sums.movable(np.flatnonzero(~self.fixed)))
        return self._everything

    def _tables(self) -> dict[int, Model]:
        """A model for each part that hangs together when the cells that tables share stay the same."""
        if self._of_table is None:
            self._of_table = {}
            shared = self._sums.shared
            cells = np.flatnonzero(~self.fixed & ~shared)
            links = self._sums.by_row[:, cells]
            _, parts = csgraph.connected_components((links.T @ links) != 0, directed=False)
            for part in range(parts.max(initial=-1) + 1):
                members = cells[parts == part]
                if len(members) > 1:
                    self._of_table |= dict.fromkeys(members.tolist(), self._kept(members))
        return self._of_table

    def _kept(self, cells: Numbers) -> Model:
        model = self._model(cells)
        self._models.append(model)
        return model

    def _model(self, cells: Numbers, kind: Kind = Kind.FRACTIONS) -> Model:
        return Model(self._sums, cells, self._prices, self._falls, kind)

    def _ask(self, model: Model, aim: Aim, patience: int | None = None, *, mend: bool = True) -> Whole | None:
        found = model.reach(aim, patience=patience)
        if found is None:
            return None
        cells, amounts = found
        persons = whole(cells, amounts)
        return self._in_persons_near(cells, aim) if persons is None and mend else persons

    def _in_persons(self, cells: Numbers, aim: Aim) -> Whole | None:
        """A whole deviation near one with fractions, then one through any withheld cells."""
        found = self._in_persons_near(cells, aim)
        if found is None:
            withheld = np.union1d(np.flatnonzero(self.open), cells)
            reached = self._model(withheld, Kind.PERSONS).reach(aim)
            found = whole(*reached) if reached else None
        return found

    def _in_persons_near(self, cells: Numbers, aim: Aim) -> Whole | None:
        """A whole deviation within the cells of one with fractions, then with the open cells around them."""
        for _ in range(CIRCLES):
            found = self._model(cells, Kind.PERSONS).reach(aim)
            if found is not None:
                return whole(*found)
            cells = self._with_neighbours(cells)
        return None

    def _with_neighbours(self, cells: Numbers) -> Numbers:
        """With the open cells that stand in two sums or more with them."""
        rows = np.unique(self._sums.by_cell[:, cells].indices)
        beside, sums = np.unique(self._sums.by_row[rows].indices, return_counts=True)
        return np.union1d(cells, beside[self.open[beside] & (sums > 1)])

    def _near(self, aim: Aim, line: int, most: int, rounds: int, *, among: Some) -> Numbers:
        """The unknowns around the aim, those in two sums with others first, and every cell they are part of."""
        sums = self._sums
        chosen = np.zeros(sums.size, dtype=bool)
        extra = self._extra(chosen)
        for cell, _ in aim.terms:
            chosen[_cheap(sums.below[cell], extra, among, START)] = True
        extra = self._extra(chosen)
        for row in self._rows(chosen):
            chosen[_cheap(sums.lines[row], extra, among, line)] = True
        for number in range(1, rounds + 1):
            room = max(most * number // rounds - np.count_nonzero(chosen), 0)
            chosen[self._corners(chosen, among)[:room]] = True
        return np.flatnonzero(self._with_sums(chosen) & ~self.fixed)

    def _corners(self, chosen: Some, among: Some) -> Numbers:
        """Unknowns that stand in two sums or more with chosen ones: most sums first, then the cheapest."""
        beside = [self._sums.lines[row] for row in self._rows(chosen)]
        seen = np.bincount(np.concatenate([np.zeros(0, dtype=np.int64), *beside]), minlength=self._sums.size)
        corners = np.flatnonzero((seen > 1) & among & ~chosen)
        extra = self._extra(chosen)
        order: Numbers = np.lexsort((corners, extra[corners], -seen[corners]))
        return corners[order]

    def _extra(self, chosen: Some) -> Amounts:
        """What each unknown would cost with all the cells it is part of, beyond those of the chosen ones."""
        prices = np.where(self._with_sums(chosen), 0.0, self._prices)
        extra: Amounts = self._sums.above @ prices
        return extra

    def _with_sums(self, chosen: Some) -> Some:
        found = np.zeros(self._sums.size, dtype=bool)
        found[self._sums.above[np.flatnonzero(chosen)].indices] = True
        return found

    def _rows(self, chosen: Some) -> Numbers:
        """The sums that chosen cells take part in."""
        return np.unique(self._sums.by_cell[:, np.flatnonzero(chosen)].indices)


def _cheap(cells: Numbers, extra: Amounts, among: Some, most: int) -> Numbers:
    cells = cells[among[cells]]
    return cells if len(cells) <= most else cells[np.lexsort((cells, extra[cells]))[:most]]
