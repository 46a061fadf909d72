"""Who is looking: the account behind this browser, and what it may open."""

from datetime import timedelta

import streamlit as st

from dashboard.accounts import Account, Permission, store
from dashboard.ui import installation

COOKIE = "sid"
_NOTED_EVERY = timedelta(minutes=1)


def cookie() -> str | None:
    """The session token that the browser sent when it opened this page."""
    return st.context.cookies.get(COOKIE)


def account() -> Account | None:
    """The signed-in account, read anew from the database on every run: a closed one is out at once."""
    token = cookie()
    if not token:
        return None
    at = installation.now()
    with installation.database().read() as connection:
        found = store.session_account(connection, token, at=at)
        seen = store.last_seen(connection, token)
    # A write waits for the disk; once a minute is exact enough for an idle limit of half an hour.
    if found and (seen is None or at - seen > _NOTED_EVERY):
        with installation.database().write() as connection:
            store.touch_session(connection, token, at=at)
    return found


def require(permission: Permission) -> Account:
    """The first statement of every page: its account, or a screen that says what is missing, and stop."""
    found = account()
    if found is None:
        st.warning("You are signed out. Sign in again to go on; the address of this page is kept.")
        st.stop()
    if not found.may(permission):
        st.title("Not open to your role")
        st.info(
            f'This page needs "{permission.sentence}". Your role is {found.role.label}. '
            "Ask an administrator if you need it."
        )
        st.stop()
    return found


def sign_out() -> None:
    """End the session; the cookie that is left opens nothing."""
    token = cookie()
    if token:
        with installation.database().write() as connection:
            store.end_session(connection, token, at=installation.now())
