"""Suppression, drawn. Read each table top to bottom: what was counted, then what a reader sees.

`x` is a withheld cell: a reader is not told whether it is small, or withheld for another reason.
The threshold is 5 unless the title says otherwise. `_T` is a total, M49_034 Southern Asia.
"""

from pathlib import Path

import pytest
from tests.examples import count, dataset
from tests.spec.drawing import Drawing, draw, read

from dashboard.datasets import STRUCTURES, Observation
from dashboard.disclosure import PlannedTable
from dashboard.disclosure.primary import suppress
from dashboard.disclosure.tabulation import Tabulation, tabulate

BY_NATIONALITY = PlannedTable(
    "nationality_by_year",
    STRUCTURES["victims"],
    ("period", "status", "nationality"),
    {"period": ("year",)},
)
COUNTED = """
            2023    2024
BGD            6       9
IND            2       5
PHL            1       0
"""


def tabulated(counted: str, reference_dir: Path, withheld_by_source: tuple[tuple[str, str], ...] = ()) -> Tabulation:
    """Count a drawing of inner cells: rows are nationalities, columns years."""
    rows: list[Observation] = [
        count("victims", number, year, nationality=nationality) for nationality, year, number in read(counted).numbers()
    ]
    rows += [count("victims", None, year, nationality=code, censored_below=5) for code, year in withheld_by_source]
    return tabulate(BY_NATIONALITY, dataset("victims", *rows), reference_dir)


def before(tabulation: Tabulation, like: str) -> Drawing:
    expected = read(like)
    cells = {(key[2], key[0]): number for key, number in tabulation.counts.items()}
    return draw(expected.columns, expected.rows, cells)


def after(tabulation: Tabulation, like: str, threshold: int = 5) -> Drawing:
    expected = read(like)
    protected = suppress(tabulation, threshold)
    cells = {(key[2], key[0]): protected.shown(key) for key in protected.statuses}
    return draw(expected.columns, expected.rows, cells)


def test_counts_add_up_over_years_and_over_the_hierarchy(reference_dir: Path) -> None:
    sums = """
                2023    2024      _T
    BGD            6       9      15
    IND            2       5       7
    PHL            1       0       1
    M49_034        8      14      22
    M49_035        1       0       1
    _T             9      14      23
    """
    assert str(before(tabulated(COUNTED, reference_dir), sums)) == str(read(sums))


def test_counts_from_1_to_4_are_withheld_and_zero_and_5_are_shown(reference_dir: Path) -> None:
    published = """
                2023    2024      _T
    BGD            6       9      15
    IND            x       5       7
    PHL            x       0       x
    M49_034        8      14      22
    M49_035        x       0       x
    _T             9      14      23
    """
    assert str(after(tabulated(COUNTED, reference_dir), published)) == str(read(published))


def test_with_a_threshold_of_1_every_count_is_shown(reference_dir: Path) -> None:
    published = """
                2023    2024      _T
    IND            2       5       7
    PHL            1       0       1
    """
    assert str(after(tabulated(COUNTED, reference_dir), published, threshold=1)) == str(read(published))


def test_with_a_threshold_of_10_totals_are_withheld_too(reference_dir: Path) -> None:
    published = """
                2023    2024      _T
    BGD            x       x      15
    IND            x       x       x
    PHL            x       0       x
    _T             x      14      23
    """
    assert str(after(tabulated(COUNTED, reference_dir), published, threshold=10)) == str(read(published))


def test_what_a_source_withheld_is_withheld_in_every_sum_it_belongs_to(reference_dir: Path) -> None:
    """The source wrote "<5" for Nepal in 2024: we don't know the number, so we know no total with it."""
    published = """
                2023    2024      _T
    BGD            6       9      15
    NPL            0       x       x
    M49_034        8       x       x
    M49_035        x       0       x
    _T             9       x       x
    """
    tabulation = tabulated(COUNTED, reference_dir, withheld_by_source=(("NPL", "2024"),))
    assert str(after(tabulation, published)) == str(read(published))


def test_a_single_withheld_cell_can_still_be_worked_out(reference_dir: Path) -> None:
    """The weakness that secondary suppression mends: 8 - 6 = 2. Screens warn as long as it is there."""
    published = """
                2023
    BGD            6
    IND            x
    M49_034        8
    """
    drawing = after(tabulated(COUNTED, reference_dir), published)
    assert str(drawing) == str(read(published))
    worked_out = int(drawing.rows["M49_034"][0]) - int(drawing.rows["BGD"][0])
    assert worked_out == 2


def test_a_drawing_that_differs_is_noticed(reference_dir: Path) -> None:
    """Negative control: the same table with one number changed is another drawing."""
    wrong = """
                2023
    BGD            7
    """
    assert str(after(tabulated(COUNTED, reference_dir), wrong)) != str(read(wrong))


def test_a_crooked_drawing_is_refused() -> None:
    with pytest.raises(ValueError, match="IND"):
        read("""
                2023    2024
        BGD        1       2
        IND        1
        """)
