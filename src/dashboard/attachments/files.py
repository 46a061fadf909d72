"""Where the bytes lie: a folder for the server alone, each file under the hash of what is in it, written once.

Nothing here is named by what a person typed, nothing can be run, and nothing is handed out unless its hash still fits.
"""

import hashlib
import logging
import os
import secrets
import sys
from pathlib import Path

from dashboard.attachments.model import Attachment
from dashboard.errors import ConfigurationError

_LOG = logging.getLogger("dashboard")
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""A link in place of the file is not followed, and a pipe holds nobody up."""


class DamagedFile(ConfigurationError):
    """A file that was attached is gone, or is not what was attached."""


def keep(folder: Path, content: bytes) -> str:
    """Write the bytes, unless they are there already, and give their hash. They are on the disk when this returns.

    Whoever keeps the same bytes meanwhile writes the same file. One that is damaged is put right. A process that is
    killed leaves at most a file with a name that nobody asks for. Raises ConfigurationError where it can't be written.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    file = _place(folder, sha256)
    try:
        if _read(file, len(content)) != content:
            _write(file, content)
    except OSError as error:
        raise ConfigurationError(
            f"The file can't be kept: {error.strerror}. Nothing was attached. Ask the operator to look at the folder "
            "of attachments, DASHBOARD_ATTACHMENTS_DIR."
        ) from None
    return sha256


def read(folder: Path, attachment: Attachment) -> bytes:
    """The very bytes that were attached. Raises DamagedFile where they are not there."""
    file = _place(folder, attachment.sha256)
    try:
        content = _read(file, attachment.size)
    except OSError:
        content = None
    if content is not None and hashlib.sha256(content).hexdigest() == attachment.sha256:
        return content
    said = "not there" if content is None else "not what was attached"
    _LOG.error("The attached file %s is %s", file, said)
    raise DamagedFile(
        f"The file of this attachment is {said}, so it is not handed out. Ask the operator to restore "
        f"{file.parent.name}/{file.name[:8]}... from a backup of the folder of attachments."
    )


def _place(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256


def _read(file: Path, size: int) -> bytes | None:
    """What is in the file, but no more than a byte beyond the size; None where there is none."""
    try:
        handle = os.open(file, os.O_RDONLY | _NO_LINK)
    except FileNotFoundError:
        return None
    with open(handle, "rb") as opened:  # noqa: PTH123 by its number, so that it is the one that was opened
        return opened.read(size + 1)


def _write(file: Path, content: bytes) -> None:
    folders = (file.parent.parent, file.parent)
    for folder in folders:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    written = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o600)
        with open(handle, "wb") as opened:  # noqa: PTH123 by its number: made with its mode, never wider
            opened.write(content)
            opened.flush()
            os.fsync(handle)
        written.replace(file)
    finally:
        written.unlink(missing_ok=True)
    for folder in folders:
        _flush_names(folder)


def _flush_names(folder: Path) -> None:
    """A new name is on the disk only when its folder is. Windows has no such call."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
