"""Accounts and organisations on screen."""

import pandas as pd
import streamlit as st

from dashboard import administration
from dashboard.accounts import Account, Role
from dashboard.accounts.passwords import SHORTEST, SHORTEST_FOR_ADMINISTRATORS
from dashboard.ui import installation, layout, verbs


def open_account(account: Account) -> None:
    """The form that opens an account."""
    with installation.database().read() as connection:
        names = {item.code: item.name for item in administration.all_organisations(connection, by=account)}
    with st.form("open_account", clear_on_submit=False):
        st.subheader("Open an account", anchor=False)
        left, right = st.columns(2, gap="large")
        display_name = left.text_input("Name of the person")
        username = left.text_input("Username", autocomplete="off")
        password = left.text_input(
            "First password",
            type="password",
            autocomplete="new-password",
            help=f"At least {SHORTEST} characters, for administrators {SHORTEST_FOR_ADMINISTRATORS}.",
        )
        organisation = right.selectbox("Organisation", list(names), format_func=lambda code: names[code])
        role = right.selectbox("Role", list(Role), format_func=lambda item: item.label, index=3)
        with right:
            layout.note("  \n".join(f"**{item.label}**: {item.description}" for item in Role))
        if st.form_submit_button("Open the account", type="primary"):
            verbs.perform(
                administration.open_account,
                username=username,
                display_name=display_name,
                password=password,
                role=role,
                organisation=organisation,
                by=account,
                said=f"The account of {display_name} is open.",
            )


def accounts(account: Account) -> None:
    """Every account, and the button that closes or reopens one."""
    with installation.database().read() as connection:
        found = administration.all_accounts(connection, by=account)
        names = {item.code: item.name for item in administration.all_organisations(connection, by=account)}
    with st.container(border=True):
        st.subheader("Accounts", anchor=False)
        frame = pd.DataFrame(
            {
                "Username": [item.username for item in found],
                "Role": [item.role.label for item in found],
                "Organisation": [names[item.organisation] for item in found],
                "State": ["open" if item.active else "closed" for item in found],
            },
            index=pd.Index([item.display_name for item in found], name="Name"),
        )
        layout.text_table(frame, "Accounts by name")
        others = {item.id: item for item in found if item.id != account.id}
        if not others:
            return
        chosen = others[
            str(st.selectbox("Account", list(others), format_func=lambda key: others[key].display_name, key="account"))
        ]
        if chosen.active and st.button("Close the account"):
            verbs.perform(administration.close_account, chosen, by=account, said="The account is closed.")
        if chosen.active and st.button("Let them try to sign in again", help="Ends the wait after failed tries."):
            verbs.perform(administration.let_try_again, chosen, by=account, said="They can try again now.")
        if not chosen.active and st.button("Reopen the account"):
            verbs.perform(administration.reopen_account, chosen, by=account, said="The account is open again.")


def organisations(account: Account) -> None:
    """Every organisation and what it is expected to report."""
    with installation.database().read() as connection:
        found = administration.all_organisations(connection, by=account)
    frame = pd.DataFrame(
        {
            "Kind": [item.kind.replace("_", " ") for item in found],
            "Country": [item.country for item in found],
            "Expected returns": [", ".join(item.returns) for item in found],
        },
        index=pd.Index([item.name for item in found], name="Organisation"),
    )
    layout.text_table(frame, "Organisations by name")
    layout.note("Organisations come from the reference table organisations.csv; new rows are read at the next start.")
