"""A list as a file: every row, numbers as numbers, and no text that runs."""

import csv
import io

import pytest
from openpyxl import load_workbook

from dashboard.exports import RowList, list_csv, list_xlsx

FORMULAS = ("=1+1", "+cmd", "@SUM(A1)", "\t=1", "-2+3", "\uff1d1", " =1")
CONTENT = RowList(
    "A list", (("Written", "today"),), ("Number", "What"), [(place, text) for place, text in enumerate(FORMULAS)]
)


def test_the_csv_file_opens_in_a_spreadsheet_and_runs_nothing() -> None:
    content = list_csv(CONTENT)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[:4] == [["Title", "A list"], ["Written", "today"], [], ["Number", "What"]]
    assert rows[4:] == [[str(place), f"'{text}"] for place, text in enumerate(FORMULAS)]


def test_the_workbook_holds_the_same_and_no_formula() -> None:
    sheet = load_workbook(io.BytesIO(list_xlsx(CONTENT))).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert [row[0] for row in rows] == list(range(len(FORMULAS)))
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)} == {"s"}
    assert sheet["A1"].font.bold
    assert sheet["A4"].font.bold
    assert not sheet["A5"].font.bold


@pytest.mark.parametrize("write", [list_csv, list_xlsx])
def test_a_list_without_rows_is_a_file_too(write) -> None:  # type: ignore[no-untyped-def]
    assert write(RowList("Nothing", (), ("Number",), []))
