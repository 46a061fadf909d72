"""Checking an ID token: who signed it, for whom, when, and as the answer to which request."""

import hmac
from datetime import datetime, timedelta
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from dashboard.sessions.single_sign_on.model import LIFE, Identity, Proven, SignOnFailed

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures with a private key that only the provider has. Not "none"; not HS*, whose key we have too."""
LEEWAY = timedelta(minutes=1)
"""How far the provider's clock may be from ours."""
_LONGEST_NAME, _LONGEST_SUBJECT = 120, 255


class WrongKey(SignOnFailed):
    """No key that we know made the signature; the provider may have new ones."""


def check(token: str, keys: KeySet, *, issuer: str, client_id: str, nonce: str, at: datetime) -> Proven:
    """Whom the token proves. Raises SignOnFailed where any part of it is not as it must be."""
    try:
        claims = _signed(token, keys)
        _validate(claims, issuer=issuer, client_id=client_id, nonce=nonce, at=at)
    except JoseError as error:
        raise SignOnFailed(f"the ID token is refused: {error.error}") from None
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SignOnFailed(f"the ID token can't be read: {type(error).__name__}") from None
    return Proven(Identity(issuer, _subject(claims)), _name(claims), "mfa" in (claims.get("amr") or ()))


def _signed(token: str, keys: KeySet) -> CodeIDToken:
    try:
        # Headers that nobody asked for are no reason to refuse, but for "crit", which is checked all the same.
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        found = jwt.decode(token, keys, algorithms=ALGORITHMS, registry=registry)
    except (BadSignatureError, InvalidKeyIdError):
        raise WrongKey("the ID token is signed by a key that the provider does not name") from None
    if str(found.header.get("typ", "JWT")).upper() != "JWT":
        raise SignOnFailed("the token is of another kind")
    return CodeIDToken(found.claims, found.header)


def _validate(claims: CodeIDToken, *, issuer: str, client_id: str, nonce: str, at: datetime) -> None:
    claims.options = {"iss": {"essential": True, "value": issuer}}
    claims.params = {"client_id": client_id}
    claims.validate(now=int(at.timestamp()), leeway=int(LEEWAY.total_seconds()))
    # Stricter than the package: nobody but us, a nonce in any case, and no token of long ago.
    if claims["aud"] not in (client_id, [client_id]):
        raise SignOnFailed("the ID token is for somebody else")
    if claims.get("azp", client_id) != client_id:
        raise SignOnFailed("the ID token was given to somebody else")
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise SignOnFailed("the ID token answers another request")
    if claims["iat"] < (at - LIFE - LEEWAY).timestamp():
        raise SignOnFailed("the ID token is from long ago")


def _subject(claims: CodeIDToken) -> str:
    subject = claims["sub"]
    if not (isinstance(subject, str) and subject.isascii() and subject.isprintable()):
        raise SignOnFailed("the subject is not as the standard says")
    if not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise SignOnFailed("the subject is empty or too long")
    return subject


def _name(claims: CodeIDToken) -> str:
    """By what the owner knows which of their accounts it is. It opens nothing."""
    given: Any = claims.get("name") or claims.get("preferred_username")
    if not isinstance(given, str):
        return ""
    return "".join(sign for sign in given if sign.isprintable()).strip()[:_LONGEST_NAME]
