"""The alternative text says the finding, with shown numbers only."""

from dataclasses import replace

from tests.unit.charts.tables import NONE, compared, named, nationalities, quarters, sectors, table

from dashboard.charts import describe
from dashboard.views.model import Heading, HeadingKind


def test_ranked_bars() -> None:
    assert describe(nationalities()) == (
        "Ranked bars of victims by nationality (Persons, identified victim, 2024): Bangladesh 46, India 21, "
        "Sri Lanka 12, Nepal 9, Philippines 7, 2 smaller, 0 for Egypt, Stateless; 5 withheld."
    )


def test_two_periods_are_named() -> None:
    assert "2024: Bangladesh 46" in describe(compared())
    assert "2023: Bangladesh 31" in describe(compared())


def test_a_series_is_told_by_its_ends_and_its_peak() -> None:
    text = describe(quarters())
    assert "7 in Q1 2020, 15 in Q4 2024, highest 26 in Q2 2024" in text
    assert "3 withheld; 2 without a return; some numbers are provisional" in text


def test_a_heatmap_is_told_by_its_largest_cells() -> None:
    assert "largest Construction, Forced labour 54" in describe(sectors())


def test_a_group_is_named_after_the_codes_however_large_it_is() -> None:
    group = Heading(("_T+",), "Other nationalities (9)", HeadingKind.REST, grouped=(0,))
    found = describe(table({group: (70,), **named(("BGD", "Bangladesh", 20), ("IND", "India", 9))}))
    assert found.endswith(": Bangladesh 20, India 9, Other nationalities (9) 70.")


def test_invented_figures_say_so_first() -> None:
    assert describe(replace(nationalities(), invented=True)).startswith("Invented figures.")


def test_nothing_returned() -> None:
    bare = replace(nationalities(), cells=tuple((NONE,) for _ in nationalities().rows), total_row=(NONE,))
    assert describe(bare).endswith(": no returns.")
