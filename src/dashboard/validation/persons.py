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
    | \b(passports?(\s(no|number))?|national\sid|id\s?cards?|identity\s(card|document)|nid)\b
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
_OF_AN_OFFICE = ("an e-mail address", "a telephone number")
_LONE_ADDRESSES_AT_MOST = 2
"""The sending office may name its e-mail address and telephone, each alone in a row; more of them are a list."""

HEADINGS_AMONG_FIRST = 20
"""Rows in which telling headings are looked for: titles may stand above them, and one sheet may hold two tables."""
_LONGEST_LONE_HEADING = 60
"""A longer text that is alone in its row is a sentence; our own Read me names there what must not be sent."""
_NUMBER = re.compile(r"<?\s?\d[\d,. ]*%?")

_Sign = tuple[int, str, str]
"""Row, column and what tells."""


def persons(returned: MappedReturn) -> Iterator[Finding]:
    """Refuse what looks like records of single persons. Names columns, never a value."""
    for table in returned.tables:
        for row, column, what in _signs(table):
            where = f' (sheet "{table.name[:80]}", row {row})' if len(returned.tables) > 1 else f" (row {row})"
            yield Finding(
                Severity.ERROR,
                "persons",
                f"These look like records of single persons: {what}{where}. Only counts of people are taken.",
                "Nothing of this file was kept. Add the people up into counts, with the template, and send "
                "those. Delete the copies of this file that were made to send it.",
                sheet=table.name,
                row=row,
                column=column,
            )
            break  # one sign a sheet is enough to refuse it


def _signs(table: Table) -> Iterator[_Sign]:
    for number, row in enumerate(table.rows[: max(HEADINGS_AMONG_FIRST, table.header_row)], 1):
        # A row with a number is one of counts, in which a remark may speak of passports.
        if number == table.header_row or not any(_NUMBER.fullmatch(cell) for cell in row):
            yield from _headings(number, row)
    yield from _personal_values(table)


def _headings(number: int, row: tuple[str, ...]) -> Iterator[_Sign]:
    filled = [cell for cell in row if cell]
    if len(filled) == 1 and len(filled[0]) > _LONGEST_LONE_HEADING:
        return
    words = [_words(cell) for cell in filled]
    for cell, text in zip(filled, words, strict=True):
        if (found := _COLUMNS.search(text)) and not _COUNTED.search(text):
            column = _quotable(cell, text, found)
            yield number, column, f'the column "{column}" describes one person'
    signs = [(cell, found) for cell, text in zip(filled, words, strict=True) if (found := _RECORD_LAYOUT.search(text))]
    if len(signs) >= _RECORD_COLUMNS_ENOUGH and not any(_COUNT_COLUMN.search(text) for text in words):
        column = _quotable(signs[0][0], _words(signs[0][0]), signs[0][1])
        what = f'columns such as "{column}" describe one person a row, and no column holds a count'
        yield number, column, what


def _quotable(cell: str, words: str, found: re.Match[str]) -> str:
    """The heading; only its telling words if there are others, because it may itself be a record."""
    return cell if words == found.group() else found.group()


def _personal_values(table: Table) -> Iterator[_Sign]:
    harmless: set[str] = set()
    lone = 0
    for number, row in enumerate(table.rows, 1):
        for index, cell in enumerate(row):
            if cell in harmless or not _worth_a_look(cell):
                continue
            what = next((what for what, pattern in _VALUES.items() if pattern.fullmatch(cell)), "")
            if not what:
                harmless.add(cell)
            elif what in _OF_AN_OFFICE and lone < _LONE_ADDRESSES_AT_MOST and sum(map(bool, row)) == 1:
                lone += 1
            else:
                # Not the heading: where there is none, a record stands in its place.
                yield number, f"column {index + 1}", f"column {index + 1} holds {what}"


def _worth_a_look(cell: str) -> bool:
    """Cheap, because it is asked of every cell: most are short words or bare numbers."""
    return len(cell) > 6 and ("@" in cell or cell[0] == "+" or (cell[0].isalpha() and cell[-1].isdigit()))


def _words(column: str) -> str:
    """`yearOfRegistration`, `Date_of-birth` as lower-case words."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)
    return " ".join(re.split(r"[\W_]+", spaced.casefold())).strip()
