"""Single sign-on in a real browser, at a real identity provider on another site of this machine."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser import signing_on
from tests.browser.find_provider import find_provider
from tests.browser.running import (
    ADMINISTRATOR,
    PEOPLE,
    Dashboard,
    enter,
    expect_page,
    open_account,
    open_page,
    set_up,
    sign_in,
    take_steps,
)
from tests.browser.signing_on import NAME, Place

from dashboard.sessions.single_sign_on import Identity, pending

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def place(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    command = find_provider()
    if command is None:
        pytest.skip("No Node.js with the identity provider of the tests. `make test` installs it.")
    with signing_on.place(tmp_path_factory.mktemp("single_sign_on"), command) as started:
        yield started


@pytest.fixture(scope="module")
def dashboard(place: Place, browser: Browser) -> Dashboard:
    """Set up, with two invited people."""
    opened = Dashboard(place.server, browser, ())
    with opened.as_nobody() as page:
        page.goto("/")
        set_up(page, place.server.setup_code, ADMINISTRATOR)
        take_steps(page, place.server, ADMINISTRATOR.username)
        open_page(page, "/accounts", "Accounts")
        for username in ("official", "secretariat"):
            open_account(page, place.server, PEOPLE[username])
    return opened


def follow_the_link(page: Page) -> None:
    page.goto("/")
    link = page.get_by_role("link", name=f"Sign in with {NAME}", exact=True)
    expect(link).to_be_visible()
    link.click()
    expect(page.get_by_role("heading", name="Provider of the tests")).to_be_visible()


def expect_form(page: Page, place: Place) -> None:
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    expect(page).to_have_url(f"{place.server.url}/")


@pytest.mark.parametrize("with_a_code", [False, True])
def test_who_signs_in_at_the_provider_comes_back_as_a_pending_identity(
    dashboard: Dashboard, place: Place, with_a_code: bool
) -> None:
    with dashboard.as_nobody() as page:
        follow_the_link(page)
        request = own_cookies(page, place)["oidc"]
        assert request["httpOnly"]
        assert request["sameSite"] == "Lax"
        page.get_by_label("Name").fill("aminath")
        page.get_by_label("with a code").set_checked(with_a_code)
        sent = handshakes(page)
        page.get_by_role("button", name="Continue").click()
        expect_form(page, place)

        cookies = own_cookies(page, place)
        assert cookies.keys() == {"identity"}
        cookie = cookies["identity"]
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Strict"
        assert cookie["expires"] - datetime.now(UTC).timestamp() < 600
        assert cookie["value"] not in page.evaluate("document.cookie")
        # Streamlit reads cookies from the handshake: a strict one must get there, though another site sent the browser.
        assert any(f"identity={cookie['value']}" in headers for headers in sent)
        with place.database.read() as connection:
            found = pending(connection, cookie["value"], at=datetime.now(UTC))
        assert found is not None
        assert found.identity == Identity(place.provider.issuer, "aminath")
        assert found.display_name == "aminath of the tests"
        assert found.several_factors is with_a_code
        assert timedelta(minutes=9) < found.expires_at - datetime.now(UTC) <= timedelta(minutes=10)


def come_back_as(page: Page, name: str, *, with_a_code: bool = False) -> None:
    """The whole way to the provider and back."""
    follow_the_link(page)
    page.get_by_label("Name").fill(name)
    page.get_by_label("with a code").set_checked(with_a_code)
    page.get_by_role("button", name="Continue").click()


def sign_out(page: Page, username: str) -> None:
    page.get_by_role("button", name=PEOPLE[username].name).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_an_invited_person_links_the_identity_once_and_then_needs_no_password(
    dashboard: Dashboard, place: Place
) -> None:
    temporary = place.server.temporary["official"]
    with dashboard.as_nobody() as page:
        come_back_as(page, "fathimath")
        expect(page.get_by_text("You are known as fathimath of the tests, but not here yet.")).to_be_visible()
        enter(page, place.server, "official")
        assert "identity" not in own_cookies(page, place), "the pending identity is used up"
        sign_out(page, "official")
        sign_in(page, "official", temporary)
        expect(page.get_by_text("Username and password do not fit")).to_be_visible()
    with dashboard.as_nobody() as page:
        come_back_as(page, "fathimath")
        expect_page(page, "Overview")
        open_page(page, "/account", "Your account")
        expect(page.get_by_text("Single sign-on", exact=True)).to_be_visible()
        page.get_by_role("button", name="Take the link away").click()
        expect(page.get_by_text("Without it you could not sign in any more.")).to_be_visible()


def test_who_is_known_there_and_not_invited_here_stays_outside(dashboard: Dashboard) -> None:
    with dashboard.as_nobody() as page:
        come_back_as(page, "somebody")
        expect(page.get_by_text("You are known as somebody of the tests, but not here yet.")).to_be_visible()
        sign_in(page, "official", "a guess")
        expect(page.get_by_text("Username and password do not fit")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_count(0)


def test_who_came_before_in_this_browser_is_linked_to_nobody(dashboard: Dashboard, place: Place) -> None:
    """Somebody signs in at the provider and leaves; the next person at this screen says it was not them."""
    with dashboard.as_nobody() as page:
        come_back_as(page, "mallory")
        expect(page.get_by_text("You are known as mallory of the tests")).to_be_visible()
        sign_in(page, "administrator")
        expect(page.get_by_role("heading", name="Code from your phone")).to_be_visible()
        page.get_by_label("Six-digit code, or a recovery code").fill(place.server.phones["administrator"].code())
        page.get_by_role("button", name="Go on", exact=True).click()
        expect(page.get_by_role("heading", name="Link single sign-on")).to_be_visible()
        page.get_by_role("button", name="No, that is somebody else").click()
        expect_page(page, "Overview")
    with dashboard.as_nobody() as page:
        come_back_as(page, "mallory", with_a_code=True)
        expect(page.get_by_text("You are known as mallory of the tests")).to_be_visible()
        page.get_by_role("button", name="That is not me").click()
        expect(page.get_by_text("You are known as")).to_have_count(0)
        expect(page.get_by_role("link", name=f"Sign in with {NAME}")).to_be_visible()


def test_a_code_at_the_provider_stands_for_the_phone_and_without_one_it_is_asked_here(
    dashboard: Dashboard, place: Place
) -> None:
    with dashboard.as_nobody() as page:
        come_back_as(page, "mariyam")
        enter(page, place.server, "secretariat")
    with dashboard.as_nobody() as page:
        come_back_as(page, "mariyam")
        expect(page.get_by_role("heading", name="Code from your phone")).to_be_visible()
        take_steps(page, place.server, "secretariat")
    with dashboard.as_nobody() as page:
        come_back_as(page, "mariyam", with_a_code=True)
        expect_page(page, "Overview")


def own_cookies(page: Page, place: Place) -> dict[str, Any]:
    """The cookies of the dashboard, but Streamlit's own."""
    found = page.context.cookies(place.server.url)
    return {cookie["name"]: cookie for cookie in found if not cookie["name"].startswith("_streamlit")}


def handshakes(page: Page) -> list[str]:
    """What the browser sends with each WebSocket that it opens from now on."""
    seen: list[str] = []
    protocol = page.context.new_cdp_session(page)
    protocol.on("Network.webSocketWillSendHandshakeRequest", lambda event: seen.append(json.dumps(event["request"])))
    protocol.send("Network.enable")
    return seen


def test_who_refuses_at_the_provider_is_told_so_and_can_go_back(dashboard: Dashboard, place: Place) -> None:
    def refuse() -> None:
        with dashboard.as_nobody() as page:
            follow_the_link(page)
            page.get_by_role("button", name="Refuse").click()
            expect(page.get_by_role("heading", name="Nobody was signed in")).to_be_visible()
            expect(page.get_by_text("The sign-in was cancelled, or your account may not use")).to_be_visible()
            assert page.evaluate("document.fonts.ready.then(fonts => fonts.check('16px Lato'))")
            page.get_by_role("link", name="Back to the sign-in form").click()
            expect_form(page, place)
            assert own_cookies(page, place) == {}

    # Chromium writes the status 403 of the page into its console; nothing else may be there.
    with pytest.raises(AssertionError, match=r"^errors in the browser's console: \['[^']*status of 403[^']*'\]"):
        refuse()


def test_without_a_provider_there_is_neither_link_nor_route(sample_app: Dashboard) -> None:
    with sample_app.as_nobody() as page:
        page.goto("/")
        expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
        expect(page.get_by_role("link", name="Sign in with")).to_have_count(0)
        for path in ("/oidc/start", "/oidc/callback?state=x&code=y"):
            assert page.request.get(path).status == 404
