"""The own account on screen: who one is here, where one is signed in, and the second factor."""

from functools import partial

import streamlit as st

from dashboard import sessions
from dashboard.accounts import Account
from dashboard.sessions import Session, store
from dashboard.sessions.single_sign_on import identities_of, unlink
from dashboard.ui import installation, layout, moments, password_dialog, second_factor_fields, session, verbs
from dashboard.ui.plain import plain


def person(account: Account) -> None:
    """Name, role, and the password."""
    with st.container(border=True):
        st.subheader(plain(account.display_name), anchor=False)
        st.markdown(f"{account.role.label}. {account.role.description}")
        layout.note(f"Username: {plain(account.username)}. Another role: ask an administrator.")
        if st.button("Change password", key="change_password_here"):
            password_dialog.show(account)


def places(account: Account) -> None:
    """Where the account is signed in, and the buttons that end it elsewhere."""
    at = installation.now()
    with installation.database().read() as connection:
        here = store.session_id(connection, session.cookie() or "")
        found = [one for one in sessions.own_sessions(connection, by=account) if one.is_open(at)]
    with st.container(border=True):
        st.subheader("Signed in", anchor=False)
        for one in found:
            _place(one, account, here=one.id == here)
        others = [one for one in found if one.id != here]
        if len(others) > 1 and st.button("Sign out everywhere else"):
            verbs.perform(sessions.end_other_sessions, here, by=account, said="You are signed out everywhere else.")
        layout.note(
            "A place you do not know? Sign it out, change your password, and report it in the menu under your name."
        )


def _place(one: Session, account: Account, *, here: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{one.browser}**{', here' if here else ''}: signed in on {moments.moment(one.created_at)}")
        if not here and st.button("Sign out there", key=f"end_{one.id}"):
            verbs.perform(sessions.end_session, one.id, by=account, said=f"Signed out: {one.browser}.")


def second_key(account: Account) -> None:
    """The second factor: setting one up, new recovery codes, doing without."""
    with st.container(border=True):
        if second_factor_fields.show_new_codes(account):
            return
        st.subheader("Second factor", anchor=False)
        with installation.database().read() as connection:
            there = store.second_factor(connection, account) is not None
            left = store.recovery_codes_left(connection, account)
        if there:
            st.markdown(f"A code from your phone is asked for at each sign-in. **{left} recovery codes** are left.")
            _change(account)
        else:
            st.markdown(
                "Your password alone opens the dashboard. A code from your phone makes a stolen password useless."
            )
        with st.expander("Set up another phone" if there else "Set up a phone"):
            sent = second_factor_fields.phone(account)
            if sent is not None:
                _set_up(account, *sent)


def _set_up(account: Account, secret: str, code: str) -> None:
    verbs.perform(
        sessions.set_up_second_factor,
        secret=secret,
        code=code,
        key=installation.key(),
        by=account,
        said="Your phone is set up.",
        then=partial(second_factor_fields.keep_codes, account),
    )


def _change(account: Account) -> None:
    with st.container(horizontal=True):
        if st.button("New recovery codes"):
            verbs.perform(
                sessions.renew_recovery_codes,
                by=account,
                said="The old recovery codes work no more.",
                then=partial(second_factor_fields.keep_codes, account),
            )
        if not account.role.needs_second_factor and st.button("Do without"):
            verbs.perform(sessions.remove_second_factor, by=account, said="The second factor is removed.")


def identities(account: Account) -> None:
    """The identities that open the account without its password."""
    with installation.database().read() as connection:
        found = identities_of(connection, account)
    if not found:
        return
    with st.container(border=True):
        st.subheader("Single sign-on", anchor=False)
        for one in found:
            st.markdown(f"{plain(one.identity.issuer)}, linked on {moments.day(one.linked_at)}")
            if st.button("Take the link away", key=f"unlink_{one.identity.issuer}"):
                verbs.perform(unlink, account, one.identity, by=account, said="The link is taken away.")
