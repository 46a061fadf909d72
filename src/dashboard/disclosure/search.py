"""The search for deviations in one population: near ones without a price first, far ones with a price last."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from scipy.sparse import csgraph

from dashboard.disclosure.deviations import FREE, Aim, Amounts, Model, Numbers, Sums, Whole, whole

SMALL_POPULATION = 4000
"""Cells up to which each question is put to all cells at once; above, table by table first."""
PATIENCE = 400
"""Steps of the solver after which a question is put to fewer cells. Steps, not seconds: the result is the same anywhere."""
NEAR, FAR = (12, 150, 3), (50, 3000, 3)
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
        found = self._ask_near(aim)
        if found is not None:
            return found
        for model in self._far(aim):
            found = self._ask(model, aim, PATIENCE)
            if found is not None:
                return found
        near = self._near(aim, *FAR, priced=True)
        found = self._ask(self._model(near), aim) if len(near) else None
        return found or self._ask(self._all(), aim) or self._anywhere(aim)

    def _anywhere(self, aim: Aim) -> Whole | None:
        """A whole deviation through any cells: no part of the cells of a fraction may hold one."""
        found = self._model(np.flatnonzero(~self.fixed), persons=True).reach(aim)
        return whole(*found) if found else None

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
        return self._in_persons(cells, aim) if persons is None and mend else persons

    def _in_persons(self, cells: Numbers, aim: Aim) -> Whole | None:
        """A whole deviation near one with fractions: within its cells, then with the open cells around them."""
        around = cells
        for _ in range(3):
            found = self._model(around, persons=True).reach(aim)
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
        chosen: set[int] = set()
        for cell, _ in aim.terms:
            chosen.update(self._cheap([u for u in sums.below[cell] if self._usable(u, priced)], 4))
        for unknown in sorted(chosen):
            for row in sums.rows(unknown):
                chosen.update(self._cheap([u for u in sums.lines[row] if self._usable(u, priced)], line))
        for number in range(1, rounds + 1):
            seen: Counter[int] = Counter()
            for row in {int(row) for unknown in chosen for row in sums.rows(unknown)}:
                seen.update(sums.lines[row])
            corners = [
                u for u, times in seen.items() if times > 1 and u not in chosen and self._usable(u, priced)
            ]
            corners.sort(key=lambda unknown: (-seen[unknown], self._prices[unknown], unknown))
            chosen.update(corners[: max(most * number // rounds - len(chosen), 0)])
        found = sorted({cell for unknown in chosen for cell in sums.above[unknown]})
        return np.array([cell for cell in found if not self.fixed[cell]], dtype=np.int64)

    def _usable(self, unknown: int, priced: bool) -> bool:
        return bool(not self.fixed[unknown] and (priced or self.open[unknown]))

    def _cheap(self, cells: Sequence[int], most: int) -> Sequence[int]:
        if len(cells) <= most:
            return cells
        return sorted(cells, key=lambda cell: (self._prices[cell], cell))[:most]
