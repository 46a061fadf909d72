"""The dashboard as an ASGI app: `make run`, or `streamlit run app.py`."""

import streamlit as st
from starlette.middleware import Middleware

from dashboard.ui import failures, routes, start
from dashboard.ui.gate import Gate

app = st.App(
    start.FRAME,
    lifespan=start.lifespan,
    routes=routes.ROUTES,
    middleware=[Middleware(Gate)],
    on_script_error=failures.show,
)
