"""One population: what is primary in it, and what the caller asks of its protection (price, start, progress)."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.releases import table_cells, two_way

from dashboard.datasets import TOTAL
from dashboard.disclosure.checker import check
from dashboard.disclosure.editions import Edition, Key, LinkedTable
from dashboard.disclosure.secondary import Protected, protect
from dashboard.errors import DashboardError

CODES = ("BGD", "IND", "KEN")
YEARS = ("2023", "2024")
LEAVES = st.tuples(st.sampled_from(CODES), st.sampled_from(YEARS))
COUNTS = st.dictionaries(LEAVES, st.integers(1, 30))


def edition(counts: Mapping[Key, int], uncertain: frozenset[Key] = frozenset(), threshold: int = 0) -> Edition:
    """One table of nationalities by year."""
    paths = {
        "nationality": {code: (code, "SOUTH" if code != "KEN" else "AFRICA", TOTAL) for code in CODES},
        "year": {year: (year, TOTAL) for year in YEARS},
    }
    return Edition({"t": LinkedTable("t", ("nationality", "year"), paths, counts, uncertain)}, threshold=threshold)


def made(history: list[Edition], found: Protected) -> list[Edition]:
    return [*history[:-1], replace(history[-1], withheld=found.withheld)]


@settings(max_examples=60, deadline=None)
@given(COUNTS, st.sets(LEAVES, max_size=2), st.integers(1, 12))
def test_no_small_or_uncertain_count_is_shown_and_each_has_a_proof(
    counts: Mapping[Key, int], uncertain: set[Key], threshold: int
) -> None:
    history = [edition(counts, frozenset(uncertain))]
    found = protect(history, threshold)
    assert check(made(history, found), threshold, found.witnesses) == ()
    table = history[0].tables["t"]
    doubtful = table_cells(replace(table, counts=dict.fromkeys(uncertain, 1)))
    small = {key for key, count in table_cells(table).items() if count < threshold}
    assert found.primary["t"] == small | set(doubtful)
    assert found.primary["t"] <= found.withheld["t"]


@given(COUNTS, LEAVES)
@settings(max_examples=30, deadline=None)
def test_what_a_source_withheld_stays_withheld_even_where_every_count_is_shown(
    counts: Mapping[Key, int], leaf: Key
) -> None:
    found = protect([edition(counts, frozenset({leaf}))], 1)
    table = edition({leaf: 1}).tables["t"]
    assert found.withheld["t"] == found.primary["t"] == set(table_cells(table))


@pytest.mark.parametrize(("number", "withheld"), [(1, True), (4, True), (5, False), (6, False)])
def test_the_threshold_itself_is_shown(number: int, withheld: bool) -> None:
    found = protect([edition({("BGD", "2023"): 20, ("IND", "2023"): number})], 5)
    assert (("IND", "2023") in found.withheld["t"]) == withheld


def test_a_release_without_anybody_has_nothing_to_withhold() -> None:
    found = protect([edition({})], 5)
    assert (found.withheld, found.witnesses) == ({"t": frozenset()}, ())


@pytest.mark.parametrize("seed", range(4))
def test_what_is_withheld_already_stays_withheld(seed: int) -> None:
    """It is how a wider circulation starts from what is withheld from the group."""
    drawn = two_way(seed)
    group = protect([drawn], 5)
    start = replace(drawn, withheld=group.withheld)
    wider = protect([start], 10)
    assert all(group.withheld[name] <= wider.withheld[name] for name in group.withheld)
    assert check(made([start], wider), 10, wider.witnesses) == ()


def test_the_price_says_what_is_withheld_last() -> None:
    counted = [edition({("BGD", "2023"): 50, ("IND", "2023"): 9, ("KEN", "2023"): 2, ("KEN", "2024"): 30})]

    def without_india(_table: str, key: Key, count: int) -> float:
        return 1000.0 if "IND" in key else float(count)

    usual, asked = protect(counted, 5), protect(counted, 5, price=without_india)
    assert not any("IND" in key for key in asked.withheld["t"])
    assert asked.withheld != usual.withheld


def test_a_count_that_earlier_publications_give_away_stops_everything() -> None:
    """What was shown is shown for good: under the same threshold no proof can be found any more."""
    counts = {("BGD", "2023"): 20, ("KEN", "2023"): 2}
    with pytest.raises(DashboardError, match="can't be hidden next to what was"):
        protect([edition(counts), edition(counts)], 5)
    seen_under_1 = replace(edition(counts), threshold=1)
    found = protect([seen_under_1, edition(counts)], 5)
    assert ("KEN", "2023") in found.withheld["t"], "under a higher one it is withheld, though readers know it"


def test_progress_rises_from_0_to_at_most_1() -> None:
    told: list[float] = []
    protect([two_way(1)], 5, progress=told.append)
    assert told
    assert told == sorted(told)
    assert 0 <= told[0] <= told[-1] <= 1
