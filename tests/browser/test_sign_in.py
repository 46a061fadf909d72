"""Setting up, signing in and out, in a real browser: the cookie, the reload, the link that somebody sent."""

import contextlib
import re

import pytest
from playwright.sync_api import Error, Locator, Page, expect
from tests.browser.running import PASSWORD, Dashboard, box, expect_page, set_up, sign_in

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
        expect_page(page, "Overview")
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
        expect_page(page, "Overview")
    with fresh_app.as_nobody() as page:
        page.goto("/")
        for _ in range(4):
            sign_in(page, "administrator", "not the password")
        sign_in(page, "administrator")
        expect_page(page, "Overview")
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
        expect_page(page, "Overview")
        with fresh_app.as_nobody() as elsewhere:
            elsewhere.goto("/")
            sign_in(elsewhere, "administrator")
            expect_page(elsewhere, "Overview")
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
        sign_in(page, "administrator", new)
        expect_page(page, "Overview")


def test_signing_in_lasts_over_a_reload_and_ends_with_signing_out(sample_app: Dashboard) -> None:
    with sample_app.as_nobody() as page:
        page.goto("/")
        sign_in(page, "member", "not the password")
        expect(page.get_by_text(DOES_NOT_FIT)).to_be_visible()
        sign_in(page, "member")
        expect_page(page, "Overview")
        page.reload()
        expect_page(page, "Overview")
        cookie = next(cookie for cookie in page.context.cookies() if cookie["name"] == "sid")
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Strict"
        seen_by_scripts = page.evaluate("document.cookie")
        assert "sid=" not in seen_by_scripts
        assert cookie["value"] not in seen_by_scripts

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
            sign_in(page, username)
            expect_page(page, "Overview")
            page.get_by_role("button", name=name).click()
            page.get_by_role("button", name="Sign out").click()
            expect(sign_in_form(page)).to_be_visible()


def test_a_link_leads_to_its_page_and_filter_after_signing_in(sample_app: Dashboard) -> None:
    with sample_app.as_nobody() as page:
        page.goto("/route?status=Presumed+victim")
        sign_in(page, "member")
        expect_page(page, "Route")
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
