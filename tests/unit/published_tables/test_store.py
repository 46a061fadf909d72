"""Reading what is published: selections, codes, coverage, and which publication is current."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection
from tests.examples import NOW

from dashboard import published_tables
from dashboard.database import Database, tables
from dashboard.errors import NotFound
from dashboard.published_tables import CoverageEntry, PublishedTable, ReturnStatus

CELLS = {
    ("2023", "RECORDED"): 9,
    ("2023", "PROSECUTED"): None,
    ("2024", "RECORDED"): 12,
    ("_T", "RECORDED"): 21,
    ("_T", "PROSECUTED"): None,
}
TABLE = PublishedTable(
    "cases_by_stage",
    "cases",
    ("period", "stage"),
    {"stage": {"2024": ("PROSECUTED", "RECORDED", "CONVICTED")}},
    ("year", "report_year"),
    {"stage": {"_T+": ("ACQUITTED", "DISMISSED")}},
)
WIDER = {("2024", "RECORDED"): 12, ("_T", "CONVICTED"): None}
Values = dict[tuple[str, ...], int | None]


def write_publication(connection: Connection, number: int) -> None:
    connection.execute(
        tables.publications.insert().values(
            id=f"p{number}",
            number=number,
            release_id="r",
            policy={"thresholds": {"group": {"cases": 5}, "wider": {"cases": 10}}},
            invented=False,
            data_until="2024-Q4",
            # The clock of the machine may go backwards: the number decides which is newest.
            published_at=NOW - timedelta(days=number),
            published_by_name="The chair",
            reason="Closed.",
        )
    )
    connection.execute(
        tables.published_tables.insert().values(
            publication_id=f"p{number}",
            name=TABLE.name,
            structure=TABLE.structure,
            dimensions=list(TABLE.dimensions),
            counted={dimension: dict(by_year) for dimension, by_year in TABLE.counted.items()},
            period_levels=list(TABLE.period_levels),
            groups={dimension: dict(groups) for dimension, groups in TABLE.groups.items()},
        )
    )


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.write() as writer:
        for number in (1, 2):
            write_publication(writer, number)
        blank = {f"code_{place}": "" for place in range(3, tables.MAX_DIMENSIONS + 1)}
        writer.execute(
            tables.published_cells.insert(),
            [
                {"publication_id": "p1", "circulation": circulation, "table_name": TABLE.name, "value": value}
                | {"code_1": one, "code_2": two}
                | blank
                for circulation, cells in (("group", CELLS), ("wider", WIDER))
                for (one, two), value in cells.items()
            ],
        )
        writer.execute(
            tables.published_coverage.insert(),
            [
                {
                    "publication_id": "p1",
                    "structure": "cases",
                    "organisation": code,
                    "organisation_name": name,
                    "period": period,
                    "status": "returned",
                }
                for code, name in (("Z", "An office"), ("A", "The other office"))
                for period in ("2024-Q2", "2024-Q1")
            ],
        )
    with database.read_published() as reader:
        yield reader


def values(
    connection: Connection, publication_id: str = "p1", circulation: str = "group", **selection: list[str]
) -> dict[tuple[str, ...], int | None]:
    found = published_tables.observations(connection, publication_id, TABLE, selection, circulation=circulation)
    return {cell.codes: cell.value for cell in found}


def test_without_a_selection_every_cell_is_read(connection: Connection) -> None:
    assert values(connection) == CELLS


def test_a_selection_restricts_the_dimensions_it_names(connection: Connection) -> None:
    assert values(connection, period=["_T"]) == {("_T", "RECORDED"): 21, ("_T", "PROSECUTED"): None}
    assert values(connection, period=["2023", "2024"], stage=["RECORDED"]) == {
        ("2023", "RECORDED"): 9,
        ("2024", "RECORDED"): 12,
    }


def test_an_empty_selection_selects_nothing(connection: Connection) -> None:
    assert values(connection, stage=[]) == {}


def test_cells_of_another_publication_are_not_read(connection: Connection) -> None:
    assert values(connection, "p2") == {}


def test_each_circulation_reads_its_own_rows(connection: Connection) -> None:
    assert values(connection, circulation="wider") == WIDER
    assert values(connection, circulation="wider", stage=["RECORDED"]) == {("2024", "RECORDED"): 12}
    assert values(connection, circulation="public") == {}, "nobody falls back to the rows of another"


def test_a_code_that_is_made_to_look_like_sql_is_only_a_code(connection: Connection) -> None:
    assert values(connection, stage=["' OR 1=1 --"]) == {}


def codes(connection: Connection, publication_id: str, dimension: str, circulation: str = "group") -> set[str]:
    return set(published_tables.codes_in(connection, publication_id, TABLE, dimension, circulation=circulation))


def test_codes_that_have_a_cell(connection: Connection) -> None:
    assert codes(connection, "p1", "period") == {"2023", "2024", "_T"}
    assert codes(connection, "p1", "stage") == {"RECORDED", "PROSECUTED"}
    assert codes(connection, "p1", "stage", "wider") == {"RECORDED", "CONVICTED"}
    assert codes(connection, "p2", "stage") == set()


def test_a_code_of_a_group_and_a_level_that_is_not_published_are_not_shown_by_themselves() -> None:
    assert TABLE.members("stage", "_T+") == ("ACQUITTED", "DISMISSED")
    assert TABLE.members("stage", "RECORDED") == ()
    assert [TABLE.is_shown("stage", code) for code in ("RECORDED", "_T+", "_T", "ACQUITTED")] == [True] * 3 + [False]
    assert [TABLE.is_shown("period", code) for code in ("2024", "_T", "2024-Q1", "2020/2024", "TIP-2024")] == [
        True,
        True,
        False,
        False,
        True,
    ]


def test_the_smallest_count_shown_is_that_of_the_circulation(connection: Connection) -> None:
    publication = published_tables.find(connection, "p1")
    found = [publication.threshold(*place) for place in (("group", "cases"), ("wider", "cases"), ("group", "victims"))]
    assert found == [5, 10, 1]


def test_tables_keep_the_order_of_their_dimensions(connection: Connection) -> None:
    assert published_tables.tables(connection, "p1") == {TABLE.name: TABLE}
    assert published_tables.tables(connection, "nothing") == {}


def test_a_stage_that_nobody_reported_has_no_zero(connection: Connection) -> None:
    table = published_tables.tables(connection, "p1")[TABLE.name]
    assert table.is_counted("stage", "CONVICTED", {"2024"}), "reported as zero"
    assert not table.is_counted("stage", "CONVICTED", {"2023"}), "in another year nobody counted it"
    assert table.is_counted("stage", "CONVICTED", {"2023", "2024"})
    assert not table.is_counted("stage", "ACQUITTED", {"2024"})
    assert table.is_counted("period", "1999", set()), "a dimension with a total has a zero wherever there is no cell"


def test_coverage_is_by_organisation_and_period(connection: Connection) -> None:
    found = published_tables.coverage(connection, "p1", "cases")
    assert [(entry.organisation, entry.period) for entry in found] == [
        ("Z", "2024-Q1"),
        ("Z", "2024-Q2"),
        ("A", "2024-Q1"),
        ("A", "2024-Q2"),
    ]
    assert found[0] == CoverageEntry("Z", "An office", "2024-Q1", ReturnStatus.RETURNED)
    assert published_tables.coverage(connection, "p1", "victims") == ()


def test_the_current_publication_is_the_newest_that_is_not_withdrawn(
    database: Database, connection: Connection
) -> None:
    newest = published_tables.current(connection)
    assert newest is not None
    assert newest.id == "p2"
    for publication_id, left, newer in (("p2", "p1", ["p2"]), ("p1", None, ["p2", "p1"])):
        with database.write() as writer:
            writer.execute(
                tables.withdrawals.insert().values(
                    publication_id=publication_id, at=NOW, by_name="The chair", reason="Wrong."
                )
            )
        with database.read_published() as reader:
            now = published_tables.current(reader)
            assert (now.id if now else None) == left
            assert len(published_tables.publication_list(reader)) == 2
            assert published_tables.find(reader, publication_id).withdrawn_because == "Wrong."
            in_force = now.number if now else 0
            assert [one.id for one in published_tables.withdrawn(reader, after=in_force)] == newer
            assert published_tables.withdrawn(reader, after=2) == ()


def test_nothing_is_current_in_a_new_database(database: Database) -> None:
    with database.read_published() as reader:
        assert published_tables.current(reader) is None


def test_an_unknown_publication_is_not_found(connection: Connection) -> None:
    with pytest.raises(NotFound, match="Choose one from the list"):
        published_tables.find(connection, "nothing")
