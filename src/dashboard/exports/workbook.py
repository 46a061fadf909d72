"""Tables as one workbook: what they are on the first sheet, then a sheet for each."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dashboard.exports.guard import readable
from dashboard.exports.sheets import Row, about, body, guarded, header, is_provisional
from dashboard.views.model import TableView

Definitions = Sequence[tuple[str, str]]

_HEADER = PatternFill("solid", fgColor="E3E7EE")
_PLAIN, _BOLD, _TITLE, _SMALL = Font(), Font(bold=True), Font(bold=True, size=14), Font(color="59636F")
_PROVISIONAL = Font(italic=True)
_TOP = Alignment(vertical="top", wrap_text=True)
_RIGHT = Alignment(horizontal="right")
_NARROWEST, _WIDEST = 10, 46
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_HEADER_ROW = 4


@dataclass(frozen=True)
class _Line:
    """One row of a sheet and how it looks."""

    values: Row = ()
    font: Font = _PLAIN
    fill: PatternFill | None = None


def xlsx_bytes(tables: Sequence[TableView], definitions: Definitions = ()) -> bytes:
    """The workbook: sheet "About", then the tables. Numbers are numbers, all else is text and never a formula."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.creator = "Consular Working Group dashboard"
    workbook.properties.subject = f"For: {' and '.join(dict.fromkeys(table.circulation.label for table in tables))}"
    names = _sheet_names(tables)
    _write_about(workbook.create_sheet("About"), tables, names, definitions)
    for table, name in zip(tables, names, strict=True):
        _write_table(workbook.create_sheet(name), table)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _sheet_names(tables: Iterable[TableView]) -> list[str]:
    """Titles as sheet names: at most 31 signs, without those Excel forbids, none twice."""
    names = ["About"]
    for table in tables:
        wanted = _FORBIDDEN.sub(" ", readable(table.title)).strip() or "Table"
        name, number = _cut(wanted, _LONGEST_NAME), 1
        while name.casefold() in {taken.casefold() for taken in names}:
            number += 1
            name = f"{_cut(wanted, _LONGEST_NAME - len(str(number)) - 1)} {number}"
        names.append(name)
    return names[1:]


def _cut(text: str, longest: int) -> str:
    """The text up to its last whole word that fits."""
    if len(text) <= longest:
        return text
    return text[: longest + 1].rsplit(" ", 1)[0][:longest].strip()


def _write_about(sheet: Worksheet, tables: Sequence[TableView], names: list[str], definitions: Definitions) -> None:
    lines: list[_Line] = []
    for table, name in zip(tables, names, strict=True):
        lines.append(_Line(guarded(("Sheet", name)), _BOLD, _HEADER))
        lines += [_Line(row) for row in about(table)]
        lines.append(_Line())
    if definitions:
        lines.append(_Line(("Definitions", ""), _BOLD, _HEADER))
    lines += [_Line(guarded(definition)) for definition in definitions]
    _write(sheet, lines, _TOP)
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 110


def _write_table(sheet: Worksheet, table: TableView) -> None:
    head, rows = header(table), list(body(table))
    lines = [_Line(guarded((table.title,)), _TITLE), _Line(guarded((table.subtitle,)), _SMALL), _Line()]
    lines.append(_Line(head, _BOLD, _HEADER))
    lines += _rows(table, rows)
    lines.append(_Line())
    lines += [_Line(guarded((note,)), _SMALL) for note in _notes(table)]
    _write(sheet, lines)
    names = len(head) - len(table.columns) - bool(table.total_column)
    sheet.freeze_panes = sheet.cell(_HEADER_ROW + 1, names + 1).coordinate
    _fit(sheet, (head, *rows))


def _rows(table: TableView, rows: list[Row]) -> Iterator[_Line]:
    for index, row in enumerate(rows):
        if index == len(table.rows):
            yield _Line(row, _BOLD)
        else:
            yield _Line(row, _PROVISIONAL if is_provisional(table.cells[index]) else _PLAIN)


def _notes(table: TableView) -> Iterator[str]:
    if table.withdrawn:
        yield table.withdrawn
    yield from table.notes
    yield from table.groups
    if any(map(is_provisional, table.cells)):
        yield "Italic: provisional, more returns may come in."
    yield f"Source: {table.source}. As of {table.as_of}. For: {table.circulation.label}."


def _write(sheet: Worksheet, lines: Sequence[_Line], alignment: Alignment | None = None) -> None:
    for number, line in enumerate(lines, start=1):
        for column, value in enumerate(line.values, start=1):
            cell = sheet.cell(number, column)
            if isinstance(cell, SheetCell):
                _fill_in(cell, value, line, alignment)


def _fill_in(cell: SheetCell, value: str | int, line: _Line, alignment: Alignment | None) -> None:
    cell.value, cell.font = value, line.font
    if isinstance(value, str):
        cell.data_type = "s"
    else:
        cell.number_format = "#,##0"
    if line.fill:
        cell.fill = line.fill
    if alignment or value in ("c", "no return"):
        cell.alignment = alignment or _RIGHT


def _fit(sheet: Worksheet, rows: Sequence[Row]) -> None:
    for column in range(len(rows[0])):
        longest = max(len(str(row[column])) for row in rows if column < len(row))
        sheet.column_dimensions[get_column_letter(column + 1)].width = min(_WIDEST, max(_NARROWEST, longest + 2))
