"""An identity provider on this machine that lies when it is told to: each test says how, and in nothing else."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from tests.examples import NOW

from dashboard.settings import SingleSignOn

CLIENT, SECRET = "dashboard", "a secret: with/signs+"  # pragma: allowlist secret
KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": kid}) for kid in ("first", "second"))
EC_KEY = ECKey.generate_key("P-256", {"kid": "elliptic"})
Handed = Callable[["Lying", dict[str, Any]], str]


def signed(provider: "Lying", claims: dict[str, Any]) -> str:
    """An honest ID token."""
    return jwt.encode({"alg": "RS256", "kid": provider.key.kid}, claims, provider.key, algorithms=["RS256"])


@dataclass
class Lying:
    """The provider. Honest as it is made; a test changes one thing."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: KEY)
    published: list[Any] = field(default_factory=lambda: [KEY])
    discovery: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    token: Handed = signed
    status: dict[str, int] = field(default_factory=dict)
    body: dict[str, bytes] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    nonce: str = "the nonce"
    challenge: str = ""

    def settings(self, **other: str) -> SingleSignOn:
        """What the dashboard is configured with."""
        given = {"issuer": self.issuer, "client_id": CLIENT, "client_secret": SECRET, "name": "IOM account"}
        return SingleSignOn(**(given | {"address": "http://127.0.0.1:8501"} | other))

    def paths(self) -> list[str]:
        """Which of its pages were asked for, in order."""
        return [path for path, _, _ in self.asked]

    def answer(self, path: str, form: dict[str, str]) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            return self._discovery()
        if path == "/keys":
            return {"keys": [key if isinstance(key, dict) else key.as_dict(private=False) for key in self.published]}
        if path == "/token" and create_s256_code_challenge(form.get("code_verifier", "")) == self.challenge:
            return {"id_token": self.token(self, self._claims()), "access_token": "unused", "token_type": "Bearer"}
        return {"error": "invalid_grant"}

    def _discovery(self) -> dict[str, Any]:
        honest = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorise",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
        return {name: value for name, value in (honest | self.discovery).items() if value is not None}

    def _claims(self) -> dict[str, Any]:
        at = int(NOW.timestamp())
        honest = {
            "iss": self.issuer,
            "sub": "subject-1",
            "aud": CLIENT,
            "iat": at,
            "exp": at + 300,
            "nonce": self.nonce,
        }
        return {name: value for name, value in (honest | self.claims).items() if name not in self.without}


@contextmanager
def lying() -> Iterator[Lying]:
    """A provider that is honest until a test changes it."""
    provider = Lying()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(provider))
    server.daemon_threads = True
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def handler(provider: Lying) -> type[BaseHTTPRequestHandler]:
    """What answers in its name."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve({})

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._serve({name: values[0] for name, values in parse_qs(sent).items()})

        def _serve(self, form: dict[str, str]) -> None:
            path = urlsplit(self.path).path
            provider.asked.append((path, form, dict(self.headers)))
            time.sleep(provider.seconds.get(path, 0))
            content = provider.body.get(path) or json.dumps(provider.answer(path, form)).encode()
            status = provider.status.get(path, 400 if b"invalid_grant" in content else 200)
            try:
                self.send_response(status)
                if status in {301, 302, 307, 308}:
                    self.send_header("Location", f"{provider.issuer}/elsewhere")
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                pass  # who asked did not wait for the end

        def log_message(self, *_: Any) -> None:
            """Nothing: a test reads what was asked."""

    return Handler
