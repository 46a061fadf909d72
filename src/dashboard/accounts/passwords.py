"""Passwords: the rules for new ones, temporary ones, and the hash (streamlit-authenticator's bcrypt hasher)."""

import re
import secrets
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from importlib.resources import files

from dashboard.accounts.model import Role
from dashboard.errors import DashboardError

SHORTEST = 12
SHORTEST_FOR_ADMINISTRATORS = 15
LONGEST_BYTES = 72
"""bcrypt reads no further; a longer password would pretend to a strength it has not."""
TEMPORARY_FOR = timedelta(hours=24)
NO_PASSWORD = "none"  # noqa: S105
"""Stands where a hash would: no password fits it."""

DUMMY_HASH = "$2b$12$gjuAIuuuMmMt.JEQJem0W.hLw1FBoRNDpRWVJ7JAZjXS2jrxYk/wy"  # pragma: allowlist secret
"""A hash that no password fits, so that an unknown username takes as long as a known one: random bytes, forgotten."""

_LEAST_OF_OWN = 8
"""Letters that have to be left when what everybody knows is taken out."""
_SHORTEST_CONTEXT = 4
_OF_THE_GROUP = ("consular", "working", "group", "dashboard", "trafficking", "persons", "maldives", "password")
_LOOKALIKES = str.maketrans("01345789@$!", "oieastbgasi")
_UNAMBIGUOUS = "abcdefghjkmnpqrstuvwxyz23456789"  # pragma: allowlist secret


class WeakPassword(DashboardError):
    """The password breaks a rule; the message names the rule."""


def shortest(role: Role) -> int:
    """How many characters a password of the role needs."""
    return SHORTEST_FOR_ADMINISTRATORS if role is Role.ADMINISTRATOR else SHORTEST


def hash_password(password: str, role: Role, *, about: Iterable[str] = ()) -> str:
    """Check the rules and give the bcrypt hash (60 characters). Raises WeakPassword.

    about: the person's username, name and organisation, which a password may hold but not consist of.
    """
    # The sign-in form strips what is typed, so a blank at the end could never be typed again.
    if password != password.strip():
        raise WeakPassword("The password begins or ends with a blank. Leave it out.")
    if len(password) < shortest(role):
        raise WeakPassword(
            f"The password is too short. Use at least {shortest(role)} characters; a sentence works well."
        )
    if len(password.encode()) > LONGEST_BYTES:
        raise WeakPassword(f"The password is too long. Use at most {LONGEST_BYTES} letters.")
    if len(set(password)) < 5:
        raise WeakPassword("The password repeats the same few characters. Choose another one.")
    if _is_common(password):
        raise WeakPassword("The password is one of those that everybody tries first. Choose a sentence of your own.")
    if _is_about(password, about):
        raise WeakPassword(
            "The password is made of names and words that everybody here knows. Choose a sentence of your own."
        )
    return _bcrypt(password)


def temporary_password() -> tuple[str, str]:
    """A password to tell a person, 80 bits of chance in four groups, and its hash."""
    password = typeable(groups=4, each=4)
    return password, _bcrypt(password)


def typeable(*, groups: int, each: int) -> str:
    """Letters and figures by chance that nobody takes for each other, in groups: 5 bits each."""
    return "-".join("".join(secrets.choice(_UNAMBIGUOUS) for _ in range(each)) for _ in range(groups))


def fits(password: str, hashed: str) -> bool:
    """Whether a password is the one that was hashed. One that is too long to be any is none."""
    from streamlit_authenticator.utilities.hasher import Hasher

    if hashed == NO_PASSWORD or len(password.encode()) > LONGEST_BYTES:
        return False
    return bool(Hasher.check_pw(password, hashed))


def _bcrypt(password: str) -> str:
    # The package draws a component when it is imported, which it may only do while a screen is drawn.
    from streamlit_authenticator.utilities.hasher import Hasher

    return str(Hasher.hash(password))


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """The 10,000 most common leaked passwords of two published counts, and all long ones of the first 40,000.

    Source: the frequency lists of zxcvbn 4.5 and of Django 5.2, both from published leaks.
    """
    text = (files("dashboard.accounts") / "common_passwords.txt").read_text(encoding="ascii")
    return frozenset(text.split())


def _is_common(password: str) -> bool:
    """Whether it is a common one, as it is or with figures, signs and lookalikes around and in it, or repeated."""
    lower = "".join(password.casefold().split())
    letters = _letters(lower)
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", lower)
    tries = {lower, letters, _letters(core.translate(_LOOKALIKES)), _unrepeated(lower), _unrepeated(letters)}
    return any(one in _common() for one in tries)


def _unrepeated(text: str) -> str:
    """The beginning of which the text consists, over and over."""
    again = (text + text).find(text, 1)
    return text[:again] if again > 0 else text


def _is_about(password: str, about: Iterable[str]) -> bool:
    words = {_letters(word) for text in about for word in re.split(r"[\W_]+", text.casefold())}
    left = _letters(password.casefold())
    known = {word for word in words | set(_OF_THE_GROUP) if len(word) >= _SHORTEST_CONTEXT}
    taken = re.sub("|".join(map(re.escape, sorted(known, key=len, reverse=True))), "", left)
    return taken != left and len(taken) < _LEAST_OF_OWN


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalpha())
