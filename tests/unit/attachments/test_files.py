"""The folder of attachments: written once, for the server alone, and never read where it no longer fits."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from threading import Barrier

import pytest
from tests.examples import NOW

from dashboard.attachments import Attachment, DamagedFile, Kind, files
from dashboard.errors import ConfigurationError

CONTENT = b"Period,Count\n2024-Q1,7\n"
HASH = sha256(CONTENT).hexdigest()
POSIX = pytest.mark.skipif(os.name != "posix", reason="Modes and links are those of POSIX systems")


def attachment(content: bytes = CONTENT) -> Attachment:
    return Attachment("a", sha256(content).hexdigest(), "a.csv", Kind.CSV, len(content), "MPS", "b", "B", NOW)


def everything(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if not file.is_dir())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Not there yet, as at the first start."""
    return tmp_path / "state" / "attachments"


@pytest.fixture
def kept(folder: Path) -> Path:
    """A file that was kept."""
    files.keep(folder, CONTENT)
    return folder / HASH[:2] / HASH


def test_a_file_is_kept_under_its_hash_and_comes_back(folder: Path) -> None:
    assert files.keep(folder, CONTENT) == HASH
    assert everything(folder) == [f"{HASH[:2]}/{HASH}"]
    assert files.read(folder, attachment()) == CONTENT


@POSIX
def test_a_kept_file_is_for_the_server_alone_and_never_runs(folder: Path) -> None:
    before = os.umask(0)  # which lets everybody in where nobody says otherwise
    try:
        files.keep(folder, b"#!/bin/sh\necho run\n")
    finally:
        os.umask(before)
    (file,) = (folder / one for one in everything(folder))
    assert file.stat().st_mode & 0o7777 == 0o600
    assert [place.stat().st_mode & 0o7777 for place in (file.parent, folder)] == [0o700, 0o700]
    assert file.suffix == "", "no program is chosen by its name"


@POSIX
def test_a_folder_that_was_open_is_closed(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    files.keep(folder, CONTENT)
    assert folder.stat().st_mode & 0o7777 == 0o700


def test_the_same_file_twice_is_one_file_that_is_not_written_again(folder: Path, kept: Path) -> None:
    before = kept.stat()
    assert files.keep(folder, CONTENT) == HASH
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    files.keep(folder, b"another")
    assert len(everything(folder)) == 2


def test_whoever_keeps_the_same_at_once_keeps_one_file(folder: Path) -> None:
    large = os.urandom(3_000_000)
    together = Barrier(8)

    def keep(_number: int) -> bytes:
        together.wait()
        files.keep(folder, large)
        return files.read(folder, attachment(large))  # at once: never half of it

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(keep, range(8))) == {large}
    assert len(everything(folder)) == 1


# Where something is wrong -----------------------------------------------------------------------


def link_elsewhere(file: Path) -> None:
    """To the very bytes: it is the link that is refused."""
    (file.parent / "elsewhere").write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to("elsewhere")


def pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def folder_instead(file: Path) -> None:
    file.unlink()
    file.mkdir()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "one bit": lambda file: file.write_bytes(bytes([CONTENT[0] ^ 1]) + CONTENT[1:]),
    "cut": lambda file: file.write_bytes(CONTENT[:-1]),
    "longer": lambda file: file.write_bytes(CONTENT + b"\n"),
    "emptied": lambda file: file.write_bytes(b""),
    "gone": lambda file: file.unlink(),
    "a link": link_elsewhere,
    "a pipe": pipe,
    "a folder": folder_instead,
}


@POSIX
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_file_that_was_tampered_with_is_not_handed_out(
    damage: Callable[[Path], object], folder: Path, kept: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert files.read(folder, attachment()) == CONTENT
    damage(kept)
    with pytest.raises(DamagedFile, match=r"not handed out\. Ask the operator to restore ../"):
        files.read(folder, attachment())
    assert HASH in caplog.text


@pytest.mark.parametrize("damage", ["one bit", "cut", "longer", "emptied", "gone"])
def test_a_damaged_file_is_put_right_by_who_brings_it_again(damage: str, folder: Path, kept: Path) -> None:
    DAMAGE[damage](kept)
    files.keep(folder, CONTENT)
    assert files.read(folder, attachment()) == CONTENT


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "attachments").write_text("a file")
    with pytest.raises(ConfigurationError, match=r"Nothing was attached\..*DASHBOARD_ATTACHMENTS_DIR"):
        files.keep(tmp_path / "attachments", CONTENT)
    with pytest.raises(DamagedFile, match="not there"):
        files.read(tmp_path / "attachments", attachment())


LIMITED = """
import resource, sys
from pathlib import Path
from dashboard.attachments import files
from dashboard.errors import ConfigurationError
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
for size in (1001, 1000):
    try:
        print(files.keep(Path(sys.argv[1]), bytes(size)))
    except ConfigurationError as error:
        print(error)
"""


@POSIX
def test_a_full_disk_leaves_nothing_behind(folder: Path) -> None:
    """A process that may write 1,000 bytes a file stands for it; the second file is the control."""
    command = [sys.executable, "-c", LIMITED, str(folder)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    refused, kept = done.stdout.splitlines()
    assert refused.startswith("The file can't be kept: ")
    assert everything(folder) == [f"{kept[:2]}/{kept}"]
