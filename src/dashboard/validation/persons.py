"""Records of single persons: recognised by their columns and values, and refused.

The dashboard takes counts. A file with a row a person must not be kept, not even as a rejected
upload, so this check runs before every other one. It prefers to refuse a harmless file (the sender
renames a column) over keeping a harmful one. It cannot see a person in a file whose columns and
values look like counts.
"""

import re
from collections.abc import Iterator

from dashboard.validation.model import Finding, Severity
from dashboard.validation.records import MappedReturn, Table

_PERSON = "victim|person|client|individual|survivor|beneficiary|suspect|offender|worker|patient|child"
_COLUMNS = re.compile(
    rf"""^names?$ | \b(sur|fore|nick|first|last|family|given|maiden|full|middle)\s?names?\b
    | \b({_PERSON})(\ss|s)?\s(full\s)?names?\b | \bnames?\sof\s(the\s)?({_PERSON})s?\b
    | \b(dob|d\so\sb|birth\s?(date|day)|(date|year|place)\sof\sbirth)\b
    | \b(passports?|national\sid|id\s?cards?|identity\s(card|document)|nid)\b
    | \b(id|visa|permit)\s(no|number)\b
    | \b(tele|mobile\s|cell\s?)?phones?\b | ^(mobile|tel)(\s(no|number))?$ | \be\s?mails?\b | \bwhatsapp\b
    | \b(home|street|postal)\saddress\b
    | \b({_PERSON}|case|record|file)\s?(ids?|ref|reference|code)\b | \b(case|record|file)\s(no|number)\b""",
    re.VERBOSE,
)
_COUNTED = re.compile(r"^(number|count|total|sum) of\b")

# Columns that only a record-level layout has (as in the public case collections); three of them, and no
# column with a count, mean that a row is a person.
_RECORD_LAYOUT = re.compile(
    r"^(year of registration|age broad|majority (status|entry)|means of control|recruiter relation"
    r"|type of (labour|exploit|sex)|is (forced|sexual|other exploit|sex and|abduction|organ|slavery))"
)
_COUNT_COLUMN = re.compile(r"\b(counts?|people|persons|victims|cases|number|value|total|frequency|sum)\b|^n$")
_RECORD_COLUMNS_ENOUGH = 3

_VALUES = {
    "an e-mail address": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}"),
    "a passport number": re.compile(r"[A-Za-z]{1,2}\d{6,9}"),
    "a telephone number": re.compile(r"\+\d[\d ()-]{7,16}"),
}
_CELLS_OF_A_TABLE_ROW = 3
"""Rows with fewer filled cells are notes; the address of the sending office may stand there."""


def persons(returned: MappedReturn) -> Iterator[Finding]:
    """Refuse what looks like records of single persons. Names columns, never a value."""
    for table in returned.tables:
        for column, what in _signs(table):
            yield Finding(
                Severity.ERROR,
                "persons",
                f"These look like records of single persons: {what}. Only counts of people are taken.",
                "Nothing of this file was kept. Add the people up into counts, with the template, and send "
                "those. Delete the copies of this file that were made to send it.",
                sheet=table.name,
                row=table.header_row,
                column=column,
            )
            break  # one sign a sheet is enough to refuse it


def _signs(table: Table) -> Iterator[tuple[str, str]]:
    for column in table.columns:
        words = _words(column)
        if _COLUMNS.search(words) and not _COUNTED.search(words):
            yield column, f'the column "{column[:80]}" describes one person'
    yield from _record_layout(table)
    yield from _personal_values(table)


def _record_layout(table: Table) -> Iterator[tuple[str, str]]:
    words = [_words(column) for column in table.columns]
    signs = [column for column, text in zip(table.columns, words, strict=True) if _RECORD_LAYOUT.search(text)]
    if len(signs) >= _RECORD_COLUMNS_ENOUGH and not any(_COUNT_COLUMN.search(text) for text in words):
        yield (
            signs[0],
            f'columns such as "{signs[0][:80]}" describe one person a row, and no column holds a count',
        )


def _personal_values(table: Table) -> Iterator[tuple[str, str]]:
    seen: set[tuple[int, str]] = set()
    for row in (table.columns, *table.rows):
        if sum(1 for cell in row if cell) >= _CELLS_OF_A_TABLE_ROW:
            seen.update((index, cell) for index, cell in enumerate(row) if _worth_a_look(cell))
    for index, cell in sorted(seen):
        for what, pattern in _VALUES.items():
            if pattern.fullmatch(cell):
                column = _heading(table, index)
                yield column, f'the column "{column[:80]}" holds {what}'


def _heading(table: Table, index: int) -> str:
    """The column's heading; its place, where the heading may itself be a record (a file without headings)."""
    heading = table.columns[index] if index < len(table.columns) else ""
    is_harmless = heading and not re.search(r"[@\d]", heading)
    return heading if is_harmless else f"column {index + 1}"


def _worth_a_look(cell: str) -> bool:
    """Cheap, because it is asked of every cell: most are short words or bare numbers."""
    return len(cell) > 6 and ("@" in cell or cell[0] == "+" or (cell[0].isalpha() and cell[-1].isdigit()))


def _words(column: str) -> str:
    """`yearOfRegistration`, `Date_of-birth` as lower-case words."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)
    return " ".join(re.split(r"[\W_]+", spaced.casefold())).strip()
