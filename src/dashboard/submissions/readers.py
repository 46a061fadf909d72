"""From the bytes of a file to sheets of text. A new input format is one function and one line in READERS.

This file is also the program of the child process that reads what strangers send (see child.py), so
it imports nothing of the dashboard: the child starts fast, and works wherever the package lies.
"""

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

ROWS_AT_MOST = 200_000
COLUMNS_AT_MOST = 200
CELLS_AT_MOST = 4_000_000
"""Filled cells of the whole file: one short text may be referred to a million times in a small workbook."""
CHARACTERS_AT_MOST = 50_000_000

MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 15
_DELIMITERS = ",;\t"


class Unreadable(ValueError):
    """The file cannot be read. The text says why and what to do; it quotes nothing of the file."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: every cell as text, stripped, on one line. rows[0] is row 1 of the spreadsheet.

    Blank cells at the end of a row and blank rows at the end of a sheet are left out. remarks says
    what had to be assumed to read it. hidden: a spreadsheet program does not show it. decimal_comma:
    the file is one of those whose programs write 3,0 where others write 3.0.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...] = ()
    hidden: bool = False
    decimal_comma: bool = False


Reader = Callable[[bytes], tuple[Sheet, ...]]


def read_csv(content: bytes) -> tuple[Sheet, ...]:
    """A text file with commas, semicolons or tabs: one sheet without a name. Raises Unreadable."""
    if b"\0" in content:
        raise Unreadable("This is not a text file, or not one in UTF-8. Save it as CSV UTF-8 and send it again.")
    text, remarks = _decoded(content)
    header = next((line for line in io.StringIO(text) if line.strip()), "")
    delimiter = max(_DELIMITERS, key=header.count)
    try:
        rows = _bounded(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), Budget())
    except csv.Error:
        advice = (
            "A quotation mark is probably not closed. Open the file in a spreadsheet program, save it as CSV UTF-8."
        )
        raise Unreadable(f"The text cannot be split into cells. {advice}") from None
    # Semicolons stand between cells where the comma stands in numbers.
    return (Sheet("", rows, remarks, decimal_comma=delimiter == ";"),)


def _decoded(content: bytes) -> tuple[str, tuple[str, ...]]:
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252"), (
            "The file is not UTF-8; it was read as Western European text (Windows-1252).",
        )
    except UnicodeDecodeError:
        raise Unreadable("The letters cannot be decoded. Save the file as CSV UTF-8 and send it again.") from None


def read_xlsx(content: bytes) -> tuple[Sheet, ...]:
    """A workbook: its sheets, hidden ones too, with values instead of formulas. Raises Unreadable.

    Hidden rows and columns are read like others: to tell them apart, the whole workbook would have to
    be built in memory.
    """
    # Not at the head of the file: a CSV needs none of it, and the child must start fast.
    from openpyxl import load_workbook

    budget = Budget()
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheets = []
        for worksheet in workbook.worksheets:
            # The stated dimension may be the whole grid, and each row would be padded to it.
            worksheet.reset_dimensions()
            rows = _bounded(worksheet.iter_rows(values_only=True), budget)
            sheets.append(Sheet(_text(worksheet.title), rows, hidden=worksheet.sheet_state != "visible"))
        return tuple(sheets)
    except (Unreadable, MemoryError):
        raise
    except Exception:
        # The library raises what it meets: KeyError, BadZipFile, ParseError ... All mean one thing to the sender.
        advice = "Open it in a spreadsheet program, save it as a new XLSX file and send that."
        raise Unreadable(f"The workbook is damaged or not an XLSX file. {advice}") from None


READERS: Mapping[str, Reader] = {".csv": read_csv, ".xlsx": read_xlsx}


class Budget:
    """How many filled cells and characters the file may still hold, over all its sheets."""

    def __init__(self) -> None:
        self.cells = CELLS_AT_MOST
        self.characters = CHARACTERS_AT_MOST

    def spend(self, row: tuple[str, ...]) -> None:
        """Take one row off; raises Unreadable when nothing is left."""
        self.cells -= len(row)
        self.characters -= sum(map(len, row))
        if self.cells < 0 or self.characters < 0:
            raise Unreadable("The file holds too much text. Send only the table, or one file for each period.")


def _bounded(rows: Iterable[Iterable[object]], budget: Budget) -> tuple[tuple[str, ...], ...]:
    """The rows as text; blank ones count only once a filled one follows."""
    kept: list[tuple[str, ...]] = []
    blank = 0
    for row in map(_texts, rows):
        if not row:
            blank += 1
            continue
        budget.spend(row)
        kept.extend([()] * blank)
        kept.append(row)
        blank = 0
        if len(kept) > ROWS_AT_MOST + 1:  # and the headings
            raise Unreadable(f"A sheet has more than {ROWS_AT_MOST:,} rows. Send one file for each year.")
    return tuple(kept)


def _texts(row: Iterable[object]) -> tuple[str, ...]:
    cells = [_text(value) for value in row]
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > COLUMNS_AT_MOST:
        raise Unreadable(f"A row has more than {COLUMNS_AT_MOST} columns. Send only the columns of the table.")
    return tuple(cells)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))  # a spreadsheet keeps 12 as 12.0
    if isinstance(value, date):
        return value.isoformat()
    text = " ".join(str(value).split())
    # Invisible characters make two equal words differ, and a database may refuse some of them.
    return text if text.isprintable() else "".join(filter(str.isprintable, text)).strip()


def _limit_myself() -> None:
    """Bound memory, processor time and open files of this process, and forbid writing. POSIX only."""
    if sys.platform == "win32":
        return
    import resource

    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 32,
    }
    for what, most in limits.items():
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue  # some systems know a limit only by name; the parent's clock still holds


def _answer(extension: str, content: bytes) -> dict[str, object]:
    try:
        sheets = READERS[extension](content)
    except Unreadable as trouble:
        return {"trouble": str(trouble)}
    except MemoryError:
        return {"trouble": "The file needs too much memory. Send only the table, or one file for each year."}
    return {"sheets": [[one.name, one.rows, one.remarks, one.hidden, one.decimal_comma] for one in sheets]}


def main() -> None:
    """The child: bytes on standard input, the sheets or the trouble as JSON on standard output."""
    # openpyxl would load numpy if it is there: slower than the reading itself, and more memory than allowed.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    _limit_myself()
    answer = _answer(sys.argv[1], sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(answer))


def parsed(answer: Mapping[str, object]) -> Iterator[Sheet]:
    """The sheets out of the child's JSON; raises Unreadable where it tells of trouble."""
    if "sheets" not in answer:
        raise Unreadable(str(answer.get("trouble", "")))
    for name, rows, remarks, hidden, comma in answer["sheets"]:  # type: ignore[attr-defined]  # JSON of our own making
        yield Sheet(name, tuple(map(tuple, rows)), tuple(remarks), hidden, comma)


if __name__ == "__main__":
    main()
