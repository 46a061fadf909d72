"""What somebody may try on the way to a real identity provider and back, beside the honest way. No browser needed."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from sqlalchemy import func, select
from tests.browser import running, signing_on
from tests.browser.find_provider import find_provider
from tests.browser.signing_on import Place, Visitor, with_parameter
from tests.unit.sessions.single_sign_on.providing import lying

from dashboard.database import tables
from dashboard.sessions.single_sign_on import PendingIdentity, pending
from dashboard.sessions.single_sign_on.store import MOST_OPEN_FROM_ONE_ADDRESS
from dashboard.ui.single_sign_on import MOST_AT_ONCE

pytestmark = pytest.mark.browser

NO_REQUEST = "no such request of this browser"


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    command = find_provider()
    if command is None:
        pytest.skip("No Node.js with the identity provider of the tests. `make test` installs it.")
    with signing_on.place(tmp_path_factory.mktemp("single_sign_on"), command) as place:
        yield place


@pytest.fixture
def place(started: Place) -> Place:
    started.forget_requests()
    return started


def kept(place: Place, visitor: Visitor) -> PendingIdentity | None:
    """The identity that the visitor's cookie stands for."""
    with place.database.read() as connection:
        return pending(connection, visitor.cookie("identity") or "", at=datetime.now(UTC))


def open_requests(place: Place) -> int:
    with place.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(tables.oidc_requests)) or 0


def assert_gets_in(place: Place, visitor: Visitor, address: str) -> None:
    answer = visitor.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    found = kept(place, visitor)
    assert found is not None
    assert found.identity.issuer == place.provider.issuer


def test_the_honest_way(place: Place) -> None:
    """The control of every test below."""
    visitor = Visitor(place)
    address = visitor.way_back("fathimath")
    assert visitor.cookie("oidc")
    assert open_requests(place) == 1
    assert_gets_in(place, visitor, address)
    found = kept(place, visitor)
    assert found is not None
    assert found.identity.subject == "fathimath"
    assert found.display_name == "fathimath of the tests"
    assert not found.several_factors
    assert visitor.cookie("oidc") is None
    assert open_requests(place) == 0


@pytest.mark.parametrize("state", [None, "", "guessed", "%00", "x" * 3000])
def test_a_state_that_was_not_given_out_is_refused(place: Place, state: str | None) -> None:
    visitor = Visitor(place)
    address = visitor.way_back()
    assert place.log_of(visitor.get(with_parameter(address, "state", state))) == NO_REQUEST
    assert kept(place, visitor) is None


def test_an_answer_is_taken_once(place: Place) -> None:
    visitor = Visitor(place)
    address = visitor.way_back()
    browser = visitor.cookie("oidc")
    assert_gets_in(place, visitor, address)
    # With the cookie that the first time took away.
    again = requests.get(address, cookies={"oidc": str(browser)}, allow_redirects=False, timeout=30)
    assert place.log_of(again) == NO_REQUEST
    assert "identity" not in again.cookies


def test_nobody_is_signed_in_as_somebody_else_by_a_link(place: Place) -> None:
    """Login CSRF: who opens the attacker's answer would work in the attacker's account."""
    attacker, victim, in_the_middle = Visitor(place), Visitor(place), Visitor(place)
    address = attacker.way_back("attacker")
    in_the_middle.way_back("victim")
    for other in (victim, in_the_middle):
        assert place.log_of(other.get(address)) == NO_REQUEST
        assert kept(place, other) is None
    assert_gets_in(place, attacker, address)


@pytest.mark.parametrize(("site", "status"), [("cross-site", 403), ("same-origin", 303), ("none", 303), (None, 303)])
def test_another_site_cannot_begin_a_sign_in(place: Place, site: str | None, status: int) -> None:
    headers = {"Sec-Fetch-Site": site} if site else {}
    answer = requests.get(f"{place.server.url}/oidc/start", headers=headers, allow_redirects=False, timeout=30)
    assert answer.status_code == status
    assert ("set-cookie" in answer.headers) == (status == 303)


def test_a_code_put_into_the_answer_to_another_request_is_worth_nothing(place: Place) -> None:
    """Injection of a stolen code: the provider itself compares the challenge of the request it gave it for."""
    thief, victim = Visitor(place), Visitor(place)
    (stolen,) = parse_qs(urlsplit(victim.way_back("victim")).query)["code"]
    address = with_parameter(thief.way_back("thief"), "code", stolen)
    assert place.log_of(thief.get(address)) == "the provider answered with status 400"
    assert kept(place, thief) is None


def test_a_code_that_was_used_is_worth_nothing(place: Place) -> None:
    visitor = Visitor(place)
    address = visitor.way_back()
    assert_gets_in(place, visitor, address)
    (used,) = parse_qs(urlsplit(address).query)["code"]
    other = Visitor(place)
    assert place.log_of(other.get(with_parameter(other.way_back(), "code", used))).endswith("status 400")


def test_the_nonce_of_another_request_is_noticed(place: Place) -> None:
    """Somebody changes the address on the way there; the provider puts that nonce into an honest token."""
    visitor = Visitor(place)
    there = with_parameter(visitor.sent_away(), "nonce", "another")
    assert place.log_of(visitor.get(visitor.signed_in_there(there))) == "the ID token answers another request"
    assert kept(place, visitor) is None


@pytest.mark.parametrize("issuer", [None, "", "https://another.example.org", "http://localhost"])
def test_an_answer_of_another_provider_is_refused(place: Place, issuer: str | None) -> None:
    """Mix-up: this provider names itself in each answer, so that an answer without its name is not its own."""
    visitor = Visitor(place)
    address = with_parameter(visitor.way_back(), "iss", issuer)
    assert place.log_of(visitor.get(address)) == "the answer is from another issuer"
    assert kept(place, visitor) is None


def test_an_answer_that_says_something_twice_is_refused(place: Place) -> None:
    visitor = Visitor(place)
    address = visitor.way_back()
    assert place.log_of(visitor.get(f"{address}&state=x")).startswith("the answer says something twice")
    visitor = Visitor(place)
    address = visitor.way_back()
    assert place.log_of(visitor.get(f"{address}&more={'x' * 5000}")).startswith("the answer says something twice")


@pytest.mark.parametrize("name", ["next", "redirect", "redirect_uri", "return_to", "url"])
def test_no_address_leads_elsewhere(place: Place, name: str) -> None:
    visitor = Visitor(place)
    answer = visitor.get(f"/oidc/start?{name}=https://example.org/")
    there = answer.headers["Location"]
    assert there.startswith(f"{place.provider.issuer}/auth?")
    assert parse_qs(urlsplit(there).query)["redirect_uri"] == [place.provider.callback]
    assert_gets_in(place, visitor, f"{visitor.signed_in_there(there)}&{name}=https://example.org/")


def test_at_another_address_of_the_dashboard_people_are_told_the_right_one(place: Place) -> None:
    elsewhere = place.server.url.replace("127.0.0.1", "localhost")
    answer = requests.get(f"{elsewhere}/oidc/start", allow_redirects=False, timeout=30)
    assert answer.status_code == 403
    assert f'<a href="{place.server.url}">' in answer.text
    assert open_requests(place) == 0


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("HEAD", "/oidc/start", 404),
        ("HEAD", "/oidc/callback", 404),
        ("POST", "/oidc/start", 405),
        ("POST", "/oidc/callback", 405),
        ("GET", "/oidc", 200),
        ("GET", "/oidc/", 401),
        ("GET", "/oidc/start/", 401),
        ("GET", "/oidc/other", 401),
        ("GET", "/oidc/callback/x", 401),
    ],
)
def test_nothing_else_is_open(place: Place, method: str, path: str, status: int) -> None:
    """`/oidc` is the empty page, as is every address of one word."""
    own = {"Origin": place.server.url}
    answer = requests.request(method, f"{place.server.url}{path}", headers=own, allow_redirects=False, timeout=30)
    assert answer.status_code == status
    assert open_requests(place) == 0
    if method == "POST":
        foreign = {"Origin": "https://example.org"}
        answer = requests.post(f"{place.server.url}{path}", headers=foreign, allow_redirects=False, timeout=30)
        assert answer.status_code == 403


def test_so_many_are_sent_away_from_one_address_and_no_more(place: Place) -> None:
    visitor = Visitor(place)
    for _ in range(MOST_OPEN_FROM_ONE_ADDRESS):
        visitor.sent_away()
    assert place.log_of(visitor.get("/oidc/start")) == "too many requests are open"
    assert open_requests(place) == MOST_OPEN_FROM_ONE_ADDRESS
    place.forget_requests()
    assert_gets_in(place, visitor, visitor.way_back())


def test_the_provider_may_change_its_keys(place: Place) -> None:
    before = Visitor(place)
    assert_gets_in(place, before, before.way_back())
    place.provider.stop()
    place.provider.start()
    after = Visitor(place)
    assert_gets_in(place, after, after.way_back())


def test_a_provider_that_goes_away_meanwhile_is_named_in_a_sentence(place: Place) -> None:
    visitor = Visitor(place)
    address = visitor.way_back()
    place.provider.stop()
    try:
        refused = visitor.get(address)
    finally:
        place.provider.start()
    assert place.log_of(refused) == "the provider was not reached: ConnectionError"
    assert "does not answer as it should. Try again in some minutes." in refused.text
    assert_gets_in(place, visitor, visitor.way_back())


def test_a_refusal_says_nothing_of_what_was_sent_and_neither_does_the_log(place: Place) -> None:
    visitor = Visitor(place)
    address = with_parameter(visitor.way_back("zubaida"), "iss", "https://another.example.org")
    sent = [value for values in parse_qs(urlsplit(address).query).values() for value in values]
    refused = visitor.get(address)
    assert "Nobody was signed in" in refused.text
    assert '<a href="/">' in refused.text
    assert refused.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in refused.headers["Content-Security-Policy"]
    assert place.log_of(refused) == "the answer is from another issuer"
    secrets = [*sent, "zubaida", str(visitor.cookie("oidc")), place.provider.settings["DASHBOARD_OIDC_CLIENT_SECRET"]]
    assert not [secret for secret in secrets if secret in refused.text or secret in place.server.log]


def test_a_provider_that_hangs_holds_nobody_else_up(tmp_path_factory: pytest.TempPathFactory) -> None:
    with lying() as slow:
        slow.seconds = {"/.well-known/openid-configuration": 20}
        port = running.free_port()
        settings = {
            "DASHBOARD_OIDC_ISSUER": slow.issuer,
            "DASHBOARD_OIDC_CLIENT_ID": "dashboard",
            "DASHBOARD_OIDC_CLIENT_SECRET": "secret",  # pragma: allowlist secret
            "DASHBOARD_OIDC_NAME": "IOM account",
            "DASHBOARD_OIDC_REDIRECT": f"http://127.0.0.1:{port}",
        }
        folder = tmp_path_factory.mktemp("hanging")
        with running.running(folder, sample=False, port=port, settings=settings) as server:
            answers: list[tuple[float, str]] = []

            def start() -> None:
                begun = time.monotonic()
                text = requests.get(f"{server.url}/oidc/start", timeout=60).text
                answers.append((time.monotonic() - begun, text))

            threads = [threading.Thread(target=start) for _ in range(MOST_AT_ONCE * 3)]
            for thread in threads:
                thread.start()
            time.sleep(1)
            begun = time.monotonic()
            # A guessed session: the gate has to look into the database for it.
            guessed = requests.get(f"{server.url}/media/x", cookies={"sid": "guessed"}, timeout=30)
            assert guessed.status_code == 401
            assert time.monotonic() - begun < 2
            for thread in threads:
                thread.join()
    at_once = [seconds for seconds, text in answers if "Too many people" in text]
    waited = [seconds for seconds, text in answers if "does not answer as it should" in text]
    assert len(waited) == MOST_AT_ONCE
    assert len(at_once) == MOST_AT_ONCE * 2
    assert max(at_once) < 4
    assert max(waited) < 14
