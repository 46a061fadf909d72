"""Two engines on one database: `restricted` reads and writes, `published` reads the published tables only."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError

from dashboard.database import anchor, tables, triggers
from dashboard.errors import ConfigurationError

AUDIT_KEY, ANCHOR_FILE, READS_ONLY = "audit_key", "anchor_file", "reads_only"
"""Execution options of the restricted engine, which its connections carry to the audit trail."""

AUDIT_HEAD = "audit_head"
"""What a transaction that adds audit events leaves in Connection.info: number and mac of the last one."""

_LOG = logging.getLogger("dashboard")
_READABLE = frozenset(table.name for table in tables.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Database:
    """The open database. Pass `published` to views and `restricted` to verbs; never the other way round."""

    restricted: Engine
    published: Engine

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction on the restricted side: all of it or nothing. Then the audit trail is anchored."""
        with self.restricted.connect() as connection:
            connection.info.pop(_ERASED, None)
            with connection.begin():
                yield connection
            # After the commit: an anchor of events that were rolled back would look like a trail that was cut.
            _anchor(connection)
            erased = connection.info.pop(_ERASED, False)
        if erased:
            _empty_journal(self.restricted)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A restricted reader: one unchanging picture of the database, which blocks no writer."""
        with self.restricted.connect().execution_options(**{READS_ONLY: True}) as connection:
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


def open_database(url: str, *, audit_key: bytes, anchor_file: Path) -> Database:
    """Open the SQLite database at the URL, creating folder, tables and triggers when they are not there.

    audit_key and anchor_file are those of the audit trail; neither lies in the database. Raises ConfigurationError for
    another kind of database, a schema newer than this program, or an anchor file that can't be written.
    """
    file = file_of(url)
    try:
        opened = _open(url, file, {AUDIT_KEY: audit_key, ANCHOR_FILE: anchor_file})
    except OSError as error:
        raise ConfigurationError(
            f"The database {file} can't be written: {error.strerror}. Name another folder in DASHBOARD_STATE_DIR."
        ) from None
    except DatabaseError:
        raise ConfigurationError(
            f"{file} is no database, or it is damaged. Put it aside, and restore a copy or start with none."
        ) from None
    try:
        anchor.prepare(anchor_file)
    except OSError as error:
        raise ConfigurationError(
            f"The anchor of the audit trail {anchor_file} can't be written: {error.strerror}. "
            "Name another file in DASHBOARD_ANCHOR_FILE."
        ) from None
    return opened


def file_of(url: str) -> str:
    """The file that a database URL names. Raises ConfigurationError where it names none."""
    try:
        parts = make_url(url)
    except ArgumentError:
        raise ConfigurationError("DASHBOARD_DATABASE_URL can't be read. Write sqlite:////folder/file.sqlite.") from None
    if parts.get_backend_name() != "sqlite":
        raise ConfigurationError("DASHBOARD_DATABASE_URL must begin with sqlite:/// in this version.")
    if not parts.database:
        raise ConfigurationError("DASHBOARD_DATABASE_URL names no file. Write sqlite:////folder/file.sqlite.")
    return parts.database


def _open(url: str, file: str, options: dict[str, Any]) -> Database:
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    # Before SQLite opens it: the files beside it (-wal, -shm) take the mode that this one has.
    Path(file).touch(mode=0o600)
    Path(file).chmod(0o600)
    restricted = create_engine(url, hide_parameters=True, execution_options=options)
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
    # What a transaction before this one left and then rolled back.
    connection.info.pop(AUDIT_HEAD, None)
    reads_only = connection.get_execution_options().get(READS_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _anchor(connection: Connection) -> None:
    """Append the head, where events were added. The deed is done: what fails here is said, and undoes nothing.

    The next head that can be written covers it. Until then the audit screen counts the events without an anchor.
    """
    head = connection.info.pop(AUDIT_HEAD, None)
    if head is None:
        return
    file: Path = connection.get_execution_options()[ANCHOR_FILE]
    try:
        anchor.append(file, *head)
    except OSError as error:
        _LOG.error("The anchor of the audit trail %s can't be written: %s", file, error.strerror or error)


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
            triggers.create(connection)
        elif version != tables.SCHEMA_VERSION:
            raise ConfigurationError(
                f"The database has schema {version}, this program knows {tables.SCHEMA_VERSION}. "
                "Start the program version that made it, or restore a backup."
            )
