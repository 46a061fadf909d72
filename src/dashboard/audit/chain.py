"""The chain: each event is sealed together with the seal of the one before it."""

import hashlib
import hmac
import json
from datetime import UTC

from dashboard.audit.model import AuditEvent

BEGINNING = "0" * 64
"""What stands in for a seal before the first event."""


def seal(key: bytes, previous: str, event: AuditEvent) -> str:
    """HMAC-SHA256 of the previous seal and the event. Who lacks the key can't make one."""
    return hmac.new(key, previous.encode() + canonical(event), hashlib.sha256).hexdigest()


def canonical(event: AuditEvent) -> bytes:
    """The event, its own seal left out, in the one way in which it is written for sealing."""
    row = {
        "number": event.number,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "account_id": event.account_id,
        "account_name": event.account_name,
        "verb": event.verb,
        "subject": event.subject,
        "details": event.details,
    }
    return json.dumps(row, sort_keys=True, separators=(",", ":")).encode()
