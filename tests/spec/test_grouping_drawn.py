"""Grouping, drawn: what is told apart is decided first, and only then is anything withheld.

Here figures go the whole way of a publication: through the policy of data/reference, with a plan of one table. `c` is
a withheld cell, `_T` a total. M49_034 is Southern Asia, `M49_034+` other countries of it, `_T+` all other ones.
"""

from dataclasses import replace

from tests.examples import REFERENCE, count, dataset
from tests.spec.drawing import Drawing, draw, read

from dashboard.datasets import STRUCTURES
from dashboard.disclosure import GROUP, WIDER, DisclosurePolicy, Plan, PlannedTable, Protection, load_policy, protect

TABLE = PlannedTable(
    "by_nationality",
    STRUCTURES["victims"],
    ("period", "status", "nationality"),
    {"period": ("year", "five_years")},
    ("nationality",),
)
PLAN = Plan("drawn", {TABLE.name: TABLE})
POLICY = load_policy(REFERENCE)
NO_GROUPS = replace(POLICY, grouping=replace(POLICY.grouping, dimensions=()))
ALL_YEARS = replace(POLICY, shown_share=0.0)


def published(counted: str, policy: DisclosurePolicy = POLICY) -> Protection:
    """A drawing of nationalities by year, returned and published."""
    rows = [count("victims", number, year, nationality=code) for code, year, number in read(counted).numbers()]
    return protect({"victims": dataset("victims", *rows)}, PLAN, policy, REFERENCE)


def seen(protection: Protection, like: str, circulation: str = GROUP) -> Drawing:
    """What a reader sees: the cells of the drawing, and no row or column that is not in it."""
    (table,) = protection.tables[circulation]
    expected = read(like)
    cells = {(nationality, period): table.shown(key) for key in table.statuses for period, _, nationality in [key]}
    assert {row for row, _ in cells} == set(expected.rows)
    assert {column for _, column in cells} == set(expected.columns)
    return draw(expected.columns, expected.rows, cells)


MANY_SMALL = """
                2024
    BGD           12
    IND            9
    NPL            3
    PAK            4
    LKA            2
    KEN            3
    GBR            4
"""


def test_countries_below_the_threshold_stand_together_and_nothing_is_withheld() -> None:
    drawn = """
                2024      _T
    BGD           12      12
    IND            9       9
    M49_034+       9       9
    _T+            7       7
    M49_034       30      30
    _T            37      37
    """
    assert str(seen(published(MANY_SMALL), drawn)) == str(read(drawn))


def test_without_grouping_half_of_the_rows_would_be_withheld() -> None:
    """Negative control. M49_014 is Eastern Africa, M49_154 Northern Europe."""
    drawn = """
                2024      _T
    BGD           12      12
    IND            9       9
    NPL            c       c
    PAK            c       c
    LKA            c       c
    KEN            c       c
    GBR            c       c
    M49_034       30      30
    M49_014        c       c
    M49_154        c       c
    _T            37      37
    """
    assert str(seen(published(MANY_SMALL, NO_GROUPS), drawn)) == str(read(drawn))


def test_a_group_below_the_threshold_is_withheld_like_any_other_count() -> None:
    """All others are 2 together. The Philippines are their partner, and so is South-eastern Asia (M49_035), which has
    nobody else: two names of one count."""
    counted = """
                2024
    BGD           12
    IND            9
    NPL            3
    PAK            4
    PHL            8
    KEN            2
    """
    drawn = """
                2024      _T
    BGD           12      12
    IND            9       9
    M49_034+       7       7
    PHL            c       c
    _T+            c       c
    M49_034       28      28
    M49_035        c       c
    _T            38      38
    """
    assert str(seen(published(counted), drawn)) == str(read(drawn))


FEW_A_YEAR = """
                2018    2019    2023    2024
    BGD            3       3       4       4
    IND            2       3       3       2
"""


def test_years_too_sparse_fall_back_to_five_years() -> None:
    drawn = """
           2015/2019  2020/2024       _T
    BGD            6          8       14
    IND            5          5       10
    M49_034       11         13       24
    _T            11         13       24
    """
    protection = published(FEW_A_YEAR)
    assert protection.classifications["victims"].period_levels == {TABLE.name: ("five_years",)}
    assert str(seen(protection, drawn)) == str(read(drawn))


def test_year_by_year_they_would_all_be_withheld() -> None:
    """Negative control."""
    drawn = """
              2018    2019    2023    2024      _T
    BGD          c       c       c       c      14
    IND          c       c       c       c      10
    M49_034      5       6       7       6      24
    _T           5       6       7       6      24
    """
    assert str(seen(published(FEW_A_YEAR, ALL_YEARS), drawn)) == str(read(drawn))


def test_the_wider_circulation_tells_the_same_codes_apart_and_shows_fewer_numbers() -> None:
    drawn = """
                2024      _T
    BGD           12      12
    IND            c       c
    M49_034+       c       c
    _T+            c       c
    M49_034        c       c
    _T            37      37
    """
    assert str(seen(published(MANY_SMALL), drawn, WIDER)) == str(read(drawn))
