"""Running a verb from a button: one transaction, one message, and errors that name the next step.

Two things are asked first, in a dialog over the page, where they apply: a text that seems to name a person is not
written at once, and a change that an unattended screen must not offer takes the password once more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import streamlit as st

from dashboard import data_protection
from dashboard.accounts import Account, ConfirmFirst
from dashboard.errors import DashboardError
from dashboard.ui import header, installation, layout, proof, refusals, session
from dashboard.ui.plain import plain
from dashboard.validation.free_text import Remark, scan

FREE_TEXTS = ("reason",)
"""What a person types in words, by the name of the verb's argument. Every such argument belongs here."""

_WAITING = "waiting_verb"


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb with everything it needs but the transaction and the time.

    before makes the verb's first argument. It may take long and hold unprotected figures, so it runs only when
    the verb does, and what it made is not kept. then takes what the verb gave. going_on is why a text with remarks
    may stay; needs_password says that the verb has asked for it.
    """

    verb: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    said: str
    before: Callable[[], Any] | None = None
    then: Callable[[Any], None] | None = None
    going_on: str = ""
    needs_password: bool = False

    @property
    def name(self) -> str:
        """The verb behind its room."""
        return f"{self.verb.__module__.split('.')[1]}.{self.verb.__name__}"

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What the typed texts may tell about a person."""
        return tuple(remark for name in FREE_TEXTS for remark in scan(str(self.kwargs.get(name, ""))))

    def by(self, account: Account) -> "Deed":
        """The same, done by the account as it is now: a dialog may have stood open for long."""
        return replace(self, kwargs={**self.kwargs, "by": account})


def perform(
    verb: Callable[..., Any],
    *args: Any,
    said: str,
    before: Callable[[], Any] | None = None,
    then: Callable[[Any], None] | None = None,
    **kwargs: Any,
) -> None:
    """Run a verb in one transaction and draw the page anew, with `said` above it.

    A DashboardError is shown where the button stands, and nothing has happened. Where something is to be asked first,
    nothing happens either: a dialog asks, over the same page, with everything on it that was typed.
    """
    deed = Deed(verb, args, kwargs, said, before, then)
    if deed.remarks:
        _wait(deed)
    _run(deed)


def ask() -> None:
    """Draw the dialog where a verb waits for an answer. Called on every run: the page below stays as it was."""
    deed = st.session_state.get(_WAITING)
    if deed is not None:
        (_ask_for_password if deed.needs_password else _ask_about_text)()


def _run(deed: Deed) -> None:
    try:
        with refusals.noted(deed.name, deed.kwargs["by"]):
            result = _done(deed)
    except ConfirmFirst:
        _wait(replace(deed, needs_password=True))
    except DashboardError as error:
        # The password was right: what is asked next belongs to the page, not to the dialog.
        _forget()
        layout.problem(error)
        return
    _forget()
    if deed.then is not None:
        deed.then(result)
    header.say(deed.said)
    st.rerun()


def _done(deed: Deed) -> Any:
    args = (deed.before(), *deed.args) if deed.before else deed.args
    with installation.database().write() as connection:
        at = installation.now()
        result = deed.verb(connection, *args, at=at, **deed.kwargs)
        if deed.going_on:
            kinds = tuple(remark.kind for remark in deed.remarks)
            data_protection.go_on(connection, deed.name, kinds, reason=deed.going_on, by=deed.kwargs["by"], at=at)
    return result


def _wait(deed: Deed) -> NoReturn:
    st.session_state[_WAITING] = deed
    st.rerun()


def _forget() -> None:
    st.session_state.pop(_WAITING, None)


@st.dialog("This may tell who somebody is", on_dismiss=_forget)
def _ask_about_text() -> None:
    deed, account = st.session_state.get(_WAITING), session.account()
    if deed is None or account is None:
        return
    st.markdown("Nothing has been written yet. What you typed is kept for good and read by others. It holds:")
    st.markdown("\n".join(f"- {remark.kind.value}: **{plain(remark.words)}**" for remark in deed.remarks))
    if st.button("Mend the text", type="primary"):
        _forget()
        st.rerun()
    with st.form("go_on", border=False):
        going_on = st.text_input("Or say why it may stay", key="going_on")
        layout.note("This reason and the kinds of what was found are noted in the audit trail.")
        if not st.form_submit_button("Go on"):
            return
    if not going_on.strip():
        st.error("Say in a sentence why the text may stay as it is, or mend it.")
    elif scan(going_on):
        st.error("This reason may itself tell who somebody is. Say it without names and numbers.")
    else:
        _run(replace(deed.by(account), going_on=going_on.strip()))


@st.dialog("Your password, once more", on_dismiss=_forget)
def _ask_for_password() -> None:
    """Nobody who walks by an open screen changes accounts."""
    deed, account, token = st.session_state.get(_WAITING), session.account(), session.cookie()
    if deed is None or account is None or token is None:
        return
    if not proof.has_password(account):
        st.markdown("A change like this asks that you have just signed in. Sign out, sign in again, and do it then.")
        return
    with st.form("confirm", border=False):
        layout.note("A change like this asks for it. It then counts for a quarter of an hour.")
        password = st.text_input("Current password", type="password", autocomplete="current-password")
        if not st.form_submit_button("Go on", type="primary"):
            return
    try:
        confirmed = proof.confirm(account, token, password)
    except DashboardError as error:
        layout.problem(error)
        return
    _run(deed.by(confirmed))
