"""What a person sees when something breaks: a message that may be shown, or an incident number."""

import logging
import secrets

import streamlit as st

from dashboard.errors import DashboardError
from dashboard.ui import layout

_LOG = logging.getLogger("dashboard")


def show(error: Exception) -> bool:
    """Called for every uncaught error of a screen; True: Streamlit shows nothing of its own.

    The log holds where it broke, never the values: they could be unprotected figures.
    """
    if isinstance(error, DashboardError):
        layout.problem(error)
        return True
    st.error(incident(error))
    return True


def incident(error: Exception) -> str:
    """Note in the log where something broke, and give the sentence that may be shown."""
    number = secrets.token_hex(3).upper()
    _LOG.error("incident %s: %s at %s", number, type(error).__name__, _place(error))
    return (
        f"Something went wrong on our side (incident {number}). Nothing you sent was lost half-way. "
        "Reload the page; if it happens again, tell the administrator this number."
    )


def _place(error: BaseException) -> str:
    trace, place = error.__traceback__, "unknown place"
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
