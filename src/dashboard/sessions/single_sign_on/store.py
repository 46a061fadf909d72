"""Where requests, pending identities and links lie. Of each secret but the request's own, only the hash is kept."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select
from sqlalchemy.exc import IntegrityError

from dashboard.accounts import Account
from dashboard.database.tables import identities, oidc_requests, pending_identities
from dashboard.sessions.single_sign_on.model import (
    LIFE,
    Identity,
    LinkedIdentity,
    OpenRequest,
    PendingIdentity,
    Proven,
    SignOnFailed,
)

MOST_OPEN = 1000
"""Browsers that may be at the provider at once."""
MOST_OPEN_FROM_ONE_ADDRESS = 60
"""The same from one network address: a ministry's people may share one."""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def open_request(connection: Connection, address: str, *, at: datetime) -> OpenRequest:
    """Agree on secrets for one browser that is sent to the provider. Requests that nobody came back for go.

    Raises SignOnFailed where too many are open.
    """
    connection.execute(delete(oidc_requests).where(oidc_requests.c.expires_at <= at))
    count = select(func.count()).select_from(oidc_requests)
    here = count.where(oidc_requests.c.address_sha256 == _digest(address))
    if (connection.scalar(count) or 0) >= MOST_OPEN or (connection.scalar(here) or 0) >= MOST_OPEN_FROM_ONE_ADDRESS:
        raise SignOnFailed("too many requests are open", "Too many people are signing in. Try again in ten minutes.")
    made = OpenRequest(*(secrets.token_urlsafe(32) for _ in range(4)))
    connection.execute(
        oidc_requests.insert().values(
            state_sha256=_digest(made.state),
            browser_sha256=_digest(made.browser),
            address_sha256=_digest(address),
            nonce=made.nonce,
            verifier=made.verifier,
            created_at=at,
            expires_at=at + LIFE,
        )
    )
    return made


def take_request(connection: Connection, state: str, browser: str, *, at: datetime) -> OpenRequest | None:
    """Use the request up; None where this browser has none of that state, or had it too long ago."""
    table = oidc_requests
    taken = connection.execute(
        delete(table)
        .where(table.c.state_sha256 == _digest(state), table.c.browser_sha256 == _digest(browser))
        .returning(table.c.nonce, table.c.verifier, table.c.expires_at)
    ).first()
    return OpenRequest(state, browser, taken.nonce, taken.verifier) if taken and taken.expires_at > at else None


def keep_pending(connection: Connection, proven: Proven, *, at: datetime) -> str:
    """Keep a proven identity for the steps that follow; gives the secret by which its browser has it."""
    secret = secrets.token_urlsafe(32)
    table = pending_identities
    connection.execute(delete(table).where(table.c.expires_at <= at))
    connection.execute(
        table.insert().values(
            secret_sha256=_digest(secret),
            issuer=proven.identity.issuer,
            subject=proven.identity.subject,
            display_name=proven.display_name,
            several_factors=proven.several_factors,
            expires_at=at + LIFE,
        )
    )
    return secret


def pending(connection: Connection, secret: str, *, at: datetime) -> PendingIdentity | None:
    """The identity that a browser has just proved; None where the secret is unknown, used or too old."""
    row = connection.execute(
        select(pending_identities).where(pending_identities.c.secret_sha256 == _digest(secret))
    ).first()
    return _pending(row, at=at)


def use_pending(connection: Connection, secret: str, *, at: datetime) -> PendingIdentity | None:
    """The same, once: of several tries at one time only one gets it."""
    table = pending_identities
    taken = delete(table).where(table.c.secret_sha256 == _digest(secret)).returning(*table.columns)
    return _pending(connection.execute(taken).first(), at=at)


def _pending(row: Row[Any] | None, *, at: datetime) -> PendingIdentity | None:
    if row is None or row.expires_at <= at:
        return None
    return PendingIdentity(Identity(row.issuer, row.subject), row.display_name, row.several_factors, row.expires_at)


def account_of(connection: Connection, issuer: str, subject: str) -> str | None:
    """The id of the account that the identity opens, closed or not. Compared letter by letter."""
    return connection.scalar(
        select(identities.c.account_id).where(identities.c.issuer == issuer, identities.c.subject == subject)
    )


def identities_of(connection: Connection, account: Account) -> tuple[LinkedIdentity, ...]:
    """The identities that open an account: at most one of each provider."""
    rows = connection.execute(
        select(identities).where(identities.c.account_id == account.id).order_by(identities.c.linked_at)
    )
    return tuple(LinkedIdentity(Identity(row.issuer, row.subject), row.linked_at) for row in rows)


def add_identity(connection: Connection, account: Account, identity: Identity, *, at: datetime) -> bool:
    """Let the identity open the account. False where it opens one, or the account has one of that provider."""
    row = identities.insert().values(
        issuer=identity.issuer, subject=identity.subject, account_id=account.id, linked_at=at
    )
    try:
        with connection.begin_nested():
            connection.execute(row)
    except IntegrityError:
        return False
    return True


def remove_all(connection: Connection, account: Account) -> None:
    """Let no identity open the account any more: it is closed, and is opened again by an invitation only."""
    connection.execute(delete(identities).where(identities.c.account_id == account.id))


def remove_identity(connection: Connection, account: Account, identity: Identity) -> bool:
    """Let the identity open nothing any more. Whether it opened this account."""
    table = identities
    removed = connection.execute(
        delete(table).where(
            table.c.issuer == identity.issuer, table.c.subject == identity.subject, table.c.account_id == account.id
        )
    )
    return removed.rowcount == 1
