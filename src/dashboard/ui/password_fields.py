"""A new password, typed twice."""

from collections.abc import Callable

import streamlit as st

from dashboard.accounts.passwords import LONGEST_BYTES, WeakPassword


def twice(label: str, shortest: int) -> Callable[[], str]:
    """Two fields in the form that is being drawn; call the result, once it was sent, for the password.

    That raises WeakPassword where the two differ.
    """
    first = st.text_input(
        label,
        type="password",
        autocomplete="new-password",
        help=f"At least {shortest} characters, at most {LONGEST_BYTES} letters. A sentence works well.",
    )
    again = st.text_input(f"{label} again", type="password", autocomplete="new-password")

    def agreed() -> str:
        if first != again:
            raise WeakPassword("The two passwords differ. Type the same one twice.")
        return first

    return agreed
