"""Two counts compared: the exact test, and the words for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from dashboard.views import Cell, CellState, Verdict, compare
from dashboard.views.comparison import exact_test
from dashboard.views.model import NO_RETURN, WITHHELD


def number(value: int) -> Cell:
    return Cell(CellState.NUMBER, value)


@pytest.mark.parametrize(
    ("now", "possible"), [(22, False), (23, True), (3, False), (2, True)], ids=["22", "23", "3", "2"]
)
def test_from_ten_a_quarter_must_reach_23_or_fall_to_2(now: int, possible: bool) -> None:
    found = compare(number(now), number(10), "Q1 2024", months_now=3, months_before=3)
    assert (found.verdict is not Verdict.WITHIN_CHANCE) == possible


@given(now=st.integers(0, 60), before=st.integers(0, 60))
def test_the_p_value_is_the_one_of_the_reference(now: int, before: int) -> None:
    if now + before == 0:
        return
    p_value, low, high = exact_test(now, before, 12, 12)
    assert p_value == pytest.approx(binomtest(now, now + before, 0.5).pvalue)
    assert low <= high


def test_the_ratio_allows_for_periods_of_different_length() -> None:
    _, low, high = exact_test(30, 10, 9, 3)
    assert low < 1 < high


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (14, 9, "5 more than in 2023 (9): within chance."),
        (9, 14, "5 fewer than in 2023 (14): within chance."),
        (9, 9, "As many as in 2023 (9): within chance."),
        (0, 0, "None, as in 2023."),
        (40, 10, "30 more than in 2023 (10): a clear change."),
        (23, 10, "13 more than in 2023 (10): a possible change."),
    ],
)
def test_a_change_is_said_in_words(now: int, before: int, words: str) -> None:
    assert compare(number(now), number(before), "2023").sentence == words


@pytest.mark.parametrize("other", [WITHHELD, NO_RETURN])
def test_a_withheld_or_missing_number_is_not_compared(other: Cell) -> None:
    for found in (compare(number(9), other, "2023"), compare(other, number(9), "2023")):
        assert found.verdict is Verdict.NOT_COMPARABLE
        assert found.p_value is None
        assert "9" not in found.sentence
