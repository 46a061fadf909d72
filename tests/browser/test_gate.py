"""The gate of a running server, from outside: raw requests and raw WebSocket messages that no browser would send."""

import http.client
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from tests.browser import running
from tests.browser.attacking import Place, Question, ask, chosen, place_of, pressed, run
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from dashboard import administration, sessions
from dashboard.accounts import Account, Role, store
from dashboard.accounts.passwords import hash_password
from dashboard.sessions import store as session_store
from dashboard.ui import connections, gate
from dashboard.ui.menu import SCREENS
from dashboard.ui.session import COOKIE, identity, leave_token

pytestmark = pytest.mark.browser

SIGN_IN, SIGNED_IN = "Sign in", "Test Member"
PAGES = ["", *(screen.name for screen in SCREENS)]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with running.running(tmp_path_factory.mktemp("gate"), sample=True) as server, place_of(server) as found:
        yield found


@pytest.mark.parametrize("page", PAGES[::-1])
def test_whoever_is_nobody_gets_the_sign_in_screen_and_no_figure(place: Place, page: str) -> None:
    """The first test here: the server has just been started, and nobody has opened any page of it."""
    assert place.request("GET", f"/{page}")[0] == 200
    with place.socket(None) as socket:
        _, sent = run(socket, page)
    assert SIGN_IN in sent
    assert "plotly_chart" not in sent
    assert "Identified victim" not in sent


@pytest.mark.parametrize("origin", [None, "https://example.org", "http://localhost:9999", "null"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_a_connection_that_no_page_of_ours_opened_is_refused(place: Place, origin: str | None, signed_in: bool) -> None:
    with (
        pytest.raises(InvalidStatus, match="403"),
        place.socket(place.token() if signed_in else None, origin=origin),
    ):
        pass


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


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/media/0123456789abcdef.csv", "/media/", "/download/"])
def test_what_nobody_needs_is_closed_to_members_too(place: Place, path: str) -> None:
    status, headers = place.request("GET", path, Cookie=f"{COOKIE}={place.token()}")
    assert (status, "content-disposition" in headers) == (404, False)


def test_what_a_member_is_refused_stands_in_the_log_with_its_time(place: Place) -> None:
    before = len(place.server.log)
    place.request("GET", "/media/seventeen-victims.csv")
    assert "refused: " not in place.server.log[before:], "nobody fills the disk from outside"
    place.request("GET", "/media/seventeen-victims.csv", Cookie=f"{COOKIE}={place.token()}")
    with pytest.raises(InvalidStatus), place.socket(place.token(), origin="https://example.org"):
        pass
    member = f"to account {place.member.id}"
    lines = [line for line in place.server.log[before:].splitlines() if "refused: " in line]
    assert [line.partition("Z ")[2] for line in lines] == [
        f"refused: /media/ (404) {member}",
        f"refused: {gate.STREAM} (403) {member}",
    ]
    moments = [datetime.fromisoformat(line.split()[0]) for line in lines]
    assert all(abs(datetime.now(UTC) - moment) < timedelta(minutes=1) for moment in moments)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("TRACE", "/"),
        ("GET", "/.git/config"),
        ("GET", "/.streamlit/config.toml"),
        ("GET", "/app/static/../pyproject.toml"),
        ("GET", "/app/static/%2e%2e/pyproject.toml"),
        ("GET", "/app/static/fonts/"),
        ("GET", "/state/dashboard.sqlite"),
    ],
)
def test_files_and_methods_that_nobody_needs_are_refused(place: Place, method: str, path: str) -> None:
    for token in (None, place.token(Role.ADMINISTRATOR)):
        cookie = {"Cookie": f"{COOKIE}={token}"} if token else {}
        assert place.request(method, path, Origin=place.server.url, **cookie)[0] in {400, 401, 403, 404, 405}


def test_every_answer_says_what_a_browser_may_do(place: Place) -> None:
    for path in ("/", "/nationality", "/_stcore/health", "/download/none", "/static/none"):
        _, headers = place.request("GET", path)
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
        assert "object-src 'none'" in policy
        assert "'unsafe-eval'" not in policy
        assert "script-src 'self' 'sha256-" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-type"].endswith(("; charset=utf-8", "application/json"))


def test_a_stolen_page_without_its_cookie_is_a_new_page(place: Place) -> None:
    with place.socket(place.token()) as socket:
        page, _ = run(socket, "nationality")
    with place.socket(None, page=page) as thief:
        other, sent = run(thief)
    assert page
    assert other != page
    assert SIGNED_IN not in sent


@pytest.mark.parametrize("role", [Role.MEMBER, Role.OFFICIAL, Role.ADMINISTRATOR])
def test_a_stolen_page_with_the_cookie_of_another_session_is_a_new_page(place: Place, role: Role) -> None:
    """Of the same account or of another one: what its owner chose there is not seen."""
    with place.socket(place.token(Role.CHAIR)) as socket:
        offered = ask(socket, Question("nationality"))
        choice = chosen(offered.widget("Form of exploitation"), "Forced labour")
        shown = ask(socket, Question("nationality", widgets=[choice]))
    assert "Clear filters" in shown.text
    with place.socket(place.token(role), page=offered.session) as thief:
        taken = ask(thief, Question("nationality"))
    assert taken.session != offered.session
    assert "Test Chair" not in taken.text
    assert "Clear filters" not in taken.text


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


@pytest.mark.parametrize("origin", [None, "https://example.org", "http://localhost:9999", "null"])
def test_a_request_that_no_page_of_ours_sent_changes_nothing(place: Place, origin: str | None) -> None:
    """With the cookie of an open session and everything else right."""
    token = place.token()
    sent = {"Cookie": f"{COOKIE}={token}"} | ({"Origin": origin} if origin else {})
    assert place.request("POST", "/sign-out", leave_token(token).encode(), **sent)[0] == 403
    sent["Origin"] = place.server.url
    assert place.request("POST", "/sign-out", leave_token(token).encode(), **sent)[0] == 204, "it was still open"


def _sign_out(place: Place, token: str) -> None:
    own = {"Origin": place.server.url, "Cookie": f"{COOKIE}={token}"}
    assert place.request("POST", "/sign-out", b"guessed", **own)[0] == 403
    assert place.request("POST", "/sign-out", leave_token(token).encode(), **own)[0] == 204


def _change_password(place: Place, _: str) -> None:
    new = f"{running.PASSWORD} {datetime.now(UTC).timestamp()}"
    with place.database.write() as connection:
        store.set_password(connection, place.member, hash_password(running.PASSWORD, place.member.role))
        sessions.change_password(connection, current=running.PASSWORD, new=new, by=place.member, at=datetime.now(UTC))


def _administrator(place: Place) -> Account:
    return replace(place.accounts[Role.ADMINISTRATOR], confirmed_at=datetime.now(UTC) - timedelta(seconds=5))


def _change_role(place: Place, _: str) -> None:
    """To another role and back: what was open before stays closed."""
    with place.database.write() as connection:
        for role in (Role.OFFICIAL, Role.MEMBER):
            at = datetime.now(UTC)
            administration.change_role(connection, place.member, role, by=_administrator(place), at=at)


def _close(place: Place, _: str) -> None:
    with place.database.write() as connection:
        at = datetime.now(UTC)
        administration.close_account(connection, place.member, by=_administrator(place), at=at)
        administration.reopen_account(connection, place.member, by=_administrator(place), at=at)


def _close_dashboard(place: Place, _: str) -> None:
    with place.database.write() as connection:
        at, by = datetime.now(UTC), _administrator(place)
        sessions.close_dashboard(connection, reason="A test.", by=by, at=at)
        sessions.reopen_dashboard(connection, reason="A test.", by=by, at=at)


def _end_elsewhere(place: Place, token: str) -> None:
    with place.database.write() as connection:
        session = session_store.session_id(connection, token) or ""
        sessions.end_session(connection, session, by=place.member, at=datetime.now(UTC))


ENDS = {
    "sign out": _sign_out,
    "change the password": _change_password,
    "change the role": _change_role,
    "close the account": _close,
    "close the dashboard": _close_dashboard,
    "sign out from elsewhere": _end_elsewhere,
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("message", ["a page", "a callback", "a fragment"])
def test_an_open_connection_ends_with_its_session(place: Place, end: str, message: str) -> None:
    token = place.token()
    with place.socket(token) as socket:
        shown = ask(socket, Question("nationality", query="form_of_exploitation=Forced+labour"))
        question = Question("nationality", page_hash=shown.page_hash)
        if message == "a callback":
            question.widgets.append(pressed(shown.widget("Clear filters")))
        question.fragment = "0" * 32 if message == "a fragment" else ""
        if message != "a fragment":  # there is none of this member's: before and after, nothing would be answered
            assert "plotly_chart" in ask(socket, question).text, "the control: the message is obeyed before"
        ENDS[end](place, token)
        with pytest.raises(ConnectionClosed) as closed:
            ask(socket, question)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == gate.SESSION_ENDED


# Strangers cost nothing -------------------------------------------------------------------------

MEGABYTE = 1024 * 1024
_WARM = 20
"""Tries before the measured ones: the buffers that one of them needs are taken once, and used again."""


def _connect(place: Place, origin: str | None) -> None:
    with pytest.raises(InvalidStatus, match="403"), place.socket(None, origin=origin):
        pass


def _upload(place: Place) -> None:
    """Send until the server hangs up."""
    connection = http.client.HTTPConnection(urlsplit(place.server.url).netloc, timeout=20)
    connection.putrequest("PUT", "/_stcore/upload_file/page/file")
    connection.putheader("Content-Length", str(50 * MEGABYTE))
    connection.putheader("Origin", place.server.url)
    connection.endheaders()
    with suppress(OSError):
        for _ in range(50):
            connection.send(b"x" * MEGABYTE)
    with suppress(OSError, http.client.HTTPException):
        assert connection.getresponse().status == 401
    connection.close()


def _say_much(place: Place) -> None:
    long = Question(widgets=[WidgetState(id="$$ID-0-None", string_value="x" * 10 * MEGABYTE)])
    with place.socket(None) as socket, pytest.raises(ConnectionClosed) as closed:
        ask(socket, long)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == connections.TOO_LONG


TRIES: dict[str, Callable[[Place], object]] = {
    "no origin": lambda place: _connect(place, None),
    "another host": lambda place: _connect(place, "https://example.org"),
    "another port": lambda place: _connect(place, "http://localhost:9999"),
    "an upload": _upload,
    "a file": lambda place: place.request("GET", "/media/0123456789abcdef.csv"),
    "metrics": lambda place: place.request("GET", "/_stcore/metrics"),
    "a long message": _say_much,
}


@pytest.mark.parametrize("kind", TRIES)
def test_fifty_tries_of_a_stranger_leave_nothing_behind(place: Place, kind: str) -> None:
    for _ in range(_WARM):
        TRIES[kind](place)
    kept, before = place.hash_of_all_tables(), place.memory()
    files = {file: file.stat().st_size for file in (place.server.folder / "state").iterdir()}
    for _ in range(50):
        TRIES[kind](place)
    assert place.memory() - before < 5 * MEGABYTE
    assert place.hash_of_all_tables() == kept
    assert {file: file.stat().st_size for file in (place.server.folder / "state").iterdir()} == files


def test_one_address_does_not_take_all_the_room(place: Place) -> None:
    """Fewer where this address has opened many within the last minute."""
    with ExitStack() as here, suppress(InvalidStatus):
        for opened in range(connections.MOST_ANONYMOUS):
            assert opened <= connections.MOST_AT_ONE_ADDRESS
            here.enter_context(place.socket(None))
    with ExitStack() as here:
        with suppress(InvalidStatus):
            for _ in range(connections.MOST_AT_ONE_ADDRESS):
                here.enter_context(place.socket(None))
        with place.socket(place.token()) as socket:
            assert SIGNED_IN in run(socket)[1]


def test_there_is_room_for_so_many_strangers_and_no_more(place: Place) -> None:
    """The last test here: afterwards this address has to wait for a minute."""
    for _ in range(connections.MOST_FROM_ONE_ADDRESS):
        try:
            with place.socket(None):
                pass
        except InvalidStatus:
            break
    with pytest.raises(InvalidStatus, match="403"), place.socket(None):
        pass
    with place.socket(place.token()) as socket:
        assert SIGNED_IN in run(socket)[1]
