"""The files themselves, read back by those who would read them."""

import csv
import io
from dataclasses import replace

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.unit.charts.tables import (
    C_NOTE,
    C,
    compared,
    examples,
    heading,
    nationalities,
    quarters,
    routes,
    sectors,
    series,
    stages,
    table,
)
from tests.xss import XSS

from dashboard.exports import csv_bytes, filename, xlsx_bytes
from dashboard.published_tables import Circulation
from dashboard.views.model import TableView

DEFINITIONS = (("Identified victim", "A person formally identified as a victim."),)


def csv_rows(example: TableView) -> list[list[str]]:
    return list(csv.reader(io.StringIO(csv_bytes(example).decode("utf-8-sig"), newline="")))


def book(*tables: TableView) -> Workbook:
    return load_workbook(io.BytesIO(xlsx_bytes(tables, DEFINITIONS)))


def values(sheet: Worksheet) -> list[tuple[object, ...]]:
    return list(sheet.iter_rows(values_only=True))


def test_texts_that_attack_stay_texts_in_files() -> None:
    for text in (one for one in XSS if "\x00" not in one):
        example = replace(sectors(), title=text, subtitle=text, source=text)
        sheets = book(example).worksheets
        cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert not [cell for cell in cells if cell.hyperlink]
        held = [cell for row in csv_rows(example) for cell in row]
        assert any(text.strip() in cell for cell in held), "the control: it is in the file"
        assert not [cell for cell in held if cell[:1] in set("=+@|%") or cell[:1] == "-" and not cell[1:2].isdigit()]


def test_excel_knows_the_letters_by_the_byte_order_mark() -> None:
    assert csv_bytes(nationalities()).startswith(b"\xef\xbb\xbf")


def test_a_csv_file_explains_itself_before_its_rows() -> None:
    rows = csv_rows(sectors())
    facts = dict(row for row in rows[: rows.index([])] if row[0] != "Note")
    assert facts["Title"] == sectors().title
    assert facts["Filter"] == "Status: Identified victim"
    assert facts["As of"] == "31 December 2025"
    assert facts["Coverage"] == "4 of 6 organisations reported"
    assert ["Note", C_NOTE] in rows


def test_a_csv_file_holds_numbers_signs_and_totals() -> None:
    rows = csv_rows(sectors())
    body = rows[rows.index([]) + 1 :]
    assert body[0] == ["Sector", *(column.label for column in sectors().columns), "Total"]
    assert body[1] == ["Construction", "54", "0", "c", "0", "0", "7", "66"]
    assert body[-1] == ["Total", "124", "31", "9", "11", "c", "26"]


def test_all_text_is_in_quotes_and_no_number_is() -> None:
    assert '"Construction",54,0,"c",0,0,7,66' in csv_bytes(sectors()).decode("utf-8-sig")


def test_a_route_has_a_column_for_each_stop() -> None:
    rows = csv_rows(routes())
    assert rows[rows.index([]) + 1] == ["Origin", "Transit", "Destination", "2024"]
    assert ["Thailand", "No transit", "Male' region", "c"] in rows
    assert rows[-1] == ["Total", "", "", "85"]


def test_provisional_periods_are_named() -> None:
    assert ["Provisional", "Q3 2024, Q4 2024: more returns may come in"] in csv_rows(quarters())


def test_invented_figures_say_so() -> None:
    rows = csv_rows(replace(nationalities(), invented=True))
    assert any(row and row[0] == "Invented figures" for row in rows)


WITHDRAWN = "Publication 3 of 22 November 2026 was withdrawn on 24 November 2026: =1+1 was wrong."
GROUPS = ("Other Southern Asia: Bhutan and Nepal together; by themselves they have too few, or none.",)


def wider() -> TableView:
    return replace(nationalities(), circulation=Circulation.WIDER, withdrawn=WITHDRAWN, groups=GROUPS)


def test_every_file_says_for_whom_it_is_what_groups_hold_and_what_was_withdrawn() -> None:
    facts = [tuple(row) for row in csv_rows(wider()) if len(row) == 2]
    told = [("Withdrawn", WITHDRAWN), ("For", "wider circulation"), ("Note", GROUPS[0])]
    assert set(told) <= set(facts)
    sheets = book(wider())
    assert set(told) <= set(values(sheets["About"]))
    assert sheets.properties.subject == "For: wider circulation"
    notes = [str(row[0]) for row in values(sheets["Victims by nationality"])]
    assert WITHDRAWN in notes
    assert GROUPS[0] in notes
    assert notes[-1].endswith("For: wider circulation.")
    assert filename(wider(), "csv") == "victims-by-nationality_2024_for-wider-circulation_as-of-2025-12-31.csv"


def test_files_for_the_group_say_so() -> None:
    assert ["For", "the working group"] in csv_rows(nationalities())


def test_five_years_and_all_periods_have_a_name() -> None:
    rows = {heading(code, code): (9,) for code in ("2015/2019", "2020/2024")}
    assert "_2015-2019-to-2020-2024_" in filename(series(rows, [heading("_T", "Victims")]), "csv")
    assert "_all-periods_" in filename(series({heading("_T", "All periods"): (9,)}, [heading("_T", "V")]), "csv")


def test_a_workbook_begins_with_what_it_is() -> None:
    sheets = book(sectors(), routes())
    assert sheets.sheetnames == ["About", "Victims by sector and form of", "Victims by route"]
    facts = values(sheets["About"])
    assert ("Title", sectors().title) in facts
    assert ("Note", C_NOTE) in facts
    assert DEFINITIONS[0] in facts


def test_a_sheet_holds_numbers_as_numbers_and_signs_as_text() -> None:
    sheet = book(sectors())["Victims by sector and form of"]
    row = [cell for cell in sheet[5]]
    assert [cell.value for cell in row] == ["Construction", 54, 0, "c", 0, 0, 7, 66]
    assert [cell.data_type for cell in row] == ["s", "n", "n", "s", "n", "n", "n", "n"]
    assert sheet.freeze_panes == "B5"
    assert sheet["A4"].font.bold
    assert (sheet.column_dimensions["A"].width or 0) > 20


def test_no_return_is_text() -> None:
    assert ("Q1 2023", "no return") in values(book(quarters())["Victims over time"])


def test_the_total_row_is_there() -> None:
    assert ("Total", 124, 31, 9, 11, "c", 26, None) in values(book(sectors())["Victims by sector and form of"])


def test_one_title_twice_gives_two_sheets() -> None:
    long = replace(nationalities(), title="A title that is far too long for the name of a sheet")
    odd = replace(nationalities(), title="[Cases] a/b: c?")
    names = book(routes(), routes(), long, long, odd, replace(odd, title="ABOUT")).sheetnames
    assert len({name.casefold() for name in names}) == 7
    assert all(len(name) <= 31 for name in names)


HOSTILE = '=HYPERLINK("http://example.org")\x00'


def hostile() -> TableView:
    return table({heading("X", HOSTILE): (7,)}, [heading("Y", "@SUM(A1)")], title="+1+1", source="-2+3", notes=("|x",))


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    sheets = load_workbook(io.BytesIO(xlsx_bytes([hostile()], [("=1", "%x")])))
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(str(cell.value)[0] in "=+-@|%" for cell in cells)


def test_no_cell_of_a_csv_file_is_a_formula() -> None:
    assert not any(value[:1] in tuple("=+-@|%") for row in csv_rows(hostile()) for value in row)


@pytest.mark.parametrize("example", examples().values(), ids=list(examples()))
def test_every_table_can_be_downloaded(example: TableView) -> None:
    assert len(csv_rows(example)) > len(example.rows)
    withheld = example.withheld + sum(cell is C for cell in (*example.total_row, *example.total_column))
    sheet = values(book(example).worksheets[1])
    assert sum(value == "c" for row in sheet for value in row) == withheld


@pytest.mark.parametrize(
    ("example", "name"),
    [
        (nationalities(), "victims-by-nationality_2024_for-the-working-group_as-of-2025-12-31.xlsx"),
        (compared(), "victims-by-nationality_2024-and-2023_for-the-working-group_as-of-2025-12-31.xlsx"),
        (quarters(), "victims-over-time_2020-q1-to-2024-q4_for-the-working-group_as-of-2025-12-31.xlsx"),
        (stages(), "cases-by-stage_tip-2020-to-tip-2025_for-the-working-group_as-of-2025-12-31.xlsx"),
        (replace(routes(), period="_T"), "victims-by-route_all-periods_for-the-working-group_as-of-2025-12-31.xlsx"),
        (
            replace(routes(), title="../..\\x\u00e9 \u2192", as_of="today"),
            "xe_2024_for-the-working-group_as-of-today.xlsx",
        ),
    ],
)
def test_file_names_say_what_for_when_and_as_of_when(example: TableView, name: str) -> None:
    assert filename(example, "xlsx") == name
    assert filename(example, ".xlsx") == name
