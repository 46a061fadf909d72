"""Incidents on screen: what was reported, and closing the dashboard to everybody."""

import streamlit as st

from dashboard import sessions
from dashboard.accounts import Account, Permission
from dashboard.sessions import Closure
from dashboard.ui import installation, layout, moments, verbs
from dashboard.ui.plain import plain


def closing(account: Account) -> None:
    """Whether the dashboard is open, and the button that closes or opens it."""
    with installation.database().read() as connection:
        closure = sessions.closure(connection, by=account)
    with st.container(border=True):
        if closure is None:
            _close(account)
        else:
            _reopen(closure, account)


def _close(account: Account) -> None:
    st.subheader("Close the dashboard", anchor=False)
    st.markdown(
        "Signs everybody out at once but administrators, and lets nobody else in until one of them opens it again. "
        "Nothing is lost. Use it when figures may have come into wrong hands, or somebody else uses an account."
    )
    with st.form("close_dashboard", border=False):
        reason = st.text_input("What has happened", max_chars=300)
        sure = st.checkbox("Close it for everybody, and sign me out too unless I am an administrator")
        if not st.form_submit_button("Close the dashboard now", type="primary"):
            return
    if not sure:
        st.error("Tick the box to close the dashboard.")
        return
    verbs.perform(sessions.close_dashboard, reason=reason, by=account, said="The dashboard is closed.")


def _reopen(closure: Closure, account: Account) -> None:
    st.subheader("The dashboard is closed", anchor=False)
    st.markdown(f"Since {moments.moment(closure.at)}, by {plain(closure.by_name)}: {plain(closure.reason)}")
    if not account.may(Permission.REOPEN_DASHBOARD):
        layout.note("An administrator opens it again.")
        return
    with st.form("reopen_dashboard", border=False):
        reason = st.text_input("Why it is safe to open it again", max_chars=300)
        if not st.form_submit_button("Open the dashboard again", type="primary"):
            return
    verbs.perform(sessions.reopen_dashboard, reason=reason, by=account, said="The dashboard is open again.")


def reported(account: Account) -> None:
    """What people reported."""
    with installation.database().read() as connection:
        found = sessions.incidents(connection, by=account)
    with st.container(border=True):
        st.subheader("Reported", anchor=False)
        if not found:
            layout.note("Nobody has reported anything. Everybody can, in the menu under their name.")
        for incident in found:
            st.markdown(f"**{moments.moment(incident.at)}**, {plain(incident.by_name)}: {plain(incident.text)}")
