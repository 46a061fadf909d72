"""What was done: one event a deed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.audit.deeds import Kind


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Who did what, to what, when. details hold names and reasons, never an unprotected figure.

    mac seals the event and, through the one before it, all earlier ones.
    """

    number: int
    at: datetime
    account_id: str
    account_name: str
    verb: str
    subject: str
    details: dict[str, Any]
    mac: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which events: of one account, of some kinds of deed, from a moment on, before another, with a text in them."""

    account_id: str = ""
    kinds: frozenset[Kind] = frozenset()
    since: datetime | None = None
    before: datetime | None = None
    text: str = ""


EVERYTHING = Filters()
