"""Reporting that something is wrong, in a dialog over any page."""

import streamlit as st

from dashboard import sessions
from dashboard.accounts import Account
from dashboard.ui import layout, verbs


@st.dialog("Report an incident")
def show(account: Account) -> None:
    """Ask what has happened, and tell those who run the dashboard."""
    with st.form("incident", border=False):
        st.markdown("Somebody could be recognised, a figure is in wrong hands, or somebody else may use your account?")
        text = st.text_area("What has happened", max_chars=2000, help="Leave out names of victims.")
        layout.note(
            "Administrators, the chair and the secretariat read it, with your name. Where time matters, also telephone."
        )
        if st.form_submit_button("Report", type="primary"):
            verbs.perform(sessions.report_incident, text=text, by=account, said="It is reported. Thank you.")
