"""Setting up a phone as second factor, and showing recovery codes once."""

import segno
import streamlit as st

from dashboard.accounts import Account
from dashboard.sessions import second_factor
from dashboard.ui import installation

_SECRET, _CODES = "new_second_factor_", "new_recovery_codes_"
"""With the id of the account behind it: the next person at this screen is another one."""


def phone(account: Account) -> tuple[str, str] | None:
    """Picture, secret and the field for the first code; secret and code once they were sent."""
    secret: str = st.session_state.setdefault(f"{_SECRET}{account.id}", second_factor.new_secret())
    address = second_factor.address(secret, account.username, installation.settings().group_name)
    st.markdown("1. Open the authenticator app of your phone (any will do) and let it read this picture.")
    st.image(segno.make(address, error="m").svg_data_uri(scale=5, border=2), width=230)
    with st.expander("The picture can't be read?"):
        st.markdown("Type this into the app instead, as a key that is based on time:")
        st.code(" ".join(secret[place : place + 4] for place in range(0, len(secret), 4)), language=None)
    with st.form("second_factor", border=False):
        code = st.text_input("2. Six-digit code that the app shows", autocomplete="one-time-code")
        return (secret, code) if st.form_submit_button("Set up", type="primary") else None


def keep_codes(account: Account, codes: tuple[str, ...]) -> None:
    """The phone is set up, or the codes are new: have them shown by show_new_codes."""
    forget()
    st.session_state[f"{_CODES}{account.id}"] = codes


def forget() -> None:
    """Whoever was here is not on the way any more: nothing of theirs stays on the screen."""
    for key in [key for key in st.session_state if str(key).startswith((_SECRET, _CODES))]:
        del st.session_state[key]


def show_new_codes(account: Account) -> bool:
    """Show recovery codes that were just made, until the person says they are kept. Whether there are any."""
    codes = st.session_state.get(f"{_CODES}{account.id}")
    if codes is None:
        return False
    st.subheader("Recovery codes", anchor=False)
    st.markdown(
        "Each opens the dashboard once without your phone. **Write them down now:** they are never shown again."
    )
    st.code("\n".join(codes), language=None)
    if st.button("I have kept them", type="primary"):
        forget()
        st.rerun()
    return True
