"""Profiles: recognised by their columns, checked when they are read."""

import io
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.examples import REFERENCE
from tests.unit.submissions.files import CASES, csv_file, filled_template, read, said, saved, victim, workbook

from dashboard.errors import ConfigurationError
from dashboard.submissions.profiles import UnknownLayout, load_profiles
from dashboard.submissions.reading import Return
from dashboard.validation import Severity

GLOTIP = ("Iso3_code", "Indicator", "Dimension", "Category", "Sex", "Age", "Year", "Unit of measurement", "txtVALUE")


def glotip(*rows: str) -> Return:
    """Rows of "dimension | category | sex | age | value" about the victims of one country and year."""
    lines = [[part.strip() for part in row.split("|")] for row in rows]
    told = [("MDV", "Detected trafficking victims", *line[:4], "2020", "Counts", line[4]) for line in lines]
    return read(csv_file(GLOTIP, *told))


def imported(returned: Return) -> list[int]:
    return [number for _, number in returned.imported_rows]


def test_the_three_profiles_are_there_and_own_template_is_first() -> None:
    assert [profile.name for profile in load_profiles(REFERENCE)] == ["own_template", "uk_nrm", "unodc_glotip"]


def test_an_unknown_layout_lists_what_each_profile_expects() -> None:
    with pytest.raises(UnknownLayout) as raised:
        read(csv_file(("Period", "Stage", "Number"), (2024, "RECORDED", 3)))
    message = str(raised.value)
    assert "Period, Stage, Form of exploitation, Count (not found: Form of exploitation, Count)" in message
    assert "exploitation_type" in message
    assert "Iso3_code" in message
    assert "Download the template" in message


def test_titles_above_the_headings_are_passed_over() -> None:
    returned = read(csv_file(("Return of the police",), (), CASES, ("2024-Q1", "RECORDED", "NR", 4)))
    assert (returned.datasets[0].total, imported(returned)) == (4, [4])


def test_a_sheet_named_for_a_structure_tells_its_missing_columns() -> None:
    returned = read(workbook({"Cases": [("Period", "Stage", "Count"), ("2024-Q1", "RECORDED", 2)]}), "a.xlsx")
    assert [finding.column for finding in said(returned, "structure") if finding.column] == ["Form of exploitation"]


def test_persons_are_not_taken_for_cases() -> None:
    header = ("Period", "Stage", "Form of exploitation", "Sex", "Nationality", "Count")
    returned = read(csv_file(header, ("2024-Q1", "CONVICTED", "NR", "M", "MDV", 1)))
    assert [dataset.structure.name for dataset in returned.datasets] == ["persons"]


PERSONS = ("Period", "Stage", "Form of exploitation", "Sex", "Nationality", "Count")
A_SUSPECT = ("2024-Q1", "CONVICTED", "NR", "M", "MDV", 1)
PERSONS_SHEET = "Persons in the justice chain"


def changed(**columns: str) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """The persons' headings and a row, with columns renamed, or dropped where the new name is empty."""
    pairs = [
        (columns.get(name.split(" ", maxsplit=1)[0], name), cell) for name, cell in zip(PERSONS, A_SUSPECT, strict=True)
    ]
    headings, row = zip(*[pair for pair in pairs if pair[0]], strict=True)
    return headings, row


@pytest.mark.parametrize(
    ("columns", "missing"),
    [
        ({"Sex": "Gender"}, ["Sex"]),
        ({"Sex": ""}, ["Sex"]),
        ({"Sex": "", "Nationality": ""}, ["Sex", "Nationality"]),
    ],
)
def test_a_sheet_of_persons_is_never_read_as_cases(columns: dict[str, str], missing: list[str]) -> None:
    content = workbook({"Cases": [CASES, ("2024-Q1", "RECORDED", "NR", 4)], PERSONS_SHEET: changed(**columns)})
    returned = read(content, "a.xlsx")
    errors = [one for one in returned.findings if one.severity is Severity.ERROR]
    assert [(one.sheet, one.column) for one in errors] == [(PERSONS_SHEET, column) for column in missing]
    assert [dataset.total for dataset in returned.datasets] == [4]
    unread = [one.column for one in said(returned, "structure", Severity.WARNING)]
    assert unread == (["Gender"] if "Gender" in columns.values() else [])


@pytest.mark.parametrize(
    "columns",
    [
        {"Sex": "Gender"},
        {"Sex": ""},
        {"Nationality": ""},
        {"Sex": "Gender", "Nationality": "Citizenship"},
    ],
)
@pytest.mark.parametrize("is_csv", [True, False])
def test_persons_with_a_column_lost_are_an_error_that_names_both(columns: dict[str, str], is_csv: bool) -> None:
    rows = changed(**columns)
    returned = read(csv_file(*rows)) if is_csv else read(workbook({"Sheet1": rows}), "a.xlsx")
    (finding,) = said(returned, "structure", Severity.ERROR)
    assert '"Cases" or to "Persons in the justice chain"' in finding.message
    assert all(f'"{column}"' in finding.next_step for column in columns)


def test_one_remark_does_not_make_cases_persons() -> None:
    """The control: fewer columns are left over than the persons would lack, or the name of the sheet says cases."""
    row = ("2024-Q1", "RECORDED", "NR", 1, "Normal", "x", "y", "z")
    few = read(csv_file((*CASES, "Remarks"), row[:6]))
    many = read(workbook({"Cases": [(*CASES, "Remarks", "Source", "By"), row]}), "a.xlsx")
    for returned in (few, many):
        assert not said(returned, "structure", Severity.ERROR)
        assert [dataset.structure.name for dataset in returned.datasets] == ["cases"]


def test_a_sheet_named_cases_that_has_persons_is_an_error() -> None:
    (finding,) = said(read(workbook({"Cases": [PERSONS, A_SUSPECT]}), "a.xlsx"), "structure", Severity.ERROR)
    assert "not clear" in finding.message


def test_a_renamed_column_in_our_own_template_is_an_error() -> None:
    book = load_workbook(io.BytesIO(filled_template({PERSONS_SHEET: [A_SUSPECT]})))
    assert not read(saved(book), "a.xlsx").findings
    book[PERSONS_SHEET]["D1"] = "Gender"
    returned = read(saved(book), "a.xlsx")
    assert [one.column for one in said(returned, "structure", Severity.ERROR) if one.sheet] == ["Sex"]
    assert not returned.datasets


def test_columns_and_sheets_that_are_not_read_are_named() -> None:
    twice = (*CASES, "Remarks", "Count")
    row = ("2024-Q1", "RECORDED", "NR", 1, "Normal", "x", 9, "no heading")
    returned = read(workbook({"Cases": [twice, row], "Notes": [("a", "b"), (1, 2)]}), "a.xlsx")
    assert [(finding.sheet, finding.column) for finding in said(returned, "structure")] == [
        ("Cases", "Remarks"),
        ("Cases", "Count"),
        ("Cases", "column 8 (no heading)"),
        ("Notes", ""),
    ]
    assert returned.datasets[0].total == 1


def test_the_breakdown_that_adds_up_is_taken_and_the_rest_set_aside() -> None:
    returned = glotip(
        "Total          | Total           | Total  | Total            | 12",
        "by citizenship | Bangladesh      | Total  | Total            | 9",
        "by form of exploitation | Forced labour | Total | Total      | 12",
        "Total          | Total           | Male   | 18 years or over | 12",
        "by country of repatriation | Abroad | Total | Total          | 7",
    )
    assert imported(returned) == [4]
    assert [finding.row for finding in said(returned, "set_aside")] == [2, 3, 5, 6]
    assert [finding.message.split(":")[0] for finding in said(returned, "sums")] == [
        'Breakdown "by citizenship" (number of rows'
    ]


def test_one_known_total_is_better_than_two_unknown_parts() -> None:
    parts = ("by citizenship | China | Total | Total | <5", "by citizenship | India | Total | Total | <5")
    assert imported(glotip("Total | Total | Total | Total | 6", *parts)) == [2]
    assert imported(glotip("Total | Total | Total | Total | 12", parts[0], "by citizenship|India|Total|Total|9")) == [
        3,
        4,
    ]
    assert imported(glotip(*parts)) == [2, 3]


def test_a_breakdown_that_names_a_cell_twice_is_never_added() -> None:
    twice = ("by citizenship | China | Total | Total | 5", "by citizenship | China | Total | Total | 7")
    returned = glotip(*twice)
    assert imported(returned) == []
    assert [finding.severity for finding in said(returned, "set_aside")] == ["WARNING", "WARNING"]
    assert imported(glotip("Total | Total | Total | Total | 12", *twice)) == [2]


def test_unknown_names_are_counted_as_not_recorded_and_named() -> None:
    returned = glotip(
        "by citizenship | Bangladish | Total | Total | 6", "by citizenship | Q6.1_2s | Total | Total | <5"
    )
    first, second = said(returned, "codes")
    assert "Nearest: Bangladesh (BGD)" in first.message
    assert "Nothing on the list is near" in second.message
    assert [one.codes[1] for one in returned.datasets[0].observations] == ["NR", "NR"]
    assert [(one.value, one.censored_below) for one in returned.datasets[0].observations] == [(6, None), (None, 5)]


def test_rows_of_no_table_are_errors() -> None:
    row = ("MDV", "Something else", "Total", "Total", "Total", "Total", "2020", "Counts", "3")
    (finding,) = said(read(csv_file(GLOTIP, row)), "structure")
    assert (finding.row, finding.column, finding.value) == (2, "Indicator", "Something else")


def test_a_profile_with_a_wrong_code_says_where(tmp_path: Path) -> None:
    shutil.copytree(REFERENCE, tmp_path / "reference")
    file = tmp_path / "reference" / "profiles" / "uk_nrm.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"SERVITUDE"', '"SERFDOM"'), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"uk_nrm.toml.*form_of_exploitation: SERFDOM is no code"):
        load_profiles(tmp_path / "reference")


@pytest.mark.parametrize(("old", "new"), [("title =", "heading ="), ("[columns]", "[columns"), ('"add"', '"guess"')])
def test_a_broken_profile_names_its_file(tmp_path: Path, old: str, new: str) -> None:
    shutil.copytree(REFERENCE, tmp_path / "reference")
    file = tmp_path / "reference" / "profiles" / "uk_nrm.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="uk_nrm.toml"):
        load_profiles(tmp_path / "reference")


def test_the_template_beats_foreign_layouts() -> None:
    content = filled_template({"Victims": [victim(1)]})
    assert read(content, "a.xlsx").profile == "own_template"
