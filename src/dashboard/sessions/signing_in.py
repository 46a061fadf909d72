"""From the right password to a session, and out again: what nobody's account does for itself yet."""

from datetime import datetime

from sqlalchemy import Connection

from dashboard import audit
from dashboard.accounts import Account, Permission, Role
from dashboard.accounts import store as account_store
from dashboard.errors import NotPermitted
from dashboard.sessions import lock_out, second_factor, store
from dashboard.sessions.model import Refused, Step, browser_name

STRANGER = Account("nobody", "", "Nobody signed in", Role.OFFICIAL, "", active=False)
"""Who the audit trail names where a username is unknown. What was typed is not kept: it may be a password."""


def next_step(connection: Connection, account: Account, *, clause: str, passed: bool) -> Step:
    """What is left to do before a session. passed: the second factor was given in this very sign-in."""
    if store.second_factor(connection, account) and not passed:
        return Step.CODE
    if account_store.temporary_until(connection, account) is not None:
        return Step.NEW_PASSWORD
    if account.role.needs_second_factor and not passed:
        return Step.SECOND_FACTOR
    if not store.has_accepted(connection, account, clause):
        return Step.CLAUSE
    return Step.READY


CODE = "code"
"""Where codes are tried: only whoever had the right password gets there."""


def failed(connection: Connection, username: str, address: str | None, *, at: datetime, place: str = "") -> None:
    """Count a wrong password or code, known username or not, and keep that there was one."""
    lock_out.note_failure(connection, username, address, at=at, place=place)
    account = account_store.find_account(connection, username)
    audit.record(connection, "sessions.failed", account.id if account else "", by=account or STRANGER, at=at)


def code_fits(connection: Connection, account: Account, code: str, *, key: bytes, at: datetime) -> bool:
    """Whether the code of the second factor fits; it is used up."""
    return second_factor.fits(connection, account, code, key=key, at=at)


def ticket(connection: Connection, account: Account, *, clause: str, passed: bool, at: datetime) -> str:
    """A ticket for the browser, when nothing is left to do. Raises NotPermitted while the dashboard is closed."""
    if not account.active or next_step(connection, account, clause=clause, passed=passed) is not Step.READY:
        raise Refused
    _require_open(connection, account)
    for place in ("", CODE):
        lock_out.forget_failures(connection, account.username, place)
    return store.new_ticket(connection, account, at=at)


def start(connection: Connection, ticket: str, *, user_agent: str, at: datetime) -> str | None:
    """Exchange a ticket for the token of a new session; None where the ticket is unknown, used or too old."""
    account = store.use_ticket(connection, ticket, at=at)
    if account is None:
        return None
    browser = browser_name(user_agent)
    token = store.start_session(connection, account, at=at, browser=browser)
    audit.record(connection, "sessions.start", account.id, by=account, at=at, browser=browser)
    return token


def end(connection: Connection, token: str, *, at: datetime) -> None:
    """Sign out; nothing happens where the session has ended already."""
    account = store.session_account(connection, token, at=at)
    if account is not None:
        store.end_session(connection, token, at=at)
        audit.record(connection, "sessions.end", account.id, by=account, at=at)


def _require_open(connection: Connection, account: Account) -> None:
    closure = store.closure(connection)
    if closure is not None and not account.may(Permission.REOPEN_DASHBOARD):
        raise NotPermitted("The dashboard is closed for the time being. An administrator opens it again.")
