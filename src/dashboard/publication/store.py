"""Writing a publication: the one door through the wall. Nothing here changes a row that is there."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import product
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, func, select

from dashboard.accounts import Account
from dashboard.database import tables
from dashboard.datasets import Dataset, periods
from dashboard.disclosure import ProtectedTable, Protection
from dashboard.published_tables import PERIOD, Circulation, CoverageEntry
from dashboard.releases import Release


def add(
    connection: Connection,
    release: Release,
    protection: Protection,
    datasets: Mapping[str, Dataset],
    *,
    reason: str,
    by: Account,
    at: datetime,
) -> str:
    """Write the protected tables and what they were made under; returns the publication's id."""
    publication_id = str(uuid4())
    number = (connection.scalar(select(func.max(tables.publications.c.number))) or 0) + 1
    connection.execute(
        tables.publications.insert().values(
            id=publication_id,
            number=number,
            release_id=release.id,
            policy={
                "version": protection.policy.version,
                "decided": protection.policy.decided,
                "fingerprint": protection.policy.fingerprint,
                "thresholds": {
                    circulation.value: dict(protection.policy.thresholds[protection.circulation])
                    for circulation in Circulation
                },
                "margins_protected": protection.margins_protected,
            },
            invented=release.invented,
            data_until=_last_period(datasets),
            published_at=at,
            published_by_name=by.display_name,
            reason=reason,
        )
    )
    for table in protection.tables:
        _add_table(connection, publication_id, table, datasets[table.table.structure.name])
    return publication_id


def _last_period(datasets: Mapping[str, Dataset]) -> str:
    found = {observation.period for dataset in datasets.values() for observation in dataset.observations}
    return max(found, key=periods.sort_key)


def _add_table(connection: Connection, publication_id: str, protected: ProtectedTable, dataset: Dataset) -> None:
    table = protected.table
    connection.execute(
        tables.published_tables.insert().values(
            publication_id=publication_id,
            name=table.name,
            structure=table.structure.name,
            dimensions=list(table.dimensions),
            counted=_counted(dataset),
            period_levels=list(table.levels.get(PERIOD, periods.LEVELS)),
            groups={},
        )
    )
    rows = list(_cell_rows(publication_id, protected))
    if rows:
        connection.execute(tables.published_cells.insert(), rows)


def _counted(dataset: Dataset) -> dict[str, dict[str, list[str]]]:
    """For dimensions whose codes can't be added up: by year, the codes that were reported at all."""
    found: dict[str, dict[str, set[str]]] = {}
    for place, dimension in enumerate(dataset.structure.dimensions):
        if not dimension.total:
            by_year = found.setdefault(dimension.name, {})
            for observation in dataset.observations:
                by_year.setdefault(observation.period[:4], set()).add(observation.codes[place])
    return {name: {year: sorted(codes) for year, codes in by_year.items()} for name, by_year in found.items()}


def _cell_rows(publication_id: str, protected: ProtectedTable) -> Iterator[dict[str, Any]]:
    # Sorted by key: the order on disk must not tell small counts from large ones either.
    for circulation, key in product(Circulation, sorted(protected.statuses)):
        codes = {f"code_{place}": "" for place in range(1, tables.MAX_DIMENSIONS + 1)}
        codes |= {f"code_{place}": code for place, code in enumerate(key, start=1)}
        yield {
            "publication_id": publication_id,
            "circulation": circulation.value,
            "table_name": protected.table.name,
            "value": protected.shown(key),
            **codes,
        }


def add_coverage(connection: Connection, publication_id: str, entries: Iterable[tuple[str, CoverageEntry]]) -> None:
    """Write who had returned what when the publication was made."""
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


def add_withdrawal(connection: Connection, publication_id: str, *, reason: str, by: Account, at: datetime) -> None:
    """Note that a publication is not to be used any more; its rows stay."""
    connection.execute(
        tables.withdrawals.insert().values(publication_id=publication_id, at=at, by_name=by.display_name, reason=reason)
    )
