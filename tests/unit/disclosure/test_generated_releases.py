"""The invented releases are what they say: sizes as in the guide, the same by seed, histories that add up."""

from collections import Counter
from collections.abc import Callable
from statistics import mean

import pytest
from tests import releases
from tests.releases import TOTAL, Cadence, Tables

from dashboard.disclosure.editions import Edition, LinkedTable


@pytest.mark.parametrize(
    ("inner_cells", "cells", "small"), [(500, 1_500, 543), (5_000, 6_800, 2_350), (20_000, 28_000, 10_500)]
)
def test_plans_have_the_sizes_of_the_guide(inner_cells: int, cells: int, small: int) -> None:
    plans = [releases.hub_plan(inner_cells, seed) for seed in range(3)]
    assert len(releases.hub_population(inner_cells, 0).counts) == inner_cells
    assert mean(len(releases.non_zero_cells(plan)) for plan in plans) == pytest.approx(cells, rel=0.1)
    assert mean(len(releases.small_cells(plan)) for plan in plans) == pytest.approx(small, rel=0.1)


@pytest.mark.parametrize("make", [releases.maldives_like, releases.tiny, releases.two_way])
def test_a_seed_gives_one_edition(make: Callable[[int], Edition]) -> None:
    assert make(3) == make(3)
    assert make(3) != make(4)


def test_generated_releases_have_three_sizes() -> None:
    assert Counter(size for size, _ in releases.generated()) == releases.SHARES
    assert list(releases.generated(7)) == list(releases.generated(200))[:7]
    assert releases.release("small", 5) == releases.release("small", 5) != releases.release("small", 6)


def test_maldives_like_has_5_to_12_victims_a_year() -> None:
    for seed in range(5):
        years = _years(releases.maldives_like(seed).tables["by_sector"])
        assert len(years) == 8
        assert all(5 <= count <= 12 for count in years.values())


def test_tiny_has_at_most_8_persons() -> None:
    for seed in range(20):
        table = releases.tiny(seed).tables["by_nationality"]
        assert 4 <= sum(table.counts.values()) <= 8


def test_two_way_has_5_to_20_small_cells() -> None:
    for seed in range(10):
        edition = releases.two_way(seed)
        assert 5 <= len(releases.small_cells(edition)) <= 20
        rows, columns = edition.tables["two_way"].paths.values()
        assert 4 <= len(rows) <= 8
        assert 5 <= len(columns) <= 9


@pytest.mark.parametrize("cadence", ["year", "quarter"])
@pytest.mark.parametrize(
    "population",
    [releases.tiny_population(1), releases.maldives_population(1), releases.hub_population(300, 1)],
    ids=["tiny", "maldives", "hub"],
)
def test_a_history_adds_up(population: releases.Population, cadence: Cadence) -> None:
    history = releases.successive(population, 1, 2, cadence=cadence)
    assert history == releases.successive(population, 1, 2, cadence=cadence)
    assert _atoms(history[0]) == _atoms(history[1])
    for tables in history:
        assert all(count > 0 for table in tables.values() for count in table.counts.values())
        margins = [_margins(table) for table in tables.values()]
        assert all(margin == margins[0] for margin in margins)


def test_a_history_brings_new_data_late_returns_and_corrections() -> None:
    first, second, third = releases.successive(releases.hub_population(500, 2), 2, 3)
    assert [len(_years(tables["by_sector"])) for tables in (first, second, third)] == [1, 2, 3]
    before, after = (tables["by_nationality"].counts for tables in (second, third))
    changes = {leaf: after.get(leaf, 0) - before.get(leaf, 0) for leaf in {*before, *after} if leaf[0] != "2020"}
    assert min(changes.values()) < 0 < max(changes.values())
    assert sum(map(bool, changes.values())) < len(changes) / 5


def test_an_absent_year_is_counted_nowhere() -> None:
    first, last = releases.successive(releases.hub_population(60, 1), 1, 2, future="absent")
    assert first["by_sector"].paths["year"] == {"2018": ("2018", TOTAL), "2019": ()}
    assert last["by_sector"].paths["year"] == {"2018": ("2018", TOTAL), "2019": ("2019", TOTAL)}


def _years(table: LinkedTable) -> Counter[str]:
    years: Counter[str] = Counter()
    for leaf, count in table.counts.items():
        years[leaf[0]] += count
    return years


def _atoms(tables: Tables) -> dict[str, list[list[str]]]:
    return {name: [list(codes) for codes in table.paths.values()] for name, table in tables.items()}


def _margins(table: LinkedTable) -> dict[tuple[str, ...], int]:
    """The cells of year x form, which all tables share."""
    return {cell[:2]: count for cell, count in releases.table_cells(table).items() if set(cell[2:]) == {TOTAL}}
