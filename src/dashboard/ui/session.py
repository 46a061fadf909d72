"""Who is looking: the account behind this browser, and what it may open."""

import hashlib
import hmac
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st

from dashboard.accounts import Account, Permission
from dashboard.sessions import signing_in, store
from dashboard.ui import installation, refusals

COOKIE = "sid"
TICKET_PATH = "/session"
LEAVE_PATH = "/sign-out"
_NOTED_EVERY = timedelta(minutes=1)


def cookie_name(host: str) -> str:
    """What the cookie is called: with the prefix by which a browser insists on TLS, but on this machine itself."""
    return COOKIE if is_loopback(host) else f"__Host-{COOKIE}"


def is_loopback(host: str) -> bool:
    """Whether a Host header names the machine that the browser runs on."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:  # no name that anybody could have
        return False
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def cookie() -> str | None:
    """The session token that the browser sent when it opened this page."""
    return st.context.cookies.get(cookie_name(st.context.headers.get("Host", "")))


def identity(token: str) -> str:
    """What Streamlit knows a session by: one of its pages is taken up again only by the same one."""
    return hashlib.sha256(token.encode()).hexdigest()


def leave_token(token: str) -> str:
    """What a page has to send along to sign out: only who knows the session token can work it out."""
    return hmac.new(token.encode(), b"sign out", hashlib.sha256).hexdigest()


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
        refusals.note(f"a page that needs {permission.name}", found)
        st.title("Not open to your role")
        st.info(
            f'This page needs "{permission.sentence}". Your role is {found.role.label}. '
            "Ask an administrator if you need it."
        )
        st.stop()
    return found


def hand_to_browser(path: str, secret: str) -> None:
    """Let the browser send a secret to one of our routes, which sets or takes the cookie, and load the page anew."""
    # Both are ours: a path above, and letters and digits; nothing that a person typed.
    st.html(
        f'<span id="session" data-path="{path.lstrip("/")}" data-secret="{secret}"></span>'
        '<script src="app/static/session.js"></script>',
        unsafe_allow_javascript=True,
    )
    st.stop()


def leave() -> None:
    """Sign out: the session ends here and now, and the browser forgets its cookie."""
    token = cookie() or ""
    with installation.database().write() as connection:
        signing_in.end(connection, token, at=installation.now())
    hand_to_browser(LEAVE_PATH, leave_token(token))
