"""What the page about the dashboard says is kept about readers, against the tables that keep it."""

import pytest
from sqlalchemy import Column, MetaData, String, Table

from dashboard.database import tables
from dashboard.ui.about_screen import KEPT_ABOUT_READERS

TOLD = {table for _, of in KEPT_ABOUT_READERS for table in of}
PERSONAL = (
    "account_id",
    "account_name",
    "by_id",
    "by_name",
    "sent_by",
    "attached_by",
    "frozen_by",
    "published_by_name",
    "username",
)
HASHED = {"failed_sign_ins"}
"""Tables that name nobody, but can be asked about somebody."""


def names_somebody(table: Table) -> bool:
    """Whether a row tells who did something, or whose it is."""
    columns = {column.name for column in table.columns}
    refers = any(key.column.table.name == "accounts" for key in table.foreign_keys)
    return refers or bool(columns & set(PERSONAL)) or table.name in HASHED


@pytest.mark.parametrize("table", tables.metadata.sorted_tables, ids=lambda table: table.name)
def test_a_table_that_names_somebody_is_told_of(table: Table) -> None:
    assert names_somebody(table) == (table.name in TOLD), "Say in KEPT_ABOUT_READERS what it keeps about a reader"


def test_no_table_is_told_of_that_is_not_there() -> None:
    assert {table.name for table in tables.metadata.sorted_tables} >= TOLD


def test_a_table_that_names_somebody_is_noticed() -> None:
    """Negative control."""
    elsewhere = MetaData()
    assert names_somebody(Table("visits", elsewhere, Column("account_id", String(36))))
    assert not names_somebody(Table("places", elsewhere, Column("name", String(36))))
