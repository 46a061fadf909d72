"""A full walk: every page, as every role, on a dashboard in which everything a person can type tries to run.

On no page does anything of it run, load or become a link; no request leaves the machine, and neither the console nor
the content security policy has anything to say.
"""

import csv
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect
from tests.browser import running
from tests.browser.attacking import Place, place_of
from tests.browser.running import open_list, sign_in, wait_idle, watched, window
from tests.examples import MINUTE, REFERENCE, accepted, count, dataset, published
from tests.unit.submissions.files import VICTIMS, csv_file, victim
from tests.xss import HOST, XSS

from dashboard import publication, releases, submissions
from dashboard.accounts import Role, store
from dashboard.database import tables
from dashboard.submissions import store as submission_store
from dashboard.ui.menu import SCREENS
from dashboard.ui.session import COOKIE
from dashboard.validation.model import Finding, Severity

pytestmark = pytest.mark.browser

ALL = " ".join(text for text in XSS if "\x00" not in text)
IN_FILES = [text for text in XSS if "\x00" not in text]
OBEYED = """() => [
    ...(window.__xss === undefined ? [] : ["ran"]),
    ...[...document.querySelectorAll(`
        [onerror], [onload], [onclick], [onfocus], [ontoggle], [onmouseover], [onstart], [onbegin],
        [href^="javascript:" i], [src^="javascript:" i], [href^="data:text" i],
        [href*="HOST"], [src*="HOST"], [action*="HOST"], [data*="HOST"], [style*="HOST"],
        iframe[srcdoc], object, embed, meta[http-equiv="refresh" i], base, marquee, .katex
    `)].map(found => found.outerHTML.slice(0, 200)),
    ...[...document.querySelectorAll("script:not([src]), style")]
        .filter(found => found.textContent.includes("xss"))
        .map(found => found.outerHTML.slice(0, 200)),
]""".replace("HOST", HOST)
"""What must not be found in a page. Links and pictures of the dashboard itself lead to the dashboard."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Names of people and organisations, files, cells, reasons: all of them hold one of the texts, or all texts."""
    folder = tmp_path_factory.mktemp("xss")
    reference = folder / "reference"
    shutil.copytree(REFERENCE, reference)
    with (reference / "organisations.csv").open("a", encoding="utf-8", newline="") as file:
        for number, text in enumerate(IN_FILES):
            csv.writer(file).writerow([f"XSS{number}", text, "police", "MDV", "", "", "victims cases", "", "Invented"])
    with (
        running.running(folder / "server", sample=False, reference_dir=reference) as server,
        place_of(server) as found,
    ):
        _fill(found)
        yield found


def _fill(place: Place) -> None:
    now = datetime.now(UTC) - MINUTE
    secretariat, chair = place.accounts[Role.SECRETARIAT], place.accounts[Role.CHAIR]
    with place.database.write() as connection:
        for number, text in enumerate(XSS):
            role, organisation = Role.OFFICIAL, f"XSS{number % len(IN_FILES)}"
            store.add_account(
                connection,
                username=f"{number} {text}",
                display_name=text,
                password_hash="none",
                role=role,
                organisation=organisation,
                at=now,
            )
        for role, account in place.accounts.items():
            named = tables.accounts.update().where(tables.accounts.c.id == account.id)
            connection.execute(named.values(display_name=f"{role.label} {ALL[:400]}"))
        findings = [Finding(Severity.WARNING, "rule", text, text, text, 1, text, text) for text in XSS]
        for text in XSS:
            sent = submission_store.add(
                connection,
                content=text.encode(),
                filename=text,
                attempt=1,
                profile="own_template",
                organisation="MPS",
                invented=False,
                datasets=(),
                findings=findings if text == XSS[-1] else (),
                by=place.member,
                at=now,
            )
        submissions.refuse(connection, sent, reason=ALL, by=secretariat, at=now)
        for value, at in ((9, now), (12, now + MINUTE)):
            counted = (dataset("victims", count("victims", value)), dataset("cases", count("cases", value)))
            accepted(connection, *counted, by=secretariat, at=at)
            frozen = releases.freeze(connection, by=secretariat, at=at)
            last = published(
                connection, releases.approve(connection, frozen, by=chair, at=at), by=chair, at=at, reason=ALL
            )
        publication.withdraw(connection, last, reason=ALL, by=chair, at=now + MINUTE)


def signed_in(browser: Browser, place: Place, role: Role) -> BrowserContext:
    """A window of somebody who has signed in before."""
    context = window(browser, place.server)
    context.add_cookies([{"name": COOKIE, "value": place.token(role), "url": place.server.url, "httpOnly": True}])
    return context


def obeyed(page: Page) -> list[str]:
    """What of a page was not taken for text."""
    return [found for frame in page.frames for found in frame.evaluate(OBEYED)]


@pytest.mark.parametrize("role", Role)
def test_on_no_page_does_anything_run(browser: Browser, place: Place, role: Role) -> None:
    context = signed_in(browser, place, role)
    with watched(context, place.server) as page:
        for screen in SCREENS:
            allowed = screen.permission in role.permissions
            page.goto("/" if screen is SCREENS[0] else f"/{screen.name}")
            heading = screen.title if allowed else "Not open to your role"
            expect(page.get_by_role("heading", name=heading, exact=True, level=1)).to_be_visible()
            wait_idle(page, quiet=100)
            assert obeyed(page) == [], screen.name
    context.close()


def test_what_opens_with_a_click_does_not_run_either(browser: Browser, place: Place) -> None:
    """Lists, the note on the publication, an upload, messages that quote what was typed."""
    context = signed_in(browser, place, Role.SECRETARIAT)
    with watched(context, place.server) as page:
        page.goto("/submissions")
        wait_idle(page)
        for label in ("Return of", "Look at"):
            open_list(page, label)
            assert obeyed(page) == []
            page.keyboard.press("Escape")
        cells = [victim(text, nationality=text, sector=text) for text in IN_FILES]
        named = {"name": f"{XSS[9]}{XSS[32]}.csv", "mimeType": "text/csv", "buffer": csv_file(VICTIMS, *cells)}
        page.locator("input[type=file]").set_input_files(named)  # type: ignore[arg-type]
        wait_idle(page)
        page.get_by_role("button", name="Check and send in").click()
        expect(page.get_by_text("was received")).to_be_visible()
        assert obeyed(page) == []
        page.goto("/nationality")
        wait_idle(page)
        page.get_by_role("button", name="About these figures").click()
        expect(page.get_by_text("DROP TABLE").last).to_be_visible()
        assert obeyed(page) == []
    context.close()


def test_texts_in_the_address_and_in_the_sign_in_form_do_not_run(browser: Browser, place: Place) -> None:
    half = len(ALL) // 2
    query = f"form_of_exploitation={quote(ALL[:half])}&status={quote(ALL[half:])}&period={quote(XSS[0])}"
    context = signed_in(browser, place, Role.MEMBER)
    with watched(context, place.server) as page:
        page.goto(f"/nationality?{query}#{quote(XSS[9])}")
        expect(page.get_by_role("heading", name="Nationality", exact=True, level=1)).to_be_visible()
        wait_idle(page)
        assert obeyed(page) == []
    context.close()
    context = window(browser, place.server)
    with watched(context, place.server) as page:
        page.goto(f"/nationality?{query}")
        sign_in(page, ALL[:500], "x")
        expect(page.get_by_text("Username and password do not fit")).to_be_visible()
        assert obeyed(page) == []
    context.close()


def test_the_texts_are_sharp_and_are_noticed(browser: Browser) -> None:
    """Negative control: on a page that takes them for markup, many run, load or are found in the page."""
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: dialog.dismiss())
    sharp = 0
    for text in XSS:
        asked.clear()
        with suppress(Error):
            page.set_content(f"<body>{text}", timeout=2000)
            sharp += bool(obeyed(page)) or any(HOST in url for url in asked)
    context.close()
    assert sharp >= 30


def test_what_ran_on_a_page_of_the_dashboard_would_be_noticed(browser: Browser, place: Place) -> None:
    """Negative control: one text put into the page as markup."""

    def put(text: str) -> list[str]:
        context = signed_in(browser, place, Role.MEMBER)
        try:
            with watched(context, place.server) as page:
                page.goto("/nationality")
                wait_idle(page)
                page.evaluate("text => document.body.insertAdjacentHTML('beforeend', text)", text)
                page.wait_for_timeout(300)
                return obeyed(page)
        finally:
            context.close()

    with pytest.raises(AssertionError, match="policy violated: script-src"):
        put("<img src=x onerror=window.__xss=1>")
    with pytest.raises(AssertionError, match=f"leave the machine: .*https://{HOST}/beacon"):
        put(f'<img src="https://{HOST}/beacon.png">')
