"""Inviting, changing, closing and reopening accounts; organisations."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from dashboard import audit
from dashboard.accounts import Account, Organisation, Permission, Role, Standing, require, require_confirmed, store
from dashboard.accounts.passwords import NO_PASSWORD, TEMPORARY_FOR, shortest, temporary_password
from dashboard.errors import Conflict, DashboardError, NotFound, NotPermitted
from dashboard.sessions import lock_out
from dashboard.sessions import store as session_store
from dashboard.sessions.single_sign_on import store as single_sign_on_store

LISTED_UNUSED_AFTER = timedelta(days=90)

HOUSEKEEPING = Account("housekeeping", "", "The dashboard itself", Role.ADMINISTRATOR, "")
"""Who the audit trail names for what happens by itself. Nobody can sign in as it."""


def invite(
    connection: Connection,
    *,
    username: str,
    display_name: str,
    role: Role,
    organisation: str,
    by: Account,
    at: datetime,
) -> tuple[Account, str]:
    """Open an account. Gives the temporary password, which the administrator tells the person; it is kept nowhere."""
    require_confirmed(by, Permission.ADMINISTER_ACCOUNTS, at=at)
    if not username.strip() or not display_name.strip():
        raise DashboardError("Give the account a username and the person's name.")
    if organisation not in {one.code for one in store.list_organisations(connection)}:
        raise DashboardError("Choose the organisation of the person.")
    if store.find_account(connection, username):
        raise Conflict(f'The username "{username.strip().lower()}" is taken. Choose another one.')
    password, hashed = temporary_password()
    account = store.add_account(
        connection,
        username=username,
        display_name=display_name,
        password_hash=hashed,
        temporary_until=at + TEMPORARY_FOR,
        role=role,
        organisation=organisation,
        at=at,
    )
    audit.record(connection, "administration.invite", account.id, by=by, at=at, role=role.value)
    return account, password


def invite_anew(connection: Connection, account: Account, *, by: Account, at: datetime) -> str:
    """Give an account another temporary password: the earlier one was forgotten, or ran out. Ends its sessions."""
    require_confirmed(by, Permission.ADMINISTER_ACCOUNTS, at=at)
    now = _not_own(connection, account, by, "Change your own password in the menu under your name.")
    if not now.active:
        raise Conflict("The account is closed. Reopen it first.")
    password, hashed = temporary_password()
    store.set_password(connection, now, hashed, temporary_until=at + TEMPORARY_FOR)
    lock_out.forget_failures(connection, now.username)
    session_store.end_all_sessions(connection, now, at=at)
    audit.record(connection, "administration.invite_anew", now.id, by=by, at=at)
    return password


def change_role(connection: Connection, account: Account, role: Role, *, by: Account, at: datetime) -> Account:
    """Give an account another role. It is signed out everywhere: no open page keeps what the old role could do.

    Where the new role asks for a longer password, the person chooses one at the next sign-in.
    """
    require_confirmed(by, Permission.ADMINISTER_ACCOUNTS, at=at)
    now = _not_own(connection, account, by, "You can't change your own role. Ask another administrator.")
    if now.role is role:
        raise Conflict(f"The role is {role.label} already.")
    store.set_role(connection, now, role)
    if shortest(role) > shortest(now.role):
        store.make_temporary(connection, now, until=at + TEMPORARY_FOR)
    session_store.end_all_sessions(connection, now, at=at)
    audit.record(
        connection, "administration.change_role", now.id, by=by, at=at, before=now.role.value, after=role.value
    )
    return replace(now, role=role)


def close_account(connection: Connection, account: Account, *, by: Account, at: datetime) -> None:
    """Close an account: it can't sign in, and its sessions end with the next message, for good."""
    require_confirmed(by, Permission.ADMINISTER_ACCOUNTS, at=at)
    now = _not_own(connection, account, by, "You can't close your own account. Ask another administrator.")
    _close(connection, now, at=at)
    audit.record(connection, "administration.close_account", now.id, by=by, at=at)


def reopen_account(connection: Connection, account: Account, *, by: Account, at: datetime) -> str:
    """Let a closed account sign in again, with a new temporary password: the old one may have been passed on."""
    require_confirmed(by, Permission.ADMINISTER_ACCOUNTS, at=at)
    now = _not_own(connection, account, by, "Your own account is open.")
    if now.active:
        raise Conflict("The account is open already. Look at the list again.")
    password, hashed = temporary_password()
    store.set_active(connection, now, True, at=at)
    store.set_password(connection, now, hashed, temporary_until=at + TEMPORARY_FOR)
    audit.record(connection, "administration.reopen_account", now.id, by=by, at=at)
    return password


def let_try_again(connection: Connection, account: Account, *, by: Account, at: datetime) -> None:
    """End the waiting after failed sign-ins. Raises Conflict where there were none."""
    require(by, Permission.ADMINISTER_ACCOUNTS)
    if not lock_out.forget_failures(connection, account.username):
        raise Conflict("There were no failed sign-ins on this account. The person can try now.")
    audit.record(connection, "administration.let_try_again", account.id, by=by, at=at)


def forget_second_factor(connection: Connection, account: Account, *, by: Account, at: datetime) -> None:
    """Remove the second factor of somebody who lost phone and recovery codes; they set up a new one if they need it."""
    require_confirmed(by, Permission.ADMINISTER_ACCOUNTS, at=at)
    now = _not_own(connection, account, by, "Your own second factor is on the page Your account.")
    if not session_store.remove_second_factor(connection, now):
        raise Conflict("The account has no second factor.")
    session_store.end_all_sessions(connection, now, at=at)
    audit.record(connection, "administration.forget_second_factor", now.id, by=by, at=at)


def close_unused(connection: Connection, *, by: Account, at: datetime) -> tuple[Account, ...]:
    """Close the accounts that nobody used for 180 days. The dashboard does it by itself, once an hour."""
    require(by, Permission.ADMINISTER_ACCOUNTS)
    found = store.unused(connection, since=at - store.CLOSED_AFTER)
    if not any(
        account.role is Role.ADMINISTRATOR for account in store.active_accounts(connection) if account not in found
    ):
        # The last administrators stay: nobody else could open anything again, and it may be the clock that is wrong.
        found = tuple(account for account in found if account.role is not Role.ADMINISTRATOR)
    for account in found:
        _close(connection, account, at=at)
    if found:
        ids = [account.id for account in found]
        audit.record(connection, "administration.close_unused", "", by=by, at=at, accounts=ids)
    return found


def all_accounts(connection: Connection, *, by: Account) -> tuple[Standing, ...]:
    """Every account by name, and how it stands."""
    require(by, Permission.ADMINISTER_ACCOUNTS)
    return store.list_accounts(connection)


def add_organisation(connection: Connection, organisation: Organisation, *, by: Account, at: datetime) -> None:
    """Add an organisation that accounts can belong to. Its code never changes."""
    require(by, Permission.ADMINISTER_ACCOUNTS)
    _require_named(organisation)
    if any(one.code == organisation.code for one in store.list_organisations(connection)):
        raise Conflict(f"The code {organisation.code} is taken. Choose another one.")
    store.add_organisations(connection, [organisation])
    audit.record(connection, "administration.add_organisation", organisation.code, by=by, at=at)


def change_organisation(connection: Connection, organisation: Organisation, *, by: Account, at: datetime) -> None:
    """Change the name, kind, country, dates or expected returns of the organisation with that code."""
    require(by, Permission.ADMINISTER_ACCOUNTS)
    _require_named(organisation)
    known = {one.code: one for one in store.list_organisations(connection)}
    if organisation.code not in known:
        raise NotFound("There is no such organisation.")
    if known[organisation.code] == organisation:
        raise Conflict("Nothing was changed.")
    store.set_organisation(connection, organisation)
    audit.record(connection, "administration.change_organisation", organisation.code, by=by, at=at)


def all_organisations(connection: Connection, *, by: Account) -> tuple[Organisation, ...]:
    """Every organisation by name, for whoever sends returns or runs the installation."""
    if not by.may(Permission.ADMINISTER_ACCOUNTS):
        require(by, Permission.SEND_SUBMISSIONS)
    return store.list_organisations(connection)


def _not_own(connection: Connection, account: Account, by: Account, refusal: str) -> Account:
    """The account as it stands now. Nobody does to themselves what takes a second person."""
    if account.id == by.id:
        raise Conflict(refusal)
    acting, now = store.get_account(connection, by.id), store.get_account(connection, account.id)
    if acting is None or not acting.may(Permission.ADMINISTER_ACCOUNTS):
        raise NotPermitted("Your own account was changed meanwhile.")
    if now is None:
        raise NotFound("There is no such account.")
    return now


def _close(connection: Connection, account: Account, *, at: datetime) -> None:
    store.set_active(connection, account, False, at=at)
    store.set_password(connection, account, NO_PASSWORD)
    single_sign_on_store.remove_all(connection, account)
    session_store.end_all_sessions(connection, account, at=at)


def _require_named(organisation: Organisation) -> None:
    code = organisation.code
    if not code or not code.isascii() or not code.replace("_", "").isalnum() or code != code.upper() or len(code) > 40:
        raise DashboardError("Give the organisation a code of capital letters, figures and _, such as MPS.")
    if not organisation.name.strip():
        raise DashboardError("Give the organisation its name.")
