"""Real figures, published one after the other under the plan and the policy of the group: nothing follows from them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from tests.examples import REFERENCE

from dashboard import submissions
from dashboard.datasets import STRUCTURES, Dataset
from dashboard.disclosure import Earlier, Protection, load_plan, load_policy, protect
from dashboard.disclosure.audit import intervals
from dashboard.disclosure.history import history

IN_A_ROW = 3
"""How many of the five quarters of the UK are published one after the other each time; all five take minutes."""
PLAN, POLICY = load_plan(REFERENCE), load_policy(REFERENCE)
Datasets = Mapping[str, Dataset]


def read(file: Path, organisation: str) -> Sequence[Dataset]:
    return submissions.read_return(
        file.read_bytes(),
        file.name,
        agency=organisation,
        reference_dir=REFERENCE,
        previous={},
        today=date(2026, 3, 1),
    ).datasets


def until(period: str, datasets: Datasets) -> Datasets:
    """What had been reported when a period ended."""
    return {
        name: Dataset(one.structure, tuple(item for item in one.observations if item.period <= period))
        for name, one in datasets.items()
    }


def published(number: int, datasets: Datasets, made: Protection) -> Earlier:
    """A publication as the next one finds it."""
    return Earlier(
        number,
        datasets,
        made.classifications,
        {
            name: {table.name: table.dimensions for table in PLAN.tables.values() if table.structure.name == name}
            for name in datasets
        },
        {
            circulation: {table.table.name: {key: table.shown(key) for key in table.statuses} for table in tables}
            for circulation, tables in made.tables.items()
        },
        POLICY.thresholds,
    )


def one_after_the_other(releases: Sequence[Datasets]) -> list[Earlier]:
    """Each release published under protection together with those before it. protect() refuses on any breach."""
    found: list[Earlier] = []
    for number, datasets in enumerate(releases, start=1):
        made = protect(datasets, PLAN, POLICY, REFERENCE, found)
        found.append(published(number, datasets, made))
    return found


def audited(publications: Sequence[Earlier]) -> Iterator[tuple[str, str, int, int]]:
    """For each structure and circulation of the last publication, its intervals and its breaches by the audit."""
    for name in publications[-1].datasets:
        for circulation in publications[-1].cells:
            if not STRUCTURES[name].confidential:
                continue
            editions = history([one.published(name, circulation) for one in publications], REFERENCE).editions
            found = intervals(editions, POLICY.threshold(circulation, name))
            yield name, circulation, len(found), sum(item.breach for item in found)


def test_nothing_follows_from_the_invented_sample() -> None:
    collected: dict[str, list[Dataset]] = {}
    for file in sorted((REFERENCE.parent / "sample").glob("*.csv")):
        for dataset in read(file, file.stem.rsplit("_", 1)[0]):
            collected.setdefault(dataset.structure.name, []).append(dataset)
    datasets = {
        name: Dataset(STRUCTURES[name], tuple(item for one in parts for item in one.observations))
        for name, parts in collected.items()
    }
    found = list(audited(one_after_the_other([datasets])))
    assert sum(intervals for *_, intervals, _ in found) > 0
    assert [item for item in found if item[-1]] == []


def test_nothing_follows_from_the_figures_of_southern_asia(real_data: Path) -> None:
    datasets = {one.structure.name: one for one in read(real_data / "unodc_glotip_southern_asia.csv", "UNODC")}
    found = list(audited(one_after_the_other([datasets])))
    assert sum(intervals for *_, intervals, _ in found) > 0
    assert [item for item in found if item[-1]] == []


@pytest.fixture(scope="module")
def uk_quarters(real_data: Path) -> Sequence[Datasets]:
    """What the NRM had counted after each of five quarters."""
    datasets = {one.structure.name: one for one in read(real_data / "uk_nrm_leaf_cells_2022Q2_2023Q2.csv", "GBR_HO")}
    quarters = sorted({item.period for one in datasets.values() for item in one.observations})
    assert len(quarters) == 5
    return [until(quarter, datasets) for quarter in quarters]


def test_nothing_follows_from_quarters_of_the_uk_published_one_after_the_other(
    uk_quarters: Sequence[Datasets],
) -> None:
    publications = one_after_the_other(uk_quarters[:IN_A_ROW])
    for number in range(1, len(publications) + 1):
        assert [item for item in audited(publications[:number]) if item[-1]] == []


@pytest.mark.long
def test_nothing_follows_from_all_five_quarters_of_the_uk(uk_quarters: Sequence[Datasets]) -> None:
    publications = one_after_the_other(uk_quarters)
    assert [item for item in audited(publications) if item[-1]] == []


def test_quarters_of_the_uk_published_apart_give_small_counts_away(uk_quarters: Sequence[Datasets]) -> None:
    """Negative control."""
    apart = [one_after_the_other([datasets])[0] for datasets in uk_quarters[:2]]
    assert sum(item[-1] for item in audited(apart)) > 0
