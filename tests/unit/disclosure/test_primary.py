"""Primary suppression: no shown number lies between 1 and the threshold, and no shown number is wrong."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.datasets import STRUCTURES
from dashboard.disclosure import ConfidentialityStatus, PlannedTable
from dashboard.disclosure.primary import suppress
from dashboard.disclosure.tabulation import Key, Tabulation

TABLE = PlannedTable("any", STRUCTURES["cases"], ("period", "stage"), {})
KEYS = st.tuples(st.sampled_from(["2023", "2024", "_T"]), st.sampled_from(["RECORDED", "PROSECUTED"]))
COUNTS = st.dictionaries(KEYS, st.integers(1, 30))


@given(COUNTS, st.sets(KEYS), st.integers(1, 12))
def test_a_shown_number_is_true_and_never_small(counts: Mapping[Key, int], uncertain: set[Key], threshold: int) -> None:
    protected = suppress(Tabulation(TABLE, counts, frozenset(uncertain)), threshold)
    for key in [*counts, *uncertain]:
        shown = protected.shown(key)
        assert shown is None or (shown == counts.get(key, 0) and shown >= threshold)
        assert (shown is None) == (key in uncertain or counts.get(key, 0) < threshold)


@given(COUNTS, KEYS)
def test_what_a_source_withheld_stays_withheld_even_where_every_count_is_shown(
    counts: Mapping[Key, int], key: Key
) -> None:
    protected = suppress(Tabulation(TABLE, counts, frozenset({key})), 1)
    assert protected.shown(key) is None
    assert protected.statuses[key] is ConfidentialityStatus.PRIMARY


def test_a_cell_that_nobody_counted_is_a_shown_zero() -> None:
    protected = suppress(Tabulation(TABLE, {("2024", "RECORDED"): 9}, frozenset()), 5)
    assert protected.shown(("2024", "PROSECUTED")) == 0


@pytest.mark.parametrize(("number", "shown"), [(1, None), (4, None), (5, 5), (6, 6)])
def test_the_threshold_itself_is_shown(number: int, shown: int | None) -> None:
    key = ("2024", "RECORDED")
    assert suppress(Tabulation(TABLE, {key: number}, frozenset()), 5).shown(key) == shown
