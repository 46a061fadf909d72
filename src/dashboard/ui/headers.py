"""What every answer says to the browser: what a page of ours may do and load, and who may frame it."""

import hashlib
import re
from base64 import b64encode
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Scope, Send

COMPONENTS = "/component/"
"""Files of installed components: the sign-in form draws one, in a frame of its own."""

_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; font-src 'self' data:; worker-src 'self' blob:; "
    "frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'; "
    "manifest-src 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}

_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def with_headers(scope: Scope, send: Send) -> Send:
    """The way out of an answer, which puts the headers on it."""
    own = dict(_HEADERS)
    path, secure = scope["path"], scope["scheme"] == "https"
    policy = own["content-security-policy"].replace("script-src 'self'", f"script-src 'self'{_own_scripts()}")
    if host := Headers(scope=scope).get("host"):
        # Some browsers do not count a WebSocket to the same host as 'self'.
        stream = f"{'wss' if secure else 'ws'}://{_plain_host(host)}"
        policy = policy.replace("connect-src 'self'", f"connect-src 'self' {stream}")
    if path.startswith(COMPONENTS):
        policy = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    own["content-security-policy"] = policy
    if secure:
        # Without includeSubDomains: somebody may run this at a ministry's own name, and a year of it in each browser
        # would close whatever lies below without TLS. No such neighbour can set a cookie with our prefix.
        own["strict-transport-security"] = "max-age=31536000"

    async def give(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer = MutableHeaders(scope=message)
            for name, value in own.items():
                answer[name] = value
        await send(message)

    return give


@cache
def _own_scripts() -> str:
    """The hashes of the scripts that stand in packaged pages, as a content security policy allows them.

    The pages are Streamlit's own, and that of the component which streamlit-authenticator's form draws.
    """
    packages = (("streamlit", "static"), ("extra_streamlit_components", "CookieManager/frontend/build"))
    # Found, not imported: the component draws itself when it is imported.
    folders = [
        Path(place) / inside
        for package, inside in packages
        if (found := find_spec(package)) is not None
        for place in found.submodule_search_locations or ()
    ]
    scripts = (script for folder in folders for script in _INLINE.findall((folder / "index.html").read_bytes()))
    return "".join(f" 'sha256-{b64encode(hashlib.sha256(script).digest()).decode()}'" for script in scripts)


def _plain_host(host: str) -> str:
    return re.sub(r"[^A-Za-z0-9.:\[\]-]", "", host)
