"""The search for deviations in one population: near ones without a price first, far ones with a price last."""

from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csgraph

from dashboard.disclosure.deviations import FREE, Aim, Amounts, Model, Numbers, Sums, Whole, whole

SMALL_POPULATION = 4000
"""Cells up to which each question is put to all cells at once; above, table by table first."""
PATIENCE = 400
"""Steps of the solver after which a question is put to fewer cells. Steps, not seconds: the result is the same anywhere."""
import os

NEAR, FAR = (12, 150, 3), (50, 3000, 3)
MID=eval(os.environ.get('MID','(20,600,2)'))
START=4
import time

STAT=Counter()

"""How many unknowns to take from a sum, how many in all, how many times to go on."""


class Search:
    """Open cells are withheld and may deviate; closed ones are shown, and opening one has its price."""

    def __init__(self, sums: Sums, open_cells: Iterable[int], fixed: Iterable[int], prices: Amounts, falls: Amounts) -> None:
        """fixed cells never deviate: they were shown before. falls: how far each unknown can fall."""
        self._sums = sums
        self._prices, self._falls = prices.copy(), falls
        self.fixed = np.zeros(sums.size, dtype=bool)
        self.fixed[list(fixed)] = True
        self.open = np.zeros(sums.size, dtype=bool)
        self._models: list[Model] = []
        self._of_table: dict[int, Model] | None = None
        self._everything: Model | None = None
        self.open_up(open_cells)

    def open_up(self, cells: Iterable[int]) -> None:
        """Withhold cells from now on."""
        fresh = [cell for cell in cells if not self.open[cell] and not self.fixed[cell]]
        self.open[fresh] = True
        self._prices[fresh] = FREE
        for model in self._models:
            model.price(fresh, FREE)

    def close(self, cell: int, price: float) -> None:
        """Show a cell again; a deviation through it has its price."""
        self.open[cell] = False
        self._prices[cell] = price
        for model in self._models:
            model.price([cell], price)

    def price_closed(self, prices: Amounts) -> None:
        """Another price for every closed cell."""
        for cell in np.flatnonzero(~self.open & ~self.fixed):
            self._prices[cell] = prices[cell]
            for model in self._models:
                model.price([cell], prices[cell])

    def free(self, aim: Aim) -> Whole | None:
        """A deviation through open cells alone, or None where none was found."""
        found = self._ask_near(aim)
        for model in self._far(aim):
            found = found or self._ask(model, aim, PATIENCE, mend=False)
        return found if found and all(self.open[cell] for cell in found) else None

    def cheapest(self, aim: Aim) -> Whole | None:
        """The cheapest deviation that was found, at the price of opening cells."""
        t=time.time()
        found = self._ask_near(aim)
        STAT['near']+=time.time()-t;STAT['n.near']+=1
        if found is not None:
            return found
        t=time.time()
        if self._sums.size > SMALL_POPULATION:
            near = self._near(aim, *MID, priced=True)
            STAT['mid build']+=time.time()-t;STAT['mid size']+=len(near)
            found = self._ask(self._model(near), aim) if len(near) else None
            STAT['mid']+=time.time()-t;STAT['n.mid']+=1
            if found is not None:
                return found
        t=time.time()
        STAT['n.far']+=1
        try:
          for model in self._far(aim):
            found = self._ask(model, aim, PATIENCE)
            if found is not None:
                return found
        finally:STAT['far']+=time.time()-t
        t=time.time()
        STAT['n.last']+=1
        near = self._near(aim, *FAR, priced=True)
        found = self._ask(self._model(near), aim) if len(near) else None
        try:
          return found if found is not None else self._ask(self._all(), aim)
        finally: STAT['last']+=time.time()-t

    def _ask_near(self, aim: Aim) -> Whole | None:
        if self._sums.size <= SMALL_POPULATION:
            return None
        near = self._near(aim, *NEAR, priced=False)
        near = near[self.open[near]]
        return self._ask(self._model(near), aim) if len(near) else None

    def _far(self, aim: Aim) -> Iterable[Model]:
        if self._sums.size > SMALL_POPULATION:
            model = self._tables().get(aim.terms[0][0])
            if model is not None:
                yield model
        yield self._all()

    def _all(self) -> Model:
        if self._everything is None:
            self._everything = self._kept(np.flatnonzero(~self.fixed))
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

    def _model(self, cells: Numbers, *, persons: bool = False) -> Model:
        return Model(self._sums, cells, self._prices, self._falls, whole=persons)

    def _ask(self, model: Model, aim: Aim, patience: int | None = None, *, mend: bool = True) -> Whole | None:
        found = model.reach(aim, patience=patience)
        if found is None:
            return None
        cells, amounts = found
        persons = whole(cells, amounts)
        if persons is None and mend:
            t=time.time()
            persons=self._in_persons(cells, aim)
            STAT['mend']+=time.time()-t;STAT['n.mend']+=1
        return persons

    def _in_persons(self, cells: Numbers, aim: Aim) -> Whole | None:
        """A whole deviation near one with fractions: within its cells, then with the open cells around them."""
        around = cells
        for i in range(3):
            found = self._model(around, persons=True).reach(aim)
            STAT['mendtry',i]+=1
            if found is not None:
                return whole(*found)
            around = self._with_neighbours(around)
        found = self._model(np.flatnonzero(self.open | np.isin(np.arange(self._sums.size), cells)), persons=True).reach(aim)
        return whole(*found) if found else None

    def _with_neighbours(self, cells: Numbers) -> Numbers:
        rows = self._sums.by_cell[:, cells].indices
        beside = np.unique(self._sums.by_row[np.unique(rows)].indices)
        return np.union1d(cells, beside[self.open[beside]])

    def _near(self, aim: Aim, line: int, most: int, rounds: int, *, priced: bool) -> Numbers:
        """The unknowns around the aim, those in two sums with others first, and every cell they are part of."""
        sums = self._sums
        usable = ~self.fixed if priced else self.open & ~self.fixed
        chosen = np.zeros(sums.size, dtype=bool)
        for cell, _ in aim.terms:
            chosen[self._cheap(sums.below[cell], usable, START)] = True
        for row in self._rows_of(chosen):
            chosen[self._cheap(sums.lines[row], usable, line)] = True
        for number in range(1, rounds + 1):
            beside = np.concatenate([sums.lines[row] for row in self._rows_of(chosen)] or [np.zeros(0, dtype=np.int64)])
            seen = np.bincount(beside, minlength=sums.size)
            corners = np.flatnonzero((seen > 1) & usable & ~chosen)
            order = np.lexsort((corners, self._prices[corners], -seen[corners]))
            chosen[corners[order[: max(most * number // rounds - np.count_nonzero(chosen), 0)]]] = True
        found = np.zeros(sums.size, dtype=bool)
        for unknown in np.flatnonzero(chosen):
            found[sums.above[unknown]] = True
        return np.flatnonzero(found & ~self.fixed)

    def _rows_of(self, chosen: NDArray[np.bool_]) -> Numbers:
        return np.unique(self._sums.by_cell[:, np.flatnonzero(chosen)].indices)

    def _cheap(self, cells: Numbers, usable: NDArray[np.bool_], most: int) -> Numbers:
        cells = cells[usable[cells]]
        return cells if len(cells) <= most else cells[np.lexsort((cells, self._prices[cells]))[:most]]
