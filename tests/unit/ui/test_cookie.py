"""The session cookie, as the route sets it."""

import asyncio

import pytest
from starlette.requests import Request
from tests.asking import ask

from dashboard.ui import routes
from dashboard.ui.session import COOKIE, LEAVE_PATH, TICKET_PATH, cookie_name


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501", "[::1]:8501"])
def test_on_this_machine_the_cookie_needs_no_tls(host: str) -> None:
    assert cookie_name(host) == COOKIE


@pytest.mark.parametrize("host", ["dashboard.example.org", "10.0.0.7:8501", "localhost.example.org", ""])
def test_elsewhere_a_browser_insists_on_tls(host: str) -> None:
    assert cookie_name(host) == f"__Host-{COOKIE}"


def set_by(host: str) -> str:
    """The header with which the route answers a ticket that fits."""

    async def sent() -> dict[str, object]:
        return {"type": "http.request", "body": b"ticket", "more_body": False}

    scope = {"type": "http", "method": "POST", "path": TICKET_PATH, "headers": [(b"host", host.encode())]}
    (route,) = [one for one in routes.ROUTES if getattr(one, "path", "") == TICKET_PATH]
    return asyncio.run(route.endpoint(Request(scope, sent))).headers["set-cookie"]


@pytest.mark.parametrize(("host", "secure"), [("dashboard.example.org", True), ("127.0.0.1:8501", False)])
def test_the_cookie_insists_on_tls_but_on_this_machine(
    host: str, secure: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "_session_for", lambda ticket, _browser, _before: f"token for {ticket}")
    name, _, rest = set_by(host).partition("=")
    said = {part.strip().lower() for part in rest.split(";")[1:]}
    assert name == (f"__Host-{COOKIE}" if secure else COOKIE)
    assert ("secure" in said) == secure
    assert {"httponly", "samesite=strict", "path=/"} <= said
    assert not any(part.startswith("domain") for part in said)


@pytest.mark.parametrize("path", [TICKET_PATH, LEAVE_PATH])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_no_link_or_picture_gives_a_cookie_or_takes_it(path: str, method: str) -> None:
    answer = ask(path, method=method)
    assert answer.status == 405
    assert "set-cookie" not in answer.headers
