"""The checker accepts a sound proof, and finds each way in which a proof can be wrong.

Every case breaks one thing in a history that is accepted otherwise. Rows are nationalities, columns years, `x` is
withheld, the threshold is 5.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from tests.spec.drawing import read

from dashboard.disclosure import audit, audit_equations, audit_programs, checker, checker_reading
from dashboard.disclosure.checker import Breach, Reason, check
from dashboard.disclosure.editions import Contributor, Edition, Key, LinkedTable, Target, Witness

T = "_T"
YEARS = {"2023": ("2023", T), "2024": ("2024", T)}
NATIONALITIES = {"BGD": ("BGD", T), "IND": ("IND", T)}

COUNTED = """
        2023    2024
BGD        2       8
IND        6       3
"""
SHOWN = """
        2023    2024      _T
BGD        x       x      10
IND        x       x       9
_T         8      11      19
"""


def table(counted: str, name: str = "nationality", **changes: Any) -> LinkedTable:
    counts = {(row, column): number for row, column, number in read(counted).numbers() if number}
    paths = {name: NATIONALITIES, "year": YEARS}
    return replace(LinkedTable(name, (name, "year"), paths, counts), **changes)


def withheld(shown: str) -> frozenset[Key]:
    drawing = read(shown)
    return frozenset(
        (row, column)
        for row, cells in drawing.rows.items()
        for column, cell in zip(drawing.columns, cells, strict=True)
        if cell == "x"
    )


def edition(counted: str = COUNTED, shown: str = SHOWN, **changes: Any) -> Edition:
    return Edition({"nationality": table(counted, **changes)}, {"nationality": withheld(shown)})


def swap(
    persons: Any = 3, editions: tuple[int, ...] = (0,), name: str = "nationality"
) -> dict[tuple[int, str, Key], Any]:
    """Persons more in the two small cells, and fewer in the two others: no total changes."""
    signs = {("BGD", "2023"): 1, ("BGD", "2024"): -1, ("IND", "2023"): -1, ("IND", "2024"): 1}
    return {(place, name, leaf): sign * persons for place in editions for leaf, sign in signs.items()}


SMALL = (Target("nationality", ("BGD", "2023")), Target("nationality", ("IND", "2024")))


@dataclass(frozen=True)
class Case:
    """Arguments of the checker; the witness is the sound one unless the case says otherwise."""

    history: tuple[Edition, ...] = (edition(),)
    change: Mapping[tuple[int, str, Key], Any] = field(default_factory=swap)
    targets: tuple[Target, ...] = SMALL
    contributors: tuple[Contributor, ...] = ()

    def breaches(self) -> tuple[Breach, ...]:
        return check(self.history, 5, (Witness(self.change, self.targets),), self.contributors)

    def reasons(self) -> set[Reason]:
        return {breach.reason for breach in self.breaches()}


def test_a_sound_proof_is_accepted() -> None:
    assert Case().breaches() == ()


PARTS = {audit: (audit_equations, audit_programs), checker: (checker_reading,)}
"""What audit and checker are made of."""


@pytest.mark.parametrize("whole", PARTS, ids=["audit", "checker"])
def test_what_checks_shares_nothing_with_what_protects(whole: ModuleType) -> None:
    """Also holds for modules that the contract in pyproject.toml doesn't name yet, and between audit and checker."""
    own = {part.__name__ for part in PARTS[whole]}
    for module in (whole, *PARTS[whole]):
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        home = {name for name in names if name and name.startswith("dashboard")}
        assert home - own <= {"dashboard.disclosure.editions"}


# Histories for the cases ------------------------------------------------------------------------


LATER = """
        2023    2024
BGD        2       8
IND        6       9
"""
LATER_SHOWN = """
        2023    2024      _T
BGD        x       x      10
IND        x       x      15
_T         8      17      25
"""
REVISED = Case(
    (edition(), edition(LATER, LATER_SHOWN)),
    # India's count of 2024 was revised, the three others were not: they change alike in both editions.
    {**swap(3, (0, 1))},
    (Target("nationality", ("BGD", "2023")),),
)


def sectors(counted: str, shown: str) -> tuple[LinkedTable, frozenset[Key]]:
    paths = {"sector": {"DOM": ("DOM", T), "CON": ("CON", T)}, "year": YEARS}
    return table(counted, "sector", paths=paths), withheld(shown)


TWO_TABLES_SECTORS = """
        2023    2024
DOM        8       8
CON        6       6
"""
TWO_TABLES_NATIONALITIES = """
        2023    2024
BGD        7       8
IND        7       6
"""
YEARS_WITHHELD = """
        2023    2024      _T
BGD        x       x      15
IND        x       x      13
_T         x       x      28
"""
SECTORS_WITHHELD = """
        2023    2024      _T
DOM        x       x      16
CON        x       x      12
_T         x       x      28
"""


def two_tables(by_sector: str = TWO_TABLES_SECTORS) -> Edition:
    sector, hidden = sectors(by_sector, SECTORS_WITHHELD)
    nationality = table(TWO_TABLES_NATIONALITIES)
    return Edition(
        {"nationality": nationality, "sector": sector},
        {"nationality": withheld(YEARS_WITHHELD), "sector": hidden},
    )


def shift(name: str, row: str, persons: int) -> dict[tuple[int, str, Key], int]:
    return {(0, name, (row, "2023")): persons, (0, name, (row, "2024")): -persons}


TWO_TABLES = Case((two_tables(),), shift("nationality", "BGD", 2) | shift("sector", "DOM", 2), ())

MISSION = Contributor("mission", {"nationality": {("BGD", "2024"): 5}})
REMAINDERS = (
    Target("nationality", ("BGD", "2023"), contributor="mission"),
    Target("nationality", ("BGD", "2024"), contributor="mission"),
    Target("nationality", ("IND", "2024"), contributor="mission"),
)
"""Of Bangladesh's 8 in 2024 the mission knows 5, so 3 are of others. The two other counts are small anyway."""


def with_mission(
    change: Mapping[tuple[int, str, Key], Any], *targets: Target, mission: Contributor = MISSION
) -> tuple[Breach, ...]:
    witnesses = (Witness(swap(), SMALL), Witness(change, targets))
    return check((edition(),), 5, witnesses, (mission,))


# One case for each reason -----------------------------------------------------------------------


EVERYTHING_SHOWN = SHOWN.replace("x       x      10", "2       8      10")
TWELVE = """
        2023    2024
BGD        4       8
IND        6       3
"""
TWELVE_SHOWN = SHOWN.replace("10", "12").replace("_T         8", "_T         x").replace("19", " x")

CASES: Mapping[Reason, Case] = {
    Reason.OTHER_TABLES: Case((Edition({}), edition())),
    Reason.NOT_COUNTED: Case((edition(counts={("BGD", "2023"): -2}),)),
    Reason.NOT_CONTRIBUTED: Case(contributors=(Contributor("mission", {"nationality": {("BGD", "2024"): 9}}),)),
    Reason.TABLES_DISAGREE: replace(
        TWO_TABLES, history=(two_tables(TWO_TABLES_SECTORS.replace("8       8", "9       8")),)
    ),
    Reason.SMALL_SHOWN: Case((edition(shown=EVERYTHING_SHOWN),)),
    Reason.UNCERTAIN_SHOWN: Case((edition(uncertain=frozenset({("BGD", "2024")})),)),
    Reason.REMAINDER_SHOWN: Case(contributors=(Contributor("mission", {"nationality": {("BGD", "2024"): 8}}),)),
    Reason.CHANGE_SHOWN: Case((edition(), edition(TWELVE, TWELVE_SHOWN))),
    Reason.NO_WITNESS: Case(targets=SMALL[:1]),
    Reason.NOT_WHOLE: Case(change=swap(3.0)),
    Reason.NO_LEAF: Case(change=swap(name="nationalities")),
    Reason.NEGATIVE: Case(change=swap(7)),
    Reason.REVISED: replace(REVISED, change=swap(3, (1,))),
    Reason.SHOWN_CHANGED: Case(change=swap() | {(0, "nationality", ("IND", "2024")): 4}),
    Reason.DISAGREEMENT: replace(TWO_TABLES, change=shift("nationality", "BGD", 2)),
    Reason.STILL_SMALL: Case(change=swap(2)),
    Reason.OWN_RECORDS: Case(targets=(*SMALL, *REMAINDERS), change=swap(4), contributors=(MISSION,)),
}


@pytest.mark.parametrize("reason", Reason)
def test_each_fault_is_found(reason: Reason) -> None:
    assert reason in CASES[reason].reasons()


@pytest.mark.parametrize("reason", Reason)
def test_a_fault_is_told_in_words_that_no_count_changes(reason: Reason) -> None:
    assert all(isinstance(breach.reason, Reason) for breach in CASES[reason].breaches())


def test_a_history_has_an_edition() -> None:
    with pytest.raises(ValueError, match="at least one edition"):
        check((), 5, ())


# Histories --------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [-1, 2.0, True, np.int64(2)])
def test_counts_are_whole_numbers_from_0_on(count: object) -> None:
    counts = {**table(COUNTED).counts, ("BGD", "2023"): count}
    assert Case((edition(counts=counts),)).reasons() == {Reason.NOT_COUNTED}


@pytest.mark.parametrize("leaf", [("BGD",), ("BGD", "2025"), (T, "2023")])
def test_a_count_belongs_to_a_combination_of_atoms(leaf: Key) -> None:
    assert Case((edition(counts={leaf: 7}),)).reasons() == {Reason.NOT_COUNTED}
    assert Case((edition(uncertain=frozenset({leaf})),)).reasons() == {Reason.NOT_COUNTED}


def test_editions_have_the_same_atoms() -> None:
    other = table(COUNTED, paths={"nationality": {**NATIONALITIES, "NPL": ("NPL", T)}, "year": YEARS})
    assert Case((Edition({"nationality": other}), edition())).reasons() == {Reason.OTHER_TABLES}


# What is shown ----------------------------------------------------------------------------------


def test_every_cell_with_an_uncertain_leaf_is_withheld() -> None:
    case = Case((edition(uncertain=frozenset({("BGD", "2023")})),))
    found = {breach.target.cell for breach in case.breaches() if breach.target}
    assert found == {("BGD", T), (T, "2023"), (T, T)}


def test_uncertain_cells_that_are_withheld_are_sound() -> None:
    shown = SHOWN.replace("10", " x").replace("_T         8", "_T         x").replace("19", " x")
    assert Case((edition(shown=shown, uncertain=frozenset({("BGD", "2023")})),)).breaches() == ()


def test_a_count_that_reached_the_threshold_may_be_shown_again() -> None:
    """12 shown before and 17 now: a difference of 5 is not small. 12 and 16 would be."""
    before = edition(
        """
            2023    2024
    BGD        5       7
    IND        0       0
    """,
        "2023",
    )
    for added, breach in ((12, False), (11, True)):
        after = edition(
            f"""
                2023    2024
        BGD        5      {added}
        IND        0       0
        """,
            "2023",
        )
        assert (Reason.CHANGE_SHOWN in Case((before, after), {}, ()).reasons()) is breach


def test_a_code_with_other_atoms_behind_it_is_another_cell() -> None:
    """_T held one year when it was shown first: the difference to both years is no change of a count."""
    before = edition(
        shown=SHOWN, paths={"nationality": NATIONALITIES, "year": {"2023": ("2023", T), "2024": ("2024",)}}
    )
    found = Case((before, edition(TWELVE, TWELVE_SHOWN))).breaches()
    assert not [breach for breach in found if breach.reason is Reason.CHANGE_SHOWN]


def test_what_was_not_published_has_no_change() -> None:
    found = Case((edition(published=False), edition(TWELVE, TWELVE_SHOWN))).reasons()
    assert Reason.CHANGE_SHOWN not in found


def test_nothing_of_an_unpublished_table_is_shown() -> None:
    """Its leaves are still small counts that must not follow from other tables."""
    case = Case((edition(shown=EVERYTHING_SHOWN, published=False),))
    assert case.breaches() == ()
    assert replace(case, targets=()).reasons() == {Reason.NO_WITNESS}


# What has to be proved --------------------------------------------------------------------------


def missing(*history: Edition, contributors: tuple[Contributor, ...] = (), threshold: int = 5) -> set[Target]:
    """What of the last edition needs a witness. Small counts of earlier editions are asked for by `missing_before`."""
    found = check(history, threshold, (), contributors)
    targets = {breach.target for breach in found if breach.target and breach.reason is Reason.NO_WITNESS}
    return {target for target in targets if target.was is None}


def missing_before(*history: Edition, threshold: int = 5) -> set[Target]:
    found = check(history, threshold, ())
    return {breach.target for breach in found if breach.target and breach.target.was is not None}


def test_every_small_cell_needs_a_witness() -> None:
    assert missing(edition()) == set(SMALL)
    assert missing(edition(), threshold=1) == set()
    assert {target.cell for target in missing(edition(), threshold=9)} == {
        ("BGD", "2023"), ("BGD", "2024"), ("IND", "2023"), ("IND", "2024"), (T, "2023"),
    }  # fmt: skip


def test_a_small_count_of_an_earlier_edition_needs_a_witness_also_when_it_was_revised() -> None:
    """What is shown today must not tell how small a count was that has grown since."""
    before = {replace(target, was=0) for target in SMALL}
    assert missing_before(edition(), edition()) == before
    assert missing_before(edition(), edition(LATER, LATER_SHOWN)) == before, "India 2024 was 3 and is 9"
    assert missing_before(edition(), edition(), threshold=1) == set()


def test_a_leaf_that_no_edition_shows_needs_a_witness_too() -> None:
    both = {"BGD": ("SOUTH", T), "IND": ("SOUTH", T)}
    hidden = edition(shown="2023", paths={"nationality": both, "year": YEARS})
    assert missing(hidden) == set(SMALL)
    assert Case((hidden,)).breaches() == ()


def test_a_name_that_means_a_leaf_and_a_cell_is_proved_for_both() -> None:
    """People reported as South Asian without a country are a leaf; all South Asians are a cell of the same name."""
    paths = {"nationality": {"SOUTH": ("SOUTH", T), "BGD": ("BGD", "SOUTH", T)}, "year": {"2023": ("2023",)}}
    counts = {("SOUTH", "2023"): 1, ("BGD", "2023"): 2}
    history = (edition(counts=counts, paths=paths, shown="2023\nSOUTH x\nBGD x\n_T x"),)
    targets = (
        Target("nationality", ("SOUTH", "2023")),
        Target("nationality", ("BGD", "2023")),
        Target("nationality", (T, "2023")),
    )
    only_cell = {(0, "nationality", ("BGD", "2023")): 3}
    assert Case(history, only_cell, targets).reasons() == {Reason.NO_WITNESS}
    assert Case(history, only_cell | {(0, "nationality", ("SOUTH", "2023")): 4}, targets).breaches() == ()


def test_a_small_change_needs_a_witness_of_the_same_sign() -> None:
    """Bangladesh 2023 fell by 3. That it fell by 5 proves it; that it rose by 5 does not."""
    before = edition(
        """
            2023    2024
    BGD        6       8
    IND        6       9
    """,
        SHOWN,
    )
    after = edition(
        """
            2023    2024
    BGD        3       8
    IND        6       9
    """,
        "2023\nBGD x\nIND x\n_T x",
    )
    shown = Edition(after.tables, {"nationality": frozenset({("BGD", "2023"), ("BGD", T), (T, "2023"), (T, T)})})
    cells = [("BGD", "2023"), ("BGD", T), (T, "2023"), (T, T)]
    changes = {Target("nationality", cell, since=0) for cell in cells}
    assert missing(before, shown) == {Target("nationality", ("BGD", "2023")), *changes}
    fall = {(1, "nationality", ("BGD", "2023")): -2}
    rise = {(1, "nationality", ("BGD", "2023")): 8}
    for change, proved in ((fall, True), (rise, False)):
        found = check((before, shown), 5, [Witness(change, tuple(changes))])
        assert (changes & {breach.target for breach in found} == set()) is proved


def test_contributors_must_not_learn_what_is_left() -> None:
    assert missing(edition(), contributors=(MISSION,)) == {*SMALL, *REMAINDERS}


# A lower threshold than today's -------------------------------------------------------------------


def raised(after: str = COUNTED, shown: str = SHOWN, before: int = 3) -> tuple[Edition, Edition]:
    """Published under another threshold first, where only Bangladesh 2023 was below it, and again today."""
    return replace(edition(), threshold=before), edition(after, shown)


def test_a_count_published_under_a_lower_threshold_is_held_to_that_one() -> None:
    """Bangladesh 2023 is 2 and has to reach 3, which takes one person. India 2024 was a 3 that all could see."""
    assert missing(*raised()) == {SMALL[0]}
    assert Case(raised(), swap(1, (0, 1)), (SMALL[0], replace(SMALL[0], was=0))).breaches() == ()
    assert Case(raised(before=0), swap(1, (0, 1)), SMALL[:1]).reasons() == {Reason.STILL_SMALL, Reason.NO_WITNESS}


@pytest.mark.parametrize(("before", "wanted"), [(0, 2), (2, 0), (3, 1), (4, 2), (5, 2), (9, 2)])
def test_only_a_lower_threshold_counts(before: int, wanted: int) -> None:
    assert len(missing(*raised(before=before))) == wanted


def test_the_lowest_threshold_that_a_count_was_published_under_counts() -> None:
    first, last = raised()
    assert missing(first, replace(first, threshold=5), last) == {SMALL[0]}


def test_a_revised_count_is_held_to_the_threshold_of_today() -> None:
    """Negative control: Bangladesh 2023 was a 4, so the 2 is news. It takes 3 persons again, and so does the change."""
    before = replace(edition(COUNTED.replace("2       8", "4       8"), SHOWN), threshold=3)
    assert SMALL[0] in missing(before, edition())
    one_more = Case((before, edition()), swap(1, (0, 1)), SMALL[:1])
    assert Breach(SMALL[0], Reason.STILL_SMALL) in one_more.breaches()
    uncertain = replace(edition(uncertain=frozenset({("BGD", "2023")})), threshold=3)
    assert SMALL[0] in missing(uncertain, edition())


def test_a_change_is_held_to_the_threshold_that_it_was_published_after() -> None:
    """India 2024 rose from 3 to 5: by 2, which has to be able to be 3, or 5 where 5 was the threshold before."""
    after = COUNTED.replace("6       3", "6       5")
    change = Target("nationality", ("IND", "2024"), since=0)
    unseen = edition(
        after, SHOWN.replace("8      11      19", "x       x       x").replace("10", " x").replace("9", "x")
    )
    for before, persons in ((3, 1), (5, 3)):
        history = raised(before=before)
        for more, reached in ((persons, True), (persons - 1, False)):
            witness = Witness({(1, "nationality", ("IND", "2024")): more}, (change,))
            found = {breach.reason for breach in check((history[0], unseen), 5, [witness]) if breach.target == change}
            assert (found == set()) is reached


def test_a_small_count_is_not_shown_again_although_it_was_shown() -> None:
    """I0 holds to the threshold of today."""
    first, last = raised(shown=SHOWN.replace("x       x       9", "x       3       9"))
    assert Breach(SMALL[1], Reason.SMALL_SHOWN) in check((first, last), 5, ())


def test_a_cell_is_unrevised_where_another_table_shows_it() -> None:
    """By nationality one of 2023 was moved from India to Bangladesh; by sector nothing was revised."""
    paths = {"sector": {"DOM": ("DOM", T)}, "year": YEARS}
    by_sector = LinkedTable("sector", ("sector", "year"), paths, {("DOM", "2023"): 4, ("DOM", "2024"): 11})
    hidden = frozenset({("BGD", "2023"), ("IND", "2023"), (T, "2023"), (T, T)})

    def both(counted: str) -> Edition:
        tables = {"nationality": table(counted), "sector": by_sector}
        return Edition(tables, {"nationality": hidden, "sector": frozenset({("DOM", "2023"), (T, "2023")})}, 3)

    before = both("""
        2023    2024
    BGD    1       8
    IND    3       3
    """)
    after = both("""
        2023    2024
    BGD    2       8
    IND    2       3
    """)
    cells = {target.cell for target in missing(before, after) if target.since is None}
    assert cells == {("BGD", "2023"), ("IND", "2023")}, "the 4 of 2023 stood in the first edition for all to see"
    alone = {
        target.cell
        for target in missing(*(Edition({"nationality": e.tables["nationality"]}, {}, 3) for e in (before, after)))
    }
    assert (T, "2023") in alone, "negative control"


# Witnesses --------------------------------------------------------------------------------------


@pytest.mark.parametrize("persons", [3.0, 2.9999999, True, np.int64(3), "3", None])
def test_a_witness_moves_whole_persons(persons: Any) -> None:
    change = swap() | {(0, "nationality", ("BGD", "2023")): persons}
    assert Case(change=change).reasons() == {Reason.NOT_WHOLE, Reason.NO_WITNESS}


@pytest.mark.parametrize(
    "key",
    [
        (1, "nationality", ("BGD", "2023")),
        (0, "sector", ("BGD", "2023")),
        (0, "nationality", ("BGD", T)),
        (0, "nationality", ("BGD",)),
    ],
)
def test_a_witness_changes_leaves_of_the_history(key: tuple[int, str, Key]) -> None:
    assert Reason.NO_LEAF in Case(change=swap() | {key: 1}).reasons()


@pytest.mark.parametrize("leaf", list(table(COUNTED).counts))
@pytest.mark.parametrize("more", [-1, 1])
def test_one_number_altered_makes_a_witness_wrong(leaf: Key, more: int) -> None:
    change = swap()
    change[0, "nationality", leaf] += more
    assert Case(change=change).reasons() == {Reason.SHOWN_CHANGED, Reason.NO_WITNESS}


def test_a_wrong_witness_is_reported_although_a_sound_one_proves_the_same() -> None:
    found = check((edition(),), 5, [Witness(swap(), SMALL), Witness(swap(7), ())])
    assert found == (Breach(None, Reason.NEGATIVE),)


def test_a_witness_that_reaches_the_threshold_by_one_person_less_proves_nothing() -> None:
    assert Case(change=swap(2)).breaches() == (
        Breach(SMALL[0], Reason.STILL_SMALL),
        Breach(SMALL[0], Reason.NO_WITNESS),
    )


def test_tables_of_an_edition_agree_where_the_shared_cell_is_withheld() -> None:
    assert TWO_TABLES.breaches() == ()
    assert replace(TWO_TABLES, change=shift("sector", "DOM", 2)).reasons() == {Reason.DISAGREEMENT}
    assert replace(TWO_TABLES, change=shift("nationality", "BGD", 2) | shift("sector", "DOM", 1)).reasons() == {
        Reason.DISAGREEMENT
    }


def test_tables_agree_year_by_year_where_only_an_earlier_edition_shows_years() -> None:
    """All periods are one cell now. Both tables count the same people, so they still agree on each year."""
    now = two_tables()
    together = {
        name: replace(item, paths={**item.paths, "year": {"2023": (T,), "2024": (T,)}})
        for name, item in now.tables.items()
    }
    apart = shift("nationality", "BGD", 2)
    both = apart | shift("sector", "DOM", 2)

    def later(change: Mapping[tuple[int, str, Key], int]) -> dict[tuple[int, str, Key], int]:
        return {(1, name, leaf): number for (_, name, leaf), number in change.items()}

    history = (now, Edition(together))
    for change, reasons in ((both, set()), (apart, {Reason.DISAGREEMENT})):
        assert Case(history, {**change, **later(change)}, ()).reasons() == reasons
    assert Case((Edition(together),), apart, ()).reasons() == set()


def test_what_was_not_revised_changes_alike() -> None:
    assert Reason.REVISED in Case((edition(), edition()), swap(), ()).reasons()
    assert Reason.REVISED in Case((edition(), edition(), edition()), swap(3, (0, 2)), ()).reasons()
    both = (*SMALL, *(replace(target, was=0) for target in SMALL))
    assert Case((edition(), edition()), swap(3, (0, 1)), both).breaches() == ()


def test_what_was_revised_may_change_in_one_edition() -> None:
    assert Reason.REVISED not in REVISED.reasons()


def test_a_shown_cell_of_an_earlier_edition_stays() -> None:
    """All inner cells are withheld now, but India 2024 was shown before and not revised since."""
    before = edition(LATER, LATER_SHOWN.replace("IND        x       x", "IND        x       9"))
    after = edition(LATER, LATER_SHOWN)
    assert Reason.SHOWN_CHANGED in Case((before, after), swap(3, (0, 1)), ()).reasons()
    assert Reason.SHOWN_CHANGED not in Case((after, after), swap(3, (0, 1)), ()).reasons()


def test_a_contributor_finds_its_own_records_in_every_other_history() -> None:
    """Bangladesh 2024 may rise to 10, of which 5 are of others, but not fall below the mission's own 5."""
    rise, fall = swap(-2), swap(4)
    found = with_mission(rise, REMAINDERS[1])
    assert {breach.target for breach in found} == {REMAINDERS[0], REMAINDERS[2]}
    found = with_mission(fall, REMAINDERS[0])
    assert Breach(REMAINDERS[0], Reason.OWN_RECORDS) in found
    assert with_mission(swap(3), REMAINDERS[0], REMAINDERS[2]) == (Breach(REMAINDERS[1], Reason.NO_WITNESS),)


def test_a_contributor_that_knows_all_records_of_a_leaf_sees_through_changes_of_it() -> None:
    knowing = replace(MISSION, complete={"nationality": frozenset({("IND", "2023")})})
    assert Breach(REMAINDERS[0], Reason.OWN_RECORDS) in with_mission(swap(3), REMAINDERS[0], mission=knowing)


@pytest.mark.parametrize(
    "contributor",
    [
        Contributor("", {}),
        Contributor("mission", {"sector": {}}),
        Contributor("mission", {"nationality": {("BGD", "2023"): 3}}),
        Contributor("mission", {"nationality": {("BGD", "2023"): -1}}),
        Contributor("mission", {}, {"sector": frozenset()}),
    ],
)
def test_contributed_records_are_among_those_counted(contributor: Contributor) -> None:
    assert Case(contributors=(contributor,)).reasons() == {Reason.NOT_CONTRIBUTED}


def test_two_contributors_have_two_names() -> None:
    assert Case(contributors=(MISSION, MISSION)).reasons() == {Reason.NOT_CONTRIBUTED}
