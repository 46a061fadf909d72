"""Uploads to a running server, byte by byte: for a page of the own session only, and never more than is allowed."""

import http.client
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from tests.browser.test_gate import Place, place, run  # noqa: F401 a fixture

from dashboard.submissions.child import FILE_AT_MOST
from dashboard.ui.session import COOKIE

pytestmark = pytest.mark.browser

MEGABYTE = 1024 * 1024
KEPT_AT_MOST = 4 * MEGABYTE
"""What the memory of the server may grow by for other reasons."""
REFUSED = (404, b"There is nothing here.")
HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="return.csv"\r\nContent-Type: text/csv\r\n\r\n'
TAIL = b"\r\n--x--\r\n"


@dataclass(frozen=True)
class Answer:
    """The answer, if the server gave one, and how much could be sent before it."""

    status: int
    body: bytes
    sent: int


@dataclass
class Sender:
    """Somebody with a session of their own, and one page open."""

    place: Place
    token: str
    page: str

    def put(self, page: str, *chunks: bytes, length: int | None = None, file: str = "", method: str = "PUT") -> Answer:
        """Send to the address of a page. Without a length the body goes in chunks; a length may be a lie."""
        connection = http.client.HTTPConnection(urlsplit(self.place.server.url).netloc, timeout=20)
        connection.putrequest(method, f"/_stcore/upload_file/{page}/{file or uuid4()}")
        for name, value in self._headers().items():
            connection.putheader(name, value)
        connection.putheader(*(("Transfer-Encoding", "chunked") if length is None else ("Content-Length", str(length))))
        connection.endheaders()
        sent = 0
        try:
            for chunk in chunks:
                connection.send(chunk if length is not None else b"%x\r\n%s\r\n" % (len(chunk), chunk))
                sent += len(chunk)
            if length is None:
                connection.send(b"0\r\n\r\n")
        except OSError:
            pass  # the server hung up: its answer is there to be read
        return self._answered(connection, sent)

    def _headers(self) -> dict[str, str]:
        """What Streamlit's page sends along; its token against forged requests is in a cookie that anybody gets."""
        _, given = self.place.request("GET", "/_stcore/health")
        cookie = given["set-cookie"].partition(";")[0]
        xsrf = cookie.partition("=")[2].strip('"')
        return {
            "Origin": self.place.server.url,
            "Cookie": f"{COOKIE}={self.token}; {cookie}",
            "X-Xsrftoken": xsrf,
            "Content-Type": "multipart/form-data; boundary=x",
        }

    @staticmethod
    def _answered(connection: http.client.HTTPConnection, sent: int) -> Answer:
        try:
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(), sent)
        except (OSError, http.client.HTTPException):
            return Answer(0, b"", sent)
        finally:
            connection.close()


@pytest.fixture
def two(place: Place) -> Iterator[tuple[Sender, Sender]]:  # noqa: F811
    """Two sessions, of one account even, each with its page open."""
    own, other = place.token(), place.token()
    with place.socket(own) as first, place.socket(other) as second:
        yield Sender(place, own, run(first)[0]), Sender(place, other, run(second)[0])


def memory(place: Place) -> int:  # noqa: F811
    pages = Path(f"/proc/{place.server.process.pid}/statm").read_text("ascii").split()[1]
    return int(pages) * resource.getpagesize()


def file_of(size: int) -> bytes:
    return HEAD + b"1" * size + TAIL


def test_a_file_for_the_own_page_is_taken_and_taken_back(two: tuple[Sender, Sender]) -> None:
    """The control: what is refused below is accepted here."""
    own, _ = two
    body = file_of(1000)
    for length in (len(body), None):
        file = str(uuid4())
        assert own.put(own.page, body, length=length, file=file).status == 204
        assert own.put(own.page, length=0, file=file, method="DELETE").status == 204


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("whose", ["another session's", "nobody's", "closed", "no id", "two"])
def test_a_file_for_any_other_page_is_refused_unread(two: tuple[Sender, Sender], whose: str, method: str) -> None:
    own, other = two
    with own.place.socket(own.token) as closing:
        closed = run(closing)[0]
    pages = {
        "another session's": other.page,
        "nobody's": str(uuid4()),
        "closed": closed,
        "no id": "..%2f..%2fetc",
        "two": f"{own.page}/{own.page}",
    }
    answer = own.put(pages[whose], length=50 * MEGABYTE, method=method)
    assert (answer.status, answer.body) == REFUSED
    assert answer.sent == 0, "the answer came before a byte was sent"


def test_what_is_refused_is_not_kept(two: tuple[Sender, Sender]) -> None:
    """20 files of 9 MB, sent in full: those for a stranger's page, then (the control) for the own one."""
    own, other = two
    body = file_of(9 * MEGABYTE)
    before = memory(own.place)
    for _ in range(20):
        assert own.put(other.page, body, length=len(body)).status in (404, 0)
    assert memory(own.place) - before < KEPT_AT_MOST
    for _ in range(3):
        assert own.put(own.page, body, length=len(body)).status == 204
    assert memory(own.place) - before > 3 * 9 * MEGABYTE - KEPT_AT_MOST


def test_the_limit_is_that_of_what_is_read(two: tuple[Sender, Sender]) -> None:
    own, _ = two
    largest, too_large = file_of(FILE_AT_MOST - len(HEAD + TAIL)), file_of(FILE_AT_MOST + 1)
    for length, status in ((len(largest), 204), (None, 204)):
        assert own.put(own.page, largest, length=length).status == status
    for length, status in ((len(too_large), 413), (None, 413)):
        assert own.put(own.page, too_large, length=length).status == status


@pytest.mark.parametrize("length", [None, 40 * MEGABYTE, 1000], ids=["none", "true", "too small"])
def test_a_file_that_is_too_large_is_cut_off(two: tuple[Sender, Sender], length: int | None) -> None:
    """Whatever it says of its own length: 40 MB are sent, and the server never holds more than it takes."""
    own, _ = two
    before = memory(own.place)
    answer = own.put(own.page, HEAD, *([b"1" * MEGABYTE] * 40), TAIL, length=length)
    assert answer.status != 204
    assert memory(own.place) - before < FILE_AT_MOST + MEGABYTE + KEPT_AT_MOST
    again = own.put(own.page, file_of(1000))
    assert again.status == 204, "and goes on serving"
