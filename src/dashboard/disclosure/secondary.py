"""Primary and secondary suppression over all linked tables at once, with a witness for every small count.

A small count is safe when some other history agrees with everything shown and has k or more in its place.
Where there is none, the cheapest further cells are withheld so that there is one; the history that was found
is kept as the witness. At the end cells that no witness needs are shown again, the dearest first. Method
after M. Fischetti, J. J. Salazar: Models and algorithms for optimizing cell suppression in tabular data with
linear constraints (JASA 95, 2000), with the rule of the policy in place of a protection interval.
"""

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from dashboard.disclosure.deviations import Aim, Sums, Whole
from dashboard.disclosure.editions import Contributor, Edition, Key, Witness
from dashboard.disclosure.linked import link
from dashboard.disclosure.population import Population, Price
from dashboard.disclosure.search import Search
from dashboard.errors import DashboardError

Progress: TypeAlias = Callable[[float], None]

WORK = 60_000
"""How often the solver may be asked for a better pattern, times the cells it is asked about, in one population: no
time limit, so that nothing depends on the machine."""
IMPROVEMENTS = 40
"""How often a pattern is tried anew at most."""


@dataclass(frozen=True, slots=True)
class Protected:
    """The last edition under protection: the withheld cells by table, those withheld for their own count, the proof."""

    withheld: Mapping[str, frozenset[Key]]
    primary: Mapping[str, frozenset[Key]]
    witnesses: tuple[Witness, ...] = field(repr=False)


def usual_price(_table: str, _key: Key, count: int) -> float:
    """Large counts are dearer to withhold than small ones, and zeros are cheap."""
    return math.log(1 + count) if count else 0.5


def protect(
    history: Sequence[Edition],
    threshold: int,
    *,
    contributors: Sequence[Contributor] = (),
    price: Price = usual_price,
    progress: Progress = lambda _share: None,
) -> Protected:
    """Protect the last edition of a history together with all earlier ones, which stay as they are.

    Cells that the last edition withholds already stay withheld. Raises DashboardError where a small count
    can't be protected any more.
    """
    withheld: defaultdict[str, set[Key]] = defaultdict(set)
    primary: defaultdict[str, set[Key]] = defaultdict(set)
    witnesses: list[Witness] = []
    systems = list(link(history))
    sizes = [len(system.counts) for system in systems]
    for place, system in enumerate(systems):
        population = Population(history, system, threshold, contributors)
        before, size = sum(sizes[:place]), sizes[place]

        def share(part: float, before: int = before, size: int = size) -> None:
            progress((before + part * size) / sum(sizes))

        suppression = _Suppression(population, price)
        suppression.run(share)
        for (table, key), cell in population.cells.items():
            if cell in suppression.withheld:
                withheld[table].add(key)
            if cell in population.primary:
                primary[table].add(key)
        witnesses += suppression.witnesses()
    tables = history[-1].tables
    return Protected(
        {name: frozenset(withheld[name]) for name in tables},
        {name: frozenset(primary[name]) for name in tables},
        tuple(witnesses),
    )


class _Suppression:
    """One population on its way from primary suppression to a proof for every small count."""

    def __init__(self, population: Population, price: Price) -> None:
        self._population = population
        sums = Sums(population.linked)
        published = set(population.cells.values())
        self.withheld = set(population.primary | population.withheld_already)
        hidden = set(range(sums.size)) - published
        self._prices = population.prices(price)
        self._searches = {
            reader.name: Search(
                sums,
                self.withheld | hidden,
                population.shown_before | reader.complete,
                self._prices,
                population.falls(reader),
            )
            for reader in population.readers
        }
        self._targets = population.aims()
        self._questions = 0
        self._proofs: list[tuple[str, Whole]] = []
        self._proof_of: dict[tuple[str, Aim], int] = {}
        self._by_cell: defaultdict[tuple[str, int], list[Aim]] = defaultdict(list)
        for reader, aim in self._targets:
            for cell, _ in aim.terms:  # a change may be proved by what was before as well as by what is now
                self._by_cell[reader, cell].append(aim)

    def run(self, progress: Progress) -> None:
        """Withhold what is needed, then show again what is not."""
        order = sorted(self._targets, key=lambda item: (-item[1].rise, item[1].terms, item[0]))
        for done, (reader, aim) in enumerate(order):
            if done % 20 == 0:
                progress(done / len(order))
            if (reader, aim) not in self._proof_of:
                self._protect(reader, aim)
        self._questions = WORK // len(self._prices)
        self._clean_up()
        self._improve()

    def _protect(self, reader: str, aim: Aim) -> None:
        found = self._searches[reader].cheapest(aim)
        if found is None:
            raise DashboardError(
                "A small count, or a small change since an earlier publication, can't be hidden next to what was "
                "published before. Keep the plan and the threshold of the last publication; or let this correction "
                "wait until more has changed."
            )
        self._open(found)
        self._keep(reader, found)

    def _open(self, deviation: Whole) -> None:
        fresh = [cell for cell in deviation if not self._searches[""].open[cell]]
        self.withheld.update(fresh)
        for search in self._searches.values():
            search.open_up(fresh)

    def _keep(self, reader: str, deviation: Whole, *, anew: bool = False) -> None:
        """Note a proof for every aim it reaches that has none yet (or has to have a new one)."""
        self._proofs.append((reader, deviation))
        for cell in deviation:
            for aim in self._by_cell[reader, cell]:
                if (anew or (reader, aim) not in self._proof_of) and aim.reached_by(deviation):
                    self._proof_of[reader, aim] = len(self._proofs) - 1

    def _clean_up(self) -> None:
        spare = self.withheld - self._population.primary - self._population.withheld_already
        for cell in sorted(spare, key=lambda cell: (-self._prices[cell], cell)):
            if self._questions <= 0:
                return
            self._show_again(cell)

    def _show_again(self, cell: int) -> None:
        """Show a cell if every proof that rests on it can do without."""
        resting = [item for item, proof in self._proof_of.items() if cell in self._proofs[proof][1]]
        for search in self._searches.values():
            search.close(cell, self._prices[cell])
        fresh: dict[tuple[str, Aim], tuple[str, Whole]] = {}
        for reader, aim in resting:
            if any(name == reader and aim.reached_by(found) for name, found in fresh.values()):
                continue
            self._questions -= 1
            found = self._searches[reader].free(aim)
            if found is None:
                for search in self._searches.values():
                    search.open_up([cell])
                return
            fresh[reader, aim] = (reader, found)
        self.withheld.discard(cell)
        for item in resting:
            del self._proof_of[item]
        for reader, found in fresh.values():
            self._keep(reader, found)

    def _improve(self) -> None:
        """Where there are few cells, part of the pattern is made anew in another order, and kept if cheaper."""
        chance = random.Random(0)  # noqa: S311  (the same draws each time, on purpose)
        for _ in range(IMPROVEMENTS):
            spare = sorted(self.withheld - self._population.primary - self._population.withheld_already)
            if not spare or self._questions <= 0:
                return
            before = (set(self.withheld), dict(self._proof_of))
            self._price_closed([chance.uniform(0.3, 3.0) for _ in self._prices])
            self._close(chance.sample(spare, math.ceil(len(spare) * chance.choice((0.2, 0.5, 1.0)))))
            open_aims = [item for item in self._targets if item not in self._proof_of]
            chance.shuffle(open_aims)
            for reader, aim in open_aims:
                if (reader, aim) not in self._proof_of:
                    self._questions -= 1
                    self._protect(reader, aim)
            self._price_closed([1.0] * len(self._prices))
            self._clean_up()
            if self._cost(self.withheld) > self._cost(before[0]) - 1e-9:
                self._go_back(*before)

    def _price_closed(self, factors: Sequence[float]) -> None:
        """Make cells that are shown dearer or cheaper, so that another pattern is tried."""
        for search in self._searches.values():
            search.price_closed(self._prices * np.asarray(factors))

    def _close(self, cells: Sequence[int]) -> None:
        """Show cells again; what rests on them has to be proved anew."""
        closed = set(cells)
        self.withheld -= closed
        for search in self._searches.values():
            for cell in cells:
                search.close(cell, self._prices[cell])
        self._proof_of = {
            item: proof for item, proof in self._proof_of.items() if not closed & self._proofs[proof][1].keys()
        }

    def _go_back(self, withheld: set[int], proof_of: dict[tuple[str, Aim], int]) -> None:
        for search in self._searches.values():
            for cell in self.withheld - withheld:
                search.close(cell, self._prices[cell])
            search.open_up(withheld - self.withheld)
        self.withheld, self._proof_of = withheld, proof_of

    def _cost(self, cells: set[int]) -> float:
        return float(sum(self._prices[cell] for cell in cells))

    def witnesses(self) -> Iterator[Witness]:
        """One witness for each proof that is in use, in the order they were found."""
        used: defaultdict[int, list[tuple[str, Aim]]] = defaultdict(list)
        for item, proof in self._proof_of.items():
            used[proof].append(item)
        for proof in sorted(used):
            targets = tuple(target for item in used[proof] for target in self._targets[item])
            yield Witness(self._population.change(self._proofs[proof][1]), targets)
