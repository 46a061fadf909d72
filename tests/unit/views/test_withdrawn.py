"""Withdrawn publications: readers are told which, when and why, in the zone of the group."""

from datetime import UTC, datetime, timedelta

from tests.examples import REFERENCE
from tests.published import Written, withdraw, write

from dashboard import exports, published_tables
from dashboard.charts import draw
from dashboard.database import Database
from dashboard.views import Published, Selection, catalogue, load, nothing_in_force

TABLE = Written(
    "victims_over_time",
    "victims",
    ("period", "status", "form_of_exploitation", "age_group"),
    {"2024 IDENTIFIED _T _T": 9},
    counted={"status": {"2024": ("IDENTIFIED",)}},
)
NOVEMBER = datetime(2026, 11, 21, 22, tzinfo=UTC)
SAID = "Publication 2 of 22 November 2026 was withdrawn on 24 November 2026: A quarter was counted twice."


def three(database: Database, *gone: int) -> None:
    with database.write() as connection:
        for number in (1, 2, 3):
            write(connection, number, TABLE, quarters=("2024-Q1",), at=NOVEMBER)
        for number in gone:
            reason = "A quarter was counted twice." if number == 2 else f"Wrong {number}"
            withdraw(connection, f"p{number}", reason, NOVEMBER + timedelta(days=2))


def in_force(database: Database, time_zone: str = "Indian/Maldives") -> str:
    with database.read_published() as connection:
        found = published_tables.current(connection)
        assert found is not None
        return Published(connection, found, REFERENCE, time_zone).withdrawn


def test_nothing_is_said_where_the_newest_is_in_force(database: Database) -> None:
    three(database, 1, 2)
    assert in_force(database) == ""


def test_every_newer_one_is_named_with_its_reason_newest_first(database: Database) -> None:
    three(database, 2, 3)
    assert in_force(database) == (
        "Publication 3 of 22 November 2026 was withdrawn on 24 November 2026: Wrong 3. " + SAID
    )
    assert "21 November 2026" in in_force(database, "UTC")


def test_the_note_stands_in_every_copy(database: Database) -> None:
    with database.write() as connection:
        for number in (1, 2):
            write(connection, number, TABLE, quarters=("2024-Q1",), at=NOVEMBER)
        withdraw(connection, "p2", "A quarter was counted twice.", NOVEMBER + timedelta(days=2))
    with database.read_published() as connection:
        found = published_tables.find(connection, "p1")
        table = load(catalogue.TREND, Selection(), Published(connection, found, REFERENCE, "Indian/Maldives"))
    assert table.withdrawn == f"{SAID} These figures are of publication 1."
    assert SAID in exports.csv_bytes(table).decode("utf-8-sig")
    words = " ".join(note.text for note in draw(table, 1200).layout.annotations).replace("<br>", " ")
    assert SAID in words


def test_where_none_is_in_force_the_last_one_is_named(database: Database) -> None:
    with database.read_published() as connection:
        assert nothing_in_force(connection, "UTC") == ""
    three(database, 1, 2, 3)
    with database.read_published() as connection:
        assert nothing_in_force(connection, "UTC") == (
            "Publication 3 of 21 November 2026 was withdrawn on 23 November 2026: Wrong 3. "
            "No other publication is in force."
        )
