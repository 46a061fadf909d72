"""What was done: one event a deed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Who did what, to what, when. details hold names and reasons, never an unprotected figure."""

    number: int
    at: datetime
    account_name: str
    verb: str
    subject: str
    details: dict[str, Any]
