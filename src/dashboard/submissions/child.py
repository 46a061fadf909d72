"""Reading a stranger's file at arm's length: a look from outside, then a child process that can be killed.

The child (readers.py, run as a program) has no environment, may write nothing and is bounded in
memory and time. Whatever happens to it, the server lives, and the sender reads one sentence.
"""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path, PurePath

from dashboard.errors import DashboardError
from dashboard.submissions import readers
from dashboard.submissions.readers import READERS, Sheet, Unreadable
from dashboard.validation import archive
from dashboard.validation.archive import UnsafeArchive
from dashboard.validation.names import harmless

FILE_AT_MOST = 10 * 1024 * 1024
WALL_SECONDS = 20

# A spreadsheet program writes each text once and refers to it; many other programs repeat it in every cell, and such
# a workbook takes three times as long. CSV would be no way out: the same table is larger there.
_FASTER = {".xlsx": "Open it in Excel or LibreOffice and save it again, which makes it faster to read"}

_ZIP = b"PK\x03\x04"


class UnreadableFile(DashboardError):
    """The file cannot be read; the text names the trouble and the next step."""


def read_file(content: bytes, filename: str) -> tuple[Sheet, ...]:
    """Read an uploaded file in a limited child process.

    content: the bytes as received, at most 10 MB. filename: as the sender wrote it; only its ending
    and, for the name of a CSV sheet, its stem are used, and nothing is opened by it.
    Raises UnreadableFile, and nothing else, whatever the bytes are.
    """
    path = PurePath(harmless(filename))
    try:
        _look_at(content, path.suffix.lower())
        sheets = tuple(readers.parsed(_run(content, path.suffix.lower())))
    except (Unreadable, UnsafeArchive) as trouble:
        raise UnreadableFile(str(trouble)) from None
    return tuple(sheet if sheet.name else replace(sheet, name=path.stem) for sheet in sheets)


def _look_at(content: bytes, extension: str) -> None:
    if extension not in READERS:
        known = " or ".join(one.removeprefix(".").upper() for one in READERS)
        raise Unreadable(f"Only {known} files are read. Save the table as one of these and send it again.")
    if len(content) > FILE_AT_MOST:
        raise Unreadable(f"The file is larger than {FILE_AT_MOST // 1024**2} MB. Send one file for each year.")
    if not content.strip():
        raise Unreadable("The file is empty. Check that you chose the right one, and send it again.")
    if extension == ".xlsx":
        archive.inspect(content)
    elif content.startswith(_ZIP):
        raise Unreadable("This is a workbook under another name. Give its name the ending .xlsx and send it again.")


def _run(content: bytes, extension: str) -> dict[str, object]:
    """What the child answered. A child that dies or dawdles has met a file made to do this to it."""
    # -I: no environment, no user packages, nothing imported from where it starts. -B: it may not write.
    command = [sys.executable, "-I", "-B", str(Path(readers.__file__).resolve()), extension]
    environment: dict[str, str] | None = None if sys.platform == "win32" else {}
    try:
        done = subprocess.run(  # noqa: S603 no shell; the only argument from outside is a key of READERS
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=WALL_SECONDS,
            check=True,
        )
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError):
        advice = _FASTER.get(extension, "Send only the table")
        raise Unreadable(
            f"The file takes too long or too much memory to read. {advice}, or send one file for each year."
        ) from None
    return answer if isinstance(answer, dict) else {}
