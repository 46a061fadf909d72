"""Single sign-on in the browser: the link on the sign-in form, the way to the identity provider, and the way back.

The two routes ask the provider and the database in threads of their own: where the provider is slow, only people who
come from it wait.
"""

import asyncio
import html
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import BoundedSemaphore
from typing import ParamSpec, TypeVar

import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.sessions.single_sign_on import (
    LIFE,
    Answer,
    OpenRequest,
    Provider,
    SignOnFailed,
    keep_pending,
    open_request,
    take_request,
)
from dashboard.settings import SingleSignOn
from dashboard.ui import installation
from dashboard.ui.session import is_loopback

START_PATH, CALLBACK_PATH = "/oidc/start", "/oidc/callback"
REQUEST_COOKIE, IDENTITY_COOKIE = "oidc", "identity"
MOST_AT_ONCE, _THREADS = 8, 4
"""Steps that may wait for the provider at once, and those that ask it."""

_LOG = logging.getLogger("dashboard.single_sign_on")
_LONGEST = 4096
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Nobody was signed in</title>
<link rel="icon" href="/favicon.png">
<style>
@font-face {{ font-family: Lato; src: url(/app/static/fonts/lato-latin-400-normal.woff2); }}
@font-face {{ font-family: Lato; font-weight: 700; src: url(/app/static/fonts/lato-latin-700-normal.woff2); }}
body {{ margin: 15vh auto 0; max-width: 28rem; padding: 0 1.5rem; color: #1B2430; font: 1rem/1.6 Lato, sans-serif; }}
h1 {{ font-size: 1.5rem; line-height: 1.3; margin: 0 0 0.75rem; }}
p {{ margin: 0 0 1.5rem; }}
a {{ color: #0033A0; }}
</style>
<h1>Nobody was signed in</h1>
<p>{sentence}</p>
<p><a href="{back}">{said}</a></p>
</html>
"""

Given = ParamSpec("Given")
Got = TypeVar("Got")


class _Desk:
    """The provider, and the threads that ask it: few, and nobody waits behind many."""

    def __init__(self, settings: SingleSignOn) -> None:
        self.provider = Provider(settings)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="single-sign-on")
        self._room = BoundedSemaphore(MOST_AT_ONCE)

    async def do(self, step: Callable[Given, Got], *args: Given.args, **kwargs: Given.kwargs) -> Got:
        """Take a step in a thread. Raises SignOnFailed where too many are being taken."""
        if not self._room.acquire(blocking=False):
            raise SignOnFailed("too many at once", "Too many people are signing in. Try again in a minute.")
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, lambda: step(*args, **kwargs))
        finally:
            self._room.release()


@cache
def _desk() -> _Desk | None:
    settings = installation.settings().single_sign_on
    return _Desk(settings) if settings else None


def cookie_name(name: str, host: str) -> str:
    """What a cookie of single sign-on is called: with the prefix that insists on TLS, but on this machine itself."""
    return name if is_loopback(host) else f"__Host-{name}"


def forget_identity(response: Response, host: str) -> None:
    """Take the cookie of a pending identity away: it was used."""
    _take_away(response, IDENTITY_COOKIE, host)


def identity_cookie() -> str | None:
    """The secret of the identity that this browser has just proved, if it came back from the provider."""
    if installation.settings().single_sign_on is None:
        return None
    return st.context.cookies.get(cookie_name(IDENTITY_COOKIE, st.context.headers.get("Host", "")))


def offer() -> None:
    """The link to the provider, below the sign-in form; nothing where none is configured."""
    settings = installation.settings().single_sign_on
    if settings:
        with st.container(key="single_sign_on"):
            st.html(f'<a href="{START_PATH}" target="_self">Sign in with {html.escape(settings.name)}</a>')


async def _start(request: Request) -> Response:
    desk, host = _desk(), request.headers.get("host", "")
    if desk is None or request.method != "GET":
        return PlainTextResponse("There is nothing here.", status_code=404)
    own = desk.provider.settings
    if request.headers.get("sec-fetch-site") == "cross-site":
        # Another site must not sign somebody in here who only followed its link.
        return _page("Signing in begins at the dashboard itself.", "/", "To the sign-in form")
    if host != own.host:
        # The answer comes to the one address that the provider knows, and cookies of this one would not be there.
        return _page(f"{own.name} can be used at the dashboard's own address only.", own.address, own.address)
    try:
        opened, location = await desk.do(_open, desk.provider, request.client.host if request.client else "")
    except SignOnFailed as failure:
        return _failed(failure)
    response = RedirectResponse(location, status_code=303, headers={"cache-control": "no-store"})
    # Lax: the answer comes from another site. It only says which browser asked.
    _give(response, REQUEST_COOKIE, opened.browser, host, strict=False)
    return response


def _open(provider: Provider, address: str) -> tuple[OpenRequest, str]:
    at = installation.now()
    provider.ready(at=at)
    with installation.database().write() as connection:
        opened = open_request(connection, address, at=at)
    return opened, provider.authorisation(opened, at=at)


async def _callback(request: Request) -> Response:
    desk, host = _desk(), request.headers.get("host", "")
    if desk is None or request.method != "GET":
        return PlainTextResponse("There is nothing here.", status_code=404)
    browser = request.cookies.get(cookie_name(REQUEST_COOKIE, host), "")
    try:
        secret = await desk.do(_receive, desk.provider, _answer(request), browser)
    except SignOnFailed as failure:
        response = _failed(failure)
    else:
        response = RedirectResponse("/", status_code=303, headers={"cache-control": "no-store"})
        _give(response, IDENTITY_COOKIE, secret, host, strict=True)
    _take_away(response, REQUEST_COOKIE, host)
    return response


def _answer(request: Request) -> Answer:
    parts = request.query_params
    if any(len(parts.getlist(name)) > 1 for name in parts) or len(request.url.query) > _LONGEST:
        raise SignOnFailed("the answer says something twice, or too much")
    return Answer(parts.get("state", ""), parts.get("code", ""), parts.get("iss"), parts.get("error", ""))


def _receive(provider: Provider, answer: Answer, browser: str) -> str:
    at = installation.now()
    with installation.database().write() as connection:
        opened = take_request(connection, answer.state, browser, at=at)
    if opened is None:
        raise SignOnFailed(
            "no such request of this browser",
            "This sign-in was begun in another browser, too long ago, or it was used already. Start again.",
        )
    proven = provider.prove(answer, opened, at=at)
    at = installation.now()
    with installation.database().write() as connection:
        return keep_pending(connection, proven, at=at)


def _failed(failure: SignOnFailed) -> Response:
    _LOG.warning("single sign-on: %s", failure.reason)
    return _page(str(failure), "/", "Back to the sign-in form")


def _page(sentence: str, back: str, said: str) -> Response:
    page = _PAGE.format(sentence=html.escape(sentence), back=html.escape(back), said=html.escape(said))
    return HTMLResponse(page, status_code=403, headers={"cache-control": "no-store"})


def _give(response: Response, name: str, value: str, host: str, *, strict: bool) -> None:
    response.set_cookie(
        cookie_name(name, host),
        value,
        max_age=int(LIFE.total_seconds()),
        httponly=True,
        samesite="strict" if strict else "lax",
        secure=not is_loopback(host),
    )


def _take_away(response: Response, name: str, host: str) -> None:
    response.delete_cookie(cookie_name(name, host), httponly=True, samesite="lax", secure=not is_loopback(host))


ROUTES: list[BaseRoute] = [
    Route(START_PATH, _start, methods=["GET"]),
    Route(CALLBACK_PATH, _callback, methods=["GET"]),
]
