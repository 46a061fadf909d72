"""A real identity provider beside a running dashboard, and people who come without a browser."""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
from sqlalchemy import delete
from tests.browser import running
from tests.browser.running import Server

from dashboard.database import Database, open_installed, tables
from dashboard.settings import Settings

NAME = "IOM account"
_CLIENT, _SECRET = "dashboard", "only the two of them know it"  # pragma: allowlist secret
_START_SECONDS = 20


@dataclass
class IdentityProvider:
    """The provider as a process of its own, which can go away and come back with other keys."""

    command: tuple[str, ...]
    callback: str
    port: int = field(default_factory=running.free_port)
    _process: "subprocess.Popen[str] | None" = None

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """How the dashboard is told of it."""
        return {
            "DASHBOARD_OIDC_ISSUER": self.issuer,
            "DASHBOARD_OIDC_CLIENT_ID": _CLIENT,
            "DASHBOARD_OIDC_CLIENT_SECRET": _SECRET,
            "DASHBOARD_OIDC_NAME": NAME,
            "DASHBOARD_OIDC_REDIRECT": self.callback.removesuffix("/oidc/callback"),
        }

    def start(self) -> None:
        command = [*self.command, str(self.port), self.callback, _CLIENT, _SECRET]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if self._process.stdout is None or self._process.stdout.readline().strip() != self.issuer:
            raise RuntimeError("The identity provider of the tests did not start")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=_START_SECONDS)
            self._process.communicate()
            self._process = None


@dataclass(frozen=True)
class Place:
    """A dashboard that knows a provider."""

    server: Server
    provider: IdentityProvider
    database: Database

    def forget_requests(self) -> None:
        """As ten minutes later: the tests all come from one address."""
        with self.database.write() as connection:
            connection.execute(delete(tables.oidc_requests))

    def log_of(self, refused: requests.Response) -> str:
        """The last line that the dashboard wrote about single sign-on."""
        if refused.status_code != 403:
            raise AssertionError(f"It was not refused: {refused.status_code} {refused.headers}")
        lines = [line for line in self.server.log.splitlines() if "single sign-on: " in line]
        return lines[-1].partition("single sign-on: ")[2]


@contextmanager
def place(folder: Path, command: tuple[str, ...]) -> Iterator[Place]:
    """Both started, and ended afterwards."""
    port = running.free_port()
    provider = IdentityProvider(command, f"http://127.0.0.1:{port}/oidc/callback")
    provider.start()
    try:
        with running.running(folder, sample=False, port=port, settings=provider.settings) as server:
            settings = Settings.from_environ({"DASHBOARD_STATE_DIR": str(server.folder / "state")})
            yield Place(server, provider, open_installed(settings))
    finally:
        provider.stop()


class Visitor:
    """Somebody with cookies and no browser, who stops wherever a test wants to look."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._session = requests.Session()
        self._session.trust_env = False

    def get(self, address: str) -> requests.Response:
        """One request; nothing is followed."""
        return self._session.get(urljoin(self._place.server.url, address), allow_redirects=False, timeout=30)

    def cookie(self, name: str) -> str | None:
        found: str | None = self._session.cookies.get(name, domain="127.0.0.1")
        return found

    def sent_away(self) -> str:
        """The address at the provider to which the dashboard sends."""
        answer = self.get("/oidc/start")
        if answer.status_code != 303:
            raise AssertionError(f"{answer.status_code}: {answer.text}")
        return answer.headers["Location"]

    def signed_in_there(self, address: str, name: str = "aminath") -> str:
        """Sign in at the provider: the address to which it sends back."""
        answer = self.get(address)
        until = time.monotonic() + _START_SECONDS
        while not answer.headers.get("Location", "").startswith(self._place.provider.callback):
            if time.monotonic() > until:
                raise AssertionError(f"{answer.status_code}: {answer.text}")
            if answer.is_redirect:
                answer = self.get(urljoin(answer.url, answer.headers["Location"]))
            else:
                answer = self._session.post(answer.url, {"name": name}, allow_redirects=False, timeout=30)
        return answer.headers["Location"]

    def way_back(self, name: str = "aminath") -> str:
        """The whole way there: the address that brings the answer, not yet opened."""
        return self.signed_in_there(self.sent_away(), name)


def with_parameter(address: str, name: str, value: str | None) -> str:
    """The address with another value; None leaves it out."""
    query = re.sub(rf"(^|&){name}=[^&]*", "", urlsplit(address).query)
    added = "" if value is None else f"&{name}={value}"
    return f"{address.partition('?')[0]}?{query}{added}"
