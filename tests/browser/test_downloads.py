"""Files to take away, in a real browser: by keyboard, while the page goes on; and what is said where there is none."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Request, WebSocket, expect
from tests.browser.running import Dashboard, choose, open_page, wait_idle
from tests.browser.test_gate import PAGES, Place, place, run  # noqa: F401 a fixture

from dashboard.accounts import Role, store
from dashboard.charts.camera import PROGRAMS
from dashboard.sessions.store import start_session

pytestmark = pytest.mark.browser


def offered(page: Page, kind: str) -> Locator:
    return page.locator(".st-key-downloads_nationality").get_by_role("link", name=kind, exact=True)


def taken(app: Dashboard) -> int:
    """How many downloads the audit trail knows."""
    with closing(sqlite3.connect(app.server.database)) as database:
        found = database.execute("select count(*) from audit_events where verb = 'exports.record_download'")
        return int(found.fetchone()[0])


@pytest.fixture
def nationality(sample_app: Dashboard) -> Iterator[Page]:
    with sample_app.as_("member") as page:
        open_page(page, "/nationality", "Nationality")
        yield page


def test_a_file_is_taken_by_keyboard(nationality: Page, sample_app: Dashboard) -> None:
    before = taken(sample_app)
    link = offered(nationality, "CSV")
    offered(nationality, "Excel").focus()
    nationality.keyboard.press("Tab")
    expect(link).to_be_focused()
    assert link.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"
    expect(link).to_have_accessible_description("Identified victims by nationality as CSV, with source and date")
    with nationality.expect_download() as started:
        nationality.keyboard.press("Enter")
    assert started.value.suggested_filename.endswith(".csv")
    assert taken(sample_app) == before + 1


def test_the_page_goes_on_while_a_file_is_made(nationality: Page) -> None:
    """Taking a file is no leaving of the page: its connection stays, and a filter works before the file is there."""
    sockets: list[WebSocket] = []
    nationality.on("websocket", lambda socket: sockets.append(socket))
    kind = "PNG" if any(map(shutil.which, PROGRAMS)) else "Excel"
    with nationality.expect_download() as started:
        offered(nationality, kind).click(no_wait_after=True)
        choose(nationality, "Period", "2024")
    assert "all-periods" in started.value.suggested_filename
    with nationality.expect_download() as started:
        offered(nationality, "CSV").click()
    assert "_2024_" in started.value.suggested_filename
    assert not sockets, "the page was loaded anew"


def test_an_address_that_is_no_longer_good_gives_a_page_that_says_so(sample_app: Dashboard) -> None:
    # The browser notes such an answer in its console, which ends every other test; here it is the only thing there.
    noted = pytest.raises(AssertionError, match=r"console: \['Failed to load resource: [^']*409 \(Conflict\)[^']*'\]")
    with noted, sample_app.as_("member") as page:
        open_page(page, "/nationality", "Nationality")
        address = offered(page, "CSV").get_attribute("href") or ""
        older = re.sub(r"publication=[^&]+", "publication=earlier", address)
        offered(page, "CSV").evaluate("(link, address) => link.href = address", older)
        offered(page, "CSV").click()
        expect(page.get_by_text("The figures that you looked at are no longer in force.")).to_be_visible()
        page.get_by_role("link", name="open the dashboard").click()
        expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible()
        wait_idle(page)


@pytest.mark.parametrize("role", Role)
def test_no_page_asks_for_what_the_gate_refuses(place: Place, role: Role) -> None:  # noqa: F811
    """Streamlit's /media: none of its addresses is sent to anybody. Ours are, as the control."""
    with place.database.write() as connection:
        account = store.find_account(connection, role.value) or store.add_account(
            connection,
            username=role.value,
            display_name=role.label,
            password_hash="none",
            role=role,
            organisation="IOM",
            at=datetime.now(UTC),
        )
        token = start_session(connection, account, at=datetime.now(UTC))
    with place.socket(token) as socket:
        sent = {page: run(socket, page)[1] for page in PAGES}
    assert [page for page, messages in sent.items() if "/media/" in messages] == []
    assert "download/figure.csv?" in sent["nationality"]


def test_a_browser_asks_for_none_either(sample_app: Dashboard) -> None:
    asked: list[str] = []
    before = len(sample_app.server.log)

    def note(request: Request) -> None:
        asked.append(request.url)

    with sample_app.as_("administrator") as page:
        page.on("request", note)
        for address, heading in (("/nationality", "Nationality"), ("/accounts", "Accounts"), ("/route", "Route")):
            open_page(page, address, heading)
    assert len(asked) > 10
    assert [url for url in asked if urlsplit(url).path.startswith("/media/")] == []
    assert "refused: " not in sample_app.server.log[before:], "an honest browser leaves no line about refusals"
