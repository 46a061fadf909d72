"""After the right password: code, own password, second factor, clause, one after the other; then the dashboard opens.

Who is on the way is kept on the server, in the session state of this page, and for a quarter of an hour only.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NoReturn

import streamlit as st
from sqlalchemy import Connection

from dashboard import sessions
from dashboard.accounts import Account, store
from dashboard.accounts.passwords import shortest
from dashboard.errors import Conflict, DashboardError
from dashboard.sessions import Refused, Step, lock_out, signing_in
from dashboard.sessions.single_sign_on import PendingIdentity, account_of, link, pending, use_pending
from dashboard.sessions.store import fingerprint
from dashboard.ui import clause, installation, layout, password_fields, second_factor_fields, single_sign_on
from dashboard.ui.plain import plain
from dashboard.ui.session import TICKET_PATH, hand_to_browser

_KEY, _NOTICE = "signing_in", "signing_in_notice"
_LONGEST = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _OnTheWay:
    """Who has proved to be whom, when, and whether a second factor was given.

    proof changes when password, second factor, role or standing of the account do: what was proved is then void.
    identity is the secret of a proven identity that may be linked with the account, once its owner is known.
    """

    account_id: str
    at: datetime
    proof: str
    passed: bool = False
    identity: str | None = None


def begin(username: str) -> None:
    """The password was right: draw the page anew with the first step, or open the dashboard."""
    with installation.database().read() as connection:
        account = store.find_account(connection, username)
        proof = fingerprint(connection, account.id) if account else ""
    if account is None:
        st.error(str(Refused()))
        return
    identity = single_sign_on.identity_cookie()
    _go(_OnTheWay(account.id, installation.now(), proof, identity=identity))


def begin_by_identity() -> PendingIdentity | None:
    """Somebody comes back from the identity provider: go on as the linked account.

    Gives the identity where none is linked yet: the sign-in form then asks whose it is.
    """
    at, secret = installation.now(), single_sign_on.identity_cookie()
    if secret is None:
        return None
    with installation.database().write() as connection:
        found = pending(connection, secret, at=at)
        account_id = account_of(connection, found.identity.issuer, found.identity.subject) if found else None
        proof = fingerprint(connection, account_id) if account_id else ""
        if account_id is not None:
            use_pending(connection, secret, at=at)
    if found is not None and account_id is not None:
        _go(_OnTheWay(account_id, at, proof, passed=found.several_factors))
    return found


def forget_identity() -> NoReturn:
    """Somebody else came back from the identity provider in this browser."""
    with installation.database().write() as connection:
        use_pending(connection, single_sign_on.identity_cookie() or "", at=installation.now())
    st.rerun()


def begun() -> bool:
    """Whether somebody is on the way, and not for too long."""
    found = st.session_state.get(_KEY)
    if found is not None and installation.now() - found.at > _LONGEST:
        _leave("That took more than a quarter of an hour. Sign in again.")
        return False
    return found is not None


def notice() -> str:
    """Why somebody is back at the form, once."""
    return str(st.session_state.pop(_NOTICE, ""))


def show() -> None:
    """The next step, or the way in."""
    way: _OnTheWay = st.session_state[_KEY]
    with installation.database().read() as connection:
        account = store.get_account(connection, way.account_id)
        if account is None or not account.active or fingerprint(connection, account.id) != way.proof:
            _back(str(_Changed()))
        account = replace(account, confirmed_at=way.at)
        step = signing_in.next_step(connection, account, clause=clause.version(), passed=way.passed)
        found = pending(connection, way.identity, at=installation.now()) if way.identity else None
    if second_factor_fields.show_new_codes(account):
        return
    if found is not None and step is not Step.CODE:
        _whose(found, account)
    elif step is Step.READY:
        _open_dashboard(account, way)
        return
    else:
        _STEPS[step](account)
    if st.button("Back to the sign-in form", type="tertiary"):
        _back()


class _Changed(DashboardError):
    def __init__(self) -> None:
        super().__init__("This account was changed meanwhile, perhaps in another window. Sign in again.")


@contextmanager
def _transaction() -> Iterator[Connection]:
    """A transaction of a step: refused where the account was changed, by anybody else, since its owner proved it."""
    way: _OnTheWay = st.session_state[_KEY]
    with installation.database().write() as connection:
        if fingerprint(connection, way.account_id) != way.proof:
            raise _Changed
        yield connection
        proof = fingerprint(connection, way.account_id)
    st.session_state[_KEY] = replace(st.session_state[_KEY], proof=proof)


def _open_dashboard(account: Account, way: _OnTheWay) -> None:
    try:
        with _transaction() as connection:
            ticket = signing_in.ticket(
                connection, account, clause=clause.version(), passed=way.passed, at=installation.now()
            )
    except DashboardError as closed:
        _leave()
        layout.problem(closed)
        return
    _leave()
    st.success(f"Welcome, {plain(account.display_name)}. Opening the dashboard ...")
    hand_to_browser(TICKET_PATH, ticket)


def _whose(found: PendingIdentity, account: Account) -> None:
    """The password, and the code where there is one, have shown whose account it is. Is the identity theirs too?"""
    st.subheader("Link single sign-on", anchor=False)
    name = plain(found.display_name) or "Whoever signed in there"
    st.markdown(
        f"**{name}** signed in at {plain(found.identity.issuer)} in this browser. May they open the account "
        f"**{plain(account.username)}** from now on, without its password?"
    )
    with st.container(horizontal=True):
        yes = st.button("Yes, that is me", type="primary")
        if yes or st.button("No, that is somebody else"):
            _answer(account, linked=yes)


def _answer(account: Account, *, linked: bool) -> NoReturn:
    way, at = st.session_state[_KEY], installation.now()
    with _transaction() as connection:
        found = use_pending(connection, way.identity or "", at=at)
        if found is not None and linked:
            with suppress(Conflict):  # another identity is linked: this one opens nothing, the password did
                link(connection, found.identity, by=account, at=at)
    st.session_state[_KEY] = replace(st.session_state[_KEY], identity=None)
    st.rerun()


def _go(way: _OnTheWay) -> NoReturn:
    second_factor_fields.forget()
    st.session_state[_KEY] = way
    st.rerun()


def _leave(why: str = "") -> None:
    second_factor_fields.forget()
    st.session_state.pop(_KEY, None)
    if why:
        st.session_state[_NOTICE] = why


def _back(why: str = "") -> NoReturn:
    _leave(why)
    st.rerun()


def _passed() -> NoReturn:
    st.session_state[_KEY] = replace(st.session_state[_KEY], passed=True)
    st.rerun()


def _code(account: Account) -> None:
    with st.form("code"):
        st.subheader("Code from your phone", anchor=False)
        code = st.text_input("Six-digit code, or a recovery code", autocomplete="one-time-code")
        if not st.form_submit_button("Go on", type="primary"):
            return
    at, place = installation.now(), signing_in.CODE
    with installation.database().write() as connection:
        waits = lock_out.waits_until(connection, account.username, None, at=at, place=place) is not None
        fits = not waits and signing_in.code_fits(connection, account, code, key=installation.key(), at=at)
        if not fits and not waits:
            signing_in.failed(connection, account.username, None, at=at, place=place)
    if fits:
        _passed()
    st.error(
        "The code does not fit, was used already, or there were too many tries. Wait for the next one, or some minutes."
    )


def _new_password(account: Account) -> None:
    with st.form("choose_password"):
        st.subheader("Choose your own password", anchor=False)
        layout.note("The one you have just typed was a temporary one. From now on only you know yours.")
        password = password_fields.twice("New password", shortest(account.role))
        if not st.form_submit_button("Keep this password", type="primary"):
            return
    try:
        with _transaction() as connection:
            sessions.choose_password(connection, new=password(), by=account, at=installation.now())
    except DashboardError as error:
        layout.problem(error)
        return
    st.rerun()


def _second_factor(account: Account) -> None:
    st.subheader("Set up your phone as a second key", anchor=False)
    st.markdown(f"As {account.role.label.lower()} you sign in with your password and a code from your phone.")
    sent = second_factor_fields.phone(account)
    if sent is None:
        return
    secret, code = sent
    try:
        with _transaction() as connection:
            codes = sessions.set_up_second_factor(
                connection, secret=secret, code=code, key=installation.key(), by=account, at=installation.now()
            )
    except DashboardError as error:
        layout.problem(error)
        return
    second_factor_fields.keep_codes(account, codes)
    _passed()


def _clause(account: Account) -> None:
    with st.form("clause"):
        st.subheader("What every reader promises", anchor=False)
        st.markdown(clause.text())
        agreed = st.checkbox("I promise this")
        if not st.form_submit_button("Go on", type="primary"):
            return
    if not agreed:
        st.error("Tick the box to go on. Without the promise the figures stay closed.")
        return
    with installation.database().write() as connection:
        sessions.accept_clause(connection, version=clause.version(), by=account, at=installation.now())
    st.rerun()


_STEPS: Mapping[Step, Callable[[Account], None]] = {
    Step.CODE: _code,
    Step.NEW_PASSWORD: _new_password,
    Step.SECOND_FACTOR: _second_factor,
    Step.CLAUSE: _clause,
}
