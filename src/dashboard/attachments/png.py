"""The outside of a PNG picture: its chunks from first to last, and nothing behind. Its pixels are not unpacked."""

import struct
import zlib

from dashboard.attachments.model import RefusedFile

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
"""Bits of a sample, by kind of colour."""
_CHUNKS_AT_MOST = 20_000
_SIDE_AT_MOST = 30_000
_PIXELS_AT_MOST = 100_000_000
"""Beyond this a picture that is small as a file fills the memory of whoever opens it."""


def check(content: bytes) -> None:
    """Raise RefusedFile, with the next step, for what is no sound picture or is more than one."""
    if not content.startswith(_SIGNATURE):
        raise RefusedFile("This is not a PNG picture. Save it as PNG anew and attach that.")
    place = len(_SIGNATURE)
    names: list[bytes] = []
    while not names or names[-1] != b"IEND":
        if len(names) > _CHUNKS_AT_MOST:
            raise _damaged()
        name, body, place = _chunk(content, place)
        names.append(name)
        if len(names) == 1:
            _check_header(name, body)
    if place != len(content):
        raise RefusedFile("Something stands behind the end of the picture. Save it as PNG anew and attach that.")
    if b"IDAT" not in names or names.count(b"IHDR") != 1 or body:
        raise _damaged()


def _damaged() -> RefusedFile:
    return RefusedFile("The picture is damaged. Save it as PNG anew and attach that.")


def _chunk(content: bytes, place: int) -> tuple[bytes, bytes, int]:
    """Name, body, and where the next one begins."""
    head = content[place : place + 8]
    if len(head) < 8:
        raise _damaged()
    length, name = struct.unpack(">I4s", head)
    end = place + 8 + length
    checked = content[end : end + 4]
    if len(checked) < 4 or not name.isalpha() or zlib.crc32(content[place + 4 : end]) != int.from_bytes(checked):
        raise _damaged()
    return name, content[place + 8 : end], end + 4


def _check_header(name: bytes, body: bytes) -> None:
    if name != b"IHDR" or len(body) != 13:
        raise _damaged()
    width, height, depth, colour, packing, filtering, interlacing = struct.unpack(">IIBBBBB", body)
    if depth not in _DEPTHS.get(colour, ()) or (packing, filtering) != (0, 0) or interlacing > 1 or not width * height:
        raise _damaged()
    if max(width, height) > _SIDE_AT_MOST or width * height > _PIXELS_AT_MOST:
        raise RefusedFile("The picture has too many pixels. Make it smaller and attach that.")
