"""The look at the directory of an office file: what would blow up, run or fetch is refused before it is unpacked."""

import io
import time
import zipfile
from collections.abc import Callable

import pytest
from tests.unit.submissions.files import workbook
from tests.unit.submissions.test_child import with_part, zipped

from dashboard.validation import archive
from dashboard.validation.archive import DOCUMENT, WORKBOOK, Format, UnsafeArchive

A_WORKBOOK = workbook({"Cases": [("Period", "Stage"), ("2024-Q1", "RECORDED")]})
FORMS = pytest.mark.parametrize("form", [WORKBOOK, DOCUMENT], ids=lambda form: form.noun)

BOMBS: dict[str, Callable[[], bytes]] = {
    "one part of 100 MB": lambda: with_part("xl/worksheets/sheet9.xml", b"0" * 100_000_000),
    "many parts of 5 MB": lambda: zipped({f"xl/{number}.xml": b"0" * 5_000_000 for number in range(60)}),
    "5,000 parts": lambda: zipped({f"xl/{number}.xml": b"" for number in range(5_000)}),
}
REFUSED = {
    "an old file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 500, "has a password or is in the old"),
    "no archive": (b"Period,Count\n", "The file is not"),
    "a cut archive": (A_WORKBOOK[:-30], "The file is not"),
    "macros": (with_part("xl/vbaProject.bin"), "macros"),
    "macros in other letters": (with_part("XL/VBAPROJECT.BIN"), "macros"),
    "external links": (with_part("xl/externalLinks/externalLink1.xml"), "macros, links"),
    "controls": (with_part("xl/activeX/activeX1.xml"), "macros"),
    "embedded files": (with_part("xl/embeddings/oleObject1.bin"), "embedded files"),
}


@FORMS
def test_a_plain_file_passes(form: Format) -> None:
    """The control: the look is at the directory, which says nothing about whose format it is."""
    archive.inspect(A_WORKBOOK, form)
    archive.inspect(with_part("xl/media/not-embeddings.png"), form)


@FORMS
@pytest.mark.parametrize(("content", "trouble"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_says_why_and_what_next(content: bytes, trouble: str, form: Format) -> None:
    with pytest.raises(UnsafeArchive, match=trouble) as raised:
        archive.inspect(content, form)
    assert form.ending in str(raised.value) or form.plain in str(raised.value)
    assert str(raised.value).count(". ") == 1


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused_before_they_are_unpacked(bomb: str) -> None:
    content = BOMBS[bomb]()
    start = time.process_time()
    with pytest.raises(UnsafeArchive, match=r"far larger|too many parts"):
        archive.inspect(content)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(("parts", "refused"), [(archive.ENTRIES_AT_MOST, False), (archive.ENTRIES_AT_MOST + 1, True)])
def test_so_many_parts_and_no_more(parts: int, refused: bool) -> None:
    content = zipped({f"{number}.xml": b"" for number in range(parts)})
    if refused:
        with pytest.raises(UnsafeArchive, match="too many parts"):
            archive.inspect(content)
    else:
        archive.inspect(content)


def test_a_password_is_named() -> None:
    content = bytearray(A_WORKBOOK)
    with zipfile.ZipFile(io.BytesIO(A_WORKBOOK)) as plain:
        directory = plain.start_dir
    content[directory + 8] |= 1  # the flag of the first entry in the directory
    with pytest.raises(UnsafeArchive, match="has a password. Save it without one"):
        archive.inspect(bytes(content))
