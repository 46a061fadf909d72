"""The gate of a running server, from outside: raw requests and raw WebSocket messages that no browser would send."""

import http.client
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from tests.browser import running
from tests.browser.attacking import Place, place_of, run
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from dashboard.accounts import store
from dashboard.ui import gate
from dashboard.ui.menu import SCREENS
from dashboard.ui.session import COOKIE, leave_token

pytestmark = pytest.mark.browser

SIGN_IN, SIGNED_IN = "Sign in", "Test Member"
PAGES = ["", *(screen.name for screen in SCREENS)]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with running.running(tmp_path_factory.mktemp("gate"), sample=True) as server, place_of(server) as found:
        yield found


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
    before = place.memory()
    for number in range(50):
        connection = http.client.HTTPConnection(urlsplit(place.server.url).netloc, timeout=20)
        connection.putrequest("PUT", f"/_stcore/upload_file/page/{number}")
        connection.putheader("Content-Length", str(50 * 1024 * 1024))
        connection.putheader("Origin", place.server.url)
        connection.endheaders()
        assert connection.getresponse().status == 401
        connection.close()
    assert place.memory() - before < 5 * 1024 * 1024


def test_metrics_are_closed_to_members_too(place: Place) -> None:
    assert place.request("GET", "/_stcore/metrics", Cookie=f"{COOKIE}={place.token()}")[0] == 404


def test_every_answer_says_what_a_browser_may_do(place: Place) -> None:
    for path in ("/", "/nationality", "/_stcore/health", "/media/none", "/static/none"):
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
    digest = gate.identity(token)
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
