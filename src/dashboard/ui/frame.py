"""The frame around every screen: who is looking, the menu, the page. Streamlit runs this file."""

import streamlit as st

from dashboard.ui import header, installation, layout, menu, session, sign_in, verbs
from dashboard.ui.gate import Gate

st.set_page_config(page_title=installation.settings().group_name, layout="wide", initial_sidebar_state="collapsed")
layout.apply_style()
if not Gate.standing:
    st.error("The dashboard was started without its gate. Start it with make run, or streamlit run app.py.")
    st.stop()
account = session.account()
page = menu.navigation(account)
if account is None:
    sign_in.show()
else:
    header.show(account)
    verbs.ask()
    page.run()
