"""Each sheet with its headings as the rules want to see it: what was expected of its columns, and what is there."""

from collections import Counter
from collections.abc import Iterator

from dashboard.submissions.layouts import Headings, Profile, headings, missing_columns, named_table
from dashboard.submissions.readers import Sheet
from dashboard.validation import Table, normal

_HEADING_CELLS = 3
"""Where no profile fits: the first row with this many filled cells is taken as the headings."""


def unmapped(sheet: Sheet) -> Table:
    """The sheet with all its rows, before anybody knows its layout."""
    filled = (sum(1 for cell in row if cell) for row in sheet.rows)
    index = next((index for index, cells in enumerate(filled) if cells >= _HEADING_CELLS), 0)
    columns = sheet.rows[index] if sheet.rows else ()
    return Table(sheet.name, index + 1, columns, sheet.rows[index + 1 :])


def described(sheet: Sheet, profile: Profile) -> Table:
    """The sheet's columns against those of the profile; without its rows."""
    if normal(sheet.name) in profile.other_sheets or not sheet.rows:
        return Table(sheet.name, 1, (), (), ignored=True)
    if found := headings(sheet, profile):
        columns = sheet.rows[found.index]
        unknown = (*_unknown(columns, found, profile), *_without_heading(sheet, found))
        return Table(sheet.name, found.index + 1, columns, (), profile.name, (), unknown)
    table = unmapped(sheet)
    if profile.one_sheet_a_structure and (named := named_table(sheet, profile)):
        missing = missing_columns(sheet, named)
        return Table(sheet.name, table.header_row, table.columns, (), profile.name, missing)
    return Table(sheet.name, table.header_row, table.columns, ())


def _unknown(columns: tuple[str, ...], found: Headings, profile: Profile) -> Iterator[str]:
    known = {normal(column) for table in found.tables for column in table.columns}
    known |= {normal(profile.status_column)} | profile.other_columns
    seen: Counter[str] = Counter()
    for column in filter(None, columns):
        seen[normal(column)] += 1
        # Of two columns with one heading the first is read.
        if normal(column) not in known or seen[normal(column)] > 1:
            yield column


def _without_heading(sheet: Sheet, found: Headings) -> Iterator[str]:
    columns = sheet.rows[found.index]
    filled = {place for row in sheet.rows[found.index + 1 :] for place, cell in enumerate(row) if cell}
    for place in sorted(filled):
        if place >= len(columns) or not columns[place]:
            yield f"column {place + 1} (no heading)"
