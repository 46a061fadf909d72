"""The dashboard as an ASGI app: `make run`, or `streamlit run app.py`."""

import streamlit as st

from dashboard.ui import failures, routes, start

app = st.App(
    start.FRAME,
    lifespan=start.lifespan,
    routes=routes.ROUTES,
    on_script_error=failures.show,
)
