"""What the provider may say, and every lie that must prove nobody. Each lie is one change to an honest answer."""

import base64
import hmac
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jws, jwt
from joserfc.jwk import OctKey, RSAKey
from tests.examples import MINUTE, NOW
from tests.unit.sessions.single_sign_on.providing import CLIENT, EC_KEY, KEY, OTHER_KEY, SECRET, Lying, lying, signed

from dashboard.sessions.single_sign_on import Answer, Identity, OpenRequest, Proven, Provider, SignOnFailed
from dashboard.sessions.single_sign_on.asking import MOST_BYTES, SECONDS

REQUEST = OpenRequest("the state", "the browser", "the nonce", "v" * 43)
SECONDS_NOW = int(NOW.timestamp())


@pytest.fixture
def provider() -> Iterator[Lying]:
    with lying() as made:
        made.challenge = create_s256_code_challenge(REQUEST.verifier)
        yield made


def prove(provider: Lying, answer: Answer | None = None) -> Proven:
    """Somebody comes back to a dashboard that has just started."""
    return Provider(provider.settings()).prove(answer or Answer("the state", "a code"), REQUEST, at=NOW)


def refused(provider: Lying, answer: Answer | None = None) -> str:
    """For the log: why nobody was proved. The person reads nothing of the token."""
    with pytest.raises(SignOnFailed) as failure:
        prove(provider, answer)
    assert "token" not in str(failure.value)
    assert "subject-1" not in str(failure.value) + failure.value.reason
    assert SECRET not in str(failure.value) + failure.value.reason
    return failure.value.reason


def test_an_honest_answer_proves_an_identity(provider: Lying) -> None:
    """The control of every test below."""
    provider.claims = {"name": "Aminath \u0394", "email": "aminath@example.org", "amr": ["pwd", "mfa"]}
    assert prove(provider) == Proven(Identity(provider.issuer, "subject-1"), "Aminath \u0394", True)
    _, form, headers = next(asked for asked in provider.asked if asked[0] == "/token")
    assert form == {
        "grant_type": "authorization_code",
        "code": "a code",
        "redirect_uri": "http://127.0.0.1:8501/oidc/callback",
        "code_verifier": REQUEST.verifier,
    }
    # Encoded as in a form first, as RFC 6749 has it: the secret holds a colon.
    assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")) == b"dashboard:a+secret%3A+with%2Fsigns%2B"


def test_the_way_there_carries_state_nonce_and_challenge_and_no_secret(provider: Lying) -> None:
    address = Provider(provider.settings()).authorisation(REQUEST, at=NOW)
    assert address.startswith(f"{provider.issuer}/authorise?")
    assert parse_qs(urlsplit(address).query) == {
        "response_type": ["code"],
        "client_id": [CLIENT],
        "redirect_uri": ["http://127.0.0.1:8501/oidc/callback"],
        "scope": ["openid profile"],
        "state": ["the state"],
        "nonce": ["the nonce"],
        "code_challenge": [create_s256_code_challenge(REQUEST.verifier)],
        "code_challenge_method": ["S256"],
    }
    assert REQUEST.verifier not in address
    assert REQUEST.browser not in address


@pytest.mark.parametrize(
    ("claims", "name", "several"),
    [
        ({}, "", False),
        ({"preferred_username": "aminath", "amr": ["pwd"]}, "aminath", False),
        ({"name": 7, "amr": []}, "", False),
        ({"name": "A\u202e\n\x00" + "b" * 200, "amr": ["mfa"]}, "A" + "b" * 119, True),
    ],
)
def test_name_and_factors_are_what_was_said_and_nothing_is_invented(
    provider: Lying, claims: dict[str, Any], name: str, several: bool
) -> None:
    provider.claims = claims
    found = prove(provider)
    assert (found.display_name, found.several_factors) == (name, several)


def test_a_signature_by_an_elliptic_curve_is_taken(provider: Lying) -> None:
    provider.published = [KEY, EC_KEY]
    provider.token = lambda _, claims: jwt.encode(
        {"alg": "ES256", "kid": "elliptic"}, claims, EC_KEY, algorithms=["ES256"]
    )
    assert prove(provider)


@pytest.mark.parametrize(
    ("methods", "by_form"), [(["client_secret_post"], True), (None, False), (["private_key_jwt"], None)]
)
def test_the_secret_is_given_as_the_provider_asks_for_it(
    provider: Lying, methods: list[str] | None, by_form: bool | None
) -> None:
    provider.discovery = {"token_endpoint_auth_methods_supported": methods}
    if by_form is None:
        assert refused(provider) == "the provider takes no client secret"
        return
    assert prove(provider)
    _, form, headers = next(asked for asked in provider.asked if asked[0] == "/token")
    assert (form.get("client_secret") == SECRET) is by_form
    assert ("Authorization" in headers) is not by_form


# Claims -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": ""},
        {"nonce": 1},
        {"iss": "https://login.example.org"},
        {"iss": ["the issuer"]},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"sub": "Ami\u0304nath"},
        {"sub": "line\nfeed"},
        {"aud": "another"},
        {"aud": []},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": CLIENT},
        {"aud": 7},
        {"azp": "another"},
        {"exp": SECONDS_NOW - 61},
        {"exp": "never"},
        {"exp": float("nan")},
        {"exp": float("inf")},
        {"iat": SECONDS_NOW + 61},
        {"iat": SECONDS_NOW - 700},
        {"iat": float("nan")},
        {"nbf": SECONDS_NOW + 61},
        {"amr": "mfa"},
    ],
    ids=str,
)
def test_a_token_that_says_something_else_is_refused(provider: Lying, claims: dict[str, Any]) -> None:
    provider.claims = claims
    assert refused(provider).startswith(("the ID token", "the subject"))
    assert provider.paths()[-1] in {"/token", "/keys"}, "it was the token that was refused"


@pytest.mark.parametrize("claim", ["iss", "sub", "aud", "exp", "iat", "nonce"])
def test_a_token_that_leaves_something_out_is_refused(provider: Lying, claim: str) -> None:
    provider.without = frozenset({claim})
    assert "ID token" in refused(provider)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": [CLIENT]},
        {"azp": CLIENT},
        {"exp": SECONDS_NOW - 30},
        {"iat": SECONDS_NOW + 30},
        {"sub": "x" * 255},
        {"nbf": SECONDS_NOW},
    ],
    ids=str,
)
def test_what_the_standard_leaves_open_is_taken(provider: Lying, claims: dict[str, Any]) -> None:
    """The control of the two above: it is not any change that is refused."""
    provider.claims = claims
    assert prove(provider)


# Signatures -------------------------------------------------------------------------------------


def part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def unsigned(_: Lying, claims: dict[str, Any]) -> str:
    return f"{part({'alg': 'none', 'kid': 'first'})}.{part(claims)}."


def without_a_signature(provider: Lying, claims: dict[str, Any]) -> str:
    return signed(provider, claims).rpartition(".")[0] + "."


def by_the_public_key_as_a_shared_one(_: Lying, claims: dict[str, Any]) -> str:
    # By hand: the package makes no such signature.
    content = f"{part({'alg': 'HS256', 'kid': 'first'})}.{part(claims)}"
    made = hmac.digest(KEY.as_pem(private=False), content.encode(), "sha256")
    return f"{content}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


def by_the_client_secret(_: Lying, claims: dict[str, Any]) -> str:
    shared = OctKey.import_key(SECRET.ljust(32, "."))
    return jws.serialize_compact({"alg": "HS256"}, json.dumps(claims), shared, algorithms=["HS256"])


def by_another_key_of_that_name(_: Lying, claims: dict[str, Any]) -> str:
    other = RSAKey.generate_key(2048, {"kid": "first"})
    return jwt.encode({"alg": "RS256", "kid": "first"}, claims, other, algorithms=["RS256"])


def by_a_key_nobody_published(_: Lying, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "second"}, claims, OTHER_KEY, algorithms=["RS256"])


def by_a_key_that_it_brings_along(_: Lying, claims: dict[str, Any]) -> str:
    header = {"alg": "ES256", "kid": "elliptic", "jwk": EC_KEY.as_dict(private=False)}
    return jwt.encode(header, claims, EC_KEY, algorithms=["ES256"])


def changed_afterwards(provider: Lying, claims: dict[str, Any]) -> str:
    head, _, signature = signed(provider, claims).split(".")
    return f"{head}.{part(claims | {'sub': 'the minister'})}.{signature}"


def of_another_kind(provider: Lying, claims: dict[str, Any]) -> str:
    header = {"alg": "RS256", "kid": "first", "typ": "at+jwt"}
    return jwt.encode(header, claims, provider.key, algorithms=["RS256"])


def with_a_demand_that_nobody_knows(provider: Lying, claims: dict[str, Any]) -> str:
    header = {"alg": "RS256", "kid": "first", "crit": ["exp"], "exp": 1}
    return jws.serialize_compact(
        header,
        json.dumps(claims),
        provider.key,
        algorithms=["RS256"],
        registry=Anything(),
    )


class Anything(jws.JWSRegistry):
    """Signs whatever the header says."""

    def check_header(self, header: dict[str, Any]) -> None:
        """Nothing is checked."""


WRONG_KEY = "the ID token is signed by a key that the provider does not name"
ALGORITHM = "the ID token is refused: unsupported_algorithm"


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (unsigned, ALGORITHM),
        (without_a_signature, WRONG_KEY),
        (by_the_public_key_as_a_shared_one, ALGORITHM),
        (by_the_client_secret, ALGORITHM),
        (by_another_key_of_that_name, WRONG_KEY),
        (by_a_key_nobody_published, WRONG_KEY),
        (by_a_key_that_it_brings_along, WRONG_KEY),
        (changed_afterwards, WRONG_KEY),
        (of_another_kind, "the token is of another kind"),
        (with_a_demand_that_nobody_knows, "the ID token is refused: unsupported_header"),
        (lambda *_: "", "the ID token is refused: decode_error"),
        (lambda *_: "\u0394.\u0394.\u0394", "the ID token is refused: decode_error"),
        (lambda *_: f"{part([])}.{part({})}.x", "the ID token is refused: missing_algorithm"),
        (lambda provider, _: signed(provider, {"sub": "x"}), "the ID token is refused: missing_claim"),
        (lambda provider, _: signed(provider, {"sub": "x" * 140_000}), "the ID token is refused: exceeded_size"),
    ],
)
def test_a_token_that_the_provider_did_not_sign_so_is_refused(provider: Lying, token: Any, reason: str) -> None:
    provider.token = token
    assert refused(provider) == reason


def test_a_public_key_of_the_provider_given_out_as_a_shared_one_is_none(provider: Lying) -> None:
    shared = OctKey.import_key(SECRET.ljust(32, "."), {"kid": "shared"})
    provider.published = [shared.as_dict(private=True), KEY]
    assert prove(provider)
    provider.token = lambda _, claims: jws.serialize_compact(
        {"alg": "HS256", "kid": "shared"}, json.dumps(claims), shared, algorithms=["HS256"]
    )
    assert refused(provider)


def test_new_keys_are_fetched_when_they_are_needed_and_old_ones_are_dropped(provider: Lying) -> None:
    ours = Provider(provider.settings())

    def come_back(at: Any = NOW) -> Proven:
        return ours.prove(Answer("the state", "a code"), REQUEST, at=at)

    assert come_back()
    assert come_back()
    assert provider.paths().count("/keys") == 1
    provider.key, provider.published = OTHER_KEY, [OTHER_KEY]
    assert come_back()
    assert provider.paths().count("/keys") == 2
    provider.key = KEY
    with pytest.raises(SignOnFailed, match="could not be checked"):
        come_back()
    assert provider.paths().count("/keys") == 3


def test_a_key_that_was_withdrawn_is_forgotten_within_the_hour(provider: Lying) -> None:
    """With a token of the old key, as whoever stole it would make one: it is known until it is asked for anew."""
    ours = Provider(provider.settings())
    assert ours.prove(Answer("the state", "a code"), REQUEST, at=NOW)
    provider.published = [OTHER_KEY]
    later = NOW + timedelta(hours=1)
    provider.claims = {"iat": int(later.timestamp()), "exp": int(later.timestamp()) + 60}
    with pytest.raises(SignOnFailed, match="could not be checked"):
        ours.prove(Answer("the state", "a code"), REQUEST, at=later)


# Answers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("supported", "issuer", "taken"),
    [
        (None, None, True),
        (None, "own", True),
        (None, "https://another.example.org", False),
        (None, "", False),
        (True, "own", True),
        (True, None, False),
        (True, "https://another.example.org", False),
    ],
)
def test_an_answer_that_another_provider_mixed_in_is_refused(
    provider: Lying, supported: bool | None, issuer: str | None, taken: bool
) -> None:
    provider.discovery = {"authorization_response_iss_parameter_supported": supported}
    answer = Answer("the state", "a code", provider.issuer if issuer == "own" else issuer)
    if taken:
        assert prove(provider, answer)
    else:
        assert refused(provider, answer) == "the answer is from another issuer"
        assert "/token" not in provider.paths(), "the code must not be sent to the wrong one"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer("s"), "the answer holds no code"),
        (Answer("s", "a code", error="access_denied"), "the person or the provider refused"),
        (Answer("s", "a code", error="<b>server_error"), "the provider answered with an error"),
    ],
)
def test_an_answer_without_a_code_asks_for_no_token(provider: Lying, answer: Answer, reason: str) -> None:
    assert refused(provider, answer) == reason
    assert "/token" not in provider.paths()


def test_the_verifier_of_another_request_is_worth_nothing(provider: Lying) -> None:
    provider.challenge = create_s256_code_challenge("another" * 10)
    assert refused(provider) == "the provider answered with status 400"


# What the provider says of itself ---------------------------------------------------------------


@pytest.mark.parametrize("issuer", ["https://another.example.org", None, "with a slash", 7])
def test_a_provider_of_another_name_is_refused(provider: Lying, issuer: object) -> None:
    provider.discovery = {"issuer": f"{provider.issuer}/" if issuer == "with a slash" else issuer}
    assert refused(provider) == "the provider is called otherwise than the settings say"
    assert provider.paths() == ["/.well-known/openid-configuration"]


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize(
    "address",
    [
        None,
        7,
        "",
        "//other.example.org",
        "http://other.example.org/x",
        "http://127.0.0.1:1/x",
        "file:///etc/hostname",
        "https://a@x.org/#y",
    ],
)
def test_an_address_less_safe_than_the_provider_is_not_asked(provider: Lying, name: str, address: object) -> None:
    provider.discovery = {name: address}
    ours = Provider(provider.settings())

    def go_and_come_back() -> None:
        ours.authorisation(REQUEST, at=NOW)
        ours.prove(Answer("the state", "a code"), REQUEST, at=NOW)

    with pytest.raises(SignOnFailed) as failure:
        go_and_come_back()
    assert failure.value.reason == f"the provider's {name} is missing or not safe"


DISCOVERY = "/.well-known/openid-configuration"
PATHS = pytest.mark.parametrize("path", [DISCOVERY, "/keys", "/token"])


@PATHS
@pytest.mark.parametrize("status", [201, 301, 302, 307, 308, 404, 500])
def test_only_a_plain_success_counts_and_nothing_is_followed(provider: Lying, path: str, status: int) -> None:
    provider.status = {path: status}
    assert refused(provider) == f"the provider answered with status {status}"
    assert "/elsewhere" not in provider.paths()


@PATHS
@pytest.mark.parametrize("body", [b"x", b"[]", b'"x"', b"{", b"\xff", b"[" * 100_000, b'{"keys": 7, "issuer": {}}'])
def test_an_answer_that_is_none_is_refused(provider: Lying, path: str, body: bytes) -> None:
    provider.body = {path: body}
    assert refused(provider)


@PATHS
def test_a_huge_answer_is_not_read_to_its_end(provider: Lying, path: str) -> None:
    provider.body = {path: b" " * (MOST_BYTES + 1) + b"{}"}
    assert refused(provider) == "the provider sent too much"


def test_a_large_answer_is_read(provider: Lying) -> None:
    """The control of the one above: blanks around an honest answer."""
    honest = json.dumps(provider.answer("/keys", {})).encode()
    provider.body = {"/keys": honest.rjust(MOST_BYTES - 1)}
    assert prove(provider)


def test_a_provider_that_does_not_answer_is_left_after_some_seconds(provider: Lying) -> None:
    provider.seconds = {DISCOVERY: SECONDS + 20}
    begun = time.monotonic()
    assert refused(provider) == "the provider was not reached: ReadTimeout"
    assert time.monotonic() - begun < SECONDS + 2


def test_a_provider_that_is_away_is_named_in_a_sentence_and_asked_again(provider: Lying) -> None:
    nobody = Provider(provider.settings(issuer="http://127.0.0.1:1"))
    with pytest.raises(SignOnFailed, match="does not answer as it should. Try again") as failure:
        nobody.ready(at=NOW)
    assert failure.value.reason == "the provider was not reached: ConnectionError"
    provider.status = {DISCOVERY: 503}
    ours = Provider(provider.settings())
    with pytest.raises(SignOnFailed):
        ours.ready(at=NOW)
    provider.status = {}
    ours.ready(at=NOW + MINUTE)


def test_what_the_provider_says_of_itself_is_asked_once_an_hour(provider: Lying) -> None:
    ours = Provider(provider.settings())
    for minutes in (0, 1, 59):
        ours.ready(at=NOW + minutes * MINUTE)
    assert provider.paths() == [DISCOVERY]
    ours.ready(at=NOW + 60 * MINUTE)
    assert provider.paths() == [DISCOVERY] * 2


def test_nothing_of_the_environment_is_obeyed(provider: Lying, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert prove(provider)
    assert all("Authorization" not in headers for path, _, headers in provider.asked if path != "/token")
