"""A list of rows as a file: what it is first, then a line a row. No text in it can run as a formula."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import _WorkbookChild

from dashboard.exports.sheets import Row, guarded

_NARROWEST, _WIDEST = 10, 60


@dataclass(frozen=True, slots=True)
class RowList:
    """Facts about the list, the names of its columns, its rows."""

    title: str
    about: Sequence[Row]
    header: Row
    rows: Sequence[Row]

    @property
    def lines(self) -> Iterator[Row]:
        """Every line of the file, guarded."""
        yield from map(guarded, (("Title", self.title), *self.about, (), self.header, *self.rows))


def list_csv(content: RowList) -> bytes:
    """UTF-8 with a byte-order mark; all text in quotes, as in the files of figures."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n").writerows(content.lines)
    return text.getvalue().encode("utf-8-sig")


def list_xlsx(content: RowList) -> bytes:
    """One sheet, written line by line: a long list does not fill the memory."""
    workbook = Workbook(write_only=True)
    workbook.properties.creator = "Consular Working Group dashboard"
    sheet = workbook.create_sheet("List")
    for column, width in enumerate(_widths(content), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    head = len(content.about) + 2
    for place, line in enumerate(content.lines):
        sheet.append([_cell(sheet, value, bold=place in (0, head)) for value in line])
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _cell(sheet: _WorkbookChild, value: str | int, *, bold: bool) -> Cell:
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        # Text stays text: not even what looks like a formula becomes one.
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _widths(content: RowList) -> Iterator[int]:
    for column in range(len(content.header)):
        longest = max(len(str(row[column])) for row in (content.header, *content.rows))
        yield min(_WIDEST, max(_NARROWEST, longest + 2))
