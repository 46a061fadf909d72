"""Starting the app: database, sample and setup code first, then the libraries that the first page needs."""

import asyncio
import gc
import logging
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.administration import HOUSEKEEPING, close_unused, prepare
from dashboard.datasets.data_protection import load_data_protection
from dashboard.disclosure import load_plan, load_policy
from dashboard.errors import ConfigurationError
from dashboard.sessions import store
from dashboard.ui import clause, installation
from dashboard.views import catalogue

_TIDY_EVERY = 3600
_SESSIONS_KEPT = timedelta(days=7)
FRAME = Path(__file__).with_name("frame.py")


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Check the reference files, prepare the database, say how to sign in; warm up while people connect."""
    _date_the_log()
    try:
        await asyncio.to_thread(_prepare)
    except ConfigurationError as error:
        # Not raised: the server would print a traceback around the one line that helps.
        _tell(f"\n  The dashboard can't start. {error}\n\n")
        os._exit(1)
    beside = (asyncio.create_task(asyncio.to_thread(_warm_up)), asyncio.create_task(_keep_house()))
    yield {}
    for task in beside:
        task.cancel()


def _date_the_log() -> None:
    """Each line says when it was written, in UTC like the audit trail beside which it is read."""
    lines = logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")
    lines.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(lines)
    logging.getLogger("dashboard").addHandler(handler)


def _prepare() -> None:
    settings = installation.settings()
    plan = load_plan(settings.reference_dir)
    tables = plan.tables
    catalogue.check({name: tables[name].dimensions for name in tables}, {name: tables[name].levels for name in tables})
    load_policy(settings.reference_dir)
    clause.text()
    installation.key()
    load_data_protection(settings.reference_dir)
    code = prepare(installation.database(), settings, at=installation.now())
    if code:
        _tell(f"\n  First start. Set up the first account with this one-time code:  {code}\n")
    _tell(f"  Ready: http://{st.get_option('server.address')}:{st.get_option('server.port')}\n")


async def _keep_house() -> None:
    while True:
        await asyncio.to_thread(_tidy)
        await asyncio.sleep(_TIDY_EVERY)


def _tidy() -> None:
    """Close accounts that nobody has used for half a year, and forget sessions that ended long ago."""
    at = installation.now()
    with installation.database().write() as connection:
        close_unused(connection, by=HOUSEKEEPING, at=at)
        store.forget_ended(connection, before=at - _SESSIONS_KEPT)


def _tell(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _warm_up() -> None:
    """Import what the first reader would otherwise wait for, and keep it out of the collector's way."""
    import dashboard.ui.figure_page  # noqa: F401

    gc.collect()
    gc.freeze()
