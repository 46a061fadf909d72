"""Changing the own password, in a dialog over any page."""

import streamlit as st

from dashboard import sessions
from dashboard.accounts import Account
from dashboard.accounts.passwords import shortest
from dashboard.errors import DashboardError
from dashboard.ui import layout, password_fields, proof


@st.dialog("Change your password")
def show(account: Account) -> None:
    """Ask for the current password and twice for the new one; then the person signs in anew."""
    with st.form("change_password", border=False):
        current = st.text_input("Current password", type="password", autocomplete="current-password")
        new = password_fields.twice("New password", shortest(account.role))
        layout.note("You are signed out everywhere, and sign in again with the new password.")
        if not st.form_submit_button("Change the password", type="primary"):
            return
    try:
        proof.prove(account, sessions.change_password, current=current, new=new())
    except DashboardError as error:
        layout.problem(error)
        return
    st.rerun()
