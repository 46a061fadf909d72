"""The reference files hold together: codes, parents, labels, sources, aliases, organisations, events."""

import csv
import os
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "data" / "reference"
CODELISTS = sorted((REFERENCE / "codelists").glob("*.csv"))
PUBLIC_DATA = Path(os.environ.get("DASHBOARD_TEST_DATA", ROOT.parent / "shared" / "data"))

COLUMNS = ["code", "label", "level", "parent", "definition", "source"]
EXPECTED = {
    "subregion", "country", "nationality_other", "victim_status", "sex", "age_group", "form_of_exploitation",
    "sector", "place", "place_other", "transit_other", "justice_stage", "assistance_type",
    "prevention_activity", "prevention_audience", "pillar", "observation_status",
}  # fmt: skip
# Files that one dimension joins: their codes and labels must differ over all of them.
JOINED = [
    ("subregion", "country", "nationality_other"),
    ("subregion", "country", "transit_other"),
    ("subregion", "country", "place", "place_other"),
]
PARENT_FILE = {"country": "subregion", "place": "country"}
KINDS = {
    "police", "immigration", "labour_inspectorate", "ministry", "prosecutor", "court", "ngo", "shelter",
    "mission", "international",
}  # fmt: skip
RETURNS = {"victims", "cases", "persons", "assistance", "prevention"}


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def codelist(name: str) -> list[dict[str, str]]:
    return rows(f"codelists/{name}.csv")


def repeated(values: list[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def key(text: str) -> str:
    return text.strip().casefold()


def nationalities() -> list[dict[str, str]]:
    return codelist("country") + codelist("nationality_other")


def spellings() -> dict[str, str]:
    """Every spelling that resolves without an alias. Codes win: Nauru's alpha-2 is NR, our "not recorded"."""
    known = {key(row["alpha_2"]): row["code"] for row in codelist("country")}
    known |= {key(row["label"]): row["code"] for row in nationalities()}
    return known | {key(row["code"]): row["code"] for row in nationalities()}


def test_every_codelist_is_there() -> None:
    assert {file.stem for file in CODELISTS} >= EXPECTED


@pytest.mark.parametrize("file", sorted(REFERENCE.rglob("*.csv")), ids=lambda file: file.stem)
def test_text_is_plain(file: Path) -> None:
    content = file.read_bytes()
    assert b"\r" not in content
    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\n")
    with file.open(encoding="utf-8", newline="") as lines:
        table = list(csv.reader(lines))
    assert {len(row) for row in table} == {len(table[0])}
    assert [cell for row in table for cell in row if cell != cell.strip()] == []


@pytest.mark.parametrize("file", CODELISTS, ids=lambda file: file.stem)
def test_codelist_is_sound(file: Path) -> None:
    codes = codelist(file.stem)
    assert list(codes[0])[:6] == COLUMNS
    assert repeated([row["code"] for row in codes]) == []
    assert repeated([key(row["label"]) for row in codes]) == []
    assert [row for row in codes if not (row["code"] and row["label"] and row["level"] and row["source"])] == []
    assert "_T" not in {row["code"] for row in codes}


@pytest.mark.parametrize("file", CODELISTS, ids=lambda file: file.stem)
def test_parents_exist(file: Path) -> None:
    parents = {row["parent"] for row in codelist(file.stem)} - {""}
    known = {row["code"] for row in codelist(PARENT_FILE.get(file.stem, file.stem))}
    assert parents <= known


@pytest.mark.parametrize("names", JOINED, ids="+".join)
def test_joined_files_do_not_clash(names: tuple[str, ...]) -> None:
    codes = [row for name in names for row in codelist(name)]
    assert repeated([row["code"] for row in codes]) == []
    assert repeated([key(row["label"]) for row in codes]) == []


def test_countries_are_those_of_iso_3166() -> None:
    countries = codelist("country")
    assert len([row for row in countries if row["code"] != "XKX"]) == 249
    assert repeated([row["alpha_2"] for row in countries]) == []
    assert [row for row in countries if not re.fullmatch("[A-Z]{3}", row["code"])] == []
    assert [row for row in countries if not re.fullmatch("[A-Z]{2}", row["alpha_2"])] == []
    assert {row["code"] for row in countries if not row["parent"]} == {"ATA"}


@pytest.mark.parametrize(
    ("code", "alpha_2", "parent"),
    [
        ("NAM", "NA", "M49_018"),
        ("NRU", "NR", "M49_057"),
        ("MDV", "MV", "M49_034"),
        ("IRN", "IR", "M49_034"),
        ("SSD", "SS", "M49_014"),
    ],
)
def test_countries_that_are_often_wrong(code: str, alpha_2: str, parent: str) -> None:
    row = next(row for row in codelist("country") if row["code"] == code)
    assert (row["alpha_2"], row["parent"]) == (alpha_2, parent)


def test_subregions_are_the_22_of_m49() -> None:
    codes = [row["code"] for row in codelist("subregion")]
    assert len(codes) == 22
    assert [code for code in codes if not re.fullmatch(r"M49_\d{3}", code)] == []
    assert {row["parent"] for row in codelist("country")} - {""} == set(codes)


def test_places_are_no_finer_than_groups_of_islands() -> None:
    places = codelist("place")
    assert {row["code"] for row in places} == {"MV_MALE", "MV_RESORTS", "MV_ATOLLS", "MV_NR"}
    assert {row["parent"] for row in places} == {"MDV"}


def test_aliases_resolve_and_are_unique() -> None:
    aliases = rows("aliases/nationality.csv")
    assert list(aliases[0]) == ["alias", "code", "note"]
    assert repeated([key(row["alias"]) for row in aliases]) == []
    assert {row["code"] for row in aliases} <= {row["code"] for row in nationalities()}


def test_no_alias_contradicts_a_label_or_code() -> None:
    known = spellings()
    aliases = rows("aliases/nationality.csv")
    assert [row for row in aliases if known.get(key(row["alias"]), row["code"]) != row["code"]] == []


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("Maldivian", "MDV"),
        ("Bhuatnese", "BTN"),
        ("Iran (Islamic Republic of)", "IRN"),
        ("Pakistani UK", "PAK"),
        ("UK Yemeni", "GBR"),
        ("Unknown Vietnamese", "VNM"),
        ("Congolese (DRC)", "COD"),
        ("Congolese", "NR"),
        ("Dominican", "NR"),
        ("Unknown", "NR"),
    ],
)
def test_spellings_that_need_a_rule(spelling: str, code: str) -> None:
    found = {key(row["alias"]): row["code"] for row in rows("aliases/nationality.csv")}
    assert found[key(spelling)] == code


def test_a_nationality_set_to_not_recorded_says_why() -> None:
    assert [row for row in rows("aliases/nationality.csv") if row["code"] == "NR" and not row["note"]] == []


@pytest.mark.parametrize("text", ["Abroad", "Nationals", "Q6.1_10s_2019", "Total", ""])
def test_text_that_names_no_country_has_no_alias(text: str) -> None:
    assert key(text) not in {key(row["alias"]) for row in rows("aliases/nationality.csv")}


def test_organisations_are_sound() -> None:
    organisations = rows("organisations.csv")
    assert repeated([row["code"] for row in organisations]) == []
    assert repeated([key(row["name"]) for row in organisations]) == []
    assert {row["kind"] for row in organisations} <= KINDS
    assert {row["country"] for row in organisations} - {""} <= {row["code"] for row in codelist("country")}
    assert [row["code"] for row in organisations if not row["source"]] == []
    assert {structure for row in organisations for structure in row["returns"].split()} <= RETURNS
    dates = {row[column] for row in organisations for column in ("valid_from", "valid_until")} - {""}
    assert [date for date in dates if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", date)] == []


def test_six_organisations_report_victims_and_missions_report_nothing() -> None:
    organisations = rows("organisations.csv")
    reporters = {row["code"] for row in organisations if "victims" in row["returns"].split()}
    assert reporters == {"MPS", "MI", "LRA", "MSFD", "NGO_SHELTER", "IOM"}
    assert [row["code"] for row in organisations if row["kind"] == "mission" and row["returns"]] == []


def test_events_are_sound() -> None:
    events = rows("events.csv")
    dates = [date for row in events for date in (row["date"], row["until"]) if date]
    assert [date for date in dates if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", date)] == []
    assert [row for row in events if not (row["date"] and row["label"] and row["source"])] == []
    assert {row["kind"] for row in events} == {"law", "treaty", "tier"}
    assert [row["date"] for row in events if row["break_in_series"] == "yes"] == ["2021-04"]
    assert [row["date"] for row in events if row["kind"] == "tier"] == [str(year) for year in range(2009, 2026)]


def test_every_published_spelling_resolves() -> None:
    """Against the 369 spellings of the Home Office's quarterly tables, which are not part of this project."""
    file = PUBLIC_DATA / "uk_nrm_leaf_cells_2022Q2_2023Q2.csv"
    if not file.is_file():
        pytest.skip(f"The public test data is absent: no {file.name} in {PUBLIC_DATA}. Set DASHBOARD_TEST_DATA.")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        seen = {row["nationality"] for row in csv.DictReader(lines)}
    known = spellings() | {key(row["alias"]): row["code"] for row in rows("aliases/nationality.csv")}
    assert len(seen) == 369
    assert [spelling for spelling in sorted(seen) if key(spelling) not in known] == []
