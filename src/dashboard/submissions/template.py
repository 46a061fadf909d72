"""The template workbook: one sheet a structure, with drop-down lists of labels.

The lists show labels, because officials know names and not codes; the reader takes either.
"""

import io
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from dashboard.datasets import STRUCTURES, ObservationStatus, Structure
from dashboard.submissions.layouts import Profile
from dashboard.submissions.profiles import own_template

README_SHEET, CODES_SHEET = "Read me", "Codes"
LAST_ROW = 5_000
"""How far down the drop-down lists reach; rows below it are read all the same."""

_HEADER_FILL = PatternFill("solid", fgColor="0033A0")
_HEADER_FONT = Font(bold=True, color="FFFFFF")
_NARROW, _WIDE = 14, 28

_ADVICE = (
    "Counts of people only. Never a name, a birth date, a passport, a telephone number or a case number: "
    "such a file is refused.",
    "One row for each combination of the columns. The same combination must not stand in two rows.",
    "Period: a quarter as 2024-Q1, or a whole year as 2024 if the quarter is not known.",
    'Choose from the drop-down lists. If something is not known, choose "Not recorded" where the list has it; '
    "do not leave it empty.",
    "Leave totals out: the dashboard adds up. A total that you leave in is used to check the sums.",
    "Nobody counted: write 0. Not known: leave the row out. Nothing is not zero.",
    'If your own source withholds a small number, write it as the source does, for instance "<5".',
    "Observation status: Provisional if the number will still change; otherwise Normal, or empty.",
    "Use only the sheets you report on; leave the others empty. Do not rename sheets or headings.",
)


def template_workbook(reference_dir: Path) -> bytes:
    """The empty template as an XLSX file: "Read me", one sheet for each structure, and a hidden list of codes."""
    profile = own_template(reference_dir)
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    _write_readme(workbook.create_sheet(README_SHEET))
    sheets = {name: workbook.create_sheet(structure.label) for name, structure in STRUCTURES.items()}
    codes = _CodeLists(workbook.create_sheet(CODES_SHEET))
    for name, structure in STRUCTURES.items():
        _write_structure(sheets[name], structure, profile, codes, reference_dir)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


class _CodeLists:
    """The hidden sheet on which each list stands once, in a column of its own."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._places: dict[str, str] = {}
        sheet.sheet_state = "hidden"

    def place(self, title: str, labels: tuple[str, ...]) -> str:
        """Where the list lies, as a formula; writes it when it is asked for first."""
        if title not in self._places:
            column = len(self._places) + 1
            for row, label in enumerate((title, *labels), 1):
                self._sheet.cell(row, column, label)
            letter = get_column_letter(column)
            self._places[title] = f"{CODES_SHEET}!${letter}$2:${letter}${len(labels) + 1}"
        return self._places[title]


def _write_readme(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 100
    sheet["A1"] = "How to fill in this workbook"
    sheet["A1"].font = Font(bold=True, size=14)
    for row, line in enumerate(_ADVICE, 3):
        sheet.cell(row, 1, line).alignment = Alignment(wrap_text=True, vertical="top")
    heading = sheet.cell(len(_ADVICE) + 4, 1, "The sheets")
    heading.font = Font(bold=True)
    for row, structure in enumerate(STRUCTURES.values(), len(_ADVICE) + 5):
        line = f"{structure.label}: {structure.definition} Counted in {structure.unit}."
        sheet.cell(row, 1, line).alignment = Alignment(wrap_text=True, vertical="top")


def _write_structure(
    sheet: Worksheet, structure: Structure, profile: Profile, codes: _CodeLists, reference_dir: Path
) -> None:
    labels = [dimension.label for dimension in structure.dimensions]
    _write_headings(sheet, [profile.period_column, *labels, profile.count_column, profile.status_column])
    for column, dimension in enumerate(structure.dimensions, 2):
        codelist = dimension.codelist(reference_dir)
        names = tuple(codelist.codes[code].label for code in sorted(codelist.reportable, key=codelist.order))
        _offer(sheet, column, codes.place(dimension.label, names))
    statuses = tuple(status.capitalize() for status in ObservationStatus)
    _offer(sheet, len(labels) + 3, codes.place(profile.status_column, statuses))
    _explain(sheet, 1, "Period", "A quarter as 2024-Q1, or a year as 2024.")
    _explain(sheet, len(labels) + 2, "Count", f'A whole number of {structure.unit}. Nobody: 0. Withheld: "<5".')


def _write_headings(sheet: Worksheet, headings: list[str]) -> None:
    for column, heading in enumerate(headings, 1):
        cell = sheet.cell(1, column, heading)
        cell.fill, cell.font = _HEADER_FILL, _HEADER_FONT
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        # Text columns are kept as text, or the spreadsheet program takes "0-17" for a date.
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = _NARROW if column in (1, len(headings) - 1) else _WIDE
        sheet.column_dimensions[letter].number_format = "General" if column == len(headings) - 1 else "@"
    sheet.freeze_panes = "B2"


def _offer(sheet: Worksheet, column: int, formula: str) -> None:
    """A drop-down list on the column. Other text is possible: aliases are understood."""
    choice = DataValidation(type="list", formula1=formula, allow_blank=True, errorStyle="warning")
    choice.error = "This is not on the list. Aliases are understood; anything else comes back as a finding."
    choice.showErrorMessage = True
    _apply(sheet, column, choice)


def _explain(sheet: Worksheet, column: int, title: str, text: str) -> None:
    prompt = DataValidation(allow_blank=True, promptTitle=title, prompt=text, showInputMessage=True)
    _apply(sheet, column, prompt)


def _apply(sheet: Worksheet, column: int, validation: DataValidation) -> None:
    letter = get_column_letter(column)
    sheet.add_data_validation(validation)
    validation.add(f"{letter}2:{letter}{LAST_ROW}")
