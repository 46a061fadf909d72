"""Publications laid on top of one another: the same atoms in all of them, whatever each told apart."""

from dataclasses import replace

import pytest
from tests.examples import REFERENCE, count, dataset

from dashboard.datasets import STRUCTURES, TOTAL, Dataset, Observation
from dashboard.disclosure import PlannedTable
from dashboard.disclosure.grouping import Classification, classify
from dashboard.disclosure.history import Published, contributor, history

T = TOTAL
TABLE = PlannedTable(
    "by_nationality",
    STRUCTURES["victims"],
    ("period", "status", "nationality"),
    {"period": ("year",), "nationality": ("country",)},
)
NO_GROUPS = Classification({}, {}, {})


def published(
    *rows: Observation,
    levels: tuple[str, ...] = ("year",),
    groups: dict[str, tuple[str, ...]] | None = None,
    tables: tuple[PlannedTable, ...] = (TABLE,),
    threshold: int = 5,
) -> Published:
    content: Dataset = dataset("victims", *rows)
    merged = {"nationality": groups} if groups else {}
    paths = {table.name: classify(table, content, levels, merged, REFERENCE) for table in tables}
    classification = replace(NO_GROUPS, paths=paths, groups=merged, period_levels={one.name: levels for one in tables})
    return Published(content, classification, {one.name: one.dimensions for one in tables}, {}, threshold)


BGD, IND, NPL = (count("victims", 9, "2024", nationality=code) for code in ("BGD", "IND", "NPL"))


def test_codes_that_no_publication_tells_apart_are_one_atom() -> None:
    together = published(BGD, IND, NPL, groups={"M49_034+": ("IND", "NPL")})
    (edition,) = history([together], REFERENCE).editions
    table = edition.tables[TABLE.name]
    assert table.paths["nationality"] == {"BGD": ("BGD", T), "IND": ("M49_034+", T)}
    assert table.counts == {("2024", "IDENTIFIED", "BGD"): 9, ("2024", "IDENTIFIED", "IND"): 18}


def test_what_one_publication_tells_apart_is_apart_in_all_of_them() -> None:
    first = published(BGD, IND, NPL, groups={"M49_034+": ("IND", "NPL")})
    second = published(BGD, IND, NPL, groups={"M49_034+": ("BGD", "NPL")})
    editions = history([first, second], REFERENCE).editions
    tables = [edition.tables[TABLE.name] for edition in editions]
    assert [dict(table.paths["nationality"]) for table in tables] == [
        {"BGD": ("BGD", T), "IND": ("M49_034+", T), "NPL": ("M49_034+", T)},
        {"BGD": ("M49_034+", T), "IND": ("IND", T), "NPL": ("M49_034+", T)},
    ]
    assert tables[0].counts == tables[1].counts
    assert [edition.threshold for edition in editions] == [5, 5]


def test_a_quarter_is_an_atom_where_one_publication_shows_quarters() -> None:
    rows = [count("victims", 9, quarter) for quarter in ("2023-Q4", "2024-Q1", "2024-Q2")]
    years = published(*rows)
    quarters = published(*rows, levels=("quarter", "year"))
    (alone,) = history([years], REFERENCE).editions
    assert alone.tables[TABLE.name].paths["period"] == {"2023-Q4": ("2023", T), "2024-Q1": ("2024", T)}
    before, now = (one.tables[TABLE.name] for one in history([years, quarters], REFERENCE).editions)
    assert before.paths["period"] == {"2023-Q4": ("2023", T), "2024-Q1": ("2024", T), "2024-Q2": ("2024", T)}
    assert now.paths["period"]["2024-Q2"] == ("2024-Q2", "2024", T)


def test_a_period_that_had_not_come_counted_nobody_then() -> None:
    first, second = published(BGD), published(BGD, count("victims", 7, "2025", nationality="BGD"))
    before, now = (one.tables[TABLE.name] for one in history([first, second], REFERENCE).editions)
    assert dict(before.paths) == dict(now.paths)
    assert before.counts == {("2024", "IDENTIFIED", "BGD"): 9}


def test_a_table_that_a_publication_lacks_is_counted_and_not_published_there() -> None:
    sexes = PlannedTable("by_sex", STRUCTURES["victims"], ("period", "status", "sex"), {"period": ("year",)})
    first, second = published(BGD), published(BGD, IND, tables=(TABLE, sexes))
    before, now = (one.tables["by_sex"] for one in history([first, second], REFERENCE).editions)
    assert (before.published, now.published) == (False, True)
    assert before.counts == {("2024", "IDENTIFIED", "M"): 9}


def test_a_code_that_entered_the_list_later_was_nobodys() -> None:
    first = published(BGD)
    paths = first.classification.paths[TABLE.name]
    without = {code: path for code, path in paths["nationality"].items() if code != "NPL"}
    old = replace(
        first,
        classification=replace(first.classification, paths={TABLE.name: {**paths, "nationality": without}}),
    )
    before, _ = (one.tables[TABLE.name] for one in history([old, published(BGD, NPL)], REFERENCE).editions)
    assert before.paths["nationality"]["NPL"] == ("NPL", T)
    assert not any("NPL" in leaf for leaf in before.counts)


def test_a_number_that_a_source_withheld_is_uncertain_in_its_publication_only() -> None:
    hidden = count("victims", None, "2024", nationality="NPL", censored_below=5)
    before, now = (
        one.tables[TABLE.name] for one in history([published(BGD, hidden), published(BGD, NPL)], REFERENCE).editions
    )
    assert before.uncertain == {("2024", "IDENTIFIED", "NPL")}
    assert now.uncertain == frozenset()


@pytest.mark.parametrize(
    ("name", "country", "own", "complete"),
    [
        ("LRA", "", {("2024", "IDENTIFIED", "BGD"): 3}, False),
        ("MISSION_BGD", "BGD", {("2024", "IDENTIFIED", "BGD"): 12}, True),
        ("MISSION_SAU", "SAU", {}, False),
    ],
)
def test_an_organisation_knows_its_records_and_a_mission_all_of_its_nationals(
    name: str, country: str, own: dict[tuple[str, ...], int], complete: bool
) -> None:
    newest = published(BGD, IND, count("victims", 3, "2024", "LRA", nationality="BGD"))
    found = contributor(name, country, newest, history([newest], REFERENCE), REFERENCE)
    assert found.name == name
    assert found.counts == {TABLE.name: own}
    assert found.complete == ({TABLE.name: {("2024", "IDENTIFIED", "BGD")}} if complete else {})
