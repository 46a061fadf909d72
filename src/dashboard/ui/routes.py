"""The routes beside Streamlit's own: the session cookie set and taken away, single sign-on, downloads, and fonts.

Streamlit can't set an HttpOnly cookie; without one a reload or a shared link would ask to sign in again.
So the sign-in form hands out a ticket, and the browser exchanges it here.
"""

import asyncio
import hmac

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from dashboard.sessions import signing_in
from dashboard.sessions.model import LONGEST_SESSION
from dashboard.settings import ROOT
from dashboard.ui import downloads, files, installation, single_sign_on
from dashboard.ui.session import LEAVE_PATH, TICKET_PATH, cookie_name, is_loopback, leave_token

_LONGEST = 200


async def _exchange(request: Request) -> Response:
    ticket = (await _short_body(request)).decode("ascii", "replace")
    # The database may make us wait for another writer; the event loop, which serves everybody, must not.
    before = request.cookies.get(cookie_name(request.headers.get("host", "")), "")
    token = await asyncio.to_thread(_session_for, ticket, request.headers.get("user-agent", ""), before)
    if token is None:
        return Response("The ticket is used or too old. Sign in again.", status_code=403, media_type="text/plain")
    response = Response(status_code=204)
    host = request.headers.get("host", "")
    response.set_cookie(
        cookie_name(host),
        token,
        max_age=int(LONGEST_SESSION.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=not is_loopback(host),
    )
    single_sign_on.forget_identity(response, host)
    return response


async def _leave(request: Request) -> Response:
    name = cookie_name(request.headers.get("host", ""))
    token = request.cookies.get(name, "")
    sent = await _short_body(request)
    if not token or not hmac.compare_digest(sent, leave_token(token).encode()):
        return Response("This did not come from your own page.", status_code=403, media_type="text/plain")
    await asyncio.to_thread(_end, token)
    response = Response(status_code=204)
    response.delete_cookie(name, httponly=True, samesite="strict", secure=name.startswith("__Host-"))
    return response


def _end(token: str) -> None:
    with installation.database().write() as connection:
        signing_in.end(connection, token, at=installation.now())


def _session_for(ticket: str, user_agent: str, before: str) -> str | None:
    at = installation.now()
    with installation.database().write() as connection:
        token = signing_in.start(connection, ticket, user_agent=user_agent, at=at)
        if token:
            # The browser forgets the cookie of an earlier session, so nobody could end that one any more.
            signing_in.end(connection, before, at=at)
        return token


async def _short_body(request: Request) -> bytes:
    """What was sent, if it is no more than a ticket or a token; the rest is not read."""
    read = b""
    async for piece in request.stream():
        read += piece
        if len(read) > _LONGEST:
            return b""
    return read


ROUTES: list[BaseRoute] = [
    Route(TICKET_PATH, _exchange, methods=["POST"]),
    Route(LEAVE_PATH, _leave, methods=["POST"]),
    *single_sign_on.ROUTES,
    Route(files.PATH + "{name}", downloads.answer, methods=["GET"]),
    # Streamlit serves static files beside its main script only, and ours lie at the top of the project.
    Mount("/app/static", StaticFiles(directory=ROOT / "static")),
]
