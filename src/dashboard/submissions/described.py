"""Each sheet with its headings as the rules want to see it: what was expected of its columns, and what is there."""

from collections import Counter
from collections.abc import Iterator

from dashboard.submissions.layouts import (
    Headings,
    Profile,
    TableSource,
    headings,
    missing_columns,
    named_table,
    nearest_headings,
    rival,
)
from dashboard.submissions.readers import Sheet
from dashboard.validation import Rival, Table, normal

_HEADING_CELLS = 3
"""Where no profile fits: the first row with this many filled cells is taken as the headings."""


def unmapped(sheet: Sheet) -> Table:
    """The sheet with all its rows, before anybody knows its layout."""
    filled = (sum(1 for cell in row if cell) for row in sheet.rows)
    index = next((index for index, cells in enumerate(filled) if cells >= _HEADING_CELLS), 0)
    columns = sheet.rows[index] if sheet.rows else ()
    return Table(sheet.name, index + 1, columns, sheet.rows, hidden=sheet.hidden)


def described(sheet: Sheet, profile: Profile) -> Table:
    """The sheet's columns against those of the profile; without its rows."""
    if normal(sheet.name) in profile.other_sheets or not sheet.rows:
        return Table(sheet.name, 1, (), (), ignored=True)
    if found := headings(sheet, profile):
        return _read(sheet, found, profile)
    if named := named_table(sheet, profile):
        return _lacking(sheet, named, profile)
    table = unmapped(sheet)
    return Table(sheet.name, table.header_row, table.columns, (), hidden=sheet.hidden)


def _read(sheet: Sheet, found: Headings, profile: Profile) -> Table:
    columns = sheet.rows[found.index]
    unknown = (*_unknown(columns, found, profile), *_without_heading(sheet, found))
    larger = rival(sheet, found, profile, unknown)
    return Table(
        sheet.name,
        found.index + 1,
        columns,
        (),
        profile.name,
        unknown=unknown,
        hidden=sheet.hidden,
        rival=_rival(sheet, found, larger) if larger else None,
    )


def _rival(sheet: Sheet, found: Headings, larger: TableSource) -> Rival:
    return Rival(found.tables[0].structure.label, larger.structure.label, missing_columns(sheet, larger))


def _lacking(sheet: Sheet, named: TableSource, profile: Profile) -> Table:
    """A sheet with the name of a structure, but without all its columns: it is not read."""
    found = nearest_headings(sheet, named)
    columns = sheet.rows[found.index]
    missing = missing_columns(sheet, named)
    has_headings = len(missing) < len(named.columns)
    unknown = tuple(_unknown(columns, found, profile)) if has_headings else ()
    return Table(sheet.name, found.index + 1, columns, (), profile.name, missing, unknown, hidden=sheet.hidden)


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
