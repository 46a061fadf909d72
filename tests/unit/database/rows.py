"""One row in every table, made from the tables themselves: a new table is filled without being named here."""

from typing import Any

from sqlalchemy import Boolean, Column, Integer, LargeBinary, Table, select
from tests.examples import NOW

from dashboard.database import Database, tables


def write_one_row_each(database: Database) -> None:
    """Write a row into each table that has none; references go to the row of the table they name."""
    written: dict[str, dict[str, Any]] = {}
    with database.write() as connection:
        for table in tables.metadata.sorted_tables:
            there = connection.execute(select(table)).mappings().first()
            written[table.name] = dict(there) if there else _row(table, written)
            if not there:
                connection.execute(table.insert().values(written[table.name]))


def _row(table: Table, written: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {column.name: _value(column, written) for column in table.columns}


def _value(column: Column[Any], written: dict[str, dict[str, Any]]) -> Any:
    for key in column.foreign_keys:
        return written[key.column.table.name][key.column.name]
    if isinstance(column.type, tables.Moment):
        return NOW
    if isinstance(column.type, LargeBinary):
        return b"x"
    if isinstance(column.type, Boolean | Integer):
        return 1
    return "x"


def rows_of(database: Database) -> dict[str, list[Any]]:
    """Every row of every table."""
    with database.read() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)))) for table in tables.metadata.sorted_tables
        }
