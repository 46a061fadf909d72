"""Changing the own password, in a dialog over any page."""

import streamlit as st

from dashboard import administration
from dashboard.accounts import Account, lock_out
from dashboard.accounts.passwords import SHORTEST, SHORTEST_FOR_ADMINISTRATORS
from dashboard.errors import DashboardError, NotPermitted
from dashboard.ui import installation, layout


@st.dialog("Change your password")
def show(account: Account) -> None:
    """Ask for the current password and twice for the new one; then the person signs in anew."""
    with st.form("change_password", border=False):
        current = st.text_input("Current password", type="password", autocomplete="current-password")
        new = st.text_input(
            "New password",
            type="password",
            autocomplete="new-password",
            help=f"At least {SHORTEST} characters, for administrators {SHORTEST_FOR_ADMINISTRATORS}. "
            "A sentence works well.",
        )
        again = st.text_input("New password again", type="password", autocomplete="new-password")
        layout.note("You are signed out everywhere, and sign in again with the new password.")
        if not st.form_submit_button("Change the password", type="primary"):
            return
    if new != again:
        st.error("The two new passwords differ. Type the same one twice.")
        return
    try:
        _change(account, current, new)
    except DashboardError as error:
        layout.problem(error)
        return
    st.rerun()


def _change(account: Account, current: str, new: str) -> None:
    """One try. A wrong current password counts like a failed sign-in: an open screen is no place to guess at."""
    at, address = installation.now(), st.context.ip_address
    with installation.database().read() as connection:
        if lock_out.waits_until(connection, account.username, address, at=at):
            raise NotPermitted("There were too many tries with a wrong password. Wait some minutes and try again.")
    try:
        with installation.database().write() as connection:
            administration.change_own_password(connection, current=current, new=new, by=account, at=at)
    except NotPermitted:
        with installation.database().write() as connection:
            lock_out.note_failure(connection, account.username, address, at=at)
        raise
