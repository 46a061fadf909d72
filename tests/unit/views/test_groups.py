"""Groups of codes: what they are called, where they stand, and that nothing is said of their members."""

from dataclasses import replace

import pytest
from tests.published import Written
from tests.unit.views.conftest import Opened

from dashboard.datasets import periods
from dashboard.published_tables import Circulation
from dashboard.views import CellState, HeadingKind, Selection, catalogue, choices, definitions, load, shorten
from dashboard.views.groups import plural

QUARTERS = periods.quarters("2024-Q1", "2024-Q4")
SOUTHERN = ("AFG", "BTN", "IRN", "MDV", "NPL", "PAK", "LKA")
REST = ("ALB", "DZA", "AND", "AGO", "ATG", "ARG", "ARM", "ABW", "THA")
NATIONALITY = Written(
    "victims_by_nationality",
    "victims",
    ("period", "status", "form_of_exploitation", "nationality"),
    {
        "_T IDENTIFIED _T BGD": 20,
        "_T IDENTIFIED _T IND": None,
        "_T IDENTIFIED _T M49_034+": 31,
        "_T IDENTIFIED _T M49_014": 60,
        "_T IDENTIFIED _T _T+": 70,
        "_T IDENTIFIED _T NR": 90,
        "_T IDENTIFIED _T M49_034": 51,
        "_T IDENTIFIED _T _T": 271,
    },
    groups={"nationality": {"_T+": REST, "M49_034+": SOUTHERN, "M49_014": ("KEN", "ETH")}},
    counted={"status": {"2024": ("IDENTIFIED",)}},
)


def test_groups_stand_behind_the_countries_and_before_what_is_not_recorded(opened: Opened) -> None:
    table = load(catalogue.NATIONALITY, Selection(), opened(NATIONALITY, quarters=QUARTERS))
    drawn = [(row.label, cells[0].text, row.kind) for row, cells in zip(table.rows, table.cells, strict=True)]
    assert drawn == [
        ("Bangladesh", "20", HeadingKind.CODE),
        ("India", "c", HeadingKind.CODE),
        ("Eastern Africa (all 2)", "60", HeadingKind.REST),
        ("Other Southern Asia (7)", "31", HeadingKind.REST),
        ("Other nationalities (9)", "70", HeadingKind.REST),
        ("Not recorded", "90", HeadingKind.NOT_RECORDED),
    ]


def test_among_sub_regions_a_group_of_one_of_them_has_no_place(opened: Opened) -> None:
    table = load(catalogue.NATIONALITY, Selection(level="subregion"), opened(NATIONALITY, quarters=QUARTERS))
    assert [row.label for row in table.rows] == [
        "Eastern Africa",
        "Southern Asia",
        "Other nationalities (9)",
        "Not recorded",
    ]


def test_a_note_says_what_is_in_a_group_and_not_who_has_any(opened: Opened) -> None:
    table = load(catalogue.NATIONALITY, Selection(), opened(NATIONALITY, quarters=QUARTERS))
    assert table.groups == (
        "Eastern Africa: Kenya and Ethiopia together; by themselves they have too few, or none.",
        "Other Southern Asia: Afghanistan, Bhutan, Iran, Maldives, Nepal, Pakistan and Sri Lanka "
        "together; by themselves they have too few, or none.",
        "Other nationalities: Albania, Algeria, Andorra, Angola, Antigua and Barbuda, Argentina and 3 more "
        "together; by themselves they have too few, or none.",
    )
    assert not any(note in table.notes for note in table.groups), "they stand under the table, not in the figure"


def test_definitions_name_every_member(opened: Opened) -> None:
    published = opened(NATIONALITY, quarters=QUARTERS)
    terms = dict(dict(definitions(published.tables[NATIONALITY.name], published))["Nationality"])
    assert terms["Other nationalities (9)"].startswith("Albania, Algeria,")
    assert "Armenia, Aruba and Thailand together" in terms["Other nationalities (9)"]


def test_a_member_of_a_group_is_never_a_zero(opened: Opened) -> None:
    """Sex has a short list, which is shown whole: but not a code that stands in a group."""
    table = Written(
        "victims_by_nationality_and_sex",
        "victims",
        ("period", "status", "nationality", "sex"),
        {
            "_T IDENTIFIED BGD F": 7,
            "_T IDENTIFIED BGD _T+": 9,
            "_T IDENTIFIED BGD _T": 16,
            "_T IDENTIFIED M49_034 _T": 8,
        },
        groups={"sex": {"_T+": ("M", "O")}, "nationality": {"M49_034": SOUTHERN}},
        counted={"status": {"2024": ("IDENTIFIED",)}},
    )
    view = catalogue.NATIONALITY.companions[0]
    shown = load(view, Selection(), opened(table, quarters=QUARTERS))
    assert [column.label for column in shown.columns] == ["Female", "Other sexes (2)", "Not recorded"]
    assert [row.label for row in shown.rows] == ["Bangladesh", "Southern Asia (all 7)"]
    assert [cell.text for cell in shown.cells[0]] == ["7", "9", "0"]


def test_a_view_that_stands_at_a_member_of_a_group_withholds_it(opened: Opened) -> None:
    table = replace(NATIONALITY, groups={"form_of_exploitation": {"_T+": ("FORCED_BEGGING", "NR")}})
    view = replace(catalogue.NATIONALITY, fixed={"form_of_exploitation": "FORCED_BEGGING"}, filters=("status",))
    shown = load(view, Selection(), opened(table, quarters=QUARTERS))
    assert {cell.state for cell in shown.total_row} == {CellState.WITHHELD}


def test_a_filter_offers_a_group_after_the_codes(opened: Opened) -> None:
    table = Written(
        "victims_by_sector",
        "victims",
        ("period", "status", "form_of_exploitation", "sector"),
        {f"_T IDENTIFIED _T {code}": 9 for code in ("F", "I", "_T+", "NR", "_T")},
        groups={"sector": {"_T+": ("A", "B", "C")}},
        counted={"status": {"2024": ("IDENTIFIED",)}},
    )
    view = replace(catalogue.SECTOR, rows=("form_of_exploitation",), columns=None, filters=("status", "sector"))
    published = opened(table, quarters=QUARTERS)
    (sectors,) = [choice for choice in choices(view, published) if choice.name == "sector"]
    assert [label for _, label in sectors.options] == [
        "All",
        "Construction",
        "Hotels, resorts and restaurants",
        "Other sectors (3)",
        "Not recorded",
    ]
    filtered = load(view, Selection(codes=(("sector", "_T+"),)), published)
    assert filtered.subtitle == "All periods, persons; only other sectors (3)"
    assert ("Sector", "Other sectors (3)") in filtered.filters
    assert filtered.groups[0].startswith("Other sectors: Fishing and agriculture, Mining and quarrying and")


def test_a_route_names_its_groups_and_stands_behind_the_named_ones(opened: Opened) -> None:
    table = Written(
        "victims_by_route",
        "victims",
        ("period", "status", "movement", "origin", "transit", "destination"),
        {
            "_T IDENTIFIED _T BGD NONE MV_MALE": 8,
            "_T IDENTIFIED _T _T+ NONE MV_MALE": 40,
            "_T IDENTIFIED _T NPL M49_034 MDV+": 9,
            "_T IDENTIFIED _T NR NR NR": 50,
            "_T IDENTIFIED _T _T _T _T": 107,
        },
        groups={
            "origin": {"_T+": ("KEN", "UGA")},
            "transit": {"M49_034": ("IND", "LKA")},
            "destination": {"MDV+": ("MV_ATOLLS", "MV_NR")},
        },
        counted={"status": {"2024": ("IDENTIFIED",)}},
    )
    shown = load(catalogue.ROUTE, Selection(), opened(table, quarters=QUARTERS))
    assert [row.label for row in shown.rows] == [
        "Bangladesh \u2192 No transit \u2192 Male' region",
        "Nepal \u2192 Southern Asia (all 2) \u2192 Other Maldives (2)",
        "Other origins (2) \u2192 No transit \u2192 Male' region",
        "Not recorded \u2192 Not recorded \u2192 Not recorded",
    ]
    assert [row.grouped for row in shown.rows] == [(), (1, 2), (0,), ()]
    assert len(shown.groups) == 3


def test_a_shortened_ranking_keeps_groups_apart_from_its_own_sums(opened: Opened) -> None:
    many = {f"_T IDENTIFIED _T {code}": 40 - at for at, code in enumerate(SOUTHERN + REST[:6])}
    groups = {"_T+": ("KEN", "UGA"), "M49_034+": ("IND",)}
    cells = {**many, "_T IDENTIFIED _T _T+": 99, "_T IDENTIFIED _T M49_034+": None}
    table = replace(NATIONALITY, cells=cells, groups={"nationality": groups})
    short = shorten(load(catalogue.NATIONALITY, Selection(), opened(table, quarters=QUARTERS)))
    assert [row.label for row in short.rows[10:]] == [
        "Next 3 nationalities together",
        "Other nationalities (2)",
        "Other Southern Asia (1)",
    ]
    assert {row.kind for row in short.rows[10:]} == {HeadingKind.REST}
    assert [cells[0].text for cells in short.cells[10:]] == [str(30 + 29 + 28), "99", "c"]


def test_levels_of_a_hierarchy_without_a_code_are_not_offered(opened: Opened) -> None:
    only_countries = {codes: value for codes, value in NATIONALITY.cells.items() if "M49" not in codes}
    published = opened(replace(NATIONALITY, cells=only_countries), quarters=QUARTERS)
    assert "level" not in {choice.name for choice in choices(catalogue.NATIONALITY, published)}


@pytest.mark.parametrize("circulation", Circulation)
def test_each_circulation_sees_its_own_numbers_and_its_own_legend(circulation: Circulation, opened: Opened) -> None:
    table = replace(NATIONALITY, wider={"_T IDENTIFIED _T BGD": None, "_T IDENTIFIED _T _T": 271})
    shown = load(catalogue.NATIONALITY, Selection(), opened(table, quarters=QUARTERS, circulation=circulation))
    numbers, largest = {"group": (["20", "c", "60", "31", "70", "90"], 4), "wider": (["c"], 9)}[circulation]
    assert [cells[0].text for cells in shown.cells] == numbers
    assert shown.circulation is circulation
    assert shown.notes[0] == (
        f"c: a number from 1 to {largest}, or a number withheld so that a small one cannot be worked out "
        "(zeros can be among them)."
    )


@pytest.mark.parametrize(
    ("label", "several"),
    [
        ("Nationality", "nationalities"),
        ("Sector", "sectors"),
        ("Form of exploitation", "forms of exploitation"),
        ("Type of assistance", "types of assistance"),
        ("Sex", "sexes"),
        ("Status", "statuses"),
        ("Age group", "age groups"),
    ],
)
def test_dimensions_for_several_codes(label: str, several: str) -> None:
    assert plural(label) == several
