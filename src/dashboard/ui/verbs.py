"""Running a verb from a button: one transaction, one message, and errors that name the next step."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from dashboard.accounts import Account, ConfirmFirst
from dashboard.errors import DashboardError
from dashboard.ui import header, installation, layout, proof, session


def perform(
    verb: Callable[..., Any], *args: Any, said: str, then: Callable[[Any], None] | None = None, **kwargs: Any
) -> None:
    """Run a verb in one transaction and draw the page anew, with `said` above it; `then` takes what the verb gave.

    A DashboardError is shown where the button stands, and nothing has happened. Where the verb wants the password
    once more, a dialog asks for it, and then runs it.
    """
    try:
        _run(verb, *args, said=said, then=then, **kwargs)
    except ConfirmFirst:
        _ask(partial(_run, verb, *args, said=said, then=then, **kwargs))
    except DashboardError as error:
        layout.problem(error)


def _run(verb: Callable[..., Any], *args: Any, said: str, then: Callable[[Any], None] | None, **kwargs: Any) -> None:
    with installation.database().write() as connection:
        result = verb(connection, *args, at=installation.now(), **kwargs)
    if then is not None:
        then(result)
    header.say(said)
    st.rerun()


@st.dialog("Your password, once more")
def _ask(run: Callable[..., None]) -> None:
    """Nobody who walks by an open screen changes accounts. run: the verb, but for who."""
    account, token = session.account(), session.cookie()
    if account is None or token is None:
        st.rerun()
    if not proof.has_password(account):
        st.markdown("A change like this asks that you have just signed in. Sign out, sign in again, and do it then.")
        return
    with st.form("confirm", border=False):
        layout.note("A change like this asks for it. It then counts for a quarter of an hour.")
        password = st.text_input("Current password", type="password", autocomplete="current-password")
        if not st.form_submit_button("Go on", type="primary"):
            return
    try:
        confirmed: Account = proof.confirm(account, token, password)
        run(by=confirmed)
    except DashboardError as error:
        layout.problem(error)
