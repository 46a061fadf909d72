"""Where sessions, tickets, failed tries, second factors and closures lie."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from dashboard.accounts import Account, Role
from dashboard.accounts.store import account_of, digest
from dashboard.database.tables import (
    accounts,
    clause_acceptances,
    closures,
    failed_sign_ins,
    incidents,
    recovery_codes,
    second_factors,
    sessions,
    tickets,
)
from dashboard.sessions.model import IDLE, LONGEST_SESSION, TICKET_LIFE, Closure, Incident, Session

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


# Sessions ---------------------------------------------------------------------------------------


def start_session(connection: Connection, account: Account, *, at: datetime, browser: str = "a browser") -> str:
    """A new session; returns the token, of which only the hash is kept."""
    token = secrets.token_urlsafe(32)
    connection.execute(
        sessions.insert().values(
            token_sha256=digest(token),
            id=str(uuid4()),
            account_id=account.id,
            browser=browser,
            created_at=at,
            confirmed_at=at,
            last_seen_at=at,
            expires_at=at + LONGEST_SESSION,
        )
    )
    connection.execute(accounts.update().where(accounts.c.id == account.id).values(last_sign_in_at=at))
    return token


def session_account(connection: Connection, token: str, *, at: datetime) -> Account | None:
    """The account behind a token, if the session is neither ended, nor idle, nor too old."""
    row = connection.execute(
        select(accounts, sessions.c.confirmed_at)
        .join(sessions)
        .where(
            sessions.c.token_sha256 == digest(token),
            sessions.c.revoked_at.is_(None),
            sessions.c.expires_at > at,
            sessions.c.last_seen_at > at - IDLE,
            accounts.c.active,
        )
    ).first()
    return account_of(row, confirmed_at=row.confirmed_at) if row else None


def sessions_of(connection: Connection, account: Account) -> tuple[Session, ...]:
    """The sessions of an account that nobody ended, the newest first; they may have run out since."""
    rows = connection.execute(
        select(sessions)
        .where(sessions.c.account_id == account.id, sessions.c.revoked_at.is_(None))
        .order_by(sessions.c.created_at.desc())
    )
    return tuple(Session(row.id, row.browser, row.created_at, row.last_seen_at, row.expires_at) for row in rows)


def session_id(connection: Connection, token: str) -> str | None:
    """The id under which a session is listed."""
    return connection.scalar(select(sessions.c.id).where(sessions.c.token_sha256 == digest(token)))


def last_seen(connection: Connection, token: str) -> datetime | None:
    """When the person behind a token was last noted to be there."""
    return connection.scalar(select(sessions.c.last_seen_at).where(sessions.c.token_sha256 == digest(token)))


def touch_session(connection: Connection, token: str, *, at: datetime) -> None:
    """Note that the person is still there."""
    connection.execute(sessions.update().where(sessions.c.token_sha256 == digest(token)).values(last_seen_at=at))


def confirm_session(connection: Connection, token: str, *, at: datetime) -> None:
    """Note that the person has just proved again who they are."""
    connection.execute(sessions.update().where(sessions.c.token_sha256 == digest(token)).values(confirmed_at=at))


def end_session(connection: Connection, token: str, *, at: datetime) -> None:
    """Sign out: the token opens nothing from now on."""
    connection.execute(sessions.update().where(sessions.c.token_sha256 == digest(token)).values(revoked_at=at))


def end_session_of(connection: Connection, account: Account, session: str, *, at: datetime) -> bool:
    """End one listed session of an account. False where it has none of that id, or it has ended."""
    ended = connection.execute(
        sessions.update()
        .where(sessions.c.account_id == account.id, sessions.c.id == session, sessions.c.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    return ended.rowcount == 1


def end_all_sessions(connection: Connection, account: Account, *, at: datetime) -> None:
    """Sign an account out everywhere, for good, and void tickets that were not used yet."""
    connection.execute(
        sessions.update()
        .where(sessions.c.account_id == account.id, sessions.c.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    connection.execute(delete(tickets).where(tickets.c.account_id == account.id))


def end_sessions_but_of(connection: Connection, role: Role, *, at: datetime) -> None:
    """Sign everybody out who has another role."""
    others = select(accounts.c.id).where(accounts.c.role != role.value)
    connection.execute(
        sessions.update()
        .where(sessions.c.account_id.in_(others), sessions.c.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    connection.execute(delete(tickets).where(tickets.c.account_id.in_(others)))


def forget_ended(connection: Connection, *, before: datetime) -> None:
    """Remove sessions that ended before a moment: who was signed in when stands in the audit trail."""
    connection.execute(delete(sessions).where(sessions.c.expires_at < before))


def new_ticket(connection: Connection, account: Account, *, at: datetime) -> str:
    """A single-use ticket that the browser exchanges for its session cookie within a minute."""
    ticket = secrets.token_urlsafe(32)
    connection.execute(delete(tickets).where(tickets.c.expires_at < at))
    connection.execute(
        tickets.insert().values(ticket_sha256=digest(ticket), account_id=account.id, expires_at=at + TICKET_LIFE)
    )
    return ticket


def use_ticket(connection: Connection, ticket: str, *, at: datetime) -> Account | None:
    """Use the ticket up and give its account; None where it is unknown, used or too old, or the account is closed."""
    row = connection.execute(
        select(accounts)
        .join(tickets)
        .where(tickets.c.ticket_sha256 == digest(ticket), tickets.c.expires_at > at, accounts.c.active)
    ).first()
    used = connection.execute(delete(tickets).where(tickets.c.ticket_sha256 == digest(ticket)))
    return account_of(row) if row and used.rowcount == 1 else None


def fingerprint(connection: Connection, account_id: str) -> str:
    """Changes whenever password, second factor, role or standing of an account do: an earlier proof is then void."""
    row = connection.execute(
        select(
            accounts.c.password_hash,
            accounts.c.temporary_until,
            accounts.c.role,
            accounts.c.active,
            accounts.c.reopened_at,
            second_factors.c.secret,
        )
        .outerjoin(second_factors)
        .where(accounts.c.id == account_id)
    ).first()
    return digest(repr(tuple(row)) if row else "")


# Failed tries -----------------------------------------------------------------------------------


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


# Second factor ----------------------------------------------------------------------------------


def second_factor(connection: Connection, account: Account) -> str | None:
    """The encrypted secret, where one is set up."""
    return connection.scalar(select(second_factors.c.secret).where(second_factors.c.account_id == account.id))


def set_second_factor(
    connection: Connection, account: Account, secret: str, codes: Iterable[str], *, step: int, at: datetime
) -> None:
    """Write a second factor and its recovery codes in place of any earlier ones. step: of the code that proved it."""
    remove_second_factor(connection, account)
    connection.execute(
        second_factors.insert().values(account_id=account.id, secret=secret, set_up_at=at, last_step=step)
    )
    set_recovery_codes(connection, account, codes)


def set_recovery_codes(connection: Connection, account: Account, codes: Iterable[str]) -> None:
    """Write recovery codes in place of any earlier ones."""
    connection.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account.id))
    connection.execute(
        recovery_codes.insert(), [{"code_sha256": digest(code), "account_id": account.id} for code in codes]
    )


def remove_second_factor(connection: Connection, account: Account) -> bool:
    """Forget the second factor and its recovery codes. Whether there was one."""
    connection.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account.id))
    return connection.execute(delete(second_factors).where(second_factors.c.account_id == account.id)).rowcount == 1


def use_step(connection: Connection, account: Account, step: int) -> bool:
    """Take the code of a half minute, once; none of an earlier one afterwards. One statement: two replicas agree."""
    used = connection.execute(
        second_factors.update()
        .where(second_factors.c.account_id == account.id, second_factors.c.last_step < step)
        .values(last_step=step)
    )
    return used.rowcount == 1


def use_recovery_code(connection: Connection, account: Account, code: str) -> bool:
    """Use a recovery code up. False where it is none of the account's."""
    used = connection.execute(
        delete(recovery_codes).where(
            recovery_codes.c.code_sha256 == digest(code), recovery_codes.c.account_id == account.id
        )
    )
    return used.rowcount == 1


def recovery_codes_left(connection: Connection, account: Account) -> int:
    """How many recovery codes were not used yet."""
    count = select(func.count()).where(recovery_codes.c.account_id == account.id)
    return connection.scalar(count) or 0


# What readers promise ---------------------------------------------------------------------------


def has_accepted(connection: Connection, account: Account, version: str) -> bool:
    """Whether the account has accepted the clause in this wording."""
    table = clause_acceptances
    found = select(table.c.at).where(table.c.account_id == account.id, table.c.version == version)
    return connection.scalar(found) is not None


def add_acceptance(connection: Connection, account: Account, version: str, *, at: datetime) -> None:
    """Keep which wording was accepted, and when."""
    connection.execute(clause_acceptances.insert().values(account_id=account.id, version=version, at=at))


# Incidents --------------------------------------------------------------------------------------


def closure(connection: Connection) -> Closure | None:
    """The closure in force, if the dashboard is closed."""
    row = connection.execute(select(closures).order_by(closures.c.number.desc()).limit(1)).first()
    return Closure(row.at, row.by_name, row.reason) if row and row.closed else None


def add_closure(connection: Connection, *, closed: bool, reason: str, by: Account, at: datetime) -> None:
    """Close the dashboard, or open it again."""
    connection.execute(
        closures.insert().values(closed=closed, at=at, by_name=by.display_name, by_id=by.id, reason=reason)
    )


def add_incident(connection: Connection, text: str, *, by: Account, at: datetime) -> None:
    """Keep what somebody reported."""
    connection.execute(incidents.insert().values(at=at, by_name=by.display_name, by_id=by.id, text=text))


def newest_incidents(connection: Connection, *, limit: int) -> tuple[Incident, ...]:
    """What was reported, the newest first."""
    rows = connection.execute(select(incidents).order_by(incidents.c.number.desc()).limit(limit))
    return tuple(Incident(row.at, row.by_name, row.text) for row in rows)
