"""A look at the directory of an office file before anything of it is unpacked: workbooks and documents."""

import io
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from dashboard.errors import DashboardError

ENTRIES_AT_MOST = 2_000
UNPACKED_AT_MOST = 200 * 1024 * 1024
RATIO_AT_MOST = 150
_SMALL = 1024 * 1024
"""Below this size an entry is harmless, however well it was packed."""

_DIRECTORY_ENTRY = b"PK\x01\x02"
_OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0"
_FORBIDDEN = re.compile(r"(^|/)(vbaproject|externallinks|activex|embeddings)", re.IGNORECASE)


class UnsafeArchive(DashboardError):
    """What was sent is no office file, or one that would blow up, run or fetch something."""


@dataclass(frozen=True, slots=True)
class Format:
    """What a refusal calls the file, and the ways out that it names."""

    noun: str
    ending: str
    full: str
    instead: str
    anew: str
    plain: str


WORKBOOK = Format(
    "workbook",
    "XLSX",
    "an XLSX workbook",
    instead="Save the table as XLSX or CSV and send that.",
    anew="Copy the table into a new workbook.",
    plain="Save it as a plain XLSX workbook.",
)
DOCUMENT = Format(
    "document",
    "DOCX",
    "a DOCX document",
    instead="Save the text as DOCX or PDF and send that.",
    anew="Copy the text into a new document.",
    plain="Paste charts and tables from other programs as pictures, or save it as PDF.",
)


def inspect(content: bytes, form: Format = WORKBOOK) -> None:
    """Raise UnsafeArchive for what is no such file, or one that would blow up, run or fetch something.

    The sizes are those the directory states; unpacking stops there, so a lie gains nothing.
    """
    if content.startswith(_OLD_OR_ENCRYPTED):
        raise UnsafeArchive(
            f"The {form.noun} has a password or is in the old {form.ending[:-1]} format. "
            f"Save it as {form.ending} without a password."
        )
    # Counted before the directory is parsed: parsing hundreds of thousands of entries is itself the attack.
    if content.count(_DIRECTORY_ENTRY) > ENTRIES_AT_MOST:
        raise UnsafeArchive(f"The {form.noun} has too many parts. {form.anew}")
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (BadZipFile, ValueError, OverflowError, EOFError, NotImplementedError, OSError):
        raise UnsafeArchive(f"The file is not {form.full}. {form.instead}") from None
    _refuse_bombs(entries, form)
    _refuse_parts(entries, form)


def _refuse_bombs(entries: list[ZipInfo], form: Format) -> None:
    if len(entries) > ENTRIES_AT_MOST:
        raise UnsafeArchive(f"The {form.noun} has too many parts. {form.anew}")
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED_AT_MOST or _ratio(unpacked, packed) > RATIO_AT_MOST:
        raise UnsafeArchive(f"The {form.noun} is far larger unpacked than packed. {form.anew}")
    for entry in entries:
        if _ratio(entry.file_size, entry.compress_size) > RATIO_AT_MOST:
            raise UnsafeArchive(f"A part of the {form.noun} is far larger unpacked. {form.anew}")


def _ratio(unpacked: int, packed: int) -> float:
    return unpacked / max(packed, 1) if unpacked > _SMALL else 0.0


def _refuse_parts(entries: list[ZipInfo], form: Format) -> None:
    for entry in entries:
        if entry.flag_bits & 1:
            raise UnsafeArchive(f"The {form.noun} has a password. Save it without one.")
        name = PurePosixPath(entry.filename).as_posix()
        if _FORBIDDEN.search(name):
            raise UnsafeArchive(f"The {form.noun} holds macros, links or embedded files. {form.plain}")
