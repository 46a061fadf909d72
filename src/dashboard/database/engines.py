"""Two engines on one database: `restricted` reads and writes, `published` reads the published tables only."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError

from dashboard.database import tables
from dashboard.errors import ConfigurationError

_READABLE = frozenset(table.name for table in tables.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Database:
    """The open database. Pass `published` to views and `restricted` to verbs; never the other way round."""

    restricted: Engine
    published: Engine

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction on the restricted side: all of it or nothing."""
        with self.restricted.connect() as connection:
            connection.info.pop(_ERASED, None)
            with connection.begin():
                yield connection
            erased = connection.info.pop(_ERASED, False)
        if erased:
            _empty_journal(self.restricted)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A restricted reader: one unchanging picture of the database, which blocks no writer."""
        with self.restricted.connect().execution_options(reads_only=True) as connection:
            yield connection

    @contextmanager
    def read_published(self) -> Iterator[Connection]:
        """A reader that is refused everything but the published tables."""
        with self.published.connect() as connection:
            yield connection


_ERASED = "erased"


def leave_no_trace(connection: Connection) -> None:
    """What this transaction deletes is to be gone from the journal too, as soon as it is committed."""
    connection.info[_ERASED] = True


def _empty_journal(engine: Engine) -> None:
    """Write the journal (-wal) into the database and cut it to nothing: it holds pages as they were before.

    A reader with an older picture holds it up, five seconds at most; then the next start does it.
    """
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    finally:
        connection.close()


def open_database(url: str) -> Database:
    """Open the SQLite database at the URL, creating folder, tables and triggers when they are not there.

    Raises ConfigurationError for another kind of database or a schema newer than this program.
    """
    file = _file(url)
    try:
        return _open(url, file)
    except OSError as error:
        raise ConfigurationError(
            f"The database {file} can't be written: {error.strerror}. Name another folder in DASHBOARD_STATE_DIR."
        ) from None
    except DatabaseError:
        raise ConfigurationError(
            f"{file} is no database, or it is damaged. Put it aside, and restore a copy or start with none."
        ) from None


def _file(url: str) -> str:
    try:
        parts = make_url(url)
    except ArgumentError:
        raise ConfigurationError("DASHBOARD_DATABASE_URL can't be read. Write sqlite:////folder/file.sqlite.") from None
    if parts.get_backend_name() != "sqlite":
        raise ConfigurationError("DASHBOARD_DATABASE_URL must begin with sqlite:/// in this version.")
    if not parts.database:
        raise ConfigurationError("DASHBOARD_DATABASE_URL names no file. Write sqlite:////folder/file.sqlite.")
    return parts.database


def _open(url: str, file: str) -> Database:
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    # Before SQLite opens it: the files beside it (-wal, -shm) take the mode that this one has.
    Path(file).touch(mode=0o600)
    Path(file).chmod(0o600)
    restricted = create_engine(url, hide_parameters=True)
    event.listen(restricted, "connect", _prepare_restricted)
    event.listen(restricted, "begin", _begin)
    _create_schema(restricted)
    _empty_journal(restricted)
    published = create_engine(url, hide_parameters=True)
    event.listen(published, "connect", _prepare_published)
    return Database(restricted, published)


def _prepare_restricted(connection: sqlite3.Connection, _record: Any) -> None:
    # Autocommit leaves BEGIN to us: two writers that begin deferred and then upgrade lose one of them.
    connection.isolation_level = None
    # Without recursive_triggers an INSERT OR REPLACE deletes the old row past the triggers that refuse it.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        # What is deleted is overwritten: a return that was erased can't be read out of the file.
        "secure_delete=ON",
        "busy_timeout=5000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _prepare_published(connection: sqlite3.Connection, _record: Any) -> None:
    connection.execute("PRAGMA busy_timeout=5000")
    connection.execute("PRAGMA query_only=ON")
    connection.set_authorizer(_authorise)


def _authorise(action: int, first: str | None, _second: str | None, _base: str | None, _trigger: str | None) -> int:
    if action == sqlite3.SQLITE_READ:
        return sqlite3.SQLITE_OK if first in _READABLE else sqlite3.SQLITE_DENY
    harmless = {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_RECURSIVE,
    }
    return sqlite3.SQLITE_OK if action in harmless else sqlite3.SQLITE_DENY


def _create_schema(engine: Engine) -> None:
    with engine.begin() as connection:
        tables.metadata.create_all(connection)
        version = connection.scalar(tables.schema_version.select())
        if version is None:
            connection.execute(tables.schema_version.insert().values(version=tables.SCHEMA_VERSION))
            for table in tables.NEVER_CHANGED:
                for change in ("UPDATE", "DELETE"):
                    connection.execute(text(_refusal(table.name, change)))
            connection.execute(text(_SECOND_PERSON))
        elif version != tables.SCHEMA_VERSION:
            raise ConfigurationError(
                f"The database has schema {version}, this program knows {tables.SCHEMA_VERSION}. "
                "Start the program version that made it, or restore a backup."
            )


def _refusal(table: str, change: str) -> str:
    exception = tables.ERASABLE.get((table, change))
    when = f"WHEN NOT ({exception}) " if exception else ""
    return (
        f"CREATE TRIGGER {table}_refuses_{change.lower()} BEFORE {change} ON {table} "
        f"{when}BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


_SECOND_PERSON = (
    f"CREATE TRIGGER erasure_needs_two BEFORE INSERT ON erasure_events WHEN {tables.SECOND_PERSON} "
    "BEGIN SELECT RAISE(ABORT, 'an erasure is approved by a second person'); END"
)
