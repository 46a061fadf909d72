"""All that reaches a person's browser: messages, answers, pages, files; and what of it is a number."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow
import streamlit
from playwright.sync_api import Error, Page, Response, WebSocket
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from tests import searching
from tests.browser.running import ROOT

_PROGRAM = (Path(streamlit.__file__).parent / "static", ROOT / "static")


class Kind(StrEnum):
    """In which form something was received."""

    MESSAGE = "message"
    ANSWER = "answer"
    PAGE = "page"
    FILE = "file"


@dataclass(frozen=True)
class Piece:
    """Something that was received, and where."""

    kind: Kind
    place: str
    content: bytes

    @property
    def numbers(self) -> set[int]:
        """What a program would read in it."""
        return searching.in_message(self.content) if self.kind is Kind.MESSAGE else searching.numbers(self.content)


@dataclass
class Received:
    """Everything one person received. What comes again and again, as most messages do, is kept once."""

    pieces: dict[tuple[Kind, bytes], Piece] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    _responses: list[Response] = field(default_factory=list)
    _of_the_program: set[str] = field(default_factory=set)
    _numbers: dict[Kind, dict[int, str]] = field(default_factory=dict)

    def add(self, kind: Kind, place: str, content: str | bytes) -> None:
        """Note something, unless it was received before."""
        plain = content.encode() if isinstance(content, str) else content
        self.pieces.setdefault((kind, plain), Piece(kind, place, plain))

    def listen(self, page: Page) -> None:
        """Note what this page receives from now on. Call read() before it goes elsewhere."""
        page.on("websocket", self._socket)
        page.on("response", self._answer)

    def _answer(self, response: Response) -> None:
        # A download can be read only as the file it becomes; whoever takes it adds that.
        if not response.headers.get("content-disposition", "").startswith("attachment"):
            self._responses.append(response)

    def _socket(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.add(Kind.MESSAGE, socket.url, frame))

    def read(self, page: Page) -> None:
        """The page as it stands, and the answers that made it. Files of the program itself are none of them."""
        self.add(Kind.PAGE, page.url, page.content())
        for response in self._responses:
            if response.url in self._of_the_program:
                continue
            path = urlsplit(response.url).path
            try:
                body = response.body()
            except Error:
                if not path.startswith("/app/static/"):
                    self.unread.append(f"{response.status} {response.url}")
                    continue
                body = page.request.get(response.url).body()  # our script loads the page anew, and is gone with it
            if body in _program_files(path):
                self._of_the_program.add(response.url)
            else:
                self.add(Kind.ANSWER, response.url, body)
        self._responses.clear()

    def of(self, kind: Kind) -> Iterator[Piece]:
        """All that was received in one form."""
        return (piece for (form, _), piece in self.pieces.items() if form is kind)

    def numbers(self, *kinds: Kind) -> Mapping[int, str]:
        """Every number that was received in these forms (in any, where none is named), and where first."""
        found: dict[int, str] = {}
        for kind in kinds or Kind:
            if kind not in self._numbers:
                known = self._numbers[kind] = {}
                for piece in self.of(kind):
                    known |= dict.fromkeys(piece.numbers - known.keys(), f"{kind} of {piece.place}")
            found = self._numbers[kind] | found
        return found

    def leaks(self, forbidden: Iterable[int]) -> dict[int, str]:
        """Which of these numbers were received in any form, and where."""
        wanted = set(forbidden)
        said = {number: place for number, place in self.numbers().items() if number in wanted}
        # First in all of it at once, which is fast, then where it is.
        if not searching.buried(b"\xff".join(searching.unpacked(one.content) for one in self.pieces.values()), wanted):
            return said
        return said | {
            number: f"bytes of a {piece.kind} of {piece.place}"
            for piece in self.pieces.values()
            for number in searching.buried(piece.content, wanted)
        }


@cache
def _program_files(path: str) -> frozenset[bytes]:
    """What lies on disk under the name of an address: Streamlit's own files and our fonts, the same for everybody."""
    name = path.rpartition("/")[2]
    files = (file for folder in _PROGRAM for file in folder.rglob(name or "index.html"))
    return frozenset(file.read_bytes() for file in files if file.is_file())


# What stands in tables and charts ---------------------------------------------------------------


def elements(messages: Iterable[bytes], kind: str) -> Iterator[Any]:
    """The elements of one kind that messages put on the page."""
    return (element for found, element in _all_elements(messages) if found == kind)


def texts(messages: Iterable[bytes]) -> Iterator[str]:
    """Everything that is said outside of tables and charts."""
    for kind, element in _all_elements(messages):
        if kind not in ("html", "plotly_chart", "table"):
            yield from (value for name, value in element.ListFields() if isinstance(value, str) and name.name != "id")


def _all_elements(messages: Iterable[bytes]) -> Iterator[tuple[str, Any]]:
    for content in messages:
        message = ForwardMsg.FromString(content)
        if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            kind = element.WhichOneof("type")
            yield kind, getattr(element, kind)


def table_rows(content: bytes) -> list[tuple[str, list[str]]]:
    """The rows of a table in Arrow's format: its label, and its cells."""
    table = pyarrow.ipc.open_stream(content).read_all()
    (index,) = json.loads((table.schema.metadata or {})[b"pandas"])["index_columns"]
    return [(str(row.pop(index)).replace("\\", ""), [str(cell) for cell in row.values()]) for row in table.to_pylist()]


def csv_numbers(content: bytes) -> set[int]:
    """The numbers of a CSV file: what stands in it without quotes."""
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), quoting=csv.QUOTE_NONNUMERIC)
    return {int(cell) for row in rows for cell in row if isinstance(cell, float)}


def number(cell: str) -> int | None:
    """The number in a cell as it is written in a table, None where there is none."""
    plain = cell.replace(",", "")
    return int(plain) if plain.isdecimal() else None
