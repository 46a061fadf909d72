"""Where accounts, organisations and sign-in sessions lie."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite

from dashboard.accounts.model import Account, Organisation, Role
from dashboard.database.tables import accounts, failed_sign_ins, organisations, sessions, setup_codes, tickets

IDLE = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=8)
TICKET_LIFE = timedelta(seconds=60)

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(row.id, row.username, row.display_name, Role(row.role), row.organisation, row.active)


def _organisation(row: Row[tuple[object, ...]]) -> Organisation:
    return Organisation(
        row.code, row.name, row.kind, row.country, row.valid_from, row.valid_until, tuple(row.returns.split())
    )


def any_account(connection: Connection) -> bool:
    """Whether somebody can sign in at all."""
    return bool(connection.scalar(select(exists().where(accounts.c.active))))


def add_account(
    connection: Connection,
    *,
    username: str,
    display_name: str,
    password_hash: str,
    role: Role,
    organisation: str,
    at: datetime,
) -> Account:
    """Write a new account; the username is kept in lower case, as the sign-in form sends it."""
    account = Account(str(uuid4()), username.strip().lower(), display_name.strip(), role, organisation)
    connection.execute(
        accounts.insert().values(
            id=account.id,
            username=account.username,
            display_name=account.display_name,
            password_hash=password_hash,
            role=role.value,
            organisation=organisation,
            active=True,
            created_at=at,
        )
    )
    return account


def set_active(connection: Connection, account: Account, active: bool, *, at: datetime) -> None:
    """Close or open an account. Closing ends its sessions for good: reopening does not revive them."""
    connection.execute(accounts.update().where(accounts.c.id == account.id).values(active=active))
    if not active:
        end_all_sessions(connection, account, at=at)


def set_password(connection: Connection, account: Account, password_hash: str, *, at: datetime) -> None:
    """Write a new hash. Ends all sessions of the account: whoever knew the old password is out."""
    connection.execute(accounts.update().where(accounts.c.id == account.id).values(password_hash=password_hash))
    end_all_sessions(connection, account, at=at)


def find_account(connection: Connection, username: str) -> Account | None:
    """The account of that username, active or not."""
    row = connection.execute(select(accounts).where(accounts.c.username == username.strip().lower())).first()
    return _account(row) if row else None


def password_hash(connection: Connection, username: str) -> str | None:
    """The stored hash of an active account."""
    return connection.scalar(
        select(accounts.c.password_hash).where(accounts.c.username == username.strip().lower(), accounts.c.active)
    )


def list_accounts(connection: Connection) -> tuple[Account, ...]:
    """Every account by name."""
    return tuple(map(_account, connection.execute(select(accounts).order_by(accounts.c.display_name))))


def list_organisations(connection: Connection) -> tuple[Organisation, ...]:
    """Every organisation by name."""
    return tuple(map(_organisation, connection.execute(select(organisations).order_by(organisations.c.name))))


def add_organisations(connection: Connection, new: Iterable[Organisation]) -> None:
    """Write organisations that are not there yet; known codes stay as they are."""
    known = set(connection.scalars(select(organisations.c.code)))
    rows = [
        {
            "code": organisation.code,
            "name": organisation.name,
            "kind": organisation.kind,
            "country": organisation.country,
            "valid_from": organisation.valid_from,
            "valid_until": organisation.valid_until,
            "returns": " ".join(organisation.returns),
        }
        for organisation in new
        if organisation.code not in known
    ]
    if rows:
        connection.execute(organisations.insert(), rows)


def start_session(connection: Connection, account: Account, *, at: datetime) -> str:
    """A new session; returns the token, of which only the hash is kept."""
    token = secrets.token_urlsafe(32)
    connection.execute(
        sessions.insert().values(
            token_sha256=_digest(token),
            account_id=account.id,
            created_at=at,
            last_seen_at=at,
            expires_at=at + LONGEST_SESSION,
        )
    )
    return token


def session_account(connection: Connection, token: str, *, at: datetime) -> Account | None:
    """The account behind a token, if the session is neither ended, nor idle, nor too old."""
    row = connection.execute(
        select(accounts)
        .join(sessions)
        .where(
            sessions.c.token_sha256 == _digest(token),
            sessions.c.revoked_at.is_(None),
            sessions.c.expires_at > at,
            sessions.c.last_seen_at > at - IDLE,
            accounts.c.active,
        )
    ).first()
    return _account(row) if row else None


def last_seen(connection: Connection, token: str) -> datetime | None:
    """When the person behind a token was last noted to be there."""
    return connection.scalar(select(sessions.c.last_seen_at).where(sessions.c.token_sha256 == _digest(token)))


def touch_session(connection: Connection, token: str, *, at: datetime) -> None:
    """Note that the person is still there."""
    connection.execute(sessions.update().where(sessions.c.token_sha256 == _digest(token)).values(last_seen_at=at))


def end_session(connection: Connection, token: str, *, at: datetime) -> None:
    """Sign out: the token opens nothing from now on."""
    connection.execute(sessions.update().where(sessions.c.token_sha256 == _digest(token)).values(revoked_at=at))


def end_all_sessions(connection: Connection, account: Account, *, at: datetime) -> None:
    """Sign an account out everywhere, for good."""
    connection.execute(
        sessions.update()
        .where(sessions.c.account_id == account.id, sessions.c.revoked_at.is_(None))
        .values(revoked_at=at)
    )


def new_setup_code(connection: Connection, *, at: datetime) -> str:
    """A one-time code for the first account; an older unused one stops working."""
    code = "-".join(secrets.token_hex(2) for _ in range(4))
    connection.execute(setup_codes.delete().where(setup_codes.c.used_at.is_(None)))
    connection.execute(setup_codes.insert().values(code_sha256=_digest(code), created_at=at))
    return code


def use_setup_code(connection: Connection, code: str, *, at: datetime) -> bool:
    """Use the code up; False where it is wrong or was used."""
    used = connection.execute(
        setup_codes.update()
        .where(setup_codes.c.code_sha256 == _digest(code.strip().lower()), setup_codes.c.used_at.is_(None))
        .values(used_at=at)
    )
    return used.rowcount == 1


def new_ticket(connection: Connection, account: Account, *, at: datetime) -> str:
    """A single-use ticket that the browser exchanges for its session cookie within a minute."""
    ticket = secrets.token_urlsafe(32)
    connection.execute(tickets.delete().where(tickets.c.expires_at < at))
    connection.execute(
        tickets.insert().values(ticket_sha256=_digest(ticket), account_id=account.id, expires_at=at + TICKET_LIFE)
    )
    return ticket


def use_ticket(connection: Connection, ticket: str, *, at: datetime) -> Account | None:
    """Use the ticket up and give its account; None where it is unknown, used or too old."""
    row = connection.execute(
        select(accounts).join(tickets).where(tickets.c.ticket_sha256 == _digest(ticket), tickets.c.expires_at > at)
    ).first()
    used = connection.execute(tickets.delete().where(tickets.c.ticket_sha256 == _digest(ticket)))
    return _account(row) if row and used.rowcount == 1 else None


def failures(connection: Connection, keys: Iterable[str]) -> dict[str, tuple[int, datetime]]:
    """Failed sign-ins in a row, and the last one, by hashed username or address."""
    table = failed_sign_ins
    rows = connection.execute(select(table).where(table.c.key.in_(list(keys))))
    return {row.key: (row.failures, row.last_at) for row in rows}


def add_failure(connection: Connection, keys: Iterable[str], *, at: datetime, anew_after: timedelta) -> None:
    """Count one failed sign-in for each key, in one statement: two processes never lose one. Old rows go."""
    table = failed_sign_ins
    connection.execute(delete(table).where(table.c.last_at < at - anew_after))
    added = _INSERT[connection.dialect.name](table).values([{"key": k, "failures": 1, "last_at": at} for k in keys])
    connection.execute(
        added.on_conflict_do_update(
            index_elements=[table.c.key], set_={"failures": table.c.failures + 1, "last_at": added.excluded.last_at}
        )
    )


def clear_failures(connection: Connection, key: str) -> bool:
    """Start the count of a key anew. Whether there was one."""
    return connection.execute(delete(failed_sign_ins).where(failed_sign_ins.c.key == key)).rowcount > 0
