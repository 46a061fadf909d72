"""Publications one after another, drawn: what was counted, then what a reader sees, publication by publication.

A reader keeps every publication, so a new one is protected together with all before it, and these stay as they are.
`c` is a withheld cell. The threshold is 5 unless the title says otherwise. As in test_suppression_drawn.py the
checker and the audit have looked at every drawing, here with all publications before it.
"""

from dataclasses import replace

from tests.spec.protecting import agrees, edition, given_away, protected, table

from dashboard.datasets import TOTAL
from dashboard.disclosure.checker import Reason, check

YEAR = {"2023": ()}
FIRST = """
                2023
    BGD           10
    IND           20
    LKA           30
"""
FIRST_SEEN = """
                2023
    BGD           10
    IND           20
    LKA           30
    _T            60
"""


def test_a_late_return_of_2_is_not_told_by_the_difference() -> None:
    """Two more from Bangladesh: 12 - 10 and 62 - 60 would tell them, so both are withheld now. The others stay."""
    counted = """
                2023
    BGD           12
    IND           20
    LKA           30
    """
    published = """
                2023
    BGD            c
    IND           20
    LKA           30
    _T             c
    """
    first = protected(edition(table(FIRST, columns=YEAR)))
    agrees(first, FIRST_SEEN)
    agrees(protected(first, edition(table(counted, columns=YEAR))), published)


def test_protected_alone_the_second_publication_gives_the_late_return_away() -> None:
    """Negative control: nothing in it is small, so alone it would show everything."""
    counted = """
                2023
    BGD           12
    IND           20
    LKA           30
    """
    published = """
                2023
    BGD           12
    IND           20
    LKA           30
    _T            62
    """
    first = protected(edition(table(FIRST, columns=YEAR)))
    alone = protected(edition(table(counted, columns=YEAR)))
    agrees(alone, published)
    assert given_away(first, alone) == {("BGD", "2023"), (TOTAL, "2023")}
    assert {breach.reason for breach in check([first, alone], 5, ())} == {Reason.CHANGE_SHOWN, Reason.NO_WITNESS}


def test_a_late_return_that_reaches_the_threshold_is_shown() -> None:
    counted = """
                2023
    BGD           15
    IND           20
    LKA           30
    """
    published = """
                2023
    BGD           15
    IND           20
    LKA           30
    _T            65
    """
    first = protected(edition(table(FIRST, columns=YEAR)))
    agrees(protected(first, edition(table(counted, columns=YEAR))), published)


def test_a_correction_downwards_is_protected_in_the_same_way() -> None:
    counted = """
                2023
    BGD            7
    IND           20
    LKA           30
    """
    published = """
                2023
    BGD            c
    IND           20
    LKA           30
    _T             c
    """
    first = protected(edition(table(FIRST, columns=YEAR)))
    agrees(protected(first, edition(table(counted, columns=YEAR))), published)


WITH_A_ZERO = """
                2023    2024
    BGD           50      60
    IND            8       0
    KEN            2       7
"""


def test_unchanged_data_published_again_have_the_same_pattern() -> None:
    """Another pattern would show the partner of the first one, and give the 2 away."""
    published = """
                2023    2024      _T
    BGD           50      60     110
    IND            c       c       8
    KEN            c       c       9
    _T            60      67     127
    """
    first = protected(edition(table(WITH_A_ZERO)))
    second = protected(first, edition(table(WITH_A_ZERO)))
    agrees(first, published)
    agrees(second, published)

    other = edition(
        table(WITH_A_ZERO),
        withheld={"drawn": [(row, year) for row in ("BGD", "KEN") for year in ("2023", "2024")]},
    )
    assert given_away(other) == set(), "alone another pattern is as good"
    assert given_away(first, other) == {("KEN", "2023")}, "negative control: beside the first it is not"


def test_what_was_shown_before_is_no_partner() -> None:
    """First there was nobody from Kenya in 2023, and everything was shown. The 2 that came late can't hide behind
    India's 8 and 0, which every reader has seen: what changed is withheld instead."""
    counted = """
                2023    2024
    BGD           50      60
    IND            8       0
    KEN            0       7
    """
    first_seen = """
                2023    2024      _T
    BGD           50      60     110
    IND            8       0       8
    KEN            0       7       7
    _T            58      67     125
    """
    second_seen = """
                2023    2024      _T
    BGD           50      60     110
    IND            8       0       8
    KEN            c       7       c
    _T             c      67       c
    """
    first = protected(edition(table(counted)))
    agrees(first, first_seen)
    agrees(protected(first, edition(table(WITH_A_ZERO))), second_seen)


# Another threshold ---------------------------------------------------------------------------------------------------

SEVERAL_SMALL = """
                2023    2024
    BGD           50      60
    IND            4      20
    KEN            2      30
    LKA            9       3
"""
AT_5 = """
                2023    2024      _T
    BGD           50      60     110
    IND            c       c      24
    KEN            c       c      32
    LKA            c       c      12
    _T            65     113     178
"""
AT_3 = """
                2023    2024      _T
    BGD           50      60     110
    IND            4      20      24
    KEN            c       c      32
    LKA            c       c      12
    _T            65     113     178
"""


def test_a_threshold_lowered_to_3_shows_more() -> None:
    """The 4 is shown now, with its partner. The 3 of Sri Lanka could be, but the 2 of Kenya needs it."""
    first = protected(edition(table(SEVERAL_SMALL)))
    agrees(first, AT_5)
    agrees(protected(first, edition(table(SEVERAL_SMALL)), threshold=3), AT_3)


def test_a_threshold_raised_to_5_withholds_the_4_and_cannot_take_back_what_readers_have_seen() -> None:
    """The 4 has been public and did not change. It is not shown again, but no other cell is lost over it."""
    published = """
                2023    2024      _T
    BGD           50      60     110
    IND            c      20      24
    KEN            c       c      32
    LKA            c       c      12
    _T            65     113     178
    """
    first = protected(edition(table(SEVERAL_SMALL)), threshold=3)
    agrees(first, AT_3)
    agrees(protected(first, edition(table(SEVERAL_SMALL)), known=[("IND", "2023")]), published)


# Wider circulation ---------------------------------------------------------------------------------------------------

FOR_TWO = """
                2023    2024
    BGD           20      15
    IND           12       3
    LKA            5       3
"""
FOR_THE_GROUP = """
                2023    2024      _T
    BGD           20      15      35
    IND            c       c      15
    LKA            c       c       8
    _T            37      21      58
"""


def test_what_is_for_wider_circulation_shows_nothing_that_the_group_does_not_see() -> None:
    """At 10, and starting from what is withheld at 5: who puts both side by side learns nothing new."""
    for_all = """
                2023    2024      _T
    BGD            c       c      35
    IND            c       c       c
    LKA            c       c       c
    _T            37      21      58
    """
    group = protected(edition(table(FOR_TWO)))
    agrees(group, FOR_THE_GROUP)
    wider = protected(replace(edition(table(FOR_TWO)), withheld=group.withheld), threshold=10)
    agrees(wider, for_all)


def test_made_apart_the_two_circulations_would_complete_each_other() -> None:
    """Negative control: at 10 alone India's 12 is shown, which the group's table withholds. 15 - 12 = 3."""
    apart = """
                2023    2024      _T
    BGD            c       c      35
    IND           12       c       c
    LKA            c       c       c
    _T            37      21      58
    """
    group = protected(edition(table(FOR_TWO)))
    wider = protected(edition(table(FOR_TWO)), threshold=10)
    agrees(wider, apart)
    assert given_away(wider, group) >= {("IND", "2024")}
