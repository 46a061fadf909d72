"""Asking for the own password within an open session. Wrong ones count like failed sign-ins."""

from collections.abc import Callable
from typing import Any

from dashboard import sessions
from dashboard.accounts import Account
from dashboard.accounts import store as account_store
from dashboard.errors import NotPermitted
from dashboard.sessions import lock_out, signing_in, store
from dashboard.ui import installation, session


def prove(account: Account, verb: Callable[..., Any], **given: Any) -> None:
    """Run a verb that checks the account's password. Raises NotPermitted: it does not fit, or there were too many."""
    at = installation.now()
    with installation.database().read() as connection:
        # Counted for this session alone: who guesses at the sign-in form keeps nobody waiting who is in already.
        place = store.session_id(connection, session.cookie() or "") or "session"
        if lock_out.waits_until(connection, account.username, None, at=at, place=place):
            raise NotPermitted("There were too many tries with a wrong password. Wait some minutes and try again.")
    try:
        with installation.database().write() as connection:
            verb(connection, by=account, at=at, **given)
    except NotPermitted:
        with installation.database().write() as connection:
            signing_in.failed(connection, account.username, None, at=at, place=place)
        raise


def confirm(account: Account, token: str, password: str) -> Account:
    """Take the password as proof of who is at the screen; gives the account with the proof on it."""
    prove(account, sessions.confirm, token=token, password=password)
    with installation.database().read() as connection:
        return store.session_account(connection, token, at=installation.now()) or account


def has_password(account: Account) -> bool:
    """Whether there is a password to ask for; who comes through an identity provider may have none."""
    with installation.database().read() as connection:
        return account_store.has_password(connection, account)
