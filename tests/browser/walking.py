"""A walk through the dashboard as somebody: every page, every choice of every filter, every file.

Pages are opened in a browser, and everything on them is downloaded. The many combinations of filters are asked for over
the same kind of socket, as a link to each would, without drawing them.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from tests.browser.receiving import Kind, Received
from tests.browser.running import Server, enter, open_page, watched, window
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from dashboard.accounts import Role
from dashboard.accounts.store import find_account
from dashboard.charts.camera import PROGRAMS
from dashboard.database import Database
from dashboard.datasets import STRUCTURES, TOTAL
from dashboard.published_tables import PERIOD
from dashboard.sessions.store import start_session
from dashboard.ui.menu import SCREENS
from dashboard.ui.session import COOKIE
from dashboard.views import Choice, Published, View, catalogue, choices
from dashboard.views.choices import COMPARE, NO_COMPARISON

Query = tuple[tuple[str, str], ...]

_SECONDS = 30
_BESIDE = ("/_stcore/metrics", "/_stcore/health", "/_stcore/host-config")
"""What Streamlit tells anybody who asks."""
_PICTURES = {"sector": "SVG", "route": "PNG"}
"""Pictures are taken of two views only, each takes seconds; the messages hold all that is drawn in them."""


@dataclass(frozen=True)
class Link:
    """A page with filters set. said are the chosen filters as the page has to name them."""

    page: str
    query: Query
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class Walk:
    """What somebody received, and the messages of each link that was followed."""

    reads: str
    received: Received
    followed: Mapping[Link, tuple[bytes, ...]]


def walk_as(
    role: Role,
    server: Server,
    database: Database,
    browser: Browser,
    folder: Path,
    views: Iterable[View],
    links: Iterable[Link],
) -> Walk:
    """Open pages in the browser, then follow the links."""
    received = _visited(server, browser, role, folder, views)
    token = _token(database, role)
    followed = {link: tuple(_messages(server, token, link)) for link in links}
    for link, messages in followed.items():
        for content in messages:
            received.add(Kind.MESSAGE, f"{link.page} with {link.query}", content)
    return Walk(role.circulation.value, received, followed)


# In the browser ---------------------------------------------------------------------------------


def _visited(server: Server, browser: Browser, role: Role, folder: Path, views: Iterable[View]) -> Received:
    """Sign in, open pages in the browser, those of figures and those the role may work on, and take every file."""
    received = Received()
    context = window(browser, server)
    with watched(context, server) as page:
        received.listen(page)
        page.goto("/")
        expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
        received.read(page)
        enter(page, server, role.value)
        received.read(page)
        for view in views:
            open_page(page, "/" if view is catalogue.PAGES[0] else f"/{view.name}", view.heading)
            received.read(page)
            for part in (view, *view.companions):
                _download(page, part, folder, received)
        for screen in (one for one in SCREENS if one.folder != "figures" and one.permission in role.permissions):
            open_page(page, f"/{screen.name}", screen.title)
            received.read(page)
        for path in _BESIDE:
            received.add(Kind.ANSWER, path, page.request.get(path).body())
    context.close()
    return received


def _download(page: Page, view: View, folder: Path, received: Received) -> None:
    """Take the files that the card of a view offers."""
    offered = page.locator(f".st-key-downloads_{view.name}").get_by_role("link")
    expect(offered).to_have_text(["Excel", "CSV", "PNG", "SVG"])
    pictures = [_PICTURES[view.name]] if view.name in _PICTURES and any(map(shutil.which, PROGRAMS)) else []
    for kind in ("Excel", "CSV", *pictures):
        with page.expect_download() as started:
            offered.get_by_text(kind, exact=True).click()
        file = folder / started.value.suggested_filename
        started.value.save_as(file)
        received.add(Kind.FILE, f"{view.name}, {kind}", file.read_bytes())


# Links, without drawing them --------------------------------------------------------------------


def links_of(view: View, published: Published) -> Iterator[Link]:
    """All choices with all others where counts are confidential, each by itself where they are not."""
    offered = {one.name: one for one in choices(view, published)}
    compared = offered.pop(COMPARE, None)
    if STRUCTURES[published.tables[view.table].structure].confidential:
        yield from (_link(view, chosen) for chosen in _products(list(offered.values())))
    else:
        yield from (_link(view, {one: code}) for one in offered.values() for code, _ in one.options)
    if compared:
        for code, _ in offered[PERIOD].options:
            beside = compared.beside(code)
            others = [other for other, _ in beside.options if other != NO_COMPARISON and TOTAL not in (code, other)]
            yield from (_link(view, {offered[PERIOD]: code, beside: other}) for other in others)
    for companion in (one for one in view.companions if one.own_level):
        own = [one for one in choices(companion, published) if one.name in ("level", "status")]
        for chosen in _products(own):
            yield Link(view.name, tuple((_key(companion, one), one.text(code)) for one, code in chosen.items()))


def _products(offered: list[Choice]) -> Iterator[dict[Choice, str]]:
    for codes in product(*([code for code, _ in one.options] for one in offered)):
        yield dict(zip(offered, codes, strict=True))


def _link(view: View, chosen: Mapping[Choice, str]) -> Link:
    query = tuple((_key(view, one), one.text(code)) for one, code in chosen.items())
    said = (
        f"{one.label}: {one.text(code)}"
        for one, code in chosen.items()
        if code not in (one.default, TOTAL, NO_COMPARISON)
    )
    return Link(view.name, query, tuple(said))


def _key(view: View, choice: Choice) -> str:
    return f"{view.name}_{choice.name}" if choice.name in ("level", "split") else choice.name


def _token(database: Database, role: Role) -> str:
    """A session of the account of that role."""
    with database.write() as connection:
        account = find_account(connection, role.value)
        assert account is not None
        return start_session(connection, account, at=datetime.now(UTC))


def _messages(server: Server, token: str, link: Link) -> Iterator[bytes]:
    """The messages that a browser receives which opens a link, until the page is complete."""
    asked = BackMsg()
    asked.rerun_script.page_name = link.page
    asked.rerun_script.query_string = urlencode(link.query)
    with connect(
        f"{server.url.replace('http', 'ws', 1)}/_stcore/stream",
        additional_headers={"Cookie": f"{COOKIE}={token}", "Origin": server.url},
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
    ) as socket:
        socket.send(asked.SerializeToString())
        while True:
            frame = socket.recv(timeout=_SECONDS)
            content = frame if isinstance(frame, bytes) else frame.encode()
            yield content
            if ForwardMsg.FromString(content).WhichOneof("type") == "script_finished":
                return
