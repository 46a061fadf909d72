"""What the running app stands on: settings, database, clock. Opened once a process."""

from datetime import UTC, datetime
from functools import cache

from dashboard.database import Database, open_installed
from dashboard.settings import Settings, installation_key


def now() -> datetime:
    """The clock, in UTC. Verbs are told the time; only screens read it."""
    return datetime.now(UTC)


@cache
def settings() -> Settings:
    """The settings of this installation."""
    return Settings.from_environ()


@cache
def key() -> bytes:
    """The secret of this installation, from which others are derived."""
    return installation_key(settings().key_file)


@cache
def database() -> Database:
    """The open database, shared by all sessions."""
    return open_installed(settings())
