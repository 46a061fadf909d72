"""What readers are told of publications that were withdrawn: which, when, and why."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from dashboard import published_tables
from dashboard.published_tables import Publication


def day(at: datetime, time_zone: str) -> str:
    """The day of a moment where the group meets: `22 November 2026`."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{local.day} {local:%B %Y}"


def withdrawn_note(connection: Connection, in_force: Publication, time_zone: str) -> str:
    """A note on newer publications that were withdrawn; empty where there is none. It quotes what a person typed."""
    return _sentences(published_tables.withdrawn(connection, after=in_force.number), time_zone)


def nothing_in_force(connection: Connection, time_zone: str) -> str:
    """Why there is nothing to see though something was published; empty where nothing ever was."""
    found = published_tables.withdrawn(connection)[:1]
    return f"{_sentences(found, time_zone)} No other publication is in force." if found else ""


def _sentences(found: Iterable[Publication], time_zone: str) -> str:
    return " ".join(
        f"Publication {one.number} of {day(one.published_at, time_zone)} was withdrawn on "
        f"{day(one.withdrawn_at, time_zone)}: {one.withdrawn_because.rstrip('. ')}."
        for one in found
        if one.withdrawn_at
    )
