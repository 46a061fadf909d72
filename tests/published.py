"""Publications written as rows, past protection: with groups, levels and circulations as a test needs them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection
from tests.examples import NOW, REFERENCE

from dashboard.database import tables
from dashboard.datasets import Dataset, periods
from dashboard.disclosure import PlannedTable, load_plan
from dashboard.disclosure.grouping import classify
from dashboard.disclosure.tabulation import cells, reported_leaves
from dashboard.published_tables import PERIOD, Circulation, CoverageEntry, ReturnStatus

Cells = Mapping[str, int | None]
"""By codes with blanks between them, in the order of the table's dimensions."""

THRESHOLDS = {
    "group": {"victims": 5, "cases": 5, "persons": 5, "assistance": 5},
    "wider": {"victims": 10, "cases": 10, "persons": 10, "assistance": 10},
}


@dataclass(frozen=True)
class Written:
    """One table of a publication; cells of the wider circulation are those of the group where none are named."""

    name: str
    structure: str
    dimensions: tuple[str, ...]
    cells: Cells
    wider: Cells | None = None
    period_levels: tuple[str, ...] = ("year",)
    groups: Mapping[str, Mapping[str, Iterable[str]]] = field(default_factory=dict)
    counted: Mapping[str, Mapping[str, Iterable[str]]] = field(default_factory=dict)


def counted(content: Dataset, threshold: int = 5) -> tuple[Written, ...]:
    """Every planned table of a dataset, counts below the threshold withheld and nothing else: no groups, no proof."""
    planned = load_plan(REFERENCE).tables.values()
    return tuple(_counted(table, content, threshold) for table in planned if table.structure is content.structure)


def _counted(table: PlannedTable, content: Dataset, threshold: int) -> Written:
    levels = tuple(level for level in table.levels[PERIOD] if level != periods.FIVE_YEARS)
    paths = classify(table, content, levels, {}, REFERENCE)
    leaves, _ = reported_leaves(content, content.observations, table.dimensions, REFERENCE)
    numbers = cells(leaves, [paths[name] for name in table.dimensions])
    shown = {" ".join(key): number if number >= threshold else None for key, number in numbers.items()}
    codes: dict[str, dict[str, set[str]]] = {}
    for place, dimension in enumerate(content.structure.dimensions):
        for one in () if dimension.total else content.observations:
            codes.setdefault(dimension.name, {}).setdefault(one.period[:4], set()).add(one.codes[place])
    return Written(table.name, content.structure.name, table.dimensions, shown, period_levels=levels, counted=codes)


def write(
    connection: Connection,
    number: int,
    *written: Written,
    quarters: Iterable[str] = (),
    coverage: Iterable[tuple[str, CoverageEntry]] = (),
    at: datetime = NOW,
) -> str:
    """A publication of these tables, returned as `coverage` says; in `quarters` MPS reported every structure.

    Returns its id.
    """
    publication_id = f"p{number}"
    connection.execute(
        tables.publications.insert().values(
            id=publication_id,
            number=number,
            release_id=f"r{number}",
            policy={"version": "2", "decided": "the group", "fingerprint": "f" * 64, "thresholds": THRESHOLDS},
            invented=False,
            data_until="2024-Q4",
            published_at=at,
            published_by_name="The chair",
            reason="Closed.",
        )
    )
    for table in written:
        _write_table(connection, publication_id, table)
    for structure in {table.structure for table in written}:
        reported = (CoverageEntry("MPS", "Maldives Police Service", one, ReturnStatus.RETURNED) for one in quarters)
        _write_coverage(connection, publication_id, ((structure, entry) for entry in reported))
    _write_coverage(connection, publication_id, coverage)
    return publication_id


def withdraw(connection: Connection, publication_id: str, reason: str, at: datetime = NOW) -> None:
    """Withdraw a publication."""
    row = {"publication_id": publication_id, "at": at, "by_name": "The chair", "reason": reason}
    connection.execute(tables.withdrawals.insert().values(row))


def _write_table(connection: Connection, publication_id: str, table: Written) -> None:
    connection.execute(
        tables.published_tables.insert().values(
            publication_id=publication_id,
            name=table.name,
            structure=table.structure,
            dimensions=list(table.dimensions),
            counted={name: {year: list(codes) for year, codes in by.items()} for name, by in table.counted.items()},
            period_levels=list(table.period_levels),
            groups={name: {group: list(codes) for group, codes in by.items()} for name, by in table.groups.items()},
        )
    )
    by_circulation = {
        Circulation.GROUP: table.cells,
        Circulation.WIDER: table.cells if table.wider is None else table.wider,
    }
    rows = [
        {"publication_id": publication_id, "circulation": circulation.value, "table_name": table.name, "value": value}
        | {f"code_{place}": "" for place in range(1, tables.MAX_DIMENSIONS + 1)}
        | {f"code_{place}": code for place, code in enumerate(codes.split(), start=1)}
        for circulation, cells in by_circulation.items()
        for codes, value in cells.items()
    ]
    if rows:
        connection.execute(tables.published_cells.insert(), rows)


def _write_coverage(connection: Connection, publication_id: str, entries: Iterable[tuple[str, CoverageEntry]]) -> None:
    rows = [
        {
            "publication_id": publication_id,
            "structure": structure,
            "organisation": entry.organisation,
            "organisation_name": entry.organisation_name,
            "period": entry.period,
            "status": entry.status.value,
        }
        for structure, entry in entries
    ]
    if rows:
        connection.execute(tables.published_coverage.insert(), rows)
