"""The anchor: the heads of the audit trail, one a line, in a file beside the database.

A trail that was cut, or an older copy that was brought back, still fits together. It no longer fits this file.
"""

import os
from pathlib import Path

_LAST_BYTES = 16_384


def prepare(file: Path) -> None:
    """Make the file where there is none, readable by its owner only. Raises OSError where it can't be written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    os.close(_open(file))


def append(file: Path, number: int, mac: str) -> None:
    """Add a head. Raises OSError where that is not possible.

    One write at the end of the file: lines of several processes never mix. They may stand in another order than the
    numbers, because each is written after its commit.
    """
    line = f"{number} {mac}\n".encode("ascii")
    descriptor = _open(file)
    try:
        if os.write(descriptor, line) != len(line):
            raise OSError("the disk is full")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lines(file: Path) -> tuple[str, ...]:
    """Every line; none where there is no file."""
    if not file.exists():
        return ()
    return tuple(file.read_text(encoding="ascii", errors="replace").splitlines())


def newest(file: Path) -> tuple[str, ...]:
    """The last lines, for a look that has to be quick."""
    if not file.exists():
        return ()
    with file.open("rb") as opened:
        opened.seek(max(0, file.stat().st_size - _LAST_BYTES))
        return tuple(opened.read().decode("ascii", errors="replace").splitlines())


def _open(file: Path) -> int:
    return os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
