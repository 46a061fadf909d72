"""Word documents and workbooks: one archive and nothing else, of the stated kind, that neither runs nor fetches.

What a part is decide the list of content types and the relationships, not its name, so both are read. Fields in the
text that ask another program for a value (DDE) are not looked for; office programs ask their reader before they obey.
"""

import io
import posixpath
import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from dashboard.attachments import markup
from dashboard.attachments.model import RefusedFile
from dashboard.validation import archive
from dashboard.validation.archive import Format

_MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"
DOCUMENT = _MAIN.format("wordprocessingml.document")
WORKBOOK = _MAIN.format("spreadsheetml.sheet")
"""Content type of the part in which everything begins. With macros it has another one."""

_TYPES = "[Content_Types].xml"
_RELATIONSHIPS = ".rels"
_MARKUP = (".xml", ".rels", ".vml")
_HEAD = 64 * 1024
_PART_AT_MOST = 1024 * 1024
"""Of a part that is read whole."""
_READ_AT_MOST = 2 * 1024 * 1024
"""Of all of them together."""

_END_OF_ARCHIVE, _END_LENGTH = b"PK\x05\x06", 22
_ENTRY = b"PK\x03\x04"
_RUNS = re.compile(r"macro|vba|activex|oleobject|externallink|dialogsheet|connections\+xml", re.IGNORECASE)
"""Kinds of parts that run, embed or fetch, as the list of content types calls them."""
_RUNNING = re.compile(
    r"(vbaproject|wordvbadata|xlmacrosheet|xlintlmacrosheet|dialogsheet|control|activexcontrolbinary|oleobject|package"
    r"|attachedtemplate|externallink|externallinkpath|connections|afchunk|subdocument|frame)",
    re.IGNORECASE,
)
"""The same, as relationships call them: the last part of their type."""
_DAMAGE = (
    BadZipFile,
    ValueError,
    LookupError,
    OverflowError,
    EOFError,
    OSError,
    RuntimeError,
    zlib.error,
    struct.error,
)
"""What reading an archive that somebody made by hand raises."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts that were read whole, and the names of all."""

    names: frozenset[str]
    types: bytes
    relationships: Mapping[str, bytes]


class _Unwanted(Exception):
    """It is sound, but holds what may not be kept."""


def check(content: bytes, form: Format, main: str) -> None:
    """Raise RefusedFile or UnsafeArchive, with the next step, for what is no such file or may not be kept."""
    archive.inspect(content, form)
    try:
        _check(content, main)
    except _Unwanted:
        raise RefusedFile(f"The {form.noun} holds macros, links or embedded files. {form.plain}") from None
    except _DAMAGE:
        raise RefusedFile(f"The file is damaged, or not {form.full}. Save it as {form.ending} anew.") from None


def _check(content: bytes, main: str) -> None:
    with ZipFile(io.BytesIO(content)) as opened:
        _require_nothing_but_archive(content, opened)
        _require_plain_names(opened)
        parts = _read(opened)
    _check_types(parts, main)
    for one in parts.relationships.values():
        _check_relationships(one)


def _require_nothing_but_archive(content: bytes, opened: ZipFile) -> None:
    """Nothing before the first entry, nothing behind the directory: no second file in the same bytes."""
    first = min(entry.header_offset for entry in opened.infolist())
    whole = content.startswith(_ENTRY) and content[-_END_LENGTH:].startswith(_END_OF_ARCHIVE)
    if first != 0 or not whole or b"%PDF-" in content[:1024]:
        raise BadZipFile


def _require_plain_names(opened: ZipFile) -> None:
    names = [entry.filename.lower() for entry in opened.infolist()]
    odd = [name for name in names if name.startswith("/") or "\\" in name or "%" in name or ".." in name.split("/")]
    packed = {entry.compress_type for entry in opened.infolist()}
    # Two parts of one name: programs differ in which of them they take.
    if odd or len(set(names)) != len(names) or not packed <= {ZIP_STORED, ZIP_DEFLATED}:
        raise BadZipFile


def _read(opened: ZipFile) -> _Parts:
    types, relationships, left = b"", {}, _READ_AT_MOST
    for entry in opened.infolist():
        with opened.open(entry) as part:  # which also compares the name in the directory with that before the part
            head = part.read(_HEAD)
            _refuse_document_type(entry.filename, head)
            if entry.filename != _TYPES and not entry.filename.lower().endswith(_RELATIONSHIPS):
                continue
            whole = head + part.read(_PART_AT_MOST - len(head) + 1)
        left -= len(whole)
        if len(whole) > _PART_AT_MOST or left < 0:
            raise BadZipFile
        if entry.filename == _TYPES:
            types = whole
        else:
            relationships[entry.filename.lower()] = whole
    return _Parts(frozenset(opened.namelist()), types, relationships)


def _refuse_document_type(name: str, head: bytes) -> None:
    """Also in a part that is not called markup: the list of content types may say that it is."""
    if name.lower().endswith(_MARKUP):
        markup.require_no_document_type(head)
    elif b"<!DOCTYPE" in head.replace(b"\0", b""):
        raise BadZipFile


def _check_types(parts: _Parts, main: str) -> None:
    """The part in which everything begins is there, once, and is of that type."""
    listed = markup.elements(parts.types)
    if any(_RUNS.search(said.get("ContentType", "")) for _, said in listed):
        raise _Unwanted
    own = {said["PartName"].lower(): said["ContentType"] for name, said in listed if name == "Override"}
    usual = {said["Extension"].lower(): said["ContentType"] for name, said in listed if name == "Default"}
    beginnings = [
        said["Target"]
        for name, said in markup.elements(parts.relationships["_rels/.rels"])
        if name == "Relationship" and said["Type"].endswith("/officeDocument")
    ]
    (beginning,) = beginnings
    place = posixpath.normpath(f"/{beginning}").replace("//", "/")
    if place.removeprefix("/") not in parts.names:
        raise BadZipFile
    if own.get(place.lower(), usual.get(place.rpartition(".")[2].lower())) != main:
        raise BadZipFile


def _check_relationships(content: bytes) -> None:
    for name, said in markup.elements(content):
        kind = said.get("Type", "").rpartition("/")[2].strip().lower()
        outside = said.get("TargetMode", "").strip().lower() == "external"
        if name == "Relationship" and (_RUNNING.fullmatch(kind) or (outside and kind != "hyperlink")):
            raise _Unwanted
