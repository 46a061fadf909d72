"""Lock-out: after some failures in a row every further try has to wait, longer each time, and never for good.

The count lies in the database, so all processes share it and a restart does not clear it. While somebody waits,
tries are refused without a look at the password and are not counted: nobody can keep an owner out for ever.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection

from dashboard.sessions import store

TRIES = 5
"""Failures in a row on one username before the first delay."""
TRIES_FROM_ADDRESS = 30
"""The same for one network address: a mission's people may share one."""
SHORTEST_DELAY, LONGEST_DELAY = timedelta(minutes=1), timedelta(minutes=64)
"""The first delay; each further failure doubles it, up to the longest."""
FORGOTTEN_AFTER = timedelta(hours=2)
"""Without a further failure the count starts anew."""


def waits_until(
    connection: Connection, username: str, address: str | None, *, at: datetime, place: str = ""
) -> datetime | None:
    """When this username, from this address, may be tried again; None where it may now.

    place is where the try is made, if not at the sign-in form: the step of the code, or an open session. Each counts
    by itself, so that strangers at the form keep nobody waiting who is further in.
    """
    keys = _keys(username, address, place)
    found = store.failures(connection, keys)
    # A failure of the future was noted while the clock was wrong.
    ends = [min(last, at) + delay for key, (failures, last) in found.items() if (delay := _delay(failures - keys[key]))]
    latest = max(ends, default=at)
    return latest if latest > at else None


def note_failure(connection: Connection, username: str, address: str | None, *, at: datetime, place: str = "") -> None:
    """Count a failure, known username or not."""
    store.add_failure(connection, _keys(username, address, place), at=at, anew_after=FORGOTTEN_AFTER)


def forget_failures(connection: Connection, username: str, place: str = "") -> bool:
    """The right password was given, or an administrator said so. Whether there was anything to forget.

    The address keeps its count: one right password must not buy tries at others.
    """
    (key,) = _keys(username, None, place)
    return store.clear_failures(connection, key)


def _delay(beyond: int) -> timedelta | None:
    """How long the last of so many failures, counted from the one that first costs time, makes wait."""
    return None if beyond < 0 else min(SHORTEST_DELAY * 2 ** min(beyond, 10), LONGEST_DELAY)


def _keys(username: str, address: str | None, place: str) -> dict[str, int]:
    """The rows of a try, with the failures each allows. Hashed: people type passwords into the wrong field."""
    found = {_digest(f"account {place}".strip(), username.strip().lower()): TRIES}
    if address:
        found[_digest("address", address)] = TRIES_FROM_ADDRESS
    return found


def _digest(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}\n{text}".encode()).hexdigest()
