"""From a release's datasets to protected tables, for every circulation, together with all earlier publications."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from dashboard.datasets import TOTAL, Dataset
from dashboard.datasets.reference_files import read_table
from dashboard.disclosure import tabulation
from dashboard.disclosure.acyclicity import require_acyclic
from dashboard.disclosure.checker import check
from dashboard.disclosure.editions import Edition, Key, LinkedTable
from dashboard.disclosure.grouping import Classification, classification
from dashboard.disclosure.history import Published, contributor, history
from dashboard.disclosure.plan import Plan, PlannedTable
from dashboard.disclosure.policy import GROUP, DisclosurePolicy
from dashboard.disclosure.population import Price
from dashboard.disclosure.secondary import protect as protect_last
from dashboard.disclosure.secondary import usual_price
from dashboard.errors import DashboardError

Progress: TypeAlias = Callable[[str, float], None]
"""Told what is being done and how much of everything is done, from 0 to 1."""


class ConfidentialityStatus(StrEnum):
    """Why a cell is shown or withheld (SDMX CL_CONF_STATUS in short)."""

    FREE = "free"
    PRIMARY = "primary"
    SECONDARY = "secondary"


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """A planned table with a status for each cell that is not a shown zero."""

    table: PlannedTable
    counts: Mapping[Key, int]
    statuses: Mapping[Key, ConfidentialityStatus]

    def shown(self, key: Key) -> int | None:
        """The number a reader may see, or None where it is withheld. A key without a status is 0."""
        status = self.statuses.get(key)
        if status is None:
            return 0
        return self.counts[key] if status is ConfidentialityStatus.FREE else None


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier publication, as far as a later one has to be protected together with it.

    datasets are those of its release; classifications and dimensions (by structure) say how its tables told them
    apart; cells and thresholds are by circulation: the stored cells by table, None where one is withheld.
    """

    number: int
    datasets: Mapping[str, Dataset]
    classifications: Mapping[str, Classification]
    dimensions: Mapping[str, Mapping[str, tuple[str, ...]]]
    cells: Mapping[str, Mapping[str, Mapping[Key, int | None]]]
    thresholds: Mapping[str, Mapping[str, int]]

    def published(self, structure: str, circulation: str) -> Published:
        """One structure as the readers in a circulation know it."""
        withheld = {
            table: frozenset(
                key for key, value in self.cells.get(circulation, {}).get(table, {}).items() if value is None
            )
            for table in self.dimensions[structure]
        }
        return Published(
            self.datasets[structure],
            self.classifications[structure],
            self.dimensions[structure],
            withheld,
            self.thresholds.get(circulation, {}).get(structure, 0),
        )


@dataclass(frozen=True, slots=True)
class Protection:
    """Protected tables by circulation, and how codes and periods were told apart, by structure.

    Every withheld small count has been proved safe by a witness, and the proof has been checked.
    """

    policy: DisclosurePolicy
    classifications: Mapping[str, Classification]
    tables: Mapping[str, tuple[ProtectedTable, ...]]


def protect(
    datasets: Mapping[str, Dataset],
    plan: Plan,
    policy: DisclosurePolicy,
    reference_dir: Path,
    earlier: Sequence[Earlier] = (),
    progress: Progress = lambda _doing, _share: None,
) -> Protection:
    """Protect every planned table for which there is a dataset (by structure name), for each circulation.

    Raises DashboardError where that is not possible, and where the checker does not accept the proof.
    """
    tables: dict[str, list[ProtectedTable]] = {circulation: [] for circulation in policy.published}
    found: dict[str, Classification] = {}
    for place, (name, dataset) in enumerate(datasets.items()):
        planned = [table for table in plan.tables.values() if table.structure.name == name]

        def share(doing: str, part: float, place: int = place) -> None:
            progress(doing, (place + part) / len(datasets))

        found[name] = classification(planned, dataset, policy, GROUP, reference_dir)
        structure = _Structure(planned, dataset, found[name], policy, reference_dir, earlier)
        for circulation, protected in structure.protect(share).items():
            tables[circulation] += protected
    return Protection(policy, found, {circulation: tuple(made) for circulation, made in tables.items()})


@dataclass(frozen=True, slots=True)
class _Structure:
    """The tables of one structure on their way through protection."""

    planned: Sequence[PlannedTable]
    dataset: Dataset
    classification: Classification
    policy: DisclosurePolicy
    reference_dir: Path
    earlier: Sequence[Earlier]

    @property
    def name(self) -> str:
        """The name of the structure."""
        return self.dataset.structure.name

    def protect(self, progress: Progress) -> dict[str, list[ProtectedTable]]:
        """The protected tables for each circulation; a wider one never shows what a more trusted one does not."""
        made: dict[str, list[ProtectedTable]] = {}
        withheld: Mapping[str, frozenset[Key]] = {}
        circulations = self.policy.published
        for place, circulation in enumerate(circulations):
            doing = f"{self.dataset.structure.label}, circulation {circulation}"
            if not self.dataset.structure.confidential:
                made[circulation] = [self._uncertain_withheld(table) for table in self.planned]
                continue

            def share(part: float, place: int = place, doing: str = doing) -> None:
                progress(doing, (place + part) / len(circulations))

            made[circulation] = self._for(circulation, withheld, share)
            withheld = {
                table.table.name: frozenset(key for key in table.statuses if table.shown(key) is None)
                for table in made[circulation]
            }
        return made

    def _for(
        self, circulation: str, withheld: Mapping[str, frozenset[Key]], progress: Callable[[float], None]
    ) -> list[ProtectedTable]:
        threshold = self.policy.threshold(circulation, self.name)
        before = [one.published(self.name, circulation) for one in self.earlier if self.name in one.datasets]
        dimensions = {table.name: table.dimensions for table in self.planned}
        newest = Published(self.dataset, self.classification, dimensions, withheld, threshold)
        self._require_same_tables(before, newest)
        found = history([*before, newest], self.reference_dir)
        self._require_reproduced(found.editions, circulation)
        knowing = (
            [contributor(self.policy.contributor, self._country(), newest, found, self.reference_dir)]
            if (self.policy.contributor)
            else []
        )
        last = protect_last(found.editions, threshold, contributors=knowing, price=self._price(), progress=progress)
        made = replace(found.editions[-1], withheld=last.withheld)
        breaches = check([*found.editions[:-1], made], threshold, last.witnesses, knowing)
        if breaches:
            raise DashboardError(
                f"The checker did not accept the protection of {self.dataset.structure.label.lower()} "
                f"({len(breaches)} objections, the first: {breaches[0].reason}) Nothing was published."
            )
        return [_table(table, made, last.primary) for table in self.planned]

    def _require_same_tables(self, before: Sequence[Published], newest: Published) -> None:
        """A table keeps its dimensions for good, and all tables that ever were published form no cycle."""
        for one in before:
            for table, dimensions in one.dimensions.items():
                if newest.dimensions.get(table, dimensions) != dimensions:
                    raise DashboardError(
                        f"The table {table} was published with other dimensions before ({', '.join(dimensions)}). "
                        "Give the new one another name in publication_plan.toml."
                    )
        structure = self.dataset.structure
        require_acyclic(
            [
                PlannedTable(table, structure, dimensions, {"period": one.classification.period_levels[table]})
                for one in (*before, newest)
                for table, dimensions in one.dimensions.items()
            ]
        )

    def _require_reproduced(self, editions: Sequence[Edition], circulation: str) -> None:
        """What was shown before has to follow from its release today, or it could not be protected together."""
        published = [one for one in self.earlier if self.name in one.datasets]
        for one, edition in zip(published, editions[:-1], strict=True):
            for name in one.dimensions[self.name]:
                stored = one.cells.get(circulation, {}).get(name, {})
                counted = tabulation.cells(edition.tables[name].counts, _paths(edition.tables[name]))
                shown = {key: count for key, count in counted.items() if count and stored.get(key, 0) is not None}
                if shown != {key: value for key, value in stored.items() if value}:
                    raise DashboardError(
                        f"Publication {one.number} can't be counted again from its release (table {name}), so a new "
                        "one can't be protected together with it. Restore the code lists it was made with."
                    )

    def _price(self) -> Price:
        apart = {one.name for one in self.dataset.structure.dimensions if not one.total}
        dimensions = {table.name: table.dimensions for table in self.planned}
        return headline_price(dimensions, apart, set(self.policy.hub), self.policy.hub_weight)

    def _country(self) -> str:
        rows = read_table(self.reference_dir / "organisations.csv")
        missions = {row["code"]: row["country"] for row in rows if row["kind"] == "mission"}
        return missions.get(self.policy.contributor, "")

    def _uncertain_withheld(self, table: PlannedTable) -> ProtectedTable:
        """A structure that is not confidential: only what its source withheld is withheld."""
        newest = Published(self.dataset, self.classification, {table.name: table.dimensions}, {}, 1)
        edition = history([newest], self.reference_dir).editions[0]
        linked = edition.tables[table.name]
        uncertain = tabulation.cells(dict.fromkeys(linked.uncertain, 1), _paths(linked))
        made = replace(edition, withheld={table.name: frozenset(uncertain)})
        return _table(table, made, made.withheld)


def headline_price(
    dimensions: Mapping[str, Sequence[str]], apart: AbstractSet[str], hub: AbstractSet[str], weight: float
) -> Price:
    """Headline cells, along the hub alone, are the dearest to withhold; totals of one code lie in between.

    dimensions is by table; apart are dimensions that are never added up, and so always at one code.
    """

    def price(table: str, key: Key, count: int) -> float:
        set_to_code = {name for name, code in zip(dimensions[table], key, strict=True) if code != TOTAL} - apart
        factor = weight if set_to_code <= hub else 1.0
        if len(set_to_code) == 1:
            factor = max(factor, weight / 3)
        return usual_price(table, key, count) * factor

    return price


def _paths(table: LinkedTable) -> list[Mapping[str, tuple[str, ...]]]:
    return [table.paths[name] for name in table.dimensions]


def _table(planned: PlannedTable, edition: Edition, primary: Mapping[str, frozenset[Key]]) -> ProtectedTable:
    linked = edition.tables[planned.name]
    withheld = edition.withheld[planned.name]
    counts = {key: count for key, count in tabulation.cells(linked.counts, _paths(linked)).items() if count}
    statuses = dict.fromkeys(counts, ConfidentialityStatus.FREE)
    statuses |= dict.fromkeys(withheld, ConfidentialityStatus.SECONDARY)
    statuses |= dict.fromkeys(withheld & primary[planned.name], ConfidentialityStatus.PRIMARY)
    return ProtectedTable(planned, counts | dict.fromkeys(withheld - counts.keys(), 0), statuses)
