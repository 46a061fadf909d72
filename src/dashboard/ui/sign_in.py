"""Signing in: streamlit-authenticator's form over accounts in the database, and the first set-up.

The package draws the form and checks the hash; nothing else of it is used. It never sets a cookie
(`cookie_expiry_days=0`), never sees a file and never learns a password that it was not typed. What comes after the
right password is in sign_in_steps.
"""

from collections import UserDict
from typing import Any

import streamlit as st
from streamlit_authenticator import Authenticate

from dashboard.accounts import store
from dashboard.accounts.passwords import DUMMY_HASH, SHORTEST_FOR_ADMINISTRATORS
from dashboard.administration import set_up_first_account
from dashboard.errors import DashboardError
from dashboard.sessions import Refused, lock_out, signing_in
from dashboard.sessions.single_sign_on import PendingIdentity
from dashboard.ui import installation, layout, password_fields, sign_in_steps, single_sign_on
from dashboard.ui.plain import plain


class _Credentials(UserDict[str, Any]):
    """Credentials for the attempt, looked up one username at a time.

    Every username is answered: an unknown one, or one that has to wait, with a hash that no password fits, so that
    all take equally long.
    """

    waiting = False
    """Whether the username that was looked up has to wait."""

    def __contains__(self, username: object) -> bool:
        return True

    def __getitem__(self, username: str) -> dict[str, Any]:
        if username not in self.data:
            at = installation.now()
            with installation.database().read() as connection:
                found = store.password_hash(connection, username, at=at)
                until = lock_out.waits_until(connection, username, st.context.ip_address, at=at)
            self.waiting = until is not None
            fits = None if self.waiting else found
            self.data[username] = {"name": username, "password": fits or DUMMY_HASH}
        entry: dict[str, Any] = self.data[username]
        return entry


def show() -> None:
    """The screen of somebody who is not signed in."""
    layout.wordmark()
    with installation.database().read() as connection:
        has_accounts = store.any_account(connection)
    with layout.narrow():
        if sign_in_steps.begun():
            sign_in_steps.show()
        elif has_accounts:
            _sign_in_form()
        else:
            _set_up_form()


def _sign_in_form() -> None:
    if why := sign_in_steps.notice():
        st.info(why)
    proven = sign_in_steps.begin_by_identity()
    if proven:
        _whose_is(proven)
    authenticator = Authenticate(
        {"usernames": {}}, cookie_expiry_days=0, auto_hash=False, api_key=None, login_sleep_time=0
    )
    tried = _Credentials()
    authenticator.authentication_controller.authentication_model.credentials["usernames"] = tried
    authenticator.login(fields={"Form name": "Sign in", "Username": "Username", "Login": "Sign in"})
    status = st.session_state.pop("authentication_status", None)
    if status:
        sign_in_steps.begin(st.session_state.pop("username"))
    elif status is False:
        _note_failure(tried)
        st.error(str(Refused()))
    if proven is None:
        single_sign_on.offer()
    layout.note("Accounts are opened by the administrator of the group. Nobody can register here.")


def _whose_is(proven: PendingIdentity) -> None:
    name = f" as {plain(proven.display_name)}" if proven.display_name else ""
    st.info(
        f"You are known{name}, but not here yet. Sign in once with your username and the password that the "
        "administrator gave you; from then on one click is enough."
    )
    if st.button("That is not me", type="tertiary"):
        sign_in_steps.forget_identity()


def _note_failure(tried: _Credentials) -> None:
    if tried.waiting:
        return
    with installation.database().write() as connection:
        for username in tried:
            signing_in.failed(connection, username, st.context.ip_address, at=installation.now())


def _set_up_form() -> None:
    with st.form("set_up"):
        st.subheader("Set up the first account")
        layout.note("This account administers the installation: it opens accounts and sees no data of its own.")
        code = st.text_input("Setup code", help="It stands in the window in which the dashboard was started.")
        username = st.text_input("Username", autocomplete="username")
        display_name = st.text_input("Your name", autocomplete="name")
        with installation.database().read() as connection:
            names = {item.code: item.name for item in store.list_organisations(connection)}
        organisation = st.selectbox("Your organisation", list(names), format_func=lambda code: names[code])
        password = password_fields.twice("Password", SHORTEST_FOR_ADMINISTRATORS)
        if not st.form_submit_button("Open the account", type="primary"):
            return
    try:
        with installation.database().write() as connection:
            account = set_up_first_account(
                connection,
                code=code,
                username=username,
                display_name=display_name,
                password=password(),
                organisation=str(organisation),
                at=installation.now(),
            )
    except DashboardError as error:
        layout.problem(error)
        return
    sign_in_steps.begin(account.username)
