"""What a source profile says: how a layout of columns becomes observations, and where a sheet has its headings."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from dashboard.datasets import Structure
from dashboard.submissions.readers import Sheet
from dashboard.validation import SameKey, normal

HEADER_AMONG_FIRST = 10
"""Rows in which the headings are looked for: titles may stand above them."""

Condition = Mapping[str, frozenset[str]]
"""Column to the texts (in normal form) it must have; every column must agree."""


@dataclass(frozen=True, slots=True)
class DimensionSource:
    """Where one dimension's code comes from: a constant, or a column.

    values and contains map texts to codes; then the codelist's own codes, labels and (listed) aliases
    are tried. only_when: other rows get `otherwise`. unknown: the code of texts nobody knows; empty
    means that they are errors.
    """

    constant: str = ""
    column: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    contains: Mapping[str, str] = field(default_factory=dict)
    only_when: Condition = field(default_factory=dict)
    otherwise: str = ""
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class TableSource:
    """One structure's table: the columns that recognise it, the rows that belong to it, its dimensions in order."""

    structure: Structure
    columns: tuple[str, ...]
    when: Condition
    dimensions: tuple[DimensionSource, ...]


@dataclass(frozen=True, slots=True)
class AgencySource:
    """Whose figures they are: a fixed code, the sender, or a prefix and a country code in a column."""

    fixed: str = ""
    column: str = ""
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """One way in which the source breaks the same people down: the rows in which just these columns are no total."""

    name: str
    when: Condition
    split: frozenset[str]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Several breakdowns of the same people in one file. One is taken for each group, in the order of cuts.

    people: columns that say who is broken down. total_columns, total: a total's columns and their text.
    never: rows that count other people than their group, with the reason.
    """

    people: tuple[str, ...]
    total_columns: tuple[str, ...]
    total: str
    unknown_share_at_most: float
    cuts: tuple[Cut, ...]
    never: Condition
    never_reason: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One layout. other_sheets and other_columns are known and not read; note is for the documentation."""

    name: str
    title: str
    note: str
    agency: AgencySource
    period_column: str
    count_column: str
    status_column: str
    censoring_mark: str
    total_marks: frozenset[str]
    totals_expected: bool
    same_key: SameKey
    tables: tuple[TableSource, ...]
    one_sheet_a_structure: bool = False
    other_sheets: frozenset[str] = frozenset()
    other_columns: frozenset[str] = frozenset()
    breakdown: Breakdown | None = None


@dataclass(frozen=True, slots=True)
class Headings:
    """Where in a sheet the headings stand, and the tables that its rows can belong to."""

    index: int
    positions: Mapping[str, int]
    tables: tuple[TableSource, ...]


def headings(sheet: Sheet, profile: Profile) -> Headings | None:
    """The first row that has every column of a table; of several tables, those that use most columns.

    A sheet with the name of a structure is read as that structure or not at all: with one column
    renamed, the persons in the justice chain would else be read as cases.
    """
    named = named_table(sheet, profile)
    tables = (named,) if named else profile.tables
    for index, row in enumerate(sheet.rows[:HEADER_AMONG_FIRST]):
        positions = _positions(row)
        fitting = [table for table in tables if not _missing(table, positions)]
        if fitting:
            most = max(len(table.columns) for table in fitting)
            return Headings(index, positions, tuple(table for table in fitting if len(table.columns) == most))
    return None


def named_table(sheet: Sheet, profile: Profile) -> TableSource | None:
    """The table that the sheet's name asks for, whether or not its columns are there.

    None in a layout that has its tables in one sheet.
    """
    for table in profile.tables if profile.one_sheet_a_structure else ():
        if normal(sheet.name) in (normal(table.structure.name), normal(table.structure.label)):
            return table
    return None


def missing_columns(sheet: Sheet, table: TableSource) -> tuple[str, ...]:
    """The table's columns that the sheet's best heading row lacks."""
    return _missing(table, nearest_headings(sheet, table).positions)


def nearest_headings(sheet: Sheet, table: TableSource) -> Headings:
    """The first row with most of the table's columns, whether or not all of them are there."""
    rows = [_positions(row) for row in sheet.rows[:HEADER_AMONG_FIRST]] or [{}]
    index = min(range(len(rows)), key=lambda one: len(_missing(table, rows[one])))
    return Headings(index, rows[index], (table,))


def rival(sheet: Sheet, found: Headings, profile: Profile, unread: Collection[str]) -> TableSource | None:
    """A larger table that the sheet is as likely: it lacks no more columns than there are columns not read.

    The name of the sheet is believed, unless a column is there that only the larger table has.
    """
    read = set(found.tables[0].columns)
    named = named_table(sheet, profile)
    for table in profile.tables if profile.one_sheet_a_structure else ():
        lacking = _missing(table, found.positions)
        has_none_of_its_own = len(lacking) == len(table.columns) - len(read)
        if read < set(table.columns) and len(lacking) <= len(unread) and not (named and has_none_of_its_own):
            return table
    return None


def _positions(row: Sequence[str]) -> Mapping[str, int]:
    """Where each heading stands; of two alike, the first."""
    return {normal(text): position for position, text in reversed(list(enumerate(row))) if text}


def _missing(table: TableSource, present: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(column for column in table.columns if normal(column) not in present)
