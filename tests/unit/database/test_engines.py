"""The two engines: what the published one is refused, and what the restricted one keeps."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest
from sqlalchemy import Table, exc, func, select, text
from tests.examples import AUDIT_KEY, NOW, opened
from tests.unit.database.rows import rows_of, write_one_row_each

from dashboard.database import Database, open_database, tables
from dashboard.errors import ConfigurationError

REFUSED = "prohibited|not authorized|denied"
RESTRICTED = [table for table in tables.metadata.sorted_tables if table not in tables.PUBLISHED]


def file_of(database: Database) -> Path:
    return Path(str(database.restricted.url.database))


READS = ("SELECT * FROM {}", "SELECT count(*) FROM {}", "SELECT 1 FROM {} LIMIT 1")


@pytest.mark.parametrize("table", RESTRICTED, ids=lambda table: table.name)
def test_the_published_engine_refuses_every_other_table(database: Database, table: Table) -> None:
    write_one_row_each(database)
    for query in (text(read.format(table.name)) for read in READS):
        with database.read_published() as connection, pytest.raises(exc.DBAPIError, match=REFUSED):
            connection.execute(query)
        with database.read() as connection:
            assert connection.execute(query).first(), "the same query answers on the other engine"


@pytest.mark.parametrize("table", tables.PUBLISHED, ids=lambda table: table.name)
def test_the_published_engine_reads_the_published_tables(database: Database, table: Table) -> None:
    write_one_row_each(database)
    with database.read_published() as connection:
        assert connection.scalar(select(func.count()).select_from(table)) == 1


def test_the_wall_stands_between_known_tables() -> None:
    """A new table is restricted until somebody adds it to PUBLISHED: this list makes that a decision."""
    assert {table.name for table in tables.PUBLISHED} == {
        "publications",
        "withdrawals",
        "published_tables",
        "published_cells",
        "published_coverage",
    }
    assert {"observations", "submissions", "releases", "accounts", "audit_events"} <= {
        table.name for table in RESTRICTED
    }


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT name FROM sqlite_master",
        "SELECT * FROM pragma_table_info('observations')",
        "SELECT id FROM publications WHERE EXISTS (SELECT 1 FROM observations WHERE value = 3)",
        "SELECT id FROM publications UNION SELECT sha256 FROM submissions",
        "EXPLAIN SELECT * FROM observations",
        "PRAGMA query_only=OFF",
        "PRAGMA table_info(observations)",
        "ATTACH 'elsewhere.sqlite' AS elsewhere",
        "INSERT INTO withdrawals VALUES ('a', '2026-01-01', 'b', 'c')",
        "UPDATE publications SET reason = 'x'",
        "DELETE FROM publications",
        "DROP TABLE observations",
        "CREATE TABLE copy (a)",
        "CREATE TEMP VIEW peep AS SELECT * FROM observations",
        "SELECT load_extension('anything')",
    ],
)
def test_the_published_engine_refuses_every_way_round(database: Database, statement: str) -> None:
    with (
        database.read_published() as connection,
        pytest.raises(exc.DBAPIError, match=REFUSED),
    ):
        connection.exec_driver_sql(statement)


def test_a_published_reader_stays_refused_on_its_second_connection(database: Database) -> None:
    for _ in range(2):
        with database.read_published() as connection, pytest.raises(exc.DBAPIError):
            connection.execute(text("SELECT * FROM observations"))
        database.published.dispose()


def test_a_transaction_is_kept_whole_or_not_at_all(database: Database) -> None:
    def half() -> None:
        with database.write() as connection:
            connection.execute(tables.setup_codes.insert().values(code_sha256="a", created_at=NOW))
            raise KeyError

    with pytest.raises(KeyError):
        half()
    with database.read() as connection:
        assert connection.execute(select(tables.setup_codes)).first() is None


def test_a_reader_keeps_one_picture_and_blocks_no_writer(database: Database) -> None:
    query = select(func.count()).select_from(tables.setup_codes)
    with database.read() as reader:
        assert reader.scalar(query) == 0
        with database.write() as writer:
            writer.execute(tables.setup_codes.insert().values(code_sha256="a", created_at=NOW))
        assert reader.scalar(query) == 0
    with database.read() as reader:
        assert reader.scalar(query) == 1


def test_writers_at_the_same_time_wait_for_each_other(database: Database) -> None:
    """Each counts, thinks, and writes what it counted: nobody may write on a picture that is out of date."""

    def count_and_write(_writer: int) -> None:
        with database.write() as connection:
            seen = connection.scalar(select(func.count()).select_from(tables.setup_codes))
            sleep(0.01)
            connection.execute(tables.setup_codes.insert().values(code_sha256=str(seen), created_at=NOW))

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(count_and_write, range(4)))
    with database.read() as connection:
        assert set(connection.scalars(select(tables.setup_codes.c.code_sha256))) == {"0", "1", "2", "3"}


def test_a_reference_to_nothing_is_refused(database: Database) -> None:
    with database.write() as connection, pytest.raises(exc.IntegrityError, match="FOREIGN KEY"):
        connection.execute(tables.tickets.insert().values(ticket_sha256="a", account_id="nobody", expires_at=NOW))


def test_reopening_keeps_every_row(database: Database) -> None:
    write_one_row_each(database)
    before = rows_of(database)
    database.restricted.dispose()
    database.published.dispose()
    again = opened(file_of(database))
    assert rows_of(again) == before
    assert all(before.values()), "every table had a row to lose"


def test_a_newer_schema_is_refused_and_left_as_it_is(database: Database) -> None:
    with database.write() as connection:
        connection.execute(tables.schema_version.update().values(version=tables.SCHEMA_VERSION + 1))
        connection.execute(text("DROP TABLE findings"))
    with pytest.raises(ConfigurationError, match="Start the program version that made it"):
        opened(file_of(database))
    with database.read() as connection:
        assert connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'findings'")).first() is None


def test_a_new_database_is_made_with_its_folder_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "new" / "folder" / "dashboard.sqlite"
    opened(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("url", "mend"), [("postgresql://host/db", "must begin with sqlite"), ("sqlite://", "names no file")]
)
def test_a_url_that_cannot_be_used_says_what_to_write(url: str, mend: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=mend):
        open_database(url, audit_key=AUDIT_KEY, anchor_file=tmp_path / "anchor")
