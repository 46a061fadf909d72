"""How fast the path and the views are, against stated baselines in the same run: `make bench`.

Real public figures are used where their folder is named by DASHBOARD_TEST_DATA or lies beside the
project; else the invented sample. Results go to benchmarks/RESULTS.md. Numbers of one machine compare
only with numbers of the same run.
"""

import csv
import os
import platform
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dashboard import charts, publication, published_tables, releases, submissions, views
from dashboard.accounts import store
from dashboard.administration.first_start import SAMPLE_CHAIR, SAMPLE_SENDER, read_organisations
from dashboard.database import Database, open_database
from dashboard.settings import ROOT, Settings
from dashboard.views import Published, Selection, catalogue

RUNS = 7
AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
REAL = Path(os.environ.get("DASHBOARD_TEST_DATA", ROOT.parent / "shared" / "data"))
UK = REAL / "uk_nrm_leaf_cells_2022Q2_2023Q2.csv"
FILE, ORGANISATION = (UK, "GBR_HO") if UK.is_file() else (ROOT / "data" / "sample" / "MPS_victims.csv", "MPS")
MAIN_VIEWS = (catalogue.NATIONALITY, catalogue.SECTOR, catalogue.ROUTE, catalogue.TREND)


def milliseconds(work: Callable[[], Any]) -> float:
    """One run."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def median(work: Callable[[], Any]) -> float:
    """The median of RUNS, after one that does not count."""
    work()
    return statistics.median(milliseconds(work) for _ in range(RUNS))


def walk(database: Database, settings: Settings) -> dict[str, float]:
    """Each step of the path once, on a database of its own."""
    times: dict[str, float] = {}

    def step(name: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        found = work()
        times[name] = (time.perf_counter() - start) * 1000
        return found

    content = FILE.read_bytes()
    returned = step(
        "read and validate (in a child process)",
        lambda: submissions.read_return(
            content,
            FILE.name,
            agency=ORGANISATION,
            reference_dir=settings.reference_dir,
            previous={},
            today=AT.date(),
        ),
    )
    with database.write() as connection:
        store.add_organisations(connection, read_organisations(settings.reference_dir))
        receipt = step(
            "receive",
            lambda: submissions.receive(
                connection, content, FILE.name, returned, organisation=ORGANISATION, by=SAMPLE_SENDER, at=AT
            ),
        )
        submissions.accept(connection, receipt.submission, reason="Benchmark.", by=SAMPLE_SENDER, at=AT)
        release = step("freeze", lambda: releases.freeze(connection, by=SAMPLE_SENDER, at=AT))
        release = releases.approve(connection, release, by=SAMPLE_CHAIR, at=AT)
        prepared = step(
            "protect",
            lambda: publication.prepare(
                publication.unprotected(connection, release, by=SAMPLE_CHAIR, at=AT),
                by=SAMPLE_CHAIR,
                reference_dir=settings.reference_dir,
            ),
        )
        step(
            "publish",
            lambda: publication.publish(connection, prepared, reason="Benchmark.", by=SAMPLE_CHAIR, at=AT),
        )
    return times


def load_main_views(database: Database, settings: Settings) -> None:
    """The four main views, nothing cached: a new connection, new codelist lookups."""
    with database.read_published() as connection:
        found = published_tables.current(connection)
        if found is None:
            raise SystemExit("Nothing is published.")
        for view in MAIN_VIEWS:
            views.load(view, Selection(), Published(connection, found, settings.reference_dir))


def bare_query(file: str) -> None:
    """Baseline: the same cells by sqlite3 alone."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        for table in ("victims_by_nationality", "victims_by_sector", "victims_by_route", "victims_over_time"):
            connection.execute("SELECT * FROM published_cells WHERE table_name = ?", (table,)).fetchall()


def bare_read() -> None:
    """Baseline: the same file by the csv module alone."""
    with FILE.open(encoding="utf-8-sig", newline="") as lines:
        list(csv.DictReader(lines))


def express_bars(table: views.TableView) -> None:
    """Baseline: the same bars by plotly.express."""
    import pandas as pd
    import plotly.express as px

    frame = pd.DataFrame({"label": [row.label for row in table.rows], "n": [cells[0].value for cells in table.cells]})
    px.bar(frame, x="n", y="label", orientation="h")


def measure(folder: Path) -> list[tuple[str, float]]:
    """Name and milliseconds of everything."""
    settings = Settings.from_environ({"DASHBOARD_STATE_DIR": str(folder)})
    runs = []
    for run in range(RUNS):
        database = open_database(
            f"sqlite:///{folder / f'run{run}.sqlite'}", audit_key=bytes(32), anchor_file=folder / f"anchor{run}.txt"
        )
        runs.append(walk(database, settings))
    found = [(f"path: {name}", statistics.median(run[name] for run in runs)) for name in runs[0]]
    found.append(("baseline: the file by the csv module", median(bare_read)))
    found.append(("four main views, query to table", median(lambda: load_main_views(database, settings))))
    found.append(
        ("baseline: their cells by sqlite3", median(lambda: bare_query(str(folder / f"run{RUNS - 1}.sqlite"))))
    )
    with database.read_published() as connection:
        publication_found = published_tables.current(connection)
        table = views.shorten(
            views.load(
                catalogue.NATIONALITY, Selection(), Published(connection, publication_found, settings.reference_dir)
            )
        )
    found.append(("one figure (ranked bars)", median(lambda: charts.draw(table))))
    found.append(("baseline: the bars by plotly.express", median(lambda: express_bars(table))))
    return found


def main() -> None:
    """Measure, print, and write the results."""
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder))
    lines = [
        "# Results",
        "",
        f"Made by `make bench`: median of {RUNS} runs, milliseconds. File: {FILE.name}. "
        f"Python {platform.python_version()}, {os.cpu_count()} processors.",
        "",
        "| what | ms |",
        "|---|---:|",
        *(f"| {name} | {value:.1f} |" for name, value in found),
        "",
    ]
    (Path(__file__).parent / "RESULTS.md").write_text("\n".join(lines), encoding="utf-8")
    sys.stdout.write("\n".join(lines))


if __name__ == "__main__":
    main()
