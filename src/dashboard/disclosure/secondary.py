"""Primary and secondary suppression over all linked tables at once, with a witness for every small count.

A small count is safe when some other history agrees with everything shown and has k or more in its place.
Where there is none, the cheapest further cells are withheld so that there is one; the history that was found
is kept as the witness. At the end cells that no witness needs are shown again, the dearest first. Method
after M. Fischetti, J. J. Salazar: Models and algorithms for optimizing cell suppression in tabular data with
linear constraints (JASA 95, 2000), with the rule of the policy in place of a protection interval.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from dashboard.disclosure.deviations import Aim, Sums, Whole
from dashboard.disclosure.editions import Contributor, Edition, Key, Witness
from dashboard.disclosure.linked import link
from dashboard.disclosure.population import Population, Price
from dashboard.disclosure.search import Search
from dashboard.errors import DashboardError

Progress: TypeAlias = Callable[[float], None]

CLEAN_UP_WORK = 2_000_000
"""How often the clean-up may ask the solver, times the cells it is asked about: no time limit, so that nothing
depends on the machine."""


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
        self._proofs: list[tuple[str, Whole]] = []
        self._proof_of: dict[tuple[str, Aim], int] = {}
        self._by_cell: defaultdict[tuple[str, int], list[Aim]] = defaultdict(list)
        for reader, aim in self._targets:
            self._by_cell[reader, aim.terms[0][0]].append(aim)

    def run(self, progress: Progress) -> None:
        """Withhold what is needed, then show again what is not."""
        order = sorted(self._targets, key=lambda item: (-item[1].rise, item[1].terms, item[0]))
        for done, (reader, aim) in enumerate(order):
            if done % 20 == 0:
                progress(done / len(order))
            if (reader, aim) not in self._proof_of:
                self._protect(reader, aim)
        self._clean_up()

    def _protect(self, reader: str, aim: Aim) -> None:
        found = self._searches[reader].cheapest(aim)
        if found is None:
            raise DashboardError(
                "A small count can't be protected any more: earlier publications and this plan together give it away. "
                "Publish under the threshold and the plan of the last publication."
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
        questions = CLEAN_UP_WORK // len(self._prices)
        for cell in sorted(spare, key=lambda cell: (-self._prices[cell], cell)):
            questions -= self._show_again(cell, questions)
            if questions <= 0:
                return

    def _show_again(self, cell: int, most: int) -> int:
        """Show a cell if every proof that rests on it can do without; returns how many questions that took."""
        resting = [item for item, proof in self._proof_of.items() if cell in self._proofs[proof][1]]
        if len(resting) > most:
            return 0
        for search in self._searches.values():
            search.close(cell, self._prices[cell])
        fresh: dict[tuple[str, Aim], tuple[str, Whole]] = {}
        asked = 0
        for reader, aim in resting:
            if any(name == reader and aim.reached_by(found) for name, found in fresh.values()):
                continue
            asked += 1
            found = self._searches[reader].free(aim)
            if found is None:
                for search in self._searches.values():
                    search.open_up([cell])
                return asked
            fresh[reader, aim] = (reader, found)
        self.withheld.discard(cell)
        for item in resting:
            del self._proof_of[item]
        for reader, found in fresh.values():
            self._keep(reader, found)
        return asked

    def witnesses(self) -> Iterator[Witness]:
        """One witness for each proof that is in use, in the order they were found."""
        used: defaultdict[int, list[tuple[str, Aim]]] = defaultdict(list)
        for item, proof in self._proof_of.items():
            used[proof].append(item)
        for proof in sorted(used):
            targets = tuple(target for item in used[proof] for target in self._targets[item])
            yield Witness(self._population.change(self._proofs[proof][1]), targets)
