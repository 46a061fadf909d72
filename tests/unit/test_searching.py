"""The search for numbers finds one wherever it may hide, and does not take other things for it."""

import base64
import io
import json
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from openpyxl import Workbook
from streamlit.dataframe_util import convert_pandas_df_to_arrow_bytes
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from tests.searching import buried, in_message, in_text, numbers, search

PLANTED = 48_271
OTHERS = (30_011, 61_507)
WANTED = {PLANTED, 77_003}


def text(body: str) -> bytes:
    made = ForwardMsg()
    made.delta.new_element.markdown.body = body
    return made.SerializeToString()


def table(frame: pd.DataFrame) -> bytes:
    made = ForwardMsg()
    made.delta.new_element.table.arrow_data.data = convert_pandas_df_to_arrow_bytes(frame)
    return made.SerializeToString()


def chart(**trace: object) -> bytes:
    made = ForwardMsg()
    made.delta.new_element.plotly_chart.spec = go.Figure({"data": [{"type": "bar", **trace}]}).to_json()
    return made.SerializeToString()


def workbook(value: object) -> bytes:
    book, file = Workbook(), io.BytesIO()
    book.worksheets[0]["B2"] = value
    book.save(file)
    return file.getvalue()


def picture(words: str) -> bytes:
    chunks = ((b"IHDR", bytes(13)), (b"zTXt", b"Comment\0\0" + zlib.compress(words.encode())), (b"IEND", b""))
    parts = (struct.pack(">I", len(chunk)) + kind + chunk + bytes(4) for kind, chunk in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


IN_FILES: dict[str, bytes] = {
    "plain": f"Nepal;{PLANTED}\n".encode(),
    "with a comma": f'"Nepal","{PLANTED:,}"'.encode(),
    "with a thin blank": f"<td>{PLANTED:,}</td>".replace(",", "\u202f").encode(),
    "with a blank": b"Nepal: 48 271 persons",
    "with zeros behind the point": b"48271.0",
    "in JSON": json.dumps({"rows": [["Nepal", PLANTED]]}).encode(),
    "in JSON, as a power of ten": b'{"value": 4.8271e4}',
    "in JSON, as a text that is JSON": json.dumps({"spec": json.dumps({"y": [1, PLANTED]})}).encode(),
    "in an attribute": f'<rect d="M1,2" data-value="{PLANTED}"/>'.encode(),
    "in a workbook, as a number": workbook(PLANTED),
    "in a workbook, as a text": workbook(f"{PLANTED:,} persons"),
    "in the words of a picture": picture(f"Nepal {PLANTED:,}"),
}
IN_MESSAGES: dict[str, bytes] = {
    "in a text": text(f"**{PLANTED:,}** persons"),
    "in a cell between cells without a gap": table(
        pd.DataFrame({"2024": [f"{one:,}" for one in (OTHERS[0], PLANTED, OTHERS[1])]})
    ),
    "in a column of numbers": table(pd.DataFrame({"2024": [*OTHERS, PLANTED]})),
    "in the name of a column": table(pd.DataFrame({str(PLANTED): ["c"]})),
    "in a packed array of whole numbers": chart(x=np.array([*OTHERS, PLANTED])),
    "in a packed array of floating-point numbers": chart(x=np.array([*OTHERS, PLANTED], dtype="f8")),
    "in what is said about a point": chart(customdata=[f"{PLANTED:,} persons"]),
}
PACKED: dict[str, Callable[[int], bytes]] = {
    "int32": lambda number: struct.pack("<i", number),
    "int64": lambda number: struct.pack("<q", number),
    "float32": lambda number: struct.pack("<f", number),
    "float64": lambda number: struct.pack("<d", number),
}
NOTHING: dict[str, bytes] = {
    "another number": b"482710, 148271, 48271.5, 0.48271, 4827",
    "inside a hexadecimal name": b"$$ID-3f48271a9b-none",
    "coordinates": b'<path d="M48,271L60,100" transform="translate(48,271)"/>',
    "a colour": b"rgba(48,271,0.5)",
    "two numbers of a list": b'{"y": [48, 271]}',
    "a typeface": b"url(data:font/woff2;base64,AA/48271/AA==)",
}


@pytest.mark.parametrize("content", IN_FILES.values(), ids=list(IN_FILES))
def test_it_is_found_in_a_file(content: bytes) -> None:
    assert search(content, WANTED) == {PLANTED}


@pytest.mark.parametrize("content", IN_MESSAGES.values(), ids=list(IN_MESSAGES))
def test_it_is_found_in_a_message_to_the_browser(content: bytes) -> None:
    assert in_message(content) & WANTED == {PLANTED}


@pytest.mark.parametrize("pack", PACKED.values(), ids=list(PACKED))
@pytest.mark.parametrize("shift", range(8))
def test_it_is_found_in_plain_bytes_wherever_it_begins(pack: Callable[[int], bytes], shift: int) -> None:
    content = b"\x07" * shift + pack(PLANTED) + b"\x07" * 3
    assert search(content, WANTED) == {PLANTED}
    assert search(content.replace(pack(PLANTED), pack(PLANTED + 1)), WANTED) == set()


@pytest.mark.parametrize("content", NOTHING.values(), ids=list(NOTHING))
def test_other_things_are_not_taken_for_it(content: bytes) -> None:
    assert search(content, WANTED) == set()


def test_every_number_of_a_text_is_read_once_with_and_without_separators() -> None:
    assert in_text("In all: 12,345 more than in 2023 (67890), of 1,234,567.") == {12_345, 67_890, 1_234_567}
    assert numbers(b"2024, 9,999 and 1366 x 768") == set()


def test_nothing_is_buried_in_nothing() -> None:
    assert buried(b"", WANTED) == buried(b"abc", WANTED) == buried(base64.b64encode(b"abc"), ()) == set()
