"""The gate and our own routes without a server and without Streamlit: one request, and its answer."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware

from dashboard.ui.gate import Gate
from dashboard.ui.routes import ROUTES
from dashboard.ui.session import COOKIE

HOST = "127.0.0.1:8501"


@dataclass(frozen=True)
class Answer:
    """What a browser gets."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(address: str, token: str | None = None, method: str = "GET", scheme: str = "http") -> Answer:
    """What an address answers, with the cookie of a session or without."""
    return ask_all((address, token), method=method, scheme=scheme)[0]


def ask_all(*requests: tuple[str, str | None], method: str = "GET", scheme: str = "http") -> tuple[Answer, ...]:
    """The answers to requests that are sent at once."""
    app = Starlette(routes=ROUTES, middleware=[Middleware(Gate)])

    async def together() -> tuple[Answer, ...]:
        return tuple(await asyncio.gather(*(_asked(app, method, scheme, *request) for request in requests)))

    return asyncio.run(together())


async def _asked(app: Starlette, method: str, scheme: str, address: str, token: str | None) -> Answer:
    parts = urlsplit(address)
    headers = [(b"host", HOST.encode()), *([(b"cookie", f"{COOKIE}={token}".encode())] if token else [])]
    scope = {
        "type": "http",
        "method": method,
        "scheme": scheme,
        "path": f"/{parts.path.lstrip('/')}",
        "query_string": parts.query.encode(),
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8501),
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    head = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], head, b"".join(part.get("body", b"") for part in sent[1:]))
