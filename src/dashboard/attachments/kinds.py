"""Which kind a file is: its content decides, and its name has to agree. What could run or fetch something is refused.

No program here opens a file for its reader, and none is ever shown on a page: this look keeps out what would do
something as soon as somebody opens it elsewhere. It is no virus scanner.
"""

import io
import re
from collections.abc import Callable, Mapping
from pathlib import PurePath
from zipfile import BadZipFile, is_zipfile

from dashboard.attachments import office, png
from dashboard.attachments.model import Kind, RefusedFile
from dashboard.validation import archive

FILE_AT_MOST = 10 * 1024 * 1024

_PDF_HEAD = re.compile(rb"%PDF-[12]\.\d")
_PDF_END = b"%%EOF"
_BLANK = b"\0\t\n\f\r "
_TAKEN_FOR_TEXT = frozenset("\t\n\f\r")


def kind_of(content: bytes, name: str) -> Kind:
    """The kind of a file of that name. Raises RefusedFile, and nothing else, whatever the bytes are."""
    ending = PurePath(name).suffix.lower().removeprefix(".")
    if ending not in CHECKS:
        known = ", ".join(kind.value.upper() for kind in CHECKS)
        raise RefusedFile(f"Only {known} files can be attached. Save it as one of these and attach that.")
    if not content:
        raise RefusedFile("The file is empty. Check that you chose the right one, and attach it again.")
    if len(content) > FILE_AT_MOST:
        raise RefusedFile(f"The file is larger than {FILE_AT_MOST // 1024**2} MB. Attach the part that matters.")
    kind = Kind(ending)
    try:
        CHECKS[kind](content)
    except archive.UnsafeArchive as trouble:
        raise RefusedFile(str(trouble)) from None
    return kind


def _check_pdf(content: bytes) -> None:
    """By a scan of the bytes for what runs, starts a program or carries a file.

    It looks through the ways in which PDF spells a name, but not into compressed object streams, where a name can hide.
    """
    if not _PDF_HEAD.match(content):
        raise RefusedFile("This is not a PDF file, or something stands before it. Save it as PDF anew and attach that.")
    if not content.rstrip(_BLANK).endswith(_PDF_END):
        raise RefusedFile("Something stands behind the end of the PDF. Save or print it as PDF anew and attach that.")
    _refuse_hidden_archive(content)
    if any(found.search(content) for found in _RUNS):
        raise RefusedFile("The PDF holds scripts, programs or other files. Print it as PDF anew and attach that.")


def _check_png(content: bytes) -> None:
    png.check(content)
    _refuse_hidden_archive(content)


def _check_csv(content: bytes) -> None:
    """Text in UTF-8. Cells that a spreadsheet would take for formulas stay: evidence is kept byte for byte.

    Who opens one is asked by the spreadsheet, as with any CSV of others. Files that we make ourselves hold none.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedFile("This is not a text file in UTF-8. Save it as CSV UTF-8 and attach that.") from None
    if any(sign < " " and sign not in _TAKEN_FOR_TEXT for sign in set(text)):
        raise RefusedFile("The file holds signs that no text has. Save the table as CSV UTF-8 and attach that.")
    if not text.strip():
        raise RefusedFile("The file is empty. Check that you chose the right one, and attach it again.")
    if text.lstrip().startswith("%PDF-"):
        raise RefusedFile("This is a PDF under another name. Give its name the ending .pdf and attach it again.")
    _refuse_hidden_archive(content)


def _refuse_hidden_archive(content: bytes) -> None:
    """Programs for archives look for one from the end of a file, whatever stands before it."""
    try:
        hidden = is_zipfile(io.BytesIO(content))
    except (BadZipFile, ValueError):
        hidden = True  # the end of one, and damaged
    if hidden:
        raise RefusedFile("The file is an archive as well. Save it anew in the program it came from and attach that.")


def _check_docx(content: bytes) -> None:
    office.check(content, archive.DOCUMENT, office.DOCUMENT)


def _check_xlsx(content: bytes) -> None:
    office.check(content, archive.WORKBOOK, office.WORKBOOK)


CHECKS: Mapping[Kind, Callable[[bytes], None]] = {
    Kind.PDF: _check_pdf,
    Kind.DOCX: _check_docx,
    Kind.XLSX: _check_xlsx,
    Kind.CSV: _check_csv,
    Kind.PNG: _check_png,
}
"""By kind: what raises RefusedFile for a file that is none of it, or that may not be kept."""


def _name(word: str, behind: str = "(?![A-Za-z])") -> re.Pattern[bytes]:
    """A name of PDF: each of its letters as itself, or as # and its number."""
    letters = "".join(f"(?:{letter}|#{ord(letter):02x}|#{ord(letter):02X})" for letter in word)
    return re.compile(f"/{letters}{behind}".encode())


_RUNS = (
    _name("JavaScript"),
    # Three signs are found by chance in any picture, so only with what a script's text begins with.
    _name("JS", r"(?:[(<%]|[\s\0]+[(<%\d])"),
    _name("Launch"),
    _name("EmbeddedFile", "s?(?![A-Za-z])"),
    _name("RichMedia"),
)
