"""Files for the tests, made in memory, and the one call that reads them."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date

from openpyxl import Workbook, load_workbook
from tests.examples import REFERENCE

from dashboard.datasets import STRUCTURES, Dataset
from dashboard.submissions.reading import Return, read_return
from dashboard.submissions.template import template_workbook
from dashboard.validation import Finding, Severity

TODAY = date(2026, 2, 1)
CASES = ("Period", "Stage", "Form of exploitation", "Count", "Observation status")
VICTIMS = ("Period", *(dimension.label for dimension in STRUCTURES["victims"].dimensions), "Count")
A_VICTIM = ("2024-Q1", "IDENTIFIED", "BGD", "M", "18+", "FORCED_LABOUR", "F", "BGD", "NONE", "MV_MALE")


def csv_file(*rows: Iterable[object], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode()


def workbook(sheets: Mapping[str, Iterable[Iterable[object]]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def filled_template(rows: Mapping[str, Iterable[Iterable[object]]]) -> bytes:
    """The template with rows under the headings of the named sheets, as a person fills it in."""
    book = load_workbook(io.BytesIO(template_workbook(REFERENCE)))
    for name, lines in rows.items():
        for number, line in enumerate(lines, 2):
            for column, value in enumerate(line, 1):
                book[name].cell(number, column, value)
    return saved(book)


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def read(content: bytes, filename: str = "return.csv", previous: Mapping[str, Dataset] | None = None) -> Return:
    return read_return(content, filename, agency="MPS", reference_dir=REFERENCE, previous=previous or {}, today=TODAY)


def read_victims(*rows: Iterable[object], header: Iterable[object] = VICTIMS) -> Return:
    return read(csv_file(header, *rows))


def victim(count: object, **changes: str) -> tuple[object, ...]:
    """A row of victims; changes by heading, with underscores for blanks."""
    row = dict(zip(VICTIMS, A_VICTIM, strict=False)) | {name.replace("_", " "): text for name, text in changes.items()}
    return (*row.values(), count)


def said(returned: Return, rule: str, severity: Severity | None = None) -> list[Finding]:
    return [one for one in returned.findings if one.rule == rule and severity in (None, one.severity)]
