"""The own account and its sessions, and closing the dashboard in an incident."""

from datetime import datetime

from sqlalchemy import Connection

from dashboard import audit
from dashboard.accounts import Account, Permission, Role, require, require_confirmed
from dashboard.accounts import store as account_store
from dashboard.accounts.passwords import DUMMY_HASH, WeakPassword, fits, hash_password
from dashboard.errors import Conflict, DashboardError, NotFound, NotPermitted
from dashboard.sessions import second_factor, store
from dashboard.sessions.model import Closure, Incident, Session

_MOST_INCIDENTS = 50


def choose_password(connection: Connection, *, new: str, by: Account, at: datetime) -> None:
    """Choose a password of one's own in place of a temporary one. Raises Conflict where there is none, WeakPassword."""
    require(by, Permission.KEEP_OWN_ACCOUNT)
    if account_store.temporary_until(connection, by) is None:
        raise Conflict("The password is your own already. Change it in the menu under your name.")
    if fits(new, account_store.password_hash(connection, by.username, at=at) or DUMMY_HASH):
        raise WeakPassword("That is the temporary password. Choose one that only you know.")
    account_store.set_password(connection, by, hash_password(new, by.role, about=_about(by)))
    audit.record(connection, "sessions.choose_password", by.id, by=by, at=at)


def change_password(connection: Connection, *, current: str, new: str, by: Account, at: datetime) -> None:
    """Give the own account another password; it is signed out everywhere and signs in again with the new one.

    Raises NotPermitted where the current password does not fit, and WeakPassword.
    """
    require(by, Permission.KEEP_OWN_ACCOUNT)
    _require_password(connection, by, current, at=at)
    if current == new:
        raise WeakPassword("The new password is the current one. Choose another one.")
    account_store.set_password(connection, by, hash_password(new, by.role, about=_about(by)))
    store.end_all_sessions(connection, by, at=at)
    audit.record(connection, "sessions.change_password", by.id, by=by, at=at)


def set_up_second_factor(
    connection: Connection, *, secret: str, code: str, key: bytes, by: Account, at: datetime
) -> tuple[str, ...]:
    """Take a phone as second factor, in place of any earlier one. The recovery codes, which are shown once.

    Raises NotPermitted where the code is not the phone's.
    """
    require_confirmed(by, Permission.KEEP_OWN_ACCOUNT, at=at)
    codes = second_factor.set_up(connection, by, secret, code, key=key, at=at)
    if codes is None:
        raise NotPermitted(
            "The code does not fit. Wait for the next one and type it at once; the phone's clock has to be right."
        )
    audit.record(connection, "sessions.set_up_second_factor", by.id, by=by, at=at)
    return codes


def renew_recovery_codes(connection: Connection, *, by: Account, at: datetime) -> tuple[str, ...]:
    """New recovery codes, shown once; the earlier ones work no more. Raises Conflict without a second factor."""
    require_confirmed(by, Permission.KEEP_OWN_ACCOUNT, at=at)
    if store.second_factor(connection, by) is None:
        raise Conflict("There is no second factor. Set one up first.")
    codes = second_factor.new_recovery_codes()
    store.set_recovery_codes(connection, by, codes)
    audit.record(connection, "sessions.renew_recovery_codes", by.id, by=by, at=at)
    return codes


def remove_second_factor(connection: Connection, *, by: Account, at: datetime) -> None:
    """Go back to the password alone, where the role allows that."""
    require_confirmed(by, Permission.KEEP_OWN_ACCOUNT, at=at)
    if by.role.needs_second_factor:
        raise Conflict(f"The role {by.role.label} needs a second factor. Set up another phone instead.")
    if not store.remove_second_factor(connection, by):
        raise Conflict("There is no second factor.")
    audit.record(connection, "sessions.remove_second_factor", by.id, by=by, at=at)


def accept_clause(connection: Connection, *, version: str, by: Account, at: datetime) -> None:
    """Accept what readers of the figures promise, in the wording of that version."""
    require(by, Permission.KEEP_OWN_ACCOUNT)
    if store.has_accepted(connection, by, version):
        raise Conflict("You have accepted this already.")
    store.add_acceptance(connection, by, version, at=at)
    audit.record(connection, "sessions.accept_clause", by.id, by=by, at=at, version=version)


def own_sessions(connection: Connection, *, by: Account) -> tuple[Session, ...]:
    """Where the own account signed in and did not sign out, the newest first."""
    require(by, Permission.KEEP_OWN_ACCOUNT)
    return store.sessions_of(connection, by)


def end_session(connection: Connection, session_id: str, *, by: Account, at: datetime) -> None:
    """Sign the own account out at one other place. Raises NotFound, also for somebody else's session."""
    require(by, Permission.KEEP_OWN_ACCOUNT)
    if not store.end_session_of(connection, by, session_id, at=at):
        raise NotFound("That session has ended already.")
    audit.record(connection, "sessions.end_session", by.id, by=by, at=at)


def end_other_sessions(connection: Connection, kept: str, *, by: Account, at: datetime) -> None:
    """Sign the own account out everywhere but in the session of that id."""
    require(by, Permission.KEEP_OWN_ACCOUNT)
    ended = [one.id for one in store.sessions_of(connection, by) if one.id != kept]
    for session in ended:
        store.end_session_of(connection, by, session, at=at)
    audit.record(connection, "sessions.end_other_sessions", by.id, by=by, at=at, ended=len(ended))


def confirm(connection: Connection, *, token: str, password: str, by: Account, at: datetime) -> None:
    """Prove again, within an open session, who one is. Raises NotPermitted where the password does not fit."""
    require(by, Permission.KEEP_OWN_ACCOUNT)
    _require_password(connection, by, password, at=at)
    store.confirm_session(connection, token, at=at)
    audit.record(connection, "sessions.confirm", by.id, by=by, at=at)


def close_dashboard(connection: Connection, *, reason: str, by: Account, at: datetime) -> None:
    """Sign everybody out but administrators, and let nobody else in until one of them opens it again."""
    require(by, Permission.CLOSE_DASHBOARD)
    if not reason.strip():
        raise DashboardError("Say in a sentence what has happened; the administrator will read it.")
    if store.closure(connection):
        raise Conflict("The dashboard is closed already.")
    store.add_closure(connection, closed=True, reason=reason.strip(), by=by, at=at)
    store.end_sessions_but_of(connection, Role.ADMINISTRATOR, at=at)
    audit.record(connection, "sessions.close_dashboard", by.id, by=by, at=at, reason=reason.strip())


def reopen_dashboard(connection: Connection, *, reason: str, by: Account, at: datetime) -> None:
    """Let people sign in again, with the reason why it is safe to."""
    require_confirmed(by, Permission.REOPEN_DASHBOARD, at=at)
    if not reason.strip():
        raise DashboardError("Say in a sentence why it is safe to open the dashboard again.")
    if not store.closure(connection):
        raise Conflict("The dashboard is open.")
    store.add_closure(connection, closed=False, reason=reason.strip(), by=by, at=at)
    audit.record(connection, "sessions.reopen_dashboard", by.id, by=by, at=at, reason=reason.strip())


def closure(connection: Connection, *, by: Account) -> Closure | None:
    """The closure in force, for those who may close or open."""
    require(by, Permission.CLOSE_DASHBOARD)
    return store.closure(connection)


def report_incident(connection: Connection, *, text: str, by: Account, at: datetime) -> None:
    """Tell those who run the dashboard that something is wrong with the figures, an account or the dashboard."""
    require(by, Permission.KEEP_OWN_ACCOUNT)
    if not text.strip():
        raise DashboardError("Say in a sentence what has happened.")
    store.add_incident(connection, text.strip(), by=by, at=at)
    audit.record(connection, "sessions.report_incident", by.id, by=by, at=at)


def incidents(connection: Connection, *, by: Account) -> tuple[Incident, ...]:
    """What was reported, the newest first, for those who may close the dashboard."""
    require(by, Permission.CLOSE_DASHBOARD)
    return store.newest_incidents(connection, limit=_MOST_INCIDENTS)


def _require_password(connection: Connection, by: Account, password: str, *, at: datetime) -> None:
    if not fits(password, account_store.password_hash(connection, by.username, at=at) or DUMMY_HASH):
        raise NotPermitted("The current password does not fit. Type the one you signed in with.")


def _about(account: Account) -> tuple[str, ...]:
    return account.username, account.display_name, account.organisation
