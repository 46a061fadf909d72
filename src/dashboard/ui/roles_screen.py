"""The table of roles and permissions on screen: read from the table that the verbs ask."""

import pandas as pd
import streamlit as st

from dashboard.accounts import Permission, Role
from dashboard.ui import layout


def roles() -> None:
    """What each role is."""
    frame = pd.DataFrame(
        {
            "Is": [role.description for role in Role],
            "Reads the figures for": [role.circulation.label for role in Role],
            "Second factor": ["needed" if role.needs_second_factor else "as you like" for role in Role],
        },
        index=pd.Index([role.label for role in Role], name="Role"),
    )
    with st.container(border=True):
        layout.text_table(frame, "Roles and what each is")


def permissions() -> None:
    """Who may do what."""
    frame = pd.DataFrame(
        {role.label: ["yes" if one in role.permissions else "" for one in Permission] for role in Role},
        index=pd.Index([permission.sentence for permission in Permission], name="May"),
    )
    with st.container(border=True):
        layout.text_table(frame, "Permissions by role")
        layout.note(
            "What is not listed is refused. Roles are part of the program; an account's role is changed under Accounts."
        )
