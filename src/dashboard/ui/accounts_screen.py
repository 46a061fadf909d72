"""Accounts on screen: inviting people, how each account stands, and what can be done to it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import administration
from dashboard.accounts import Account, Role, Standing
from dashboard.accounts.passwords import TEMPORARY_FOR, shortest
from dashboard.accounts.store import CLOSED_AFTER
from dashboard.sessions.single_sign_on import identities_of, unlink
from dashboard.ui import installation, layout, moments, verbs
from dashboard.ui.plain import plain

_HOURS = int(TEMPORARY_FOR.total_seconds() / 3600)
_HANDED_OUT, _INVITED = "handed_out", "invited"


def invite(account: Account) -> None:
    """The form that opens an account, and the temporary password of the one that was just opened."""
    _show_handed_out()
    names = _organisation_names(account)
    # Empty again after each invitation, but kept as it was typed when something was wrong with it.
    with st.form(f"invite_{st.session_state.get(_INVITED, 0)}"):
        st.subheader("Invite a person", anchor=False)
        left, right = st.columns(2, gap="large")
        display_name = left.text_input("Name of the person", max_chars=120)
        username = left.text_input("Username", autocomplete="off", max_chars=80)
        organisation = left.selectbox(
            "Organisation",
            list(names),
            index=None,
            format_func=lambda code: names[code],
            placeholder="Choose",
            help="It can't be changed later: an account is of one person in one organisation.",
        )
        role = right.selectbox("Role", list(Role), format_func=lambda item: item.label, index=3)
        with right:
            layout.note("What each role may do stands under About, Roles.")
        if st.form_submit_button("Open the account", type="primary"):
            verbs.perform(
                administration.invite,
                username=username,
                display_name=display_name,
                role=role,
                organisation=organisation or "",
                by=account,
                said=f"The account of {display_name} is open.",
                then=_invited,
            )


def _invited(made: tuple[Account, str]) -> None:
    person, password = made
    st.session_state[_INVITED] = st.session_state.get(_INVITED, 0) + 1
    _hand_out(person.display_name, password)


def accounts(account: Account) -> None:
    """Every account, and what can be done to one."""
    with installation.database().read() as connection:
        found = administration.all_accounts(connection, by=account)
    names = _organisation_names(account)
    at = installation.now()
    with st.container(border=True):
        st.subheader("Accounts", anchor=False)
        frame = pd.DataFrame(
            {
                "Username": [item.account.username for item in found],
                "Role": [item.account.role.label for item in found],
                "Organisation": [names[item.account.organisation] for item in found],
                "Signed in last": [
                    moments.moment(item.last_sign_in_at) if item.last_sign_in_at else "" for item in found
                ],
                "State": [_state(item, at) for item in found],
            },
            index=pd.Index([item.account.display_name for item in found], name="Name"),
        )
        layout.text_table(frame, "Accounts by name")
        others = {item.account.id: item.account for item in found if item.account.id != account.id}
        if others:
            _change(others, account)


def _state(item: Standing, at: datetime) -> str:
    """Open, closed, invited or long unused, in words."""
    if not item.account.active:
        return "closed"
    if item.temporary_until is not None:
        over = item.temporary_until <= at
        return "temporary password ran out" if over else f"invited until {moments.moment(item.temporary_until)}"
    days = (at - item.in_use_at).days
    if days >= administration.LISTED_UNUSED_AFTER.days:
        return f"not used for {days} days; closes after {CLOSED_AFTER.days}"
    return "open"


def _change(others: Mapping[str, Account], by: Account) -> None:
    chosen = others[
        str(st.selectbox("Account", list(others), format_func=lambda key: others[key].display_name, key="account"))
    ]
    if not chosen.active:
        if st.button("Reopen the account"):
            hand_out = partial(_hand_out, chosen.display_name)
            _perform(administration.reopen_account, chosen, by, "The account is open again.", then=hand_out)
        return
    _change_role(chosen, by)
    with st.container(horizontal=True):
        if st.button(
            "New temporary password", help="For somebody who forgot the password, or let the first one run out."
        ):
            hand_out = partial(_hand_out, chosen.display_name)
            _perform(administration.invite_anew, chosen, by, "There is a new temporary password.", then=hand_out)
        if st.button("Let them try to sign in again", help="Ends the wait after failed tries."):
            _perform(administration.let_try_again, chosen, by, "They can try again now.")
        if st.button("Forget their second factor", help="For somebody who lost the phone and the recovery codes."):
            _perform(administration.forget_second_factor, chosen, by, "The second factor is forgotten.")
        with installation.database().read() as connection:
            linked = identities_of(connection, chosen)
        for one in linked:
            if st.button("Unlink single sign-on", key=f"unlink_{one.identity.issuer}", help=one.identity.issuer):
                verbs.perform(unlink, chosen, one.identity, by=by, said="The link is taken away.")
        if st.button("Close the account"):
            _perform(administration.close_account, chosen, by, "The account is closed.")


def _change_role(chosen: Account, by: Account) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        role = Role(
            st.selectbox(
                "Role of this account",
                [role.value for role in Role],
                index=list(Role).index(chosen.role),
                format_func=lambda value: Role(value).label,
                key=f"role_{chosen.id}",
            )
        )
        if st.button("Change the role", disabled=role is chosen.role):
            said = f"The role is {role.label} now. {chosen.display_name} is signed out and signs in anew."
            if shortest(role) > shortest(chosen.role):
                said += f" Within {_HOURS} hours, to choose a longer password; after that it takes a new temporary one."
            verbs.perform(administration.change_role, chosen, role, by=by, said=said)


def _perform(
    verb: Callable[..., Any], chosen: Account, by: Account, said: str, then: Callable[[Any], None] | None = None
) -> None:
    verbs.perform(verb, chosen, by=by, said=said, then=then)


def _hand_out(name: str, password: str) -> None:
    st.session_state[_HANDED_OUT] = (name, password)


def _show_handed_out() -> None:
    """A temporary password, shown until the administrator says it was passed on."""
    if _HANDED_OUT not in st.session_state:
        return
    name, password = st.session_state[_HANDED_OUT]
    with st.container(border=True):
        st.markdown(f"**Tell {plain(name)} this temporary password, in person or by telephone:**")
        st.code(password, language=None)
        layout.note(f"It works once, within {_HOURS} hours, and stands nowhere else. Never send it with the username.")
        if st.button("It is passed on"):
            del st.session_state[_HANDED_OUT]
            st.rerun()


def _organisation_names(account: Account) -> Mapping[str, str]:
    with installation.database().read() as connection:
        return {item.code: item.name for item in administration.all_organisations(connection, by=account)}
