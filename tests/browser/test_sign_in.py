"""Setting up, signing in and out, in a real browser: the cookie, the reload, the link that somebody sent."""

import contextlib
import re
import sqlite3
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Locator, Page, expect
from tests.browser.running import (
    PASSWORD,
    PEOPLE,
    Dashboard,
    box,
    choose,
    enter,
    expect_page,
    open_account,
    open_page,
    set_up,
    sign_in,
    take_steps,
)

pytestmark = pytest.mark.browser

DOES_NOT_FIT = "Username and password do not fit, or there were too many tries."


def sign_in_form(page: Page) -> Locator:
    return page.get_by_role("heading", name="Sign in", exact=True)


def test_the_first_account_needs_the_code_that_the_start_printed(fresh_app: Dashboard) -> None:
    with fresh_app.as_nobody() as page:
        page.goto("/")
        set_up(page, "0000-0000-0000-0000")
        expect(page.get_by_text("The setup code does not fit.")).to_be_visible()
        set_up(page, fresh_app.server.setup_code)
        take_steps(page, fresh_app.server, "administrator")
        expect(page.get_by_text("Nothing is published yet")).to_be_visible()
    with fresh_app.as_nobody() as page:
        page.goto("/")
        expect(sign_in_form(page)).to_be_visible()


def test_a_wrong_password_is_refused_in_words(sample_app: Dashboard) -> None:
    with sample_app.as_nobody() as page:
        page.goto("/")
        sign_in(page, "member", "not the password")
        expect(page.get_by_text(DOES_NOT_FIT)).to_be_visible()
        expect(sign_in_form(page)).to_be_visible()
        assert "sid" not in {cookie["name"] for cookie in page.context.cookies()}


def test_after_five_wrong_tries_the_right_password_has_to_wait_too(fresh_app: Dashboard) -> None:
    with fresh_app.as_nobody() as page:
        page.goto("/")
        set_up(page, fresh_app.server.setup_code)
        take_steps(page, fresh_app.server, "administrator")
    with fresh_app.as_nobody() as page:
        page.goto("/")
        for _ in range(4):
            sign_in(page, "administrator", "not the password")
        enter(page, fresh_app.server, "administrator")
    with fresh_app.as_nobody() as page:
        page.goto("/")
        for _ in range(5):
            sign_in(page, "administrator", "not the password")
        sign_in(page, "administrator")
        expect(page.get_by_text(DOES_NOT_FIT)).to_be_visible()
        expect(sign_in_form(page)).to_be_visible()


def test_a_new_password_signs_out_everywhere(fresh_app: Dashboard) -> None:
    new = "another sentence of some length"
    with fresh_app.as_nobody() as page:
        page.goto("/")
        set_up(page, fresh_app.server.setup_code)
        take_steps(page, fresh_app.server, "administrator")
        with fresh_app.as_nobody() as elsewhere:
            elsewhere.goto("/")
            enter(elsewhere, fresh_app.server, "administrator")
            page.get_by_role("button", name="Aishath Naseem").click()
            page.get_by_role("button", name="Change password").click()
            for current, says in (("not the password", "does not fit"), (PASSWORD, "")):
                dialog = page.get_by_role("dialog")
                for label, text in (("Current password", current), ("New password", new), ("New password again", new)):
                    dialog.get_by_label(label, exact=True).fill(text)
                dialog.get_by_role("button", name="Change the password").click()
                if says:
                    expect(dialog.get_by_text(says)).to_be_visible()
            expect(sign_in_form(page)).to_be_visible()
            elsewhere.reload()
            expect(sign_in_form(elsewhere)).to_be_visible()
        sign_in(page, "administrator")
        expect(page.get_by_text(DOES_NOT_FIT)).to_be_visible()
        enter(page, fresh_app.server, "administrator", new)


def test_signing_in_lasts_over_a_reload_and_ends_with_signing_out(sample_app: Dashboard) -> None:
    asked: list[str] = []
    with sample_app.as_nobody() as page:
        page.on("request", lambda request: asked.append(request.url))
        page.goto("/")
        sign_in(page, "member", "not the password")
        expect(page.get_by_text(DOES_NOT_FIT)).to_be_visible()
        enter(page, sample_app.server, "member")
        page.reload()
        expect_page(page, "Overview")
        cookie = next(cookie for cookie in page.context.cookies() if cookie["name"] == "sid")
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Strict"
        seen_by_scripts = page.evaluate("document.cookie")
        assert "sid=" not in seen_by_scripts
        assert cookie["value"] not in seen_by_scripts
        assert "/session" in {urlsplit(url).path for url in asked}, "the ticket was sent, in the body of a request"
        assert not [url for url in asked if cookie["value"] in url]
        # The component of the sign-in form is told the dashboard's own address.
        assert not [url for url in asked if urlsplit(url).query and "/component/" not in url]
        assert page.evaluate("Object.values({...localStorage, ...sessionStorage}).join()").count(cookie["value"]) == 0

        page.get_by_role("button", name="Ibrahim Shareef").click()
        page.get_by_role("button", name="Sign out").click()
        expect(sign_in_form(page)).to_be_visible()
        page.reload()
        expect(sign_in_form(page)).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_count(0)


def test_the_same_tab_can_sign_in_again_after_signing_out(sample_app: Dashboard) -> None:
    with sample_app.as_nobody() as page:
        page.goto("/")
        for username, name in (("official", "Fathimath Ali"), ("member", "Ibrahim Shareef")):
            enter(page, sample_app.server, username)
            page.get_by_role("button", name=name).click()
            page.get_by_role("button", name="Sign out").click()
            expect(sign_in_form(page)).to_be_visible()


def test_an_invited_person_chooses_a_password_and_an_open_screen_asks_for_it(fresh_app: Dashboard) -> None:
    """From the invitation to the first sign-in; then an administrator who left the screen alone for an hour."""
    server = fresh_app.server
    with fresh_app.as_nobody() as page:
        page.goto("/")
        set_up(page, server.setup_code)
        take_steps(page, server, "administrator")
        open_page(page, "/accounts", "Accounts")
        open_account(page, server, PEOPLE["official"])
        with fresh_app.as_nobody() as elsewhere:
            elsewhere.goto("/")
            temporary = server.temporary["official"]
            enter(elsewhere, server, "official")
            with fresh_app.as_nobody() as again:
                again.goto("/")
                sign_in(again, "official", temporary)
                expect(again.get_by_text(DOES_NOT_FIT)).to_be_visible()
            with closing(sqlite3.connect(server.database)) as connection, connection:
                connection.execute("UPDATE sessions SET confirmed_at = '2026-01-01 00:00:00.000000'")
            choose(page, "Account", PEOPLE["official"].name)
            page.get_by_role("button", name="Close the account").click()
            dialog = page.get_by_role("dialog")
            for password, says in (("not the password", "does not fit"), (PASSWORD, "")):
                dialog.get_by_label("Current password", exact=True).fill(password)
                dialog.get_by_role("button", name="Go on").click()
                if says:
                    expect(dialog.get_by_text(says)).to_be_visible()
            expect(page.get_by_text("The account is closed.")).to_be_visible()
            elsewhere.reload()
            expect(sign_in_form(elsewhere)).to_be_visible()


def test_everybody_reports_an_incident_from_any_page(sample_app: Dashboard) -> None:
    with sample_app.as_("official") as page:
        open_page(page, "/route", "Route")
        page.get_by_role("button", name=PEOPLE["official"].name).click()
        page.get_by_role("button", name="Report an incident").click()
        page.get_by_role("textbox", name="What has happened").fill("Somebody photographed the screen.")
        page.get_by_role("button", name="Report", exact=True).click()
        expect(page.get_by_text("It is reported.")).to_be_visible()
    with sample_app.as_("administrator") as page:
        open_page(page, "/safety", "Safety")
        expect(page.get_by_text("Somebody photographed the screen.")).to_be_visible()


def test_a_link_leads_to_its_page_and_filter_after_signing_in(sample_app: Dashboard) -> None:
    with sample_app.as_nobody() as page:
        page.goto("/route?status=Presumed+victim")
        enter(page, sample_app.server, "member", heading="Route")
        expect(page).to_have_url(re.compile(r"/route\?status=Presumed(\+|%20)victim$"))
        expect(box(page, "Status")).to_have_value("Presumed victim")
        expect(page.locator(".st-key-card_route .js-plotly-plot")).to_contain_text("Presumed victims by route")


def test_a_page_that_leaves_the_machine_would_be_noticed(sample_app: Dashboard) -> None:
    def look_elsewhere() -> None:
        with sample_app.as_nobody() as page:
            page.goto("/")
            with contextlib.suppress(Error):
                page.goto("https://example.org/")

    with pytest.raises(AssertionError, match=r"leave the machine: \['https://example\.org/'"):
        look_elsewhere()


def test_the_browser_refuses_what_no_page_of_ours_may_do(sample_app: Dashboard) -> None:
    """The content security policy: no request to another host, no script in the page, no frame around it."""

    def look_elsewhere() -> None:
        with sample_app.as_nobody() as page:
            page.goto("/")
            assert page.evaluate("fetch('https://example.org/').then(() => 'reached', () => 'refused')") == "refused"
            page.evaluate(
                "const script = document.createElement('script'); script.textContent = 'window.ran = true';"
                "document.body.append(script)"
            )
            assert page.evaluate("window.ran === undefined")

    with pytest.raises(AssertionError, match="Content Security Policy"):
        look_elsewhere()
