"""What may be attached: each refusal has a file beside it that differs in this only and is taken."""

import contextlib
import io
import random
import struct
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.attachments.examples import (
    CSV,
    GOOD,
    HYPERLINK,
    OFFICE,
    WORD,
    chunk,
    document,
    header,
    linked,
    pdf,
    png,
    relationships,
    types,
    zipped,
)
from tests.unit.submissions.test_child import with_part

from dashboard.attachments import Kind, RefusedFile
from dashboard.attachments.kinds import CHECKS, FILE_AT_MOST, kind_of

EVERY_KIND = pytest.mark.parametrize("kind", Kind)
ARCHIVE = zipped([("hidden.exe", b"MZ")])


def trouble(content: bytes, name: str) -> str:
    """The sentences of the refusal."""
    with pytest.raises(RefusedFile) as refused:
        kind_of(content, name)
    return str(refused.value)


# The kind and the name --------------------------------------------------------------------------


@EVERY_KIND
def test_a_good_file_is_what_its_name_says(kind: Kind) -> None:
    assert kind_of(GOOD[kind], f"evidence.{kind.value}") is kind
    assert kind_of(GOOD[kind], f"EVIDENCE.of.2024.{kind.value.upper()}") is kind
    assert set(CHECKS) == set(Kind)


@pytest.mark.parametrize(("content", "named"), [(one, two) for one in Kind for two in Kind if one is not two])
def test_a_file_under_the_name_of_another_kind_is_refused(content: Kind, named: Kind) -> None:
    said = trouble(GOOD[content], f"evidence.{named.value}")
    assert said.endswith(".")
    assert said.count(". ") == 1, "what is wrong, and the next step"


@pytest.mark.parametrize(
    "name",
    ["evidence", "evidence.", ".pdf", "pdf", "a.pdf.exe", "a.docm", "a.xlsm", "a.doc", "a.svg", "a.html", "a.gif"],
)
def test_another_ending_is_refused(name: str) -> None:
    assert trouble(GOOD[Kind.PDF], name).startswith("Only PDF, DOCX, XLSX, CSV, PNG files")


@EVERY_KIND
def test_an_empty_file_and_one_that_is_too_large_are_refused(kind: Kind) -> None:
    assert "is empty" in trouble(b"", f"a.{kind.value}")
    assert "larger than 10 MB" in trouble(GOOD[kind] + b" " * FILE_AT_MOST, f"a.{kind.value}")


def test_so_large_and_no_larger() -> None:
    assert kind_of(b"x" * FILE_AT_MOST, "a.csv") is Kind.CSV
    assert "larger than" in trouble(b"x" * (FILE_AT_MOST + 1), "a.csv")


# PDF --------------------------------------------------------------------------------------------

RUNS = {
    "a script": b"4 0 obj <</S /JavaScript /JS (app.alert(1))>> endobj\n",
    "a script in a stream": b"4 0 obj <</S /Rendition /JS 5 0 R>> endobj\n",
    "a script spelt with numbers": b"4 0 obj <</S /J#61va#53cript>> endobj\n",
    "a short name spelt with numbers": b"4 0 obj <</#4a#53 <61>>> endobj\n",
    "a script behind a comment": b"4 0 obj <</JS%\n(app.alert(1))>> endobj\n",
    "a program": b"4 0 obj <</S/Launch/F(cmd.exe)>> endobj\n",
    "a file": b"4 0 obj <</Type/EmbeddedFile /Length 2>> stream\nMZ\nendstream endobj\n",
    "files": b"4 0 obj <</Names <</EmbeddedFiles 5 0 R>>>> endobj\n",
    "a film": b"4 0 obj <</Subtype/RichMedia>> endobj\n",
}
HARMLESS = {
    "a name that begins alike": b"4 0 obj <</LaunchPad 1 /JSON 2 /JSX (x)>> endobj\n",
    "the letters in a picture": b"4 0 obj <</Length 9>> stream\n\x01/JS\x9c\xff/JSq\nendstream endobj\n",
    "the words in a text": b"4 0 obj <</Title (JavaScript and Launch)>> endobj\n",
}


@pytest.mark.parametrize("body", RUNS.values(), ids=RUNS)
def test_a_pdf_that_does_something_is_refused(body: bytes) -> None:
    assert "scripts, programs or other files" in trouble(pdf(body), "a.pdf")


@pytest.mark.parametrize("body", HARMLESS.values(), ids=HARMLESS)
def test_a_pdf_that_only_looks_like_it_is_taken(body: bytes) -> None:
    assert kind_of(pdf(body), "a.pdf") is Kind.PDF


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\n" + pdf(), "something stands before it"),
        (b"GIF89a" + pdf(), "something stands before it"),
        (b"%PDF-", "not a PDF"),
        (pdf(end=b"\n<script>"), "behind the end"),
        (pdf()[:-10], "behind the end"),
        (pdf(end=b"\n" + ARCHIVE), "behind the end"),
        (pdf(end=b"\n" + zipped([("a.exe", b"MZ")], comment=b"\n%%EOF\n")), "an archive as well"),
    ],
    ids=[
        "a blank line first",
        "GIF",
        "the head only",
        "a page behind",
        "cut",
        "archive behind",
        "archive around the end",
    ],
)
def test_a_pdf_begins_and_ends_as_one(content: bytes, said: str) -> None:
    assert said in trouble(content, "a.pdf")


@pytest.mark.parametrize("end", [b"", b"\r\n", b"\n\n \0"])
def test_blanks_behind_the_end_do_no_harm(end: bytes) -> None:
    assert kind_of(pdf(end=end), "a.pdf") is Kind.PDF


def test_the_end_of_an_archive_in_several_files_is_one_too() -> None:
    """The library refuses to look further there, which must not pass for none."""
    locator = b"PK\x06\x07" + struct.pack("<LQL", 1, 0, 2)
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 1, 1, 46, 0, 6) + b"\n%%EOF"
    assert "an archive as well" in trouble(pdf(end=b"\n" + locator + end), "a.pdf")
    assert kind_of(pdf(end=b"\n" + locator + b"\n%%EOF"), "a.pdf") is Kind.PDF


# PNG --------------------------------------------------------------------------------------------


def hidden_archive() -> bytes:
    """A picture that is an archive too: directory in a text chunk, the end of the picture in its comment."""
    made = zipped([("hidden.exe", b"MZ")], comment=b"\0" * (len(chunk(b"IEND")) + len(chunk(b"IDAT", b"x")) + 4))
    text = chunk(b"tEXt", b"x\0" + made[: -len(chunk(b"IEND")) - len(chunk(b"IDAT", b"x")) - 4])
    return b"\x89PNG\r\n\x1a\n" + header() + text + chunk(b"IDAT", b"x") + chunk(b"IEND")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (png(end=b"\n"), "behind the end"),
        (png(end=ARCHIVE), "behind the end"),
        (png() + png(), "behind the end"),
        (hidden_archive(), "an archive as well"),
        (b"GIF89a" + png(), "not a PNG"),
        (png()[:-12], "damaged"),
        (png()[:-1], "damaged"),
        (png()[:8], "damaged"),
        (png(first=chunk(b"tEXt", b"x")), "damaged"),
        (png(first=header() + header()), "damaged"),
        (png(first=header(width=0)), "damaged"),
        (png(first=header(depth=3)), "damaged"),
        (png(first=header(colour=5)), "damaged"),
        (png(first=header(rest=b"\1\0\0")), "damaged"),
        (png(first=header(rest=b"\0\0\2")), "damaged"),
        (png(first=header(rest=b"\0\0")), "damaged"),
        (png(more=b"\0\0\0\0tEXtabcd"), "damaged"),
        (png(more=b"\xff\xff\xff\xfftEXt"), "damaged"),
        (b"\x89PNG\r\n\x1a\n" + header() + chunk(b"IEND"), "damaged"),
        (b"\x89PNG\r\n\x1a\n" + header() + chunk(b"IDAT", b"x") + chunk(b"IEND", b"MZ"), "damaged"),
        (png(first=header(width=30_001, height=1)), "too many pixels"),
        (png(first=header(width=30_000, height=30_000)), "too many pixels"),
        (png(more=chunk(b"teSt") * 20_001), "damaged"),
    ],
)
def test_a_picture_is_one_sound_picture_and_nothing_else(content: bytes, said: str) -> None:
    assert said in trouble(content, "a.png")


@pytest.mark.parametrize(
    "content",
    [
        png(more=chunk(b"tEXt", b"Comment\0x")),
        png(first=header(30_000, 3_000, 16, 6, b"\0\0\1")),
        png(more=chunk(b"teSt") * 9),
    ],
)
def test_a_picture_with_a_text_is_taken(content: bytes) -> None:
    assert kind_of(content, "a.png") is Kind.PNG


# CSV --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (CSV + b"\0", "signs that no text has"),
        (CSV + b"\x1b[31m", "signs that no text has"),
        (CSV.decode().encode("utf-16"), "UTF-8"),
        ("Mal\u00e9,7\n".encode("cp1252"), "UTF-8"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (b" %PDF-1.7\nx\n", "PDF under another name"),
        (b"GIF89a\x01\x00\x01\x00", "signs that no text has"),
        (CSV + ARCHIVE, "UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, said: str) -> None:
    assert said in trouble(content, "a.csv")


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf" + CSV, CSV.replace(b"\n", b"\r\n"), b"=cmd|' /C calc'!A0\n"])
def test_text_is_taken_with_its_formulas(content: bytes) -> None:
    """Evidence is kept byte for byte; see decision 0017."""
    assert kind_of(content, "a.csv") is Kind.CSV


# Office files -----------------------------------------------------------------------------------

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
BINARY = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
PICTURE = '<Default Extension="png" ContentType="image/png"/>'
DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
START = f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
RELATIONS = "word/_rels/document.xml.rels"


def without(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(document())) as whole:
        return zipped((one, whole.read(one)) for one in whole.namelist() if one != name)


def renamed_inside() -> bytes:
    """A part that is called one thing in the directory and another before its bytes."""
    content = document({"word/plain.bin": b"x"})
    return content.replace(b"word/plain.bin", b"word/other.bin", 1)


UNWANTED = {
    "a linked picture": linked("image"),
    "a template from elsewhere": linked("attachedTemplate"),
    "an object from elsewhere": linked("oleObject"),
    "a frame": linked("frame"),
    "a linked picture in other letters": linked("image", ' TargetMode="EXTERNAL"'),
    "a linked picture spelt with numbers": linked("image", ' TargetMode="&#69;xternal"'),
    "text of another kind": linked("aFChunk", "", "x.html"),
    "an object under a plain name": linked("oleObject", "", "media/picture1.bin"),
    "a program under a plain name": linked("vbaProject", "", "media/picture1.bin"),
    "a program by its type": document({"[Content_Types].xml": types(WORD, BINARY)}),
    "a document with macros": document({"[Content_Types].xml": types(MACROS)}),
    "a part of macros": document({"word/vbaProject.bin": b"x"}),
    "an embedded file": document({"word/embeddings/oleObject1.bin": b"x"}),
    "a control": document({"word/activeX/activeX1.xml": b"<x/>"}),
}
UNSOUND = {
    "a workbook by its type": document({"[Content_Types].xml": types(WORKBOOK)}),
    "no list of types": without("[Content_Types].xml"),
    "no relationships": without("_rels/.rels"),
    "no text": without("word/document.xml"),
    "two beginnings": document({"_rels/.rels": relationships(START, START)}),
    "entities in the text": document({"word/document.xml": DOCTYPE + b"<x>&b;</x>"}),
    "entities in the types": document({"[Content_Types].xml": DOCTYPE + types()}),
    "entities in relationships": document({RELATIONS: DOCTYPE + relationships()}),
    "entities far behind": document({"word/document.xml": b"<!--" + b"x" * 70_000 + b"-->" + DOCTYPE + b"<x/>"}),
    "entities in a part of another name": document({"word/media/x.png": b" " + DOCTYPE + b"<x>&b;</x>"}),
    "entities in UTF-16": document({"word/x.xml": (DOCTYPE + b"<x/>").decode().encode("utf-16")}),
    "broken relationships": document({RELATIONS: b"<Relationships>"}),
    "very many relationships": document({RELATIONS: relationships(*["<a/>" + str(one) for one in range(400_000)])}),
    "a path upwards": document({"../../evil.xml": b"<x/>"}),
    "a path from the root": document({"/etc/evil.xml": b"<x/>"}),
    "a path of another system": document({"word\\evil.xml": b"<x/>"}),
    "a name spelt with numbers": document({"word/%76baproject.bin": b"x"}),
    "a part twice": document({"word/Document.xml": b"<x/>"}),
    "a part of two names": renamed_inside(),
    "bytes first": b"MZ" + document(),
    "a picture first": png() + document(),
    "an archive first": ARCHIVE + document(),
    "bytes behind": document() + b"MZ",
    "a comment": zipped([("a", b"")], comment=b"MZ"),
    "a PDF inside": zipped([("a.pdf", pdf())]),
    "a bare archive": ARCHIVE,
    "no archive": b"Minutes of the meeting",
    "an old document": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 500,
}


@pytest.mark.parametrize("content", UNWANTED.values(), ids=UNWANTED)
def test_a_document_that_runs_or_fetches_is_refused(content: bytes) -> None:
    said = trouble(content, "a.docx")
    assert said.startswith("The document holds macros, links or embedded files. ")
    assert "save it as PDF" in said


@pytest.mark.parametrize("content", UNSOUND.values(), ids=UNSOUND)
def test_a_document_that_is_more_or_less_than_one_is_refused(content: bytes) -> None:
    assert "DOCX" in trouble(content, "a.docx")


TAKEN = {
    "hyperlinks": linked("hyperlink"),
    "a picture of its own": linked("image", "", "media/picture1.png"),
    "a picture's type": document({"[Content_Types].xml": types(WORD, PICTURE), "word/media/picture1.png": png()}),
    "parts that begin like markup": document({"word/media/x.png": b"<\x00\x9c", "word/fonts/y.odttf": b"<<"}),
    "a thousand hyperlinks": document(
        {RELATIONS: relationships(*[HYPERLINK.replace('"h"', f'"h{one}"') for one in range(1_000)])}
    ),
    "a remark first": document({"word/document.xml": b"<!-- made by hand --><x/>"}),
    "a text in UTF-16": document({"word/x.xml": "<?xml version='1.0'?><x/>".encode("utf-16")}),
    "a beginning from the root": document({"_rels/.rels": relationships(START.replace('"word', '"/word'))}),
}


@pytest.mark.parametrize("content", TAKEN.values(), ids=TAKEN)
def test_an_honest_document_is_taken(content: bytes) -> None:
    """The control of the ones above."""
    assert kind_of(content, "a.docx") is Kind.DOCX


def beginning_with(part: bytes) -> bytes:
    """A document whose first part lies there unpacked."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document())) as old, zipfile.ZipFile(content, "w") as new:
        new.writestr("word/media/x.bin", part)
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return content.getvalue()


def test_a_document_that_a_pdf_reader_would_open_is_refused() -> None:
    assert "damaged" in trouble(beginning_with(pdf()), "a.docx")
    assert kind_of(beginning_with(pdf().replace(b"%PDF", b"%FDP")), "a.docx") is Kind.DOCX


@pytest.mark.parametrize(("parts", "refused"), [(2, False), (3, True)])
def test_so_much_is_read_and_no_more(parts: int, refused: bool) -> None:
    chance = random.Random(2)
    long = relationships(*[f"<a b='{chance.randbytes(20).hex()}'/>" for _ in range(18_000)])
    content = document({f"word/_rels/{number}.rels": long for number in range(parts)})
    if refused:
        assert "damaged" in trouble(content, "a.docx")
    else:
        assert kind_of(content, "a.docx") is Kind.DOCX


def test_another_way_of_packing_is_refused() -> None:
    made = {}
    for packing in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        content = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(document())) as old, zipfile.ZipFile(content, "w", packing) as new:
            for name in old.namelist():
                new.writestr(name, old.read(name))
        made[packing] = content.getvalue()
    assert kind_of(made[zipfile.ZIP_STORED], "a.docx") is kind_of(made[zipfile.ZIP_DEFLATED], "a.docx")
    assert "damaged" in trouble(made[zipfile.ZIP_BZIP2], "a.docx")
    assert "damaged" in trouble(made[zipfile.ZIP_LZMA], "a.docx")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (with_part("xl/vbaProject.bin"), "macros"),
        (with_part("xl/externalLinks/externalLink1.xml"), "macros"),
        (with_part("xl/_rels/x.rels", b"<Relationships>"), "damaged"),
        (
            with_part(
                "xl/_rels/x.rels",
                relationships(f'<Relationship Id="x" Type="{OFFICE}/connections" Target="connections.xml"/>'),
            ),
            "macros",
        ),
    ],
)
def test_a_workbook_that_runs_or_fetches_is_refused(content: bytes, said: str) -> None:
    assert said in trouble(content, "a.xlsx")
    harmless = with_part("xl/_rels/x.rels", relationships())
    assert kind_of(harmless, "a.xlsx") is Kind.XLSX


BOMBS = {
    "one part of 300 MB": lambda: document({"word/media/x.png": b"0" * 300_000_000}),
    "a list of types of 100 MB": lambda: document({"[Content_Types].xml": types() + b" " * 100_000_000}),
    "many parts of 5 MB": lambda: document({f"word/{number}.xml": b"<x/>" + b" " * 5_000_000 for number in range(50)}),
    "5,000 parts": lambda: document({f"word/{number}.xml": b"<x/>" for number in range(5_000)}),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused_within_a_second(bomb: str) -> None:
    content = BOMBS[bomb]()
    start = time.process_time()
    said = trouble(content, "a.docx")
    assert "far larger unpacked" in said or "too many parts" in said
    assert time.process_time() - start < 1


def test_a_long_document_is_no_bomb() -> None:
    """The control: many parts, much text, quick."""
    chance = random.Random(1)
    text = b"<x>" + bytes(chance.choice(b"abcdefgh ") for _ in range(2_000_000)) + b"</x>"
    content = document({"word/document.xml": text, **{f"word/{one}.xml": b"<x/>" for one in range(1_900)}})
    start = time.process_time()
    assert kind_of(content, "a.docx") is Kind.DOCX
    assert time.process_time() - start < 2


# Whatever it is ---------------------------------------------------------------------------------

HEADS = [b"", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06", b"\xef\xbb\xbf"]


@st.composite
def bytes_of_any_kind(draw: st.DrawFn) -> bytes:
    """Noise, or a good file to which something happened."""
    if draw(st.booleans()):
        ends = [b"", b"%%EOF", b"PK\x05\x06" + bytes(18), b"PK\x06\x07" + bytes(16) + b"PK\x05\x06" + bytes(18)]
        return draw(st.sampled_from(HEADS)) + draw(st.binary(max_size=200)) + draw(st.sampled_from(ends))
    content = bytearray(GOOD[draw(st.sampled_from(list(Kind)))])
    for _ in range(draw(st.integers(0, 8))):
        content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    return bytes(content[: draw(st.sampled_from([len(content), len(content) // 2, len(content) - 1]))])


@given(bytes_of_any_kind(), st.sampled_from([*Kind, "exe"]))
def test_whatever_the_bytes_are_the_answer_is_a_kind_or_a_refusal(content: bytes, ending: str) -> None:
    with contextlib.suppress(RefusedFile):
        assert kind_of(content, f"a.{ending}") == ending
