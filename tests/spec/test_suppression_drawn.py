"""One publication, drawn. Read each test top to bottom: what was counted, then what a reader sees.

`c` is a withheld cell: a reader is not told whether it is small, or withheld for another reason. The threshold is 5
unless the title says otherwise, and totals are the last to be withheld. `_T` is a total. Every drawing here was also
accepted by the checker, and the audit found no small count in it that could be worked out. A negative control draws
what a reader may not be shown, and lets the audit find what it gives away.
"""

from pathlib import Path

import pytest
from tests.examples import count, dataset
from tests.spec.drawing import draw, read
from tests.spec.protecting import agrees, edition, given_away, protected, seen, table

from dashboard.datasets import TOTAL, periods
from dashboard.disclosure.checker import Reason, check
from dashboard.disclosure.editions import Contributor
from dashboard.disclosure.tabulation import cells, reported_leaves

POPULATION = {"victims": ()}
"""A column that is never added up with others."""
YEAR = {"2016": ()}
"""The same, where one year is looked at alone."""
REGIONS = {
    "BGD": ("SOUTH", TOTAL),
    "IND": ("SOUTH", TOTAL),
    "NPL": ("SOUTH", TOTAL),
    "PHL": ("EAST", TOTAL),
    "KEN": ("AFRICA", TOTAL),
}


# Counting ------------------------------------------------------------------------------------------------------------


def test_returns_are_added_up_over_agencies_years_and_the_hierarchy(reference_dir: Path) -> None:
    """Three agencies returned these persons; each return is a line of the files."""
    counted = """
                2023    2024
    BGD            6       9
    IND            2       5
    PHL            1       0
    """
    sums = """
                2023    2024      _T
    BGD            6       9      15
    IND            2       5       7
    PHL            1       0       1
    SOUTH          8      14      22
    EAST           1       0       1
    _T             9      14      23
    """
    rows = [
        count("victims", number, year, agency, nationality=nationality)
        for nationality, year, whole in read(counted).numbers()
        for agency, number in (("MPS", whole // 2), ("LRA", whole - whole // 2))
    ]
    victims = dataset("victims", *rows)
    leaves, uncertain = reported_leaves(victims, rows, ("nationality", "period"), reference_dir)
    assert uncertain == frozenset()
    regions = {code: (code, *REGIONS[code]) for code in read(counted).rows}
    years = {year: (year, TOTAL) for year in read(counted).columns}
    found = {(row, column): number for (row, column), number in cells(leaves, [regions, years]).items()}
    like = read(sums)
    assert str(draw(like.columns, like.rows, found)) == str(like)


# The threshold -------------------------------------------------------------------------------------------------------


def test_counts_from_1_to_4_are_withheld_and_0_and_5_are_shown() -> None:
    """Stages are never added up, so nothing follows from the others, and nothing else has to be withheld."""
    counted = """
                  2016
    RECORDED        12
    PROSECUTED       5
    CONVICTED        4
    ACQUITTED        1
    DISMISSED        0
    """
    published = """
                  2016
    RECORDED        12
    PROSECUTED       5
    CONVICTED        c
    ACQUITTED        c
    DISMISSED        0
    """
    stages = dict.fromkeys(read(counted).rows, ())
    agrees(protected(edition(table(counted, rows=stages, columns=YEAR))), published)


def test_with_a_threshold_of_1_every_count_is_shown() -> None:
    counted = """
                  2016
    BGD              2
    KEN              1
    """
    published = """
                  2016
    BGD              2
    KEN              1
    _T               3
    """
    agrees(protected(edition(table(counted, columns=YEAR)), threshold=1), published)


def test_a_total_below_the_threshold_takes_its_parts_with_it() -> None:
    counted = """
                  2016
    BGD              0
    KEN              2
    """
    published = """
                  2016
    BGD              0
    KEN              c
    _T               c
    """
    agrees(protected(edition(table(counted, columns=YEAR))), published)


# Subtraction ---------------------------------------------------------------------------------------------------------

GLOTIP = """
                  2016
    BGD             10
    KEN              2
"""


def test_what_follows_by_subtraction_is_withheld_with_a_partner() -> None:
    """The Maldives in GLOTIP 2016: 12 victims, 10 of them from Bangladesh. 12 - 10 = 2, so the 10 must go too."""
    published = """
                  2016
    BGD              c
    KEN              c
    _T              12
    """
    agrees(protected(edition(table(GLOTIP, columns=YEAR))), published)


def test_without_a_partner_the_small_count_is_given_away() -> None:
    """Negative control: the figures as GLOTIP printed them, the 2 alone as "<5"."""
    printed = """
                  2016
    BGD             10
    KEN              c
    _T              12
    """
    alone = edition(table(GLOTIP, columns=YEAR), withheld={"drawn": [("KEN", "2016")]})
    agrees(alone, printed)
    assert given_away(alone) == {("KEN", "2016")}
    assert Reason.NO_WITNESS in {breach.reason for breach in check([alone], 5, ())}


def test_two_ones_cannot_be_worked_out_of_a_two() -> None:
    """Kenya and Uganda withheld alone would be 12 - 10 = 2 together, so each is 0, 1 or 2: known to be small."""
    counted = """
                  2016
    BGD             10
    KEN              1
    UGA              1
    """
    published = """
                  2016
    BGD              c
    KEN              c
    UGA              c
    _T              12
    """
    agrees(protected(edition(table(counted, columns=YEAR))), published)
    two_in_a_row = edition(table(counted, columns=YEAR), withheld={"drawn": [("KEN", "2016"), ("UGA", "2016")]})
    assert given_away(two_in_a_row) == {("KEN", "2016"), ("UGA", "2016")}, "negative control"


def test_two_withheld_counts_protect_each_other_only_where_they_are_large_enough_together() -> None:
    """3 and 3 are 6 together: each may be 5 or 6 as far as a reader knows, so the 10 stays."""
    counted = """
                  2016
    BGD             10
    KEN              3
    UGA              3
    """
    published = """
                  2016
    BGD             10
    KEN              c
    UGA              c
    _T              16
    """
    agrees(protected(edition(table(counted, columns=YEAR))), published)


# Zeros ---------------------------------------------------------------------------------------------------------------

WITH_A_ZERO = """
                2023    2024
    BGD           50      60
    IND            8       0
    KEN            2       7
    EGY            0       0
"""


def test_a_zero_is_withheld_where_it_is_the_best_partner() -> None:
    """The 2 needs a partner in its row and one in its column, and the rectangle a fourth corner: the zero of India.

    A reader who is told that zeros may be withheld can't tell 8, 0, 2, 7 from 5, 3, 5, 4. Egypt's zeros are of no
    use to anybody (its total is a zero that is shown), so they stay.
    """
    published = """
                2023    2024      _T
    BGD           50      60     110
    IND            c       c       8
    KEN            c       c       9
    EGY            0       0       0
    _T            60      67     127
    """
    agrees(protected(edition(table(WITH_A_ZERO))), published)


def test_with_that_zero_shown_the_small_count_is_given_away() -> None:
    """Negative control: then 8 - 0 = 8, 60 - 50 - 8 = 2."""
    corners = [("IND", "2023"), ("KEN", "2023"), ("KEN", "2024")]
    assert given_away(edition(table(WITH_A_ZERO), withheld={"drawn": corners})) == {("KEN", "2023")}


# Hierarchy, shared margins, levels ------------------------------------------------------------------------------------


def test_a_sub_region_with_one_country_is_that_country() -> None:
    """Kenya is all of Africa here: one count under two names, withheld under both. Then 20 - 18 = 2 must not do."""
    counted = """
                  2016
    BGD             10
    IND              8
    KEN              2
    """
    published = """
                  2016
    BGD             10
    IND              c
    KEN              c
    SOUTH            c
    AFRICA           c
    _T              20
    """
    made = edition(table(counted, rows=REGIONS, columns=YEAR))
    agrees(protected(made), published)
    country_only = edition(table(counted, rows=REGIONS, columns=YEAR), withheld={"drawn": [("KEN", "2016")]})
    assert given_away(country_only) == {("KEN", "2016")}, "negative control: the sub-region tells"


BY_NATIONALITY = """
                LABOUR  SEXUAL
    BGD             12       0
    IND              8       3
"""
BY_SECTOR = """
                LABOUR  SEXUAL
    BUILDING        14       0
    HOTELS           6       0
    NONE             0       3
"""


def test_a_cell_that_two_tables_share_has_one_status() -> None:
    """3 persons of sexual exploitation: a margin of both tables, with the same partner in both."""
    nationalities = """
                LABOUR  SEXUAL      _T
    BGD             12       0      12
    IND              c       c      11
    _T               c       c      23
    """
    sectors = """
                LABOUR  SEXUAL      _T
    BUILDING        14       0      14
    HOTELS           c       0       c
    NONE             0       c       c
    _T               c       c      23
    """
    tables = (
        table(BY_NATIONALITY, name="nationalities", dimensions=("nationality", "form")),
        table(BY_SECTOR, name="sectors", dimensions=("sector", "form")),
    )
    made = protected(edition(*tables))
    agrees(made, nationalities, "nationalities")
    agrees(made, sectors, "sectors")

    margin_shown = {**made.withheld, "sectors": made.withheld["sectors"] - {(TOTAL, "LABOUR")}}
    assert ("IND", "SEXUAL") in given_away(edition(*tables, withheld=margin_shown)), "negative control: 23 - 20 = 3"


def test_quarters_years_and_tip_years_are_protected_together() -> None:
    """Q3 2023 lies in 2023 and in the TIP-report year 2024 (April 2023 to March 2024): its partner must, too."""
    counted = """
                victims
    2023-Q1           6
    2023-Q2           8
    2023-Q3           2
    2023-Q4           7
    2024-Q1           9
    """
    published = """
                victims
    2023-Q1           6
    2023-Q2           8
    2023-Q3           c
    2023-Q4           c
    2024-Q1           9
    2023             23
    2024              9
    TIP-2023          6
    TIP-2024         26
    _T               32
    """
    levels = (periods.YEAR, periods.REPORT_YEAR)
    steps = {quarter: (*periods.at_levels(quarter, levels), TOTAL) for quarter in read(counted).rows}
    by_quarter = table(counted, rows=steps, columns=POPULATION, dimensions=("period", "status"))
    agrees(protected(edition(by_quarter)), published)

    cheaper = [("2023-Q3", "victims"), ("2023-Q1", "victims"), ("TIP-2023", "victims")]
    outside = edition(by_quarter, withheld={"drawn": cheaper})
    assert given_away(outside) == {("2023-Q3", "victims")}, "negative control: a partner outside the TIP-report year"


# What a source withheld, and what an organisation knows ---------------------------------------------------------------


def test_what_a_source_withheld_is_withheld_in_every_sum_it_belongs_to() -> None:
    """The source wrote "<5" for Nepal in 2024: we don't know the number, so we know no sum with it."""
    counted = """
                2023    2024
    BGD            6       9
    IND            7       5
    NPL            0       0
    PHL            0      20
    """
    published = """
                2023    2024      _T
    BGD            6       9      15
    IND            7       5      12
    NPL            0       c       c
    PHL            0      20      20
    SOUTH         13       c       c
    EAST           0      20      20
    _T            13       c       c
    """
    made = protected(edition(table(counted, rows=REGIONS, uncertain=[("NPL", "2024")])))
    agrees(made, published)
    without_the_sign = protected(edition(table(counted, rows=REGIONS)))
    assert str(seen(without_the_sign, published)) != str(read(published)), "negative control"


CONTRIBUTED = """
                  2016
    BGD             30
    IND              8
    KEN              7
"""


def test_an_organisation_that_subtracts_its_own_records_learns_no_small_count() -> None:
    """The police supplied 5 of the 7 from Kenya, and 20 of the 30: to the police a 7 says that others have 2."""
    nobody_subtracts = """
                  2016
    BGD             30
    IND              8
    KEN              7
    _T              45
    """
    published = """
                  2016
    BGD             30
    IND              c
    KEN              c
    _T              45
    """
    counted = edition(table(CONTRIBUTED, columns=YEAR))
    police = Contributor("MPS", {"drawn": {("KEN", "2016"): 5, ("BGD", "2016"): 20}})
    agrees(protected(counted), nobody_subtracts)
    agrees(protected(counted, contributors=[police]), published)
    assert Reason.REMAINDER_SHOWN in {breach.reason for breach in check([counted], 5, (), [police])}, "negative control"


# The drawings themselves ---------------------------------------------------------------------------------------------


def test_a_drawing_that_differs_is_noticed() -> None:
    """Negative control: the same table with one number changed is another drawing."""
    wrong = """
                  2016
    BGD             10
    KEN              3
    """
    with pytest.raises(AssertionError):
        agrees(edition(table(GLOTIP, columns=YEAR)), wrong)


def test_a_crooked_drawing_is_refused() -> None:
    with pytest.raises(ValueError, match="IND"):
        read("""
                2023    2024
        BGD        1       2
        IND        1
        """)
