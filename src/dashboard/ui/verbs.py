"""Running a verb from a button: one transaction, one message, and errors that name the next step."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.errors import DashboardError
from dashboard.ui import header, installation, layout


def perform(verb: Callable[..., Any], *args: Any, said: str, **kwargs: Any) -> None:
    """Run a verb in one transaction and draw the page anew, with `said` above it.

    A DashboardError is shown where the button stands, and nothing has happened.
    """
    try:
        with installation.database().write() as connection:
            verb(connection, *args, at=installation.now(), **kwargs)
    except DashboardError as error:
        layout.problem(error)
        return
    header.say(said)
    st.rerun()
