"""Reference periods: quarters add up to years, and the report year runs from April to March."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.datasets import TOTAL, periods

YEARS = st.integers(2000, 2098)
QUARTERS = st.builds("{}-Q{}".format, YEARS, st.integers(1, 4))
REPORTED = QUARTERS | YEARS.map(str)


@given(REPORTED)
def test_what_a_return_may_carry_is_counted_in_one_quarter_and_one_year(period: str) -> None:
    assert periods.is_reported_period(period)
    assert periods.at_levels(period, ["quarter"]) == (periods.finest(period),)
    assert periods.at_levels(period, ["year"]) == (period[:4],)
    assert periods.level_of(periods.finest(period)) == "quarter"
    assert periods.year_of(period) == int(period[:4])


@given(st.lists(st.tuples(REPORTED, st.integers(0, 50))))
def test_quarters_add_up_to_their_year(counts: list[tuple[str, int]]) -> None:
    """A return for a whole year is counted in "quarter not recorded", so nothing is lost or doubled."""

    def total(level: str, year: int) -> int:
        return sum(
            count
            for period, count in counts
            for step in periods.at_levels(period, [level])
            if periods.year_of(step) == year
        )

    for year in {periods.year_of(period) for period, _ in counts}:
        assert total("quarter", year) == total("year", year)


@given(YEARS)
def test_a_report_year_is_april_to_march(year: int) -> None:
    quarters = [f"{year}-Q2", f"{year}-Q3", f"{year}-Q4", f"{year + 1}-Q1"]
    assert {periods.report_year_of(quarter) for quarter in quarters} == {f"TIP-{year + 1}"}
    assert periods.report_year_of(f"{year}-Q1") == f"TIP-{year}"
    assert periods.report_year_of(f"{year + 1}-Q2") == f"TIP-{year + 2}"


def test_a_whole_year_lies_in_no_report_year() -> None:
    assert periods.report_year_of("2024-QX") is None
    assert periods.at_levels("2024", periods.LEVELS) == ("2024-QX", "2024", "2020/2024")


@given(YEARS)
def test_five_years_begin_with_a_year_that_ends_in_0_or_5(year: int) -> None:
    first, last = map(int, periods.five_years_of(year).split("/"))
    assert first % 5 == 0
    assert first <= year <= last == first + 4
    assert {periods.five_years_of(one) for one in range(first, last + 1)} == {periods.five_years_of(year)}


@given(REPORTED)
def test_what_a_return_may_carry_lies_in_five_years_and_in_no_other_five(period: str) -> None:
    (five,) = periods.at_levels(period, [periods.FIVE_YEARS])
    assert five == periods.five_years_of(periods.year_of(period))
    assert periods.level_of(five) == periods.FIVE_YEARS
    assert periods.contains(five, periods.finest(period))
    assert not periods.contains(periods.five_years_of(periods.year_of(period) + 5), periods.finest(period))


def test_years_add_up_to_their_five() -> None:
    years = [str(year) for year in range(2018, 2026)]
    found = [periods.at_levels(year, ["five_years"]) for year in years]
    assert found == [("2015/2019",)] * 2 + [("2020/2024",)] * 5 + [("2025/2029",)]


def test_a_table_of_years_and_five_years_counts_a_quarter_in_both() -> None:
    assert periods.at_levels("2024-Q1", ["year", "five_years"]) == ("2024", "2020/2024")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24",
        "2024-Q5",
        "2024-QX",
        "2024-q1",
        "2024Q1",
        " 2024",
        "2024-Q1 ",
        "2024\n",
        "TIP-2024",
        "2020/2024",
        "_T",
        "٢٠٢٤",
    ],
)
def test_other_texts_are_no_reported_period(text: str) -> None:
    assert not periods.is_reported_period(text)


@given(QUARTERS, QUARTERS)
def test_quarters_run_from_first_to_last_without_a_gap(one: str, other: str) -> None:
    first, last = sorted((one, other))
    between = periods.quarters(first, last)
    assert (between[0], between[-1]) == (first, last)
    assert list(between) == sorted(set(between))
    assert len(between) == (int(last[:4]) - int(first[:4])) * 4 + int(last[-1]) - int(first[-1]) + 1


@pytest.mark.parametrize(
    ("period", "level", "label", "months"),
    [
        ("2024-Q3", "quarter", "Q3 2024", 3),
        ("2024-QX", "quarter", "2024, quarter not recorded", 3),
        ("2024", "year", "2024", 12),
        ("2020/2024", "five_years", "2020\u20132024", 60),
        ("TIP-2024", "report_year", "TIP report 2024", 12),
        (TOTAL, "all", "All periods", 12),
    ],
)
def test_levels_labels_and_lengths(period: str, level: str, label: str, months: int) -> None:
    assert (periods.level_of(period), periods.label(period)) == (level, label)
    if level not in ("all", "five_years") and not period.endswith("X"):
        assert periods.months(period) == months


def test_a_quarter_not_recorded_stands_after_the_four_of_its_year() -> None:
    mixed = ["2025-Q1", "2024-QX", "2024-Q4", "2024-Q1"]
    assert sorted(mixed, key=periods.sort_key) == ["2024-Q1", "2024-Q4", "2024-QX", "2025-Q1"]
    assert sorted(["TIP-2025", "TIP-2024"], key=periods.sort_key) == ["TIP-2024", "TIP-2025"]
    assert sorted(["2025/2029", "2015/2019", "2020/2024"], key=periods.sort_key)[0] == "2015/2019"
