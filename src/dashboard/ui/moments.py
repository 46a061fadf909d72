"""Moments as the group reads them: in its own time zone, the month in words."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from dashboard.ui import installation


def _local(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(installation.settings().time_zone))


def day(at: datetime) -> str:
    """`22 November 2026`."""
    local = _local(at)
    return f"{local.day} {local:%B %Y}"


def moment(at: datetime) -> str:
    """`22 November 2026, 14:05`."""
    return f"{day(at)}, {_local(at):%H:%M}"


def start_of(when: date) -> datetime:
    """The first moment of a day."""
    return datetime.combine(when, time(), ZoneInfo(installation.settings().time_zone))
