"""From a row of text to a row of codes, as a profile declares. Nothing is guessed and nothing judged here."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dashboard.datasets import STRUCTURES, TOTAL, ObservationStatus
from dashboard.datasets.reference_files import read_table
from dashboard.submissions.layouts import Condition, DimensionSource, Headings, Profile, TableSource
from dashboard.submissions.readers import Sheet
from dashboard.validation import Cell, Choices, Count, Fault, Row, Standing, choices, normal
from dashboard.validation.cells import LARGEST_COUNT

_PERIODS = (
    re.compile(r"(?P<year>[0-9]{4})([- ]?q(?P<quarter>[1-4]))?"),
    re.compile(r"q(?P<quarter>[1-4])[- ]?(?P<year>[0-9]{4})"),
)
_STATUSES = {"": ObservationStatus.NORMAL} | {normal(status): status for status in ObservationStatus}

# Zero decimals are dropped; three zeros are not taken for them, because in "1.000" the dot may mark thousands.
_WHOLE = re.compile(r"(\d{1,18}|\d{1,3}([, ]\d{3}){1,5})(\.0{1,2})?")
_WHOLE_WITH_COMMA = re.compile(r"(\d{1,18}|\d{1,3}( \d{3}){1,5})([.,]0{1,2})?")
_ZERO_DECIMALS = re.compile(r"[.,]0{1,2}$")
_NEGATIVE = re.compile(r"[-−–]\s*\d[\d,. ]*")
_FRACTION = re.compile(r"\d*[.,]\d+\s*%?|\d+\s*%|\d+(\.\d+)?e[+-]?\d+", re.IGNORECASE)
_BELOW = re.compile(r"\d{1,3}")

_ALIASED = "country"
"""Dimensions whose codes are countries understand the aliases of countries."""


@dataclass(frozen=True)
class Reference:
    """The codes and aliases of one reference folder."""

    folder: Path

    @cached_property
    def choices(self) -> Mapping[str, Choices]:
        """For each dimension's name, every text that means one of its codes."""
        dimensions = {one.name: one for structure in STRUCTURES.values() for one in structure.dimensions}
        return {
            name: choices(one.codelist(self.folder), self._aliases if _ALIASED in one.codelist_files else None)
            for name, one in dimensions.items()
        }

    @cached_property
    def _aliases(self) -> Mapping[str, str]:
        rows = read_table(self.folder / "aliases" / "nationality.csv")
        return {row["alias"]: row["code"] for row in rows}


@dataclass(frozen=True)
class SourceRow:
    """A filled row of a sheet: its number in the spreadsheet, and its text by heading.

    decimal_comma: as in its sheet.
    """

    sheet: str
    number: int
    cells: tuple[str, ...]
    positions: Mapping[str, int]
    decimal_comma: bool = False

    def text(self, column: str) -> str:
        """The cell under a heading; empty where the row is shorter or the column is not there."""
        position = self.positions.get(normal(column), len(self.cells))
        return self.cells[position] if position < len(self.cells) else ""

    def meets(self, condition: Condition) -> bool:
        """Whether every column of the condition has one of its texts."""
        return all(normal(self.text(column)) in texts for column, texts in condition.items())


def source_rows(sheet: Sheet, found: Headings) -> Iterator[SourceRow]:
    """The filled rows under the headings."""
    for index, cells in enumerate(sheet.rows[found.index + 1 :], found.index + 2):
        if cells:
            yield SourceRow(sheet.name, index, cells, found.positions, sheet.decimal_comma)


def map_row(row: SourceRow, table: TableSource, profile: Profile, reference: Reference, sender: str) -> Row:
    """Understand one row. Cells that are not understood have no code; the rules say what follows."""
    pairs = zip(table.structure.dimensions, table.dimensions, strict=True)
    codes = [_dimension(row, source, profile, reference.choices[one.name]) for one, source in pairs]
    period = _period(row, profile)
    is_total = any(cell.code == TOTAL for cell in (period, *codes))
    if is_total:  # "Total" in one cell and nothing in the others: the sum over all of them
        period, *codes = (_blank_as_total(cell) for cell in (period, *codes))
    return Row(
        sheet=row.sheet,
        number=row.number,
        structure=table.structure,
        period=period,
        agency=_agency(row, profile, reference, sender),
        codes=tuple(codes),
        status=_status(row, profile),
        count=_count(row, profile),
        standing=Standing.TOTAL if is_total else Standing.LEAF,
    )


def _dimension(row: SourceRow, source: DimensionSource, profile: Profile, known: Choices) -> Cell:
    if source.constant:
        return Cell("", source.constant, source.constant)
    text = row.text(source.column)
    if not row.meets(source.only_when):
        return Cell(source.column, text, source.otherwise)
    code = _code(text, source, profile, known)
    if code is None and source.unknown:
        return Cell(source.column, text, source.unknown, assumed=True)
    return Cell(source.column, text, code)


def _code(text: str, source: DimensionSource, profile: Profile, known: Choices) -> str | None:
    wanted = normal(text)
    if wanted in source.values:
        return source.values[wanted]
    for part, meant in source.contains.items():
        if part in text.casefold():
            return meant
    # A profile that maps the texts itself means just those: "Other" is not always our "Other".
    code = None if source.values else known.understand(text)
    return TOTAL if code is None and _is_total(text, profile) else code


def _is_total(text: str, profile: Profile) -> bool:
    return text == TOTAL or normal(text) in profile.total_marks


def _blank_as_total(cell: Cell) -> Cell:
    return Cell(cell.column, cell.text, TOTAL) if cell.code is None and not cell.text else cell


def _period(row: SourceRow, profile: Profile) -> Cell:
    text = row.text(profile.period_column)
    if _is_total(text, profile):
        return Cell(profile.period_column, text, TOTAL)
    for pattern in _PERIODS:
        if match := pattern.fullmatch(normal(text)):
            code = f"{match['year']}-Q{match['quarter']}" if match["quarter"] else match["year"]
            return Cell(profile.period_column, text, code)
    return Cell(profile.period_column, text, None)


def _agency(row: SourceRow, profile: Profile, reference: Reference, sender: str) -> Cell:
    source = profile.agency
    if not source.column:
        return Cell("", "", source.fixed or sender)
    text = row.text(source.column)
    countries = reference.choices["nationality"].codelist.codes
    known = text in countries and countries[text].level == "country"
    return Cell(source.column, text, f"{source.prefix}{text}" if known else None)


def _status(row: SourceRow, profile: Profile) -> Cell:
    if not profile.status_column:
        return Cell("", "", ObservationStatus.NORMAL)
    text = row.text(profile.status_column)
    return Cell(profile.status_column, text, _STATUSES.get(normal(text)))


def _count(row: SourceRow, profile: Profile) -> Count:
    column = profile.count_column
    return read_count(column, row.text(column), profile.censoring_mark, decimal_comma=row.decimal_comma)


def read_count(column: str, text: str, censoring_mark: str = "", *, decimal_comma: bool = False) -> Count:
    """A whole number with or without thousands marks, or (behind the mark) the bound a count lies below.

    "1,192" is 1192, and "3.0" is 3. "<5" is some number from 0 to 4, and nobody says which. With
    decimal_comma "3,0" is 3, and "1,192" a fraction. Anything else is a fault.
    """
    if censoring_mark and text.startswith(censoring_mark):
        bound = text.removeprefix(censoring_mark).strip()
        if _BELOW.fullmatch(bound) and int(bound) > 1:
            return Count(column, text, censored_below=int(bound))
    whole = _WHOLE_WITH_COMMA if decimal_comma else _WHOLE
    if not text.isascii() or not whole.fullmatch(text):
        return Count(column, text, fault=_fault(text))
    value = int(re.sub(r"[, ]", "", _ZERO_DECIMALS.sub("", text)))
    return Count(column, text, value=value, fault=Fault.HUGE if value > LARGEST_COUNT else None)


def _fault(text: str) -> Fault:
    if not text:
        return Fault.EMPTY
    if text.isascii() and text.isdigit():
        return Fault.HUGE
    if _NEGATIVE.fullmatch(text):
        return Fault.NEGATIVE
    return Fault.FRACTION if _FRACTION.fullmatch(text) else Fault.TEXT
