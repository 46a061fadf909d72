"""The identity provider: what it says of itself, where people are sent, and what their coming back proves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import quote_plus, urlsplit

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from dashboard.sessions.single_sign_on import id_token
from dashboard.sessions.single_sign_on.asking import ask
from dashboard.sessions.single_sign_on.model import OpenRequest, Proven, SignOnFailed, provider_away
from dashboard.settings import SingleSignOn

KEPT = timedelta(hours=1)
"""How long what the provider says of itself, and its keys, are taken for true."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser brought back in the address, each part at most once. Nothing of it is trusted."""

    state: str = ""
    code: str = ""
    issuer: str | None = None
    error: str = ""


class Provider:
    """One provider, as the settings name it. Shared by threads; asks as seldom as it can."""

    def __init__(self, settings: SingleSignOn) -> None:
        self.settings = settings
        self._lock = Lock()
        self._kept: dict[str, tuple[datetime, dict[str, Any]]] = {}

    def ready(self, *, at: datetime) -> None:
        """Ask what the provider says of itself, where that is not known. Raises SignOnFailed where it is away."""
        self._discovered(at=at)

    def authorisation(self, request: OpenRequest, *, at: datetime) -> str:
        """The address at the provider to which the browser is sent."""
        address: str = prepare_grant_uri(
            self._endpoint("authorization_endpoint", at=at),
            self.settings.client_id,
            "code",
            redirect_uri=self.settings.callback,
            scope="openid profile",
            state=request.state,
            nonce=request.nonce,
            code_challenge=create_s256_code_challenge(request.verifier),
            code_challenge_method="S256",
        )
        return address

    def prove(self, answer: Answer, request: OpenRequest, *, at: datetime) -> Proven:
        """Who came back. Raises SignOnFailed where nobody is proved."""
        self._require_own(answer, at=at)
        if answer.error:
            # An error is what the provider calls it; only the one a person causes is told apart.
            refused = answer.error == "access_denied"
            raise SignOnFailed(
                "the person or the provider refused" if refused else "the provider answered with an error",
                "The sign-in was cancelled, or your account may not use the dashboard." if refused else "",
            )
        if not answer.code:
            raise SignOnFailed("the answer holds no code")
        token = self._exchange(answer.code, request.verifier, at=at)
        try:
            return self._check(token, request, at=at)
        except id_token.WrongKey:
            # The provider may have new keys since we asked: once more, with them.
            self._forget("jwks_uri")
            return self._check(token, request, at=at)

    def _check(self, token: str, request: OpenRequest, *, at: datetime) -> Proven:
        own = self.settings
        keys = self._keys(at=at)
        return id_token.check(token, keys, issuer=own.issuer, client_id=own.client_id, nonce=request.nonce, at=at)

    def _require_own(self, answer: Answer, *, at: datetime) -> None:
        """RFC 9207: an answer that another provider mixed in is told by its issuer."""
        says_it = self._discovered(at=at).get("authorization_response_iss_parameter_supported") is True
        if answer.issuer != self.settings.issuer and (says_it or answer.issuer is not None):
            raise SignOnFailed("the answer is from another issuer")

    def _exchange(self, code: str, verifier: str, *, at: datetime) -> str:
        own = self.settings
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": own.callback,
            "code_verifier": verifier,
        }
        given = self._discovered(at=at).get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        offered: list[Any] = given if isinstance(given, list) else []
        endpoint = self._endpoint("token_endpoint", at=at)
        if "client_secret_basic" in offered:
            found = ask(endpoint, form, (quote_plus(own.client_id), quote_plus(own.client_secret)))
        elif "client_secret_post" in offered:
            found = ask(endpoint, form | {"client_id": own.client_id, "client_secret": own.client_secret})
        else:
            raise provider_away("the provider takes no client secret")
        token = found.get("id_token")
        if not isinstance(token, str):
            raise provider_away("the provider sent no ID token")
        return token

    def _keys(self, *, at: datetime) -> KeySet:
        found = self._asked("jwks_uri", self._endpoint("jwks_uri", at=at), at=at)
        try:
            return KeySet.import_key_set({"keys": [_public(key) for key in found["keys"]]})
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            raise provider_away("the keys of the provider can't be read") from None

    def _endpoint(self, name: str, *, at: datetime) -> str:
        """An address that the provider names: as safe on the way as that of the provider itself."""
        address = self._discovered(at=at).get(name)
        if not isinstance(address, str) or not _as_safe_as(self.settings.issuer, address):
            raise provider_away(f"the provider's {name} is missing or not safe")
        return address

    def _discovered(self, *, at: datetime) -> Mapping[str, Any]:
        found = self._asked("discovery", f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration", at=at)
        if found.get("issuer") != self.settings.issuer:
            self._forget("discovery")
            raise provider_away("the provider is called otherwise than the settings say")
        return found

    def _asked(self, what: str, address: str, *, at: datetime) -> dict[str, Any]:
        with self._lock:
            kept = self._kept.get(what)
        if kept is not None and at - kept[0] < KEPT:
            return kept[1]
        found = ask(address)
        with self._lock:
            self._kept[what] = (at, found)
        return found

    def _forget(self, what: str) -> None:
        with self._lock:
            self._kept.pop(what, None)


def _as_safe_as(issuer: str, address: str) -> bool:
    """https; or, where the issuer is tried out on this machine, the same host."""
    try:
        ours, theirs = urlsplit(issuer), urlsplit(address)
    except ValueError:
        return False
    if theirs.username is not None or theirs.fragment:
        return False
    return theirs.scheme == "https" or (theirs.scheme == ours.scheme and theirs.netloc == ours.netloc)


def _public(key: dict[str, Any]) -> dict[str, Any]:
    """A key as somebody may publish it; what is secret, or shared, is no key to us."""
    if key["kty"] not in {"RSA", "EC"}:
        return {"kty": "unknown"}
    return {
        name: value for name, value in key.items() if name in {"kty", "kid", "use", "alg", "n", "e", "crv", "x", "y"}
    }
