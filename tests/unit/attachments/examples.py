"""One good file of each kind, made in memory, and ways to change its parts."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping

from tests.unit.submissions.files import workbook

from dashboard.attachments import Kind

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
HYPERLINK = f'<Relationship Id="h" Type="{OFFICE}/hyperlink" Target="https://example.org" TargetMode="External"/>'

Parts = dict[str, bytes]


def zipped(parts: Iterable[tuple[str, bytes]], comment: bytes = b"") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts:
            made.writestr(name, part)
        made.comment = comment
    return content.getvalue()


def relationships(*ones: str) -> bytes:
    return (
        f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">{"".join(ones)}</Relationships>'.encode()
    )


def types(main: str = WORD, *more: str) -> bytes:
    usual = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    own = f'<Override PartName="/word/document.xml" ContentType="{main}"/>'
    return f'<Types xmlns="{PACKAGE}/content-types">{usual}{own}{"".join(more)}</Types>'.encode()


def document(changed: Mapping[str, bytes] | None = None) -> bytes:
    """A Word document with one paragraph and a hyperlink, with some parts added or changed."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = f'<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>Minutes</w:t></w:r></w:p></w:body></w:document>'
    start = f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    parts: Parts = {
        "[Content_Types].xml": types(),
        "_rels/.rels": relationships(start),
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode(),
        "word/_rels/document.xml.rels": relationships(HYPERLINK),
    }
    return zipped({**parts, **(changed or {})}.items())


def linked(kind: str, mode: str = ' TargetMode="External"', target: str = "https://example.org/x") -> bytes:
    """A document with one more relationship."""
    one = f'<Relationship Id="x" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
    return document({"word/_rels/document.xml.rels": relationships(HYPERLINK, one)})


def pdf(body: bytes = b"", end: bytes = b"\n") -> bytes:
    """The smallest PDF with a page that opens at its top, and more objects."""
    catalogue = b"1 0 obj <</Type/Catalog /Pages 2 0 R /OpenAction [3 0 R /Fit]>> endobj\n"
    page = b"2 0 obj <</Type/Pages /Kids [3 0 R] /Count 1>> endobj\n3 0 obj <</Type/Page /Parent 2 0 R>> endobj\n"
    return b"%PDF-1.7\n" + catalogue + page + body + b"trailer <</Root 1 0 R>>\nstartxref\n9\n%%EOF" + end


def chunk(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def header(width: int = 2, height: int = 2, depth: int = 8, colour: int = 0, rest: bytes = b"\0\0\0") -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBB", width, height, depth, colour) + rest)


def png(first: bytes | None = None, more: bytes = b"", end: bytes = b"") -> bytes:
    pixels = chunk(b"IDAT", zlib.compress(b"\0\xff\xff" * 2))
    return b"\x89PNG\r\n\x1a\n" + (first or header()) + more + pixels + chunk(b"IEND") + end


CSV = "Period,Count,Remark\n2024-Q1,7,=1+1\n2024-Q2,3,\u0789\u07a7\u078d\u07ac\n".encode()
GOOD: Mapping[Kind, bytes] = {
    Kind.PDF: pdf(),
    Kind.DOCX: document(),
    Kind.XLSX: workbook({"Cases": [("Period", "Stage"), ("2024-Q1", "RECORDED")]}),
    Kind.CSV: CSV,
    Kind.PNG: png(),
}
