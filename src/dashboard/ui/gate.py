"""The gate in front of Streamlit: nothing gets past it without a session, but what signing in needs.

Streamlit itself accepts every WebSocket that sends no Origin, keeps anonymous uploads, and runs callbacks and
fragments on a connection that was opened before its account signed out. So the gate looks at each request and at
each message of an open connection, and tells Streamlit whose connection it is: Streamlit then gives nobody the
running pages of somebody else (`server.trustedUserHeaders`).
"""

import asyncio
import re
from collections.abc import Iterable
from http.cookies import SimpleCookie
from typing import TypeAlias
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.accounts import Account
from dashboard.sessions import store
from dashboard.ui import files, installation, refusals, uploads
from dashboard.ui.connections import Strangers, bounded, ended
from dashboard.ui.headers import COMPONENTS, with_headers
from dashboard.ui.session import LEAVE_PATH, TICKET_PATH, cookie_name, identity

IDENTITY = "x-dashboard-session"
"""Tells Streamlit whose connection it is; .streamlit/config.toml names it. Never taken from a client."""
SESSION_ENDED = 4401
"""Closes a connection whose session has ended meanwhile."""
STREAM = "/_stcore/stream"
_NO_SESSION_NEEDED = re.compile(
    rf"/(?:[a-z][a-z_-]*)?|/(?:app/)?static/.+|{COMPONENTS}.+|/_stcore/(?:health|host-config)|/favicon\.png"
    r"|/oidc/(?:start|callback)"
)
"""The page itself (it holds no figures), its scripts, styles and fonts; the way to the identity provider and back."""
_WITH_A_SESSION = re.compile(rf"{files.PATH}[a-z.-]+|/_stcore/bidi-components/.+")
"""Streamlit's own /media is not among them: it asks for a session, but not whose."""
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_REFUSALS = frozenset({400, 403, 404, 405, 413})
"""What is noted where it answers somebody who is signed in. Not 401 and 409: a page that stood open for too long."""
_LOOKED_FOR = re.compile(r"/[a-z][a-z_-]*/_stcore/(?:health|host-config)")
"""Refused and not noted: Streamlit's page asks for its server below the address of each page that is opened first."""
_PLACES = (STREAM, "/_stcore/upload_file/", "/_stcore/", "/media/", files.PATH, TICKET_PATH, LEAVE_PATH)
"""As much of an address as may be noted: behind it anything can stand, names and figures too."""
Pair: TypeAlias = tuple[bytes, bytes]


class Gate:
    """An ASGI middleware; app.py puts it around everything."""

    standing = False
    """Whether there is one in this process: the frame shows nothing where somebody started it without."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._strangers = Strangers()
        Gate.standing = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request or a connection in, or refuse it before a byte of it is read."""
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._connection(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, headers = scope["path"], Headers(scope=scope)
        send = _noted(scope, with_headers(scope, send))
        if scope["method"] not in _READING and not _same_origin(headers):
            await _refuse("This request did not come from a page of the dashboard.", 403, scope, receive, send)
        elif _NO_SESSION_NEEDED.fullmatch(path):
            await self._app(_identified(scope, None), receive, send)
        elif (token := await _valid_token(headers)) is None:
            await _sign_in_first(scope, receive, send)
        elif _WITH_A_SESSION.fullmatch(path) or uploads.is_own(path, token):
            await self._app(_identified(scope, token), receive, send)
        else:
            await _refuse("There is nothing here.", 404, scope, receive, send)

    async def _connection(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if scope["path"] != STREAM or not _same_origin(headers):
            await _note_refusal(scope, 403)
            await send({"type": "websocket.close", "code": 1008})
            return
        token = await _valid_token(headers)
        if token is not None:
            await self._app(_identified(scope, token), *_watched(token, receive, send))
            return
        with self._strangers.visit((scope.get("client") or ("", 0))[0]) as has_room:
            if has_room:
                await self._app(_identified(scope, None), *bounded(receive, send))
            else:
                await send({"type": "websocket.close", "code": 1013})


def _same_origin(headers: Headers) -> bool:
    """Whether a page of this very host sent it. Who sends no Origin is no browser, or hides it."""
    origin, host = headers.get("origin"), headers.get("host")
    try:
        return bool(origin and host) and urlsplit(origin).netloc == host
    except ValueError:  # no address at all
        return False


async def _valid_token(headers: Headers) -> str | None:
    """The session token of a request, if its session is still open."""
    jar: SimpleCookie = SimpleCookie()
    for value in headers.getlist("cookie"):
        jar.load(value)
    found = jar.get(cookie_name(headers.get("host", "")))
    if found is None or not await _is_open(found.value):
        return None
    return found.value


async def _is_open(token: str) -> bool:
    return await asyncio.to_thread(_look_up, token)


def _look_up(token: str) -> bool:
    return _account(token) is not None


def _account(token: str) -> Account | None:
    with installation.database().read() as connection:
        return store.session_account(connection, token, at=installation.now())


def _identified(scope: Scope, token: str | None) -> Scope:
    """The scope with our own identity header in place of any that the client sent.

    Without a session no earlier page can be taken up either: its id, the third protocol, is left out.
    """
    headers: Iterable[Pair] = [pair for pair in scope["headers"] if pair[0].lower() != IDENTITY.encode()]
    if token is None:
        headers = [_without_page(pair) for pair in headers]
    else:
        headers = [*headers, (IDENTITY.encode(), identity(token).encode())]
    return {**scope, "headers": list(headers)}


def _without_page(pair: Pair) -> Pair:
    name, value = pair
    return (name, b",".join(value.split(b",")[:2])) if name.lower() == b"sec-websocket-protocol" else pair


def _watched(token: str, receive: Receive, send: Send) -> tuple[Receive, Send]:
    """The two ends of a connection: each message is taken only while its session is open."""

    async def ends(_: Message) -> int | None:
        return None if await _is_open(token) else SESSION_ENDED

    return ended(receive, send, ends)


def _noted(scope: Scope, send: Send) -> Send:
    """The way out of an answer, which leaves a line in the log where something is refused."""

    async def give(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] in _REFUSALS:
            await _note_refusal(scope, message["status"])
        await send(message)

    return give


async def _note_refusal(scope: Scope, status: int) -> None:
    """Who is signed in is named; strangers are not noted one by one, or they could fill the disk."""
    token = None if _LOOKED_FOR.fullmatch(scope["path"]) else await _valid_token(Headers(scope=scope))
    account = await asyncio.to_thread(_account, token) if token else None
    if account is not None:
        place = next((known for known in _PLACES if scope["path"].startswith(known)), "another address")
        refusals.note(f"{place} ({status})", account)


async def _sign_in_first(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"].startswith(files.PATH):  # a link on a page that was open for too long
        await files.refused("You are signed out. Sign in again to take the file.", 401)(scope, receive, send)
    else:
        await _refuse("Sign in first.", 401, scope, receive, send)


async def _refuse(text: str, status: int, scope: Scope, receive: Receive, send: Send) -> None:
    # What is being sent is not read: the server closes the connection behind the answer.
    await PlainTextResponse(text, status_code=status, headers={"connection": "close"})(scope, receive, send)
