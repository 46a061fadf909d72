"""The template: what a person fills in comes back as observations."""

import io

import pytest
from openpyxl import load_workbook
from tests.examples import REFERENCE
from tests.unit.submissions.files import filled_template, read, said, saved

from dashboard.datasets import STRUCTURES, Observation, ObservationStatus
from dashboard.submissions.template import template_workbook
from dashboard.validation import Severity


def test_an_empty_template_gives_one_clear_finding() -> None:
    returned = read(template_workbook(REFERENCE), "template.xlsx")
    (finding,) = returned.findings
    assert (finding.severity, finding.rule) == (Severity.ERROR, "structure")
    assert "no rows" in finding.message
    assert returned.datasets == ()


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_read_with_a_warning_and_our_codes_are_not(state: str) -> None:
    book = load_workbook(io.BytesIO(filled_template({"Cases": [("2024-Q1", "Recorded", "Forced labour", 3)]})))
    assert book["Codes"].sheet_state == "hidden"
    assert not read(saved(book), "shown.xlsx").findings  # the control
    book["Cases"].sheet_state = state
    book.create_sheet("Aside").append(["a", "b"])
    book["Aside"].sheet_state = state
    book.create_sheet("Beside").append(["a", "b"])
    returned = read(saved(book), "hidden.xlsx")
    assert [(one.severity, one.sheet, "hidden" in one.message) for one in returned.findings] == [
        (Severity.WARNING, "Cases", True),
        (Severity.WARNING, "Aside", True),
        (Severity.WARNING, "Beside", False),
    ]
    assert returned.datasets[0].total == 3


def test_labels_codes_and_aliases_come_back_as_codes() -> None:
    labels = ["Identified victim", "Bangladesh", "Male", "Adults (18 and over)", "Forced labour"]
    route = ["Fishing and agriculture", "bangladeshi", "No transit", "Male' region"]
    codes = ["presumed", "LKA", "F", "0-17", "SEXUAL_EXPLOITATION", "NR", "LKA", "NR", "MV_NR"]
    content = filled_template(
        {
            "Victims": [("2024-Q1", *labels, *route, 3, "Provisional"), (2023, *codes, "<5")],
            "Cases": [("Q2 2024", "Recorded", "Forced labour", 0)],
        }
    )
    victims, cases = read(content, "filled.xlsx").datasets
    expected = ("IDENTIFIED", "BGD", "M", "18+", "FORCED_LABOUR", "A", "BGD", "NONE", "MV_MALE")
    assert victims.observations == (
        Observation("2024-Q1", "MPS", expected, 3, ObservationStatus.PROVISIONAL),
        Observation("2023", "MPS", ("PRESUMED", *codes[1:]), None, ObservationStatus.NORMAL, 5),
    )
    assert cases.observations == (Observation("2024-Q2", "MPS", ("RECORDED", "FORCED_LABOUR"), 0),)


def test_every_choice_of_every_list_is_understood() -> None:
    """Row n of each sheet takes the n-th choice of each list, so that every label is read once."""
    rows: dict[str, list[list[str | int]]] = {}
    for structure in STRUCTURES.values():
        lists = [dimension.codelist(REFERENCE) for dimension in structure.dimensions]
        for number in range(max(len(one.reportable) for one in lists)):
            labels = [one.codes[one.reportable[number % len(one.reportable)]].label for one in lists]
            rows.setdefault(structure.label, []).append([f"{2001 + number // 4 % 20}", *labels, number])
    returned = read(filled_template(rows), "all.xlsx")
    assert not said(returned, "codes")
    assert len(returned.imported_rows) == sum(map(len, rows.values()))


def test_the_workbook_looks_as_promised() -> None:
    book = load_workbook(io.BytesIO(template_workbook(REFERENCE)))
    assert book.sheetnames == ["Read me", *(structure.label for structure in STRUCTURES.values()), "Codes"]
    assert book["Codes"].sheet_state == "hidden"
    for structure in STRUCTURES.values():
        sheet = book[structure.label]
        assert sheet.freeze_panes == "B2"
        assert (sheet["A1"].fill.fgColor.rgb, sheet["A1"].font.color.rgb) == ("000033A0", "00FFFFFF")
        lists = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
        assert len(lists) == len(structure.dimensions) + 1  # and the observation status


def test_each_list_holds_the_labels_of_its_codelist() -> None:
    book = load_workbook(io.BytesIO(template_workbook(REFERENCE)))
    for structure in STRUCTURES.values():
        lists = [one for one in book[structure.label].data_validations.dataValidation if one.type == "list"]
        for dimension, choice in zip(structure.dimensions, lists, strict=False):
            codelist = dimension.codelist(REFERENCE)
            cells = book["Codes"][choice.formula1.removeprefix("Codes!").replace("$", "")]
            assert {cell.value for (cell,) in cells} == {codelist.codes[code].label for code in codelist.reportable}
