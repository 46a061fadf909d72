"""What an attacker speaks to a running dashboard: raw requests, and raw WebSocket messages that no browser would send.

Screens are asked for as Streamlit's own page asks; what comes back is read element by element, so that a test can send
back the state of any widget, of a screen it was shown or of one it was not.
"""

import hashlib
import http.client
import resource
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from tests.browser.running import PASSWORD, Server
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from dashboard.accounts import Account, Role, store
from dashboard.accounts.passwords import hash_password
from dashboard.database import Database, open_installed
from dashboard.database.tables import metadata
from dashboard.sessions.store import add_acceptance, start_session
from dashboard.settings import Settings
from dashboard.ui import clause, gate
from dashboard.ui.session import COOKIE

_SECONDS = 60
_NOT_COMPARED = {
    ("sessions", "last_seen_at"),  # looking at a page is noted
    ("audit_events", None),  # and so are downloads and refusals
}
"""Columns, or whole tables, that may change while somebody only looks."""


@dataclass(frozen=True)
class Place:
    """A running dashboard, its database, and one account a role."""

    server: Server
    database: Database
    accounts: Mapping[Role, Account]

    @property
    def member(self) -> Account:
        return self.accounts[Role.MEMBER]

    def token(self, role: Role = Role.MEMBER) -> str:
        """A new session of the account of that role."""
        with self.database.write() as connection:
            return start_session(connection, self.accounts[role], at=datetime.now(UTC))

    def request(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, Mapping[str, str]]:
        """The status and the headers of an answer."""
        connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=20)
        connection.request(method, path, body or None, {name.replace("_", "-"): v for name, v in headers.items()})
        answer = connection.getresponse()
        found = answer.status, dict(answer.getheaders())
        connection.close()
        return found

    def socket(
        self, token: str | None, page: str | None = None, origin: str | None = "own", **headers: str
    ) -> ClientConnection:
        """A connection like a browser's: with a cookie, and the id of an earlier page to take up."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= {} if token is None else {"Cookie": f"{COOKIE}={token}"}
        sent |= {} if origin is None else {"Origin": self.server.url if origin == "own" else origin}
        return connect(
            f"{self.server.url.replace('http', 'ws', 1)}{gate.STREAM}",
            additional_headers=sent,
            # Streamlit's own use of the header: protocol, token against forgery, page.
            subprotocols=[Subprotocol("streamlit"), *([Subprotocol("none"), Subprotocol(page)] if page else [])],
            max_size=None,
        )

    def hash_of_all_tables(self) -> str:
        """One hash over everything in the database but what looking alone changes."""
        found = hashlib.sha256()
        with self.database.read() as connection:
            for table in metadata.sorted_tables:
                if (table.name, None) in _NOT_COMPARED:
                    continue
                columns = [one for one in table.columns if (table.name, one.name) not in _NOT_COMPARED]
                rows = sorted(repr(tuple(row)) for row in connection.execute(select(*columns)))
                found.update("\n".join([table.name, *rows]).encode())
        return found.hexdigest()

    def memory(self) -> int:
        """Bytes that the server holds in memory now."""
        pages = Path(f"/proc/{self.server.process.pid}/statm").read_text("ascii").split()[1]
        return int(pages) * resource.getpagesize()


@contextmanager
def place_of(server: Server, roles: Iterable[Role] = tuple(Role)) -> Iterator[Place]:
    """Open the database of a running dashboard beside it, and add an account for each role."""
    settings = Settings.from_environ({"DASHBOARD_STATE_DIR": str(server.folder / "state")})
    database = open_installed(settings)
    with database.write() as connection:
        accounts = {
            role: store.add_account(
                connection,
                username=role.value,
                display_name=f"Test {role.label}",
                password_hash=hash_password(PASSWORD, role),
                role=role,
                organisation="MPS" if role is Role.MEMBER else "IOM",
                at=datetime.now(UTC),
            )
            for role in roles
        }
        for account in accounts.values():
            add_acceptance(connection, account, clause.version(), at=datetime.now(UTC))
    try:
        yield Place(server, database, accounts)
    finally:
        database.restricted.dispose()
        database.published.dispose()


# Screens ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Screen:
    """All that the server sent for one question."""

    messages: tuple[ForwardMsg, ...]

    @property
    def text(self) -> str:
        return "\n".join(map(str, self.messages))

    @property
    def session(self) -> str:
        """The id that Streamlit gave this page: what a thief would have to steal."""
        return self._new_session.initialize.session_id

    @property
    def page_hash(self) -> str:
        """What Streamlit calls the page that was shown: another page of the same app is asked for by it."""
        found = [one.navigation for one in self.messages if one.WhichOneof("type") == "navigation"]
        return str(found[-1].page_script_hash)

    @property
    def fragments(self) -> frozenset[str]:
        """The ids of the parts that can be asked for alone."""
        return frozenset(one.delta.fragment_id for one in self.messages if one.delta.fragment_id)

    def widget(self, label: str) -> Any:
        """The widget of that label, as it was sent. Raises LookupError where there is none, or several."""
        found = {one.id: one for one in self._widgets() if one.label == label}
        if len(found) != 1:
            raise LookupError(f"{len(found)} widgets are labelled {label}")
        return next(iter(found.values()))

    @property
    def widgets(self) -> tuple[Any, ...]:
        """Everything on the screen that has a state or does something."""
        return tuple(self._widgets())

    @property
    def _new_session(self) -> Any:
        return next(one.new_session for one in self.messages if one.WhichOneof("type") == "new_session")

    def _widgets(self) -> Iterator[Any]:
        for message in self.messages:
            if message.delta.HasField("new_element"):
                element = message.delta.new_element
                found = getattr(element, element.WhichOneof("type") or "empty")
                if getattr(found, "id", "") and hasattr(found, "label"):
                    yield found


@dataclass
class Question:
    """What a page would send: where it stands, and the state of its widgets."""

    page: str = ""
    query: str = ""
    page_hash: str = ""
    fragment: str = ""
    widgets: list[WidgetState] = field(default_factory=list)

    def bytes(self) -> bytes:
        message = BackMsg()
        asked = message.rerun_script
        asked.page_name, asked.query_string = self.page, self.query
        asked.page_script_hash, asked.fragment_id = self.page_hash, self.fragment
        asked.widget_states.widgets.extend(self.widgets)
        return message.SerializeToString()


def ask(socket: ClientConnection, question: Question) -> Screen:
    """Send it, and take in everything until the page is complete. A page that starts itself anew is waited for."""
    socket.send(question.bytes())
    return Screen(tuple(_answer(socket)))


def answers(socket: ClientConnection, message: BackMsg, kind: str) -> ForwardMsg:
    """Send any other message, and wait for an answer of that kind."""
    socket.send(message.SerializeToString())
    while True:
        frame = socket.recv(timeout=_SECONDS)
        found = ForwardMsg.FromString(frame if isinstance(frame, bytes) else frame.encode())
        if found.WhichOneof("type") == kind:
            return found


def _answer(socket: ClientConnection) -> Iterator[ForwardMsg]:
    while True:
        frame = socket.recv(timeout=_SECONDS)
        message = ForwardMsg.FromString(frame if isinstance(frame, bytes) else frame.encode())
        yield message
        early = ForwardMsg.ScriptFinishedStatus.Value("FINISHED_EARLY_FOR_RERUN")
        if message.WhichOneof("type") == "script_finished" and message.script_finished != early:
            return


def run(socket: ClientConnection, page: str = "") -> tuple[str, str]:
    """Ask for a page: the id that Streamlit gave it, and all it sent."""
    shown = ask(socket, Question(page))
    return shown.session, shown.text


# Widget states ----------------------------------------------------------------------------------


def pressed(button: Any) -> WidgetState:
    """The state of a button that was just clicked."""
    return WidgetState(id=button.id, trigger_value=True)


def typed(field_: Any, text: str) -> WidgetState:
    """The state of a text field."""
    return WidgetState(id=field_.id, string_value=text)


def chosen(box: Any, option: str) -> WidgetState:
    """The state of a list, by the text of an option. Lists are told apart by text, not by place."""
    return WidgetState(id=box.id, string_value=option)
