"""What signing in is made of: sessions, the steps up to one, and whether the dashboard is open at all."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dashboard.errors import NotPermitted

IDLE = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=8)
TICKET_LIFE = timedelta(seconds=60)


class Step(StrEnum):
    """What is left to do between the right password and an open session, in this order."""

    CODE = "type the code of the second factor"
    NEW_PASSWORD = "choose a password of one's own"  # noqa: S105
    SECOND_FACTOR = "set up a second factor"
    CLAUSE = "accept what readers of the figures promise"
    READY = "nothing"


class Refused(NotPermitted):
    """Signing in failed; the text is the same for every reason."""

    def __init__(self) -> None:
        super().__init__(
            "Username and password do not fit, or there were too many tries. "
            "Check both, wait some minutes, or ask an administrator."
        )


@dataclass(frozen=True, slots=True)
class Session:
    """One place where an account is, or was, signed in."""

    id: str
    browser: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime

    def is_open(self, at: datetime) -> bool:
        """Whether it is neither idle for too long, nor too old."""
        return self.expires_at > at and self.last_seen_at > at - IDLE


@dataclass(frozen=True, slots=True)
class Closure:
    """The dashboard is closed to all but administrators: since when, by whom, why."""

    at: datetime
    by_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Incident:
    """What somebody reported."""

    at: datetime
    by_name: str
    text: str


_BROWSERS = (
    ("Edge", re.compile(r"\bEdgA?/")),
    ("Opera", re.compile(r"\bOPR/")),
    ("Firefox", re.compile(r"\bFirefox/")),
    ("Chrome", re.compile(r"\b(?:HeadlessChrome|Chrome|CriOS)/")),
    ("Safari", re.compile(r"\bSafari/")),
)
_SYSTEMS = (
    ("Android", re.compile("Android")),
    ("iPhone", re.compile("iPhone")),
    ("iPad", re.compile("iPad")),
    ("Windows", re.compile("Windows")),
    ("macOS", re.compile("Macintosh|Mac OS X")),
    ("Linux", re.compile("Linux")),
)


def browser_name(user_agent: str) -> str:
    """`Firefox on Windows`: enough to know the own one again, and nothing more is kept."""
    browser = next((name for name, sign in _BROWSERS if sign.search(user_agent)), "a browser")
    system = next((name for name, sign in _SYSTEMS if sign.search(user_agent)), "")
    return f"{browser} on {system}" if system else browser
