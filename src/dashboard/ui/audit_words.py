"""Audit events in words: what a verb was done to, and what is told of it."""

from collections.abc import Mapping

from sqlalchemy import Connection

from dashboard import audit, published_tables
from dashboard.accounts import store
from dashboard.audit import AuditEvent

_LONG_ID, _SHORT_ID = 36, 8
"""Ids of this length or longer are cut to what the other screens show of them."""


def names_of(connection: Connection) -> Mapping[str, str]:
    """What ids of accounts and publications are called."""
    named = {one.account.id: one.account.display_name for one in store.list_accounts(connection)}
    return named | {one.id: str(one.number) for one in published_tables.publication_list(connection)}


def subject(event: AuditEvent, names: Mapping[str, str]) -> str:
    """`release 3f2a91bc`, as the other screens call it; `account Hussain Zahir`."""
    kind = audit.DEEDS[event.verb].subject if event.verb in audit.DEEDS else event.subject
    if not kind:
        return ""
    name = names.get(event.subject, event.subject)
    return f"{kind} {name[:_SHORT_ID] if len(name) >= _LONG_ID else name}"


def details(event: AuditEvent) -> str:
    """Reasons, kinds and counts that were noted with it."""
    said = ((name.replace("_", " "), _words(value)) for name, value in event.details.items())
    return "; ".join(f"{name}: {words}" for name, words in said if words)


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(" ".join(map(str, one)) if isinstance(one, list) else str(one) for one in value)
    return str(value)
