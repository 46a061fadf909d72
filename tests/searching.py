"""Every number in whatever a reader receives: text, JSON, messages of Streamlit, tables, workbooks, plain bytes.

Two ways, since each misses what the other finds. `numbers` reads what is there as a program would; numbers below
LEAST are left out, they are years, pixels and row numbers. `buried` looks for wanted numbers in the bytes themselves,
whatever they are part of.
"""

import base64
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow
from google.protobuf.message import DecodeError, Message
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

LEAST = 10_000

_PLAIN = re.compile(r"(?<![0-9A-Fa-f.])([0-9]{5,})(?![0-9A-Fa-f]|\.[0-9]*[1-9])")
"""Not inside a hexadecimal name, and not with or behind a decimal point."""
_GROUPED = re.compile(
    r"(?<![0-9A-Fa-f.,])([0-9]{1,3}(?:([,' \u00a0\u2009\u202f])[0-9]{3})(?:\2[0-9]{3})*)(?![0-9A-Fa-f])"
)
_GEOMETRY = re.compile(r"""\s(?:d|points|transform|viewBox)=(?:"[^"]*"|'[^']*')""")
"""Pairs of coordinates look like numbers with a separator, and so do colours."""
_COLOUR = re.compile(r"rgba?\([0-9., ]*\)")
_FILES = re.compile(r"base64,[A-Za-z0-9+/=]+")
_DTYPES = {"i1": "<i1", "u1": "<u1", "i2": "<i2", "u2": "<u2", "i4": "<i4", "u4": "<u4", "f4": "<f4", "f8": "<f8"}
"""Plotly's names of the typed arrays that it packs into base64."""
_WIDTHS = ("<i4", "<i8", "<f4", "<f8")


def search(content: bytes, wanted: Iterable[int]) -> set[int]:
    """Which of the wanted numbers the content holds, in any form."""
    return (numbers(content) & set(wanted)) | buried(content, wanted)


# What a program would read ----------------------------------------------------------------------


def numbers(content: bytes) -> set[int]:
    """Every number from LEAST on in a file or the body of an answer."""
    if content.startswith(b"PK\x03\x04"):
        return _in_archive(content)
    if content.startswith(b"\x89PNG"):
        return _in_picture(content)
    return in_text(content.decode("utf-8", "replace"))


def in_text(text: str) -> set[int]:
    """Every number in a text, with or without separators; those in JSON also where it is packed."""
    if text.startswith(("{", "[")):
        try:
            return in_json(json.loads(text))
        except ValueError:
            pass  # it only begins like JSON
    for noise in (_FILES, _GEOMETRY, _COLOUR):
        text = noise.sub("", text)
    found = {int(match[1]) for match in _PLAIN.finditer(text)}
    found |= {int(re.sub(r"[^0-9]", "", match[1])) for match in _GROUPED.finditer(text)}
    return {number for number in found if number >= LEAST}


def in_json(node: Any) -> set[int]:
    """Every number in a tree of lists and dictionaries, typed arrays of Plotly among them."""
    if isinstance(node, dict):
        if isinstance(node.get("bdata"), str) and node.get("dtype") in _DTYPES:
            packed = np.frombuffer(base64.b64decode(node["bdata"]), dtype=_DTYPES[node["dtype"]])
            return set().union(*map(_whole, packed.tolist()), set())
        return set().union(*(in_json(part) for part in (*node, *node.values())), set())
    if isinstance(node, list | tuple):
        return set().union(*map(in_json, node), set())
    return in_text(node) if isinstance(node, str) else _whole(node)


def _whole(number: object) -> set[int]:
    if isinstance(number, float):
        return {int(number)} if number.is_integer() and number >= LEAST else set()
    return {int(number)} if isinstance(number, int) and number >= LEAST else set()


def _in_archive(content: bytes) -> set[int]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return set().union(*(in_text(name) | numbers(archive.read(name)) for name in archive.namelist()), set())


def _in_picture(content: bytes) -> set[int]:
    """The texts that travel with a picture. What is painted in it can't be read here."""
    found: set[int] = set()
    place = 8
    while place < len(content):
        length, kind = int.from_bytes(content[place : place + 4], "big"), content[place + 4 : place + 8]
        chunk = content[place + 8 : place + 8 + length]
        if kind in (b"tEXt", b"iTXt"):
            found |= in_text(chunk.decode("utf-8", "replace"))
        if kind == b"zTXt":
            found |= in_text(zlib.decompress(chunk.partition(b"\0")[2][1:]).decode("utf-8", "replace"))
        place += 12 + length
    return found


def in_message(content: bytes) -> set[int]:
    """Every number in one message of Streamlit to the browser: in its texts, its tables, its own fields."""
    message = ForwardMsg()
    try:
        message.ParseFromString(content)
    except DecodeError:
        return numbers(content)
    return set().union(*in_fields(message), set())


def in_fields(message: Message) -> Iterator[set[int]]:
    """Every number in a message of any kind, field by field."""
    for field, value in message.ListFields():
        if not field.is_repeated:
            yield _in_value(value)
        elif field.message_type and field.message_type.GetOptions().map_entry:
            for key in value:
                yield _in_value(key)
                yield _in_value(value[key])
        else:
            yield from map(_in_value, value)


def _in_value(value: Any) -> set[int]:
    if isinstance(value, Message):
        return set().union(*in_fields(value), set())
    if isinstance(value, bytes):
        return _in_table(value)
    return in_text(value) if isinstance(value, str) else _whole(value)


def _in_table(content: bytes) -> set[int]:
    """A table in Arrow's format: there texts stand one after the other, without anything between them."""
    try:
        table = pyarrow.ipc.open_stream(content).read_all()
    except pyarrow.ArrowInvalid:
        return numbers(content)
    about = table.schema.metadata or {}
    return in_json([table.to_pydict(), *(part.decode("utf-8", "replace") for pair in about.items() for part in pair)])


# What lies in the bytes -------------------------------------------------------------------------


def buried(content: bytes, wanted: Iterable[int]) -> set[int]:
    """Wanted numbers that lie in the content as whole or floating-point numbers of four or eight bytes, anywhere."""
    known, found = sorted(wanted), set[int]()
    plain = unpacked(content)
    for kind in _WIDTHS if known else ():
        values = np.array(known).astype(kind)
        width = values.dtype.itemsize
        for start in range(min(width, max(len(plain) - width + 1, 0))):
            there = np.frombuffer(plain, kind, (len(plain) - start) // width, start)
            near = set(there[(there >= values[0]) & (there <= values[-1])].tolist())
            found |= {number for number, value in zip(known, values.tolist(), strict=True) if value in near}
    return found


def unpacked(content: bytes) -> bytes:
    """The parts of an archive; nothing of a picture, which is pressed together beyond recognition."""
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return b"\xff".join(archive.read(name) for name in archive.namelist())
    return b"" if content.startswith(b"\x89PNG") else content
