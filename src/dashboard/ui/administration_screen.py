"""The audit trail on screen."""

import pandas as pd
import streamlit as st

from dashboard import audit
from dashboard.accounts import Account
from dashboard.ui import installation, layout, moments


def audit_trail(account: Account) -> None:
    """The newest events, for reading."""
    with installation.database().read() as connection:
        events = audit.trail(connection, by=account)
    frame = pd.DataFrame(
        {
            "Number": [event.number for event in events],
            "When": [moments.moment(event.at) for event in events],
            "Who": [event.account_name for event in events],
            "What": [event.verb.replace(".", ": ").replace("_", " ") for event in events],
            "Details": [", ".join(f"{key}: {value}" for key, value in event.details.items()) for event in events],
            "On": [event.subject for event in events],
        }
    )
    widths = {"Details": st.column_config.TextColumn(width="large"), "On": st.column_config.TextColumn(width="small")}
    st.dataframe(frame, hide_index=True, height=600, column_config=widths, alt="Audit events, newest first")
    layout.note("Events are added and never changed: the database refuses it.")
