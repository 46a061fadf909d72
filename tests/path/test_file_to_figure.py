"""The whole path in one test: an agency's file goes in, a protected figure comes out."""

import csv
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests import examples

from dashboard import charts, exports, published_tables, releases, submissions, views
from dashboard.accounts import Account, Role
from dashboard.database import Database
from dashboard.disclosure.tabulation import reported_leaves
from dashboard.views import CellState, Published, Selection, TableView, catalogue

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
SECRETARIAT = Account("s", "s", "Secretariat", Role.SECRETARIAT, "IOM")
CHAIR = Account("c", "c", "Chair", Role.CHAIR, "ATO")


def publish(database: Database, reference_dir: Path, content: bytes, filename: str, organisation: str) -> None:
    """Send one file along the whole path."""
    returned = submissions.read_return(
        content, filename, agency=organisation, reference_dir=reference_dir, previous={}, today=date(2026, 3, 1)
    )
    with database.write() as connection:
        receipt = submissions.receive(
            connection, content, filename, returned, organisation=organisation, by=SECRETARIAT, at=AT
        )
        submissions.accept(connection, receipt.submission, reason="Checked.", by=SECRETARIAT, at=AT)
        release = releases.freeze(connection, by=SECRETARIAT, at=AT)
        release = releases.approve(connection, release, by=CHAIR, at=AT)
        examples.published(connection, release, by=CHAIR, at=AT)


def look(database: Database, reference_dir: Path, view: views.View) -> TableView:
    """What a reader sees, read through the published engine."""
    with database.read_published() as connection:
        found = published_tables.current(connection)
        assert found is not None
        return views.load(view, Selection(), Published(connection, found, reference_dir))


def sample_header() -> str:
    return (Path(__file__).parents[2] / "data/sample/MPS_victims.csv").read_text(encoding="utf-8").splitlines()[0]


def test_a_small_count_leaves_no_trace_right_of_the_wall(database: Database, reference_dir: Path) -> None:
    header = sample_header()
    lines = [header]
    columns = header.split(",")
    for period, nationality, count in (("2025-Q1", "BGD", 9), ("2025-Q2", "BGD", 8), ("2025-Q1", "KEN", 3)):
        row = dict.fromkeys(columns, "")
        values = ["IDENTIFIED", nationality, "M", "18+", "FORCED_LABOUR", "F", nationality, "NONE", "MV_MALE"]
        row |= dict(zip(columns, [period, *values, str(count), "NORMAL"], strict=True))
        lines.append(",".join(row[column] for column in columns))
    publish(database, reference_dir, "\n".join(lines).encode(), "return.csv", "MPS")

    table = look(database, reference_dir, catalogue.NATIONALITY)
    assert [(row.label, cells[0].text) for row, cells in zip(table.rows, table.cells, strict=True)] == [
        ("Bangladesh", "c"),
        ("Other nationalities (242)", "c"),
    ]
    hidden = [cells[0] for cells in table.cells]
    assert {(cell.state, cell.value) for cell in hidden} == {(CellState.WITHHELD, None)}, "20 - 17 would tell the 3"
    assert table.total_row[0].text == "20"
    figure = charts.draw(table)
    shown = [str(number) for trace in figure.data for number in (trace.text if trace.text is not None else ())]
    assert not any("17" in text or text == "3" for text in shown)
    written = exports.csv_bytes(table).decode("utf-8-sig").splitlines()
    assert '"Bangladesh","c"' in written
    assert '"Other nationalities (242)","c"' in written
    assert '"Total",20' in written
    assert not any("Kenya" in line for line in written), "a country that stands among others is not named"


@pytest.mark.parametrize("view", list(catalogue.every_view()), ids=lambda view: view.name)
def test_real_figures_of_southern_asia_reach_every_view_that_has_data(
    view: views.View, glotip: Database, reference_dir: Path
) -> None:
    with glotip.read_published() as connection:
        found = published_tables.current(connection)
        assert found is not None
        published = Published(connection, found, reference_dir)
        if view.table not in published.tables:
            assert view.table.startswith(("assistance", "prevention"))
            return
        table = views.load(view, Selection(), published)
    charts.draw(table)
    assert charts.describe(table)
    threshold = found.threshold("group", "victims")
    assert not [cell for row in table.cells for cell in row if cell.value and cell.value < threshold]


@pytest.fixture
def glotip(database: Database, reference_dir: Path, real_data: Path) -> Database:
    """The GLOTIP rows of Southern Asia, published."""
    file = real_data / "unodc_glotip_southern_asia.csv"
    publish(database, reference_dir, file.read_bytes(), file.name, "UNODC")
    return database


def test_uk_totals_before_protection_are_those_of_the_raw_file(
    database: Database, reference_dir: Path, real_data: Path
) -> None:
    file = real_data / "uk_nrm_leaf_cells_2022Q2_2023Q2.csv"
    publish(database, reference_dir, file.read_bytes(), file.name, "GBR_HO")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    raw = Counter()
    for row in rows:
        raw[row["period"]] += int(row["people"])
    with database.read() as connection:
        release = releases.all_releases(connection, by=CHAIR)[0]
        content = releases.datasets(connection, release)["victims"]
    counted, _ = reported_leaves(content, content.observations, ("period", "status"), reference_dir)
    assert counted == {(period, "PRESUMED"): count for period, count in raw.items()}
    assert counted.total() == 16_984
    (by_quarter,) = catalogue.TREND.companions
    series = look(database, reference_dir, by_quarter)
    shown = {row.code: cells[0].value for row, cells in zip(series.rows, series.cells, strict=True)}
    assert shown == dict(raw)
