"""Opening, closing and reopening accounts."""

from datetime import datetime

from sqlalchemy import Connection

from dashboard import audit
from dashboard.accounts import Account, Organisation, Permission, Role, lock_out, require, store
from dashboard.accounts.passwords import WeakPassword, dummy_hash, fits, hash_password
from dashboard.errors import Conflict, DashboardError, NotPermitted


def open_account(
    connection: Connection,
    *,
    username: str,
    display_name: str,
    password: str,
    role: Role,
    organisation: str,
    by: Account,
    at: datetime,
) -> Account:
    """Open an account with a first password, which the administrator tells the person."""
    require(by, Permission.ADMINISTER_ACCOUNTS)
    if not username.strip() or not display_name.strip():
        raise DashboardError("Give the account a username and the person's name.")
    if store.find_account(connection, username):
        raise Conflict(f'The username "{username.strip().lower()}" is taken. Choose another one.')
    account = store.add_account(
        connection,
        username=username,
        display_name=display_name,
        password_hash=hash_password(password, role),
        role=role,
        organisation=organisation,
        at=at,
    )
    audit.record(connection, "administration.open_account", account.id, by=by, at=at, role=role.value)
    return account


def close_account(connection: Connection, account: Account, *, by: Account, at: datetime) -> None:
    """Close an account: it can't sign in, and its sessions end with the next message."""
    require(by, Permission.ADMINISTER_ACCOUNTS)
    if account.id == by.id:
        raise Conflict("You can't close your own account. Ask another administrator.")
    now = store.find_account(connection, by.username)
    if now is None or not now.active:
        raise NotPermitted("Your own account was closed meanwhile.")
    store.set_active(connection, account, False, at=at)
    audit.record(connection, "administration.close_account", account.id, by=by, at=at)


def reopen_account(connection: Connection, account: Account, *, by: Account, at: datetime) -> None:
    """Let a closed account sign in again."""
    require(by, Permission.ADMINISTER_ACCOUNTS)
    store.set_active(connection, account, True, at=at)
    audit.record(connection, "administration.reopen_account", account.id, by=by, at=at)


def let_try_again(connection: Connection, account: Account, *, by: Account, at: datetime) -> None:
    """End the waiting after failed sign-ins. Raises Conflict where there were none."""
    require(by, Permission.ADMINISTER_ACCOUNTS)
    if not lock_out.forget_failures(connection, account.username):
        raise Conflict("There were no failed sign-ins on this account. The person can try now.")
    audit.record(connection, "administration.let_try_again", account.id, by=by, at=at)


def change_own_password(connection: Connection, *, current: str, new: str, by: Account, at: datetime) -> None:
    """Give the own account another password; it is signed out everywhere and signs in again with the new one.

    Raises NotPermitted where the current password does not fit, and WeakPassword.
    """
    require(by, Permission.KEEP_OWN_ACCOUNT)
    if not fits(current, store.password_hash(connection, by.username) or dummy_hash()):
        raise NotPermitted("The current password does not fit. Type the one you signed in with.")
    if current == new:
        raise WeakPassword("The new password is the current one. Choose another one.")
    store.set_password(connection, by, hash_password(new, by.role), at=at)
    audit.record(connection, "administration.change_own_password", by.id, by=by, at=at)


def all_accounts(connection: Connection, *, by: Account) -> tuple[Account, ...]:
    """Every account by name."""
    require(by, Permission.ADMINISTER_ACCOUNTS)
    return store.list_accounts(connection)


def all_organisations(connection: Connection, *, by: Account) -> tuple[Organisation, ...]:
    """Every organisation by name, for whoever sends returns or runs the installation."""
    if not by.may(Permission.ADMINISTER_ACCOUNTS):
        require(by, Permission.SEND_SUBMISSIONS)
    return store.list_organisations(connection)
