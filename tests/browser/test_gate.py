"""The gate of a running server, from outside: raw requests and raw WebSocket messages that no browser would send."""

import http.client
import resource
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from tests.browser import running
from tests.browser.running import Server
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from dashboard.accounts import Account, Role, store
from dashboard.accounts.passwords import hash_password
from dashboard.database import Database, open_installed
from dashboard.sessions.store import start_session
from dashboard.settings import Settings
from dashboard.ui import gate
from dashboard.ui.menu import SCREENS
from dashboard.ui.session import COOKIE, identity, leave_token

pytestmark = pytest.mark.browser

SIGN_IN, SIGNED_IN = "Sign in", "Test Member"
PAGES = ["", *(screen.name for screen in SCREENS)]


@dataclass(frozen=True)
class Place:
    """A running dashboard, its database, and one account."""

    server: Server
    database: Database
    member: Account

    def token(self) -> str:
        """A new session of the member."""
        with self.database.write() as connection:
            return start_session(connection, self.member, at=datetime.now(UTC))

    def request(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, Mapping[str, str]]:
        """The status and the headers of an answer."""
        connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=20)
        connection.request(method, path, body or None, {name.replace("_", "-"): v for name, v in headers.items()})
        answer = connection.getresponse()
        found = answer.status, dict(answer.getheaders())
        connection.close()
        return found

    def socket(self, token: str | None, page: str | None = None, origin: str | None = "own") -> ClientConnection:
        """A connection like a browser's: with a cookie, and the id of an earlier page to take up."""
        headers = {} if token is None else {"Cookie": f"{COOKIE}={token}"}
        headers |= {} if origin is None else {"Origin": self.server.url if origin == "own" else origin}
        return connect(
            f"{self.server.url.replace('http', 'ws', 1)}{gate.STREAM}",
            additional_headers=headers,
            # Streamlit's own use of the header: protocol, token against forgery, page.
            subprotocols=[Subprotocol("streamlit"), *([Subprotocol("none"), Subprotocol(page)] if page else [])],
            max_size=None,
        )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with running.running(tmp_path_factory.mktemp("gate"), sample=True) as server:
        settings = Settings.from_environ({"DASHBOARD_STATE_DIR": str(server.folder / "state")})
        database = open_installed(settings)
        with database.write() as connection:
            member = store.add_account(
                connection,
                username="member",
                display_name=SIGNED_IN,
                password_hash=hash_password("correct horse battery staple", Role.MEMBER),
                role=Role.MEMBER,
                organisation="MPS",
                at=datetime.now(UTC),
            )
        yield Place(server, database, member)


def run(socket: ClientConnection, page: str = "") -> tuple[str, str]:
    """Ask for a page: the id that Streamlit gave it, and all it sent."""
    asked = BackMsg()
    asked.rerun_script.page_name = page
    socket.send(asked.SerializeToString())
    name, sent = "", []
    while True:
        frame = socket.recv(timeout=30)
        message = ForwardMsg.FromString(frame if isinstance(frame, bytes) else frame.encode())
        sent.append(str(message))
        if message.WhichOneof("type") == "new_session":
            name = message.new_session.initialize.session_id
        if message.WhichOneof("type") == "script_finished":
            return name, "\n".join(sent)


@pytest.mark.parametrize("origin", [None, "https://example.org", "http://localhost:9999", "null"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_a_connection_that_no_page_of_ours_opened_is_refused(place: Place, origin: str | None, signed_in: bool) -> None:
    with (
        pytest.raises(InvalidStatus, match="403"),
        place.socket(place.token() if signed_in else None, origin=origin),
    ):
        pass


@pytest.mark.parametrize("page", PAGES)
def test_whoever_is_nobody_gets_the_sign_in_screen_and_no_figure(place: Place, page: str) -> None:
    assert place.request("GET", f"/{page}")[0] == 200
    with place.socket(None) as socket:
        _, sent = run(socket, page)
    assert SIGN_IN in sent
    assert "plotly_chart" not in sent
    assert "Identified victim" not in sent


def test_whoever_has_a_session_gets_in(place: Place) -> None:
    """The control: the same messages with a cookie."""
    with place.socket(place.token()) as socket:
        _, sent = run(socket, "nationality")
    assert SIGNED_IN in sent
    assert "plotly_chart" in sent


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/media/0123456789abcdef.csv"),
        ("GET", "/download/figure.csv?view=nationality"),
        ("GET", "/download/return-template.xlsx"),
        ("GET", "/_stcore/metrics"),
        ("GET", "/_stcore/agent/openapi.json"),
        ("GET", "/_stcore/upload_file/a/b"),
        ("PUT", "/_stcore/upload_file/a/b"),
        ("DELETE", "/_stcore/upload_file/a/b"),
        ("POST", "/sign-out"),
        ("POST", "/session"),
    ],
)
def test_whoever_is_nobody_is_refused(place: Place, method: str, path: str) -> None:
    assert place.request(method, path, b"x" if method in {"PUT", "POST"} else b"")[0] in {401, 403}
    own = {"Origin": place.server.url}
    assert place.request(method, path, b"x" if method in {"PUT", "POST"} else b"", **own)[0] in {401, 403}


def test_an_upload_of_nobody_is_refused_before_it_is_read(place: Place) -> None:
    def memory() -> int:
        pages = Path(f"/proc/{place.server.process.pid}/statm").read_text("ascii").split()[1]
        return int(pages) * resource.getpagesize()

    before = memory()
    for number in range(50):
        connection = http.client.HTTPConnection(urlsplit(place.server.url).netloc, timeout=20)
        connection.putrequest("PUT", f"/_stcore/upload_file/page/{number}")
        connection.putheader("Content-Length", str(50 * 1024 * 1024))
        connection.putheader("Origin", place.server.url)
        connection.endheaders()
        assert connection.getresponse().status == 401
        connection.close()
    assert memory() - before < 5 * 1024 * 1024


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/media/0123456789abcdef.csv", "/media/", "/download/"])
def test_what_nobody_needs_is_closed_to_members_too(place: Place, path: str) -> None:
    status, headers = place.request("GET", path, Cookie=f"{COOKIE}={place.token()}")
    assert (status, "content-disposition" in headers) == (404, False)


def test_every_answer_says_what_a_browser_may_do(place: Place) -> None:
    for path in ("/", "/nationality", "/_stcore/health", "/download/none", "/static/none"):
        _, headers = place.request("GET", path)
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "'unsafe-eval'" not in policy
        assert "script-src 'self' 'sha256-" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_a_stolen_page_without_its_cookie_is_a_new_page(place: Place) -> None:
    with place.socket(place.token()) as socket:
        page, _ = run(socket, "nationality")
    with place.socket(None, page=page) as thief:
        other, sent = run(thief)
    assert page
    assert other != page
    assert SIGNED_IN not in sent


def test_a_stolen_page_with_the_cookie_of_another_session_is_a_new_page(place: Place) -> None:
    with place.socket(place.token()) as socket:
        page, _ = run(socket)
    with place.socket(place.token(), page=page) as thief:
        assert run(thief)[0] != page


def test_the_same_session_takes_its_page_up_again(place: Place) -> None:
    """The control: without it, the two above would pass where no page can ever be taken up."""
    token = place.token()
    with place.socket(token) as socket:
        page, _ = run(socket)
    with place.socket(token, page=page) as again:
        assert run(again)[0] == page


def test_identity_headers_of_a_client_count_for_nothing(place: Place) -> None:
    token = place.token()
    with place.socket(token) as socket:
        page, _ = run(socket)
    digest = identity(token)
    with connect(
        f"{place.server.url.replace('http', 'ws', 1)}{gate.STREAM}",
        additional_headers={"Origin": place.server.url, gate.IDENTITY: digest},
        subprotocols=[Subprotocol("streamlit"), Subprotocol("none"), Subprotocol(page)],
        max_size=None,
    ) as thief:
        other, sent = run(thief)
    assert other != page
    assert SIGNED_IN not in sent


@pytest.mark.parametrize("end", ["sign out", "close the account"])
def test_an_open_connection_ends_with_its_session(place: Place, end: str) -> None:
    token = place.token()
    with place.socket(token) as socket:
        run(socket, "nationality")
        if end == "sign out":
            own = {"Origin": place.server.url, "Cookie": f"{COOKIE}={token}"}
            assert place.request("POST", "/sign-out", b"guessed", **own)[0] == 403
            run(socket, "nationality")
            assert place.request("POST", "/sign-out", leave_token(token).encode(), **own)[0] == 204
        else:
            with place.database.write() as connection:
                store.set_active(connection, place.member, False, at=datetime.now(UTC))
        with pytest.raises(ConnectionClosed) as closed:
            run(socket, "nationality")
        if end == "close the account":
            with place.database.write() as connection:
                store.set_active(connection, place.member, True, at=datetime.now(UTC))
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == gate.SESSION_ENDED


def test_there_is_room_for_so_many_strangers_and_no_more(place: Place) -> None:
    """The last test here: afterwards this address has to wait for a minute."""
    for _ in range(gate.MOST_FROM_ONE_ADDRESS):
        try:
            with place.socket(None):
                pass
        except InvalidStatus:
            break
    with pytest.raises(InvalidStatus, match="403"), place.socket(None):
        pass
    with place.socket(place.token()) as socket:
        assert SIGNED_IN in run(socket)[1]
