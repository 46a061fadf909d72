"""Append-only tables: rows are added and stay as they are, whatever the statement."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Table, exc, select, text
from tests.examples import NOW
from tests.unit.database.rows import rows_of, write_one_row_each

from dashboard.database import Database, tables

APPEND_ONLY = pytest.mark.parametrize("table", tables.NEVER_CHANGED, ids=lambda table: table.name)


CHANGES = {
    "update": 'UPDATE {table} SET "{first}" = "{first}"',
    "delete": "DELETE FROM {table}",
    "replace": "INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}",
}


@APPEND_ONLY
@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES.keys())
def test_a_row_that_is_written_is_never_changed(database: Database, table: Table, statement: str) -> None:
    columns = [f'"{column.name}"' for column in table.columns]
    change = statement.format(table=table.name, first=table.columns.keys()[0], columns=", ".join(columns))
    write_one_row_each(database)
    before = rows_of(database)
    with database.write() as connection, pytest.raises(exc.DBAPIError, match=f"{table.name} is append-only"):
        connection.execute(text(change))
    assert rows_of(database) == before
    assert before[table.name], "a trigger of each row says nothing about an empty table"


@pytest.mark.parametrize("change", ["UPDATE accounts SET active = 0", "DELETE FROM tickets"])
def test_other_tables_may_change(database: Database, change: str) -> None:
    """Negative control: it is the trigger that refuses, not the connection."""
    write_one_row_each(database)
    with database.write() as connection:
        assert connection.execute(text(change)).rowcount == 1


def test_what_is_evidence_is_append_only() -> None:
    assert set(tables.PUBLISHED) <= set(tables.NEVER_CHANGED)
    events = {table.name for table in tables.metadata.sorted_tables if table.name.endswith("_events")}
    assert events <= {table.name for table in tables.NEVER_CHANGED}


def test_a_negative_count_is_refused(database: Database) -> None:
    write_one_row_each(database)
    with database.write() as connection:
        row = dict(connection.execute(select(tables.observations)).mappings().one())
        with pytest.raises(exc.IntegrityError, match="counts_are_not_negative"):
            connection.execute(tables.observations.insert().values(row | {"number": 2, "value": -1}))


def test_a_moment_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    in_male = datetime(2026, 1, 1, 2, 30, tzinfo=timezone(timedelta(hours=5)))
    with database.write() as connection:
        connection.execute(tables.setup_codes.insert().values(code_sha256="a", created_at=in_male, used_at=None))
        kept = connection.execute(select(tables.setup_codes)).one()
    assert kept.created_at == in_male
    assert kept.created_at.tzinfo is UTC
    assert kept.used_at is None
    assert kept.created_at < NOW
