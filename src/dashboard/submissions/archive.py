"""A look at the directory of a workbook before anything of it is unpacked."""

import io
import re
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from dashboard.submissions.readers import Unreadable

ENTRIES_AT_MOST = 2_000
UNPACKED_AT_MOST = 200 * 1024 * 1024
RATIO_AT_MOST = 150
_SMALL = 1024 * 1024
"""Below this size an entry is harmless, however well it was packed."""

_DIRECTORY_ENTRY = b"PK\x01\x02"
_OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0"
_FORBIDDEN = re.compile(r"(^|/)(vbaproject|externallinks|activex|embeddings)", re.IGNORECASE)


def inspect(content: bytes) -> None:
    """Raise Unreadable for what is no workbook, or one that would blow up, run or fetch something.

    The sizes are those the directory states; unpacking stops there, so a lie gains nothing.
    """
    if content.startswith(_OLD_OR_ENCRYPTED):
        raise Unreadable("The workbook has a password or is in the old XLS format. Save it as XLSX without a password.")
    # Counted before the directory is parsed: parsing hundreds of thousands of entries is itself the attack.
    if content.count(_DIRECTORY_ENTRY) > ENTRIES_AT_MOST:
        raise Unreadable("The workbook has too many parts. Copy the table into a new workbook.")
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (BadZipFile, ValueError, OverflowError, EOFError, NotImplementedError, OSError):
        raise Unreadable("The file is not an XLSX workbook. Save the table as XLSX or CSV and send that.") from None
    _refuse_bombs(entries)
    _refuse_parts(entries)


def _refuse_bombs(entries: list[ZipInfo]) -> None:
    if len(entries) > ENTRIES_AT_MOST:
        raise Unreadable("The workbook has too many parts. Copy the table into a new workbook.")
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED_AT_MOST or _ratio(unpacked, packed) > RATIO_AT_MOST:
        raise Unreadable("The workbook is far larger unpacked than packed. Copy the table into a new workbook.")
    for entry in entries:
        if _ratio(entry.file_size, entry.compress_size) > RATIO_AT_MOST:
            raise Unreadable("A part of the workbook is far larger unpacked. Copy the table into a new workbook.")


def _ratio(unpacked: int, packed: int) -> float:
    return unpacked / max(packed, 1) if unpacked > _SMALL else 0.0


def _refuse_parts(entries: list[ZipInfo]) -> None:
    for entry in entries:
        if entry.flag_bits & 1:
            raise Unreadable("The workbook has a password. Save it without one.")
        name = PurePosixPath(entry.filename).as_posix()
        if _FORBIDDEN.search(name):
            raise Unreadable("The workbook holds macros, links or embedded files. Save it as a plain XLSX workbook.")
