"""Grouping, drawn: which codes stand together, and which periods remain, before anything is withheld."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import REFERENCE, count, dataset

from dashboard.datasets import NOT_RECORDED, STRUCTURES, TOTAL, Code, Codelist, Dataset, Observation, periods
from dashboard.disclosure import GROUP, PlannedTable, load_plan, load_policy
from dashboard.disclosure.acyclicity import cycle
from dashboard.disclosure.grouping import Classification, classification, classify, groups, largest_counts

VICTIMS = STRUCTURES["victims"]
T = TOTAL
COUNTRIES = """
              persons
south              20
  .bgd             12
  .ind              6
  .npl              2
  .pak              0
east                7
  .vnm              4
  .phl              3
north               3
  .swe              3
  .nor              0
west                0
  .fra              0
  .deu              0
NR                  1
"""


def tree(drawn: str) -> tuple[Codelist, dict[str, int]]:
    """The codelist of a drawing, where a dot hangs a code below the one before it, and the persons of each code."""
    codes: dict[str, Code] = {}
    counts: dict[str, int] = {}
    parent = T
    for line in drawn.strip().splitlines()[1:]:
        entry, number = line.split()
        below, code = entry.startswith("."), entry.lstrip(".")
        codes[code] = Code(code, code, "country" if below else "subregion", parent if below else T, "", "")
        parent = parent if below else code
        counts[code] = int(number)
    return Codelist("drawn", codes), counts


@pytest.mark.parametrize(
    ("threshold", "smallest", "expected"),
    [
        pytest.param(
            5,
            2,
            {"south+": ("npl", "pak"), "east": ("vnm", "phl"), f"{T}+": ("swe", "nor", "fra", "deu")},
            id="small countries, a sub-region of small ones, small sub-regions",
        ),
        pytest.param(
            4,
            2,
            {"south+": ("npl", "pak"), f"{T}+": ("swe", "nor", "fra", "deu")},
            id="one small country alone is no group: it would be itself",
        ),
        pytest.param(
            5,
            3,
            {"east": ("vnm", "phl"), "north": ("swe", "nor"), "west": ("fra", "deu")},
            id="groups of three codes: two small sub-regions stand apart, each for its countries",
        ),
        pytest.param(21, 2, {}, id="nothing reaches the threshold: everything stays as it is"),
    ],
)
def test_what_reaches_the_threshold_nowhere_stands_together(
    threshold: int, smallest: int, expected: Mapping[str, tuple[str, ...]]
) -> None:
    assert groups(*tree(COUNTRIES), threshold, smallest) == expected


def test_not_recorded_and_no_transit_stand_alone(reference_dir: Path) -> None:
    codelist = VICTIMS.dimension("transit").codelist(reference_dir)
    found = groups(codelist, {"M49_034": 9, "LKA": 9, "NR": 1, "NONE": 1}, 5, 2)
    grouped = {code for members in found.values() for code in members}
    assert set(codelist.reportable) - grouped == {"LKA", "NR", "NONE"}


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["bgd", "ind", "npl", "vnm", "phl", "swe", "fra"]), st.integers(0, 9)))
def test_nobody_or_one_person_makes_no_difference(counts: dict[str, int]) -> None:
    """A group says of its codes that they are below the threshold, and not which of them are 0."""
    codelist, _ = tree(COUNTRIES)

    def summed(numbers: Mapping[str, int]) -> Counter[str]:
        sums: Counter[str] = Counter()
        for code, number in numbers.items():
            for step in codelist.ancestors(code):
                sums[step] += number
        return sums

    before = groups(codelist, summed(counts), 5, 2)
    for code in codelist.reportable:
        more = summed({**counts, code: counts.get(code, 0) + 1})
        steps = [step for step in codelist.ancestors(code)]
        if all((more[step] >= 5) == (summed(counts)[step] >= 5) for step in steps):
            assert groups(codelist, more, 5, 2) == before


def test_the_largest_count_is_of_one_population_over_all_periods(reference_dir: Path) -> None:
    rows = [count("victims", 3, "2023", nationality="BGD"), count("victims", 4, "2024", nationality="BGD")]
    rows += [count("victims", 6, status="PRESUMED", nationality="BGD"), count("victims", 2, nationality="IND")]
    largest = largest_counts(dataset("victims", *rows), "nationality", reference_dir)
    assert (largest["BGD"], largest["IND"], largest["M49_034"], largest["NPL"]) == (7, 2, 9, 0)


def table(*dimensions: str, theme: tuple[str, ...] = (), **levels: tuple[str, ...]) -> PlannedTable:
    return PlannedTable("drawn", VICTIMS, ("period", "status", *dimensions), levels, theme)


GROUPED = {
    "nationality": {"M49_034+": ("AFG", "PAK"), "M49_035": ("PHL", "THA"), f"{T}+": ("FJI", "ATA")},
    "destination": {"MDV": ("MV_MALE", "MV_RESORTS", "MV_ATOLLS", "MV_NR")},
}


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (
            ("country", "subregion"),
            """
            BGD   BGD       M49_034
            AFG   M49_034+  M49_034
            PHL   M49_035
            FJI   _T+
            ATA   _T+
            NR    NR
            """,
        ),
        (
            ("country",),
            """
            BGD   BGD
            AFG   M49_034+
            PHL   M49_035
            FJI   _T+
            """,
        ),
        (
            ("subregion",),
            """
            BGD   M49_034
            AFG   M49_034
            PHL   M49_035
            FJI   _T+
            NR    NR
            """,
        ),
    ],
)
def test_a_group_stands_in_the_place_of_what_it_took(levels: tuple[str, ...], expected: str) -> None:
    found = classify(table("nationality", nationality=levels), dataset("victims"), (), GROUPED, REFERENCE)
    for line in expected.strip().splitlines():
        code, *path = line.split()
        assert found["nationality"][code] == (*path, T)


def test_a_country_without_shown_places_stands_at_the_level_of_places() -> None:
    for levels in (("place",), ("place", "country")):
        found = classify(table("destination", destination=levels), dataset("victims"), (), GROUPED, REFERENCE)
        assert found["destination"]["MV_MALE"] == ("MDV", T)
    both = classify(
        table("destination", destination=("place", "subregion")), dataset("victims"), (), GROUPED, REFERENCE
    )
    assert both["destination"]["MV_MALE"] == ("MDV", "M49_034", T)


def test_movement_and_codes_that_cannot_be_added_up() -> None:
    found = classify(
        table("movement"), dataset("victims", count("victims", 1, "2024")), ("quarter", "year"), {}, REFERENCE
    )
    assert found["movement"] == {code: (code, T) for code in ("CROSS_BORDER", "INTERNAL", "NR")}
    assert found["status"] == {code: (code,) for code in ("PRESUMED", "IDENTIFIED")}
    assert found["period"] == {"2024": ("2024-QX", "2024", T)}


LEVELS = ("quarter", "year", "five_years", "report_year")


def drawn_periods(drawn: str, **codes: str) -> Dataset:
    """One period and its persons in each line."""
    entries = [line.split() for line in drawn.strip().splitlines()]
    return dataset("victims", *(count("victims", int(number), period, **codes) for period, number in entries))


@pytest.mark.parametrize(
    ("counted", "planned", "expected"),
    [
        pytest.param(
            "2019-Q1 5\n2024-Q1 4", LEVELS, ("quarter", "year", "report_year"), id="half and more in quarters"
        ),
        pytest.param("2019-Q1 4\n2019-Q2 4\n2024-Q1 4", LEVELS, ("year", "report_year"), id="quarters too sparse"),
        pytest.param("2018 3\n2019 3\n2024 3", LEVELS, ("five_years",), id="years too sparse, TIP years with them"),
        pytest.param("2023 3\n2022 3\n2024 3", LEVELS, (), id="one block of five years is the total"),
        pytest.param("2018 3\n2019 3\n2024 3", ("quarter", "year"), ("year",), id="the coarsest that is planned stays"),
        pytest.param("2018 3\n2024 3", ("report_year",), ("report_year",), id="TIP years only"),
        pytest.param(
            "2018-Q1 9\n2024-Q1 3", ("quarter", "five_years"), ("quarter", "five_years"), id="no year planned"
        ),
        pytest.param("", LEVELS, ("quarter", "year", "report_year"), id="nobody"),
    ],
)
def test_periods_too_sparse_give_way_to_longer_ones(
    counted: str, planned: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    one = table("form_of_exploitation", period=planned)
    found = classification([one], drawn_periods(counted), load_policy(REFERENCE), GROUP, REFERENCE)
    assert found.period_levels == {"drawn": expected}


def test_the_theme_is_what_must_be_dense() -> None:
    rows = [count("victims", 4, year, nationality=code) for year in ("2018", "2024") for code in ("BGD", "IND", "NPL")]
    shown = {
        theme: classification(
            [table("nationality", theme=theme, period=LEVELS)],
            dataset("victims", *rows),
            load_policy(REFERENCE),
            GROUP,
            REFERENCE,
        ).period_levels["drawn"]
        for theme in ((), ("nationality",))
    }
    assert shown == {(): ("quarter", "year", "report_year"), ("nationality",): ("five_years",)}


def test_years_dropped_in_one_table_close_no_cycle() -> None:
    """Ages by form, forms by sector, sectors by age: alone the middle one would lose its years and tie a ring."""
    years = {"period": ("year", "five_years")}
    hub = PlannedTable("hub", VICTIMS, ("period", "status", "form_of_exploitation", "age_group"), years)
    theme = ("period", "status", "form_of_exploitation", "age_group", "sector")
    sparse = PlannedTable("sparse", VICTIMS, theme, years, ("sector",))
    dense = PlannedTable("dense", VICTIMS, ("period", "status", "age_group", "sector"), years)
    sectors = ("A", "B", "C", "D")
    rows = [count("victims", 3, year, sector=sector) for year in ("2018", "2019", "2024") for sector in sectors]
    apart = PlannedTable("apart", VICTIMS, ("period", "status", "sex"), years)
    tables = [hub, sparse, dense, apart]
    found = classification(tables, dataset("victims", *rows), load_policy(REFERENCE), GROUP, REFERENCE)
    kept = [replace(one, levels={"period": ("year",)}) for one in (hub, dense)]
    assert cycle([*kept, replace(sparse, levels={"period": ("five_years",)})]), "negative control"
    # A table that keeps its years has the five years of the others, too: there the tables share cells.
    both = {"apart": ("year", "five_years")}
    assert found.period_levels == dict.fromkeys(("hub", "sparse", "dense"), ("five_years",)) | both


def test_where_every_count_is_shown_the_plan_is_published_as_it_is(reference_dir: Path) -> None:
    tables = [one for one in load_plan(reference_dir).tables.values() if one.structure.name == "prevention"]
    rows = dataset("prevention", count("prevention", 1, "2023"), count("prevention", 1, "2024"))
    found = classification(tables, rows, load_policy(reference_dir), GROUP, reference_dir)
    assert found.groups == {}
    assert set(found.period_levels.values()) == {("quarter", "year")}


ROWS = st.lists(
    st.builds(
        lambda period, value, status, nationality, origin, destination: count(
            "victims", value, period, status=status, nationality=nationality, origin=origin, destination=destination
        ),
        st.sampled_from(("2018", "2019-Q2", "2023-Q4", "2024", "2025-Q1")),
        st.integers(0, 7),
        st.sampled_from(("PRESUMED", "IDENTIFIED")),
        st.sampled_from(("BGD", "IND", "NPL", "PHL", "THA", "FRA", "ATA", "XXA", "NR")),
        st.sampled_from(("BGD", "KEN", "NR")),
        st.sampled_from(("MV_MALE", "MV_NR", "LKA", "NR")),
    ),
    max_size=25,
)


def made(rows: list[Observation]) -> Classification:
    tables = [one for one in load_plan(REFERENCE).tables.values() if one.structure is VICTIMS]
    return classification(tables, dataset("victims", *rows), load_policy(REFERENCE), GROUP, REFERENCE)


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_each_code_is_counted_once_at_each_level_and_no_cell_has_two_names(rows: list[Observation]) -> None:
    found = made(rows)
    plan = load_plan(REFERENCE).tables
    for name, paths in found.paths.items():
        assert tuple(paths) == plan[name].dimensions
        for dimension in plan[name].dimensions[1:]:
            codelist = VICTIMS.dimension(dimension).codelist(REFERENCE)
            assert set(paths[dimension]) == set(codelist.reportable)
            above: dict[str, set[tuple[str, ...]]] = defaultdict(set)
            members: dict[str, set[str]] = defaultdict(set)
            for code, path in paths[dimension].items():
                for at, step in enumerate(path):
                    above[step].add(path[at + 1 :])
                    members[step].add(code)
            assert all(len(ways) == 1 for ways in above.values()), "a code lies under one parent"
            assert len({frozenset(codes) for codes in members.values()}) == len(members), "no two names for one cell"


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_every_person_is_counted_in_one_finest_cell_and_in_the_total(rows: list[Observation]) -> None:
    found = made(rows)
    place = VICTIMS.position("nationality")
    for name in ("victims_by_nationality", "victims_by_nationality_and_sex"):
        paths = found.paths[name]["nationality"]
        finest: Counter[str] = Counter()
        for row in rows:
            finest[paths[row.codes[place]][0]] += row.value or 0
        assert finest.total() == sum(row.value or 0 for row in rows)
        assert all(path[-1] == T for path in paths.values())
        assert paths[NOT_RECORDED] == (NOT_RECORDED, T)


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_a_classification_is_stored_and_read_back(rows: list[Observation]) -> None:
    found = made(rows)
    assert Classification.from_json(json.loads(json.dumps(found.as_json()))) == found
    assert all(level in periods.LEVELS for levels in found.period_levels.values() for level in levels)
