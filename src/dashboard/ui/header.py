"""The strip above every page: whether figures are invented, what was just done, and who is signed in."""

import streamlit as st

from dashboard import published_tables
from dashboard.accounts import Account
from dashboard.ui import incident_dialog, installation, layout, password_dialog, session
from dashboard.ui.menu import PAGES_DIR
from dashboard.ui.plain import plain

_SAID = "said"


def show(account: Account) -> None:
    """Draw the strip, and the message of the verb that ran before this page."""
    with installation.database().read_published() as connection:
        publication = published_tables.current(connection)
    with st.container(key="strip", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        layout.note(installation.settings().group_name)
        _account_menu(account)
    if publication is not None and publication.invented:
        _invented_banner()
    message = st.session_state.pop(_SAID, None)
    if message:
        st.success(plain(message))


def say(message: str) -> None:
    """Keep a message for the next run, where it stands above the page."""
    st.session_state[_SAID] = message


def _invented_banner() -> None:
    with st.container(key="invented"):
        st.markdown(
            "**Invented figures.** They show how the dashboard works; no number here is about a real person. "
            "They go away when the first reported figures are published."
        )


def _account_menu(account: Account) -> None:
    with st.popover(plain(account.display_name), type="tertiary"):
        st.markdown(f"**{plain(account.display_name)}**")
        st.markdown(f"{account.role.label}. {account.role.description}")
        st.page_link(PAGES_DIR / "own" / "account.py", label="Your account")
        if st.button("Change password", width="stretch"):
            password_dialog.show(account)
        if st.button("Report an incident", width="stretch"):
            incident_dialog.show(account)
        if st.button("Sign out", width="stretch"):
            session.leave()
