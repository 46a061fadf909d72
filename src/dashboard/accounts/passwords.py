"""Passwords: the rules for new ones, and the hash (streamlit-authenticator's bcrypt hasher)."""

from functools import lru_cache

from dashboard.accounts.model import Role
from dashboard.errors import DashboardError

SHORTEST = 12
SHORTEST_FOR_ADMINISTRATORS = 15
LONGEST_BYTES = 72
"""bcrypt reads no further; a longer password would pretend to a strength it has not."""


class WeakPassword(DashboardError):
    """The password breaks a rule; the message names the rule."""


def hash_password(password: str, role: Role) -> str:
    """Check the rules and give the bcrypt hash (60 characters). Raises WeakPassword."""
    shortest = SHORTEST_FOR_ADMINISTRATORS if role is Role.ADMINISTRATOR else SHORTEST
    # The sign-in form strips what is typed, so a blank at the end could never be typed again.
    if password != password.strip():
        raise WeakPassword("The password begins or ends with a blank. Leave it out.")
    if len(password) < shortest:
        raise WeakPassword(f"The password is too short. Use at least {shortest} characters; a sentence works well.")
    if len(password.encode()) > LONGEST_BYTES:
        raise WeakPassword(f"The password is too long. Use at most {LONGEST_BYTES} letters.")
    if len(set(password)) < 5:
        raise WeakPassword("The password repeats the same few characters. Choose another one.")
    return _bcrypt(password)


def fits(password: str, hashed: str) -> bool:
    """Whether a password is the one that was hashed."""
    from streamlit_authenticator.utilities.hasher import Hasher

    return bool(Hasher.check_pw(password, hashed))


def _bcrypt(password: str) -> str:
    # The package draws a component when it is imported, which it may only do while a screen is drawn.
    from streamlit_authenticator.utilities.hasher import Hasher

    return str(Hasher.hash(password))


@lru_cache(maxsize=1)
def dummy_hash() -> str:
    """A hash that no password fits, so that an unknown username takes as long as a known one."""
    return _bcrypt("no account has this password")
