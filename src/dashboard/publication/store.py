"""Writing a publication: the one door through the wall. Nothing here changes a row that is there."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, func, select

from dashboard.accounts import Account
from dashboard.database import tables
from dashboard.datasets import STRUCTURES, Dataset, Observation, periods
from dashboard.disclosure import Classification, DisclosurePolicy, Earlier, Key, ProtectedTable, Protection
from dashboard.published_tables import CoverageEntry, Publication
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
    """Write the protected tables of every circulation and what they were made under; returns the publication's id."""
    publication_id = str(uuid4())
    number = (connection.scalar(select(func.max(tables.publications.c.number))) or 0) + 1
    policy = protection.policy
    connection.execute(
        tables.publications.insert().values(
            id=publication_id,
            number=number,
            release_id=release.id,
            policy={
                "version": policy.version,
                "decided": policy.decided,
                "fingerprint": policy.fingerprint,
                "thresholds": {name: dict(policy.thresholds[name]) for name in protection.tables},
            },
            invented=release.invented,
            data_until=_last_period(datasets),
            published_at=at,
            published_by_name=by.display_name,
            reason=reason,
        )
    )
    for table in next(iter(protection.tables.values())):
        structure = table.table.structure.name
        _add_table(connection, publication_id, table, datasets[structure], protection.classifications[structure])
    for circulation, protected in protection.tables.items():
        rows = [row for table in protected for row in _cell_rows(publication_id, circulation, table)]
        if rows:
            connection.execute(tables.published_cells.insert(), rows)
    _add_record(connection, publication_id, protection)
    return publication_id


def _last_period(datasets: Mapping[str, Dataset]) -> str:
    found = {observation.period for dataset in datasets.values() for observation in dataset.observations}
    return max(found, key=periods.sort_key)


def _add_table(
    connection: Connection,
    publication_id: str,
    protected: ProtectedTable,
    dataset: Dataset,
    classification: Classification,
) -> None:
    table = protected.table
    connection.execute(
        tables.published_tables.insert().values(
            publication_id=publication_id,
            name=table.name,
            structure=table.structure.name,
            dimensions=list(table.dimensions),
            counted=_counted(dataset),
            period_levels=list(classification.period_levels[table.name]),
            groups={
                dimension: {group: list(members) for group, members in groups.items()}
                for dimension, groups in classification.groups.items()
                if dimension in table.dimensions
            },
        )
    )


def _add_record(connection: Connection, publication_id: str, protection: Protection) -> None:
    """What a later publication needs to be protected together with this one."""
    dimensions: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
    for table in next(iter(protection.tables.values())):
        dimensions[table.table.structure.name][table.table.name] = list(table.table.dimensions)
    content = {
        structure: {"classification": classification.as_json(), "dimensions": dimensions[structure]}
        for structure, classification in protection.classifications.items()
    }
    connection.execute(tables.publication_records.insert().values(publication_id=publication_id, content=content))


def earlier(connection: Connection, publication: Publication, datasets: Mapping[str, Dataset]) -> Earlier:
    """A publication as later ones have to be protected together with it. Left of the wall: it holds true counts."""
    content: Mapping[str, Any] = connection.scalars(
        select(tables.publication_records.c.content).where(
            tables.publication_records.c.publication_id == publication.id
        )
    ).one()
    return Earlier(
        publication.number,
        datasets,
        {name: Classification.from_json(one["classification"]) for name, one in content.items()},
        {
            name: {table: tuple(dimensions) for table, dimensions in one["dimensions"].items()}
            for name, one in content.items()
        },
        _stored_cells(connection, publication, content),
        publication.policy["thresholds"],
    )


def add_kept_counts(connection: Connection, publication_id: str, datasets: Mapping[str, Dataset]) -> None:
    """Keep the counts that a publication was made of, apart from the returns they came in."""
    content = {
        name: [[one.period, list(one.codes), one.value, one.censored_below] for one in dataset.observations]
        for name, dataset in datasets.items()
    }
    connection.execute(tables.kept_counts.insert().values(publication_id=publication_id, content=content))


def kept_counts(connection: Connection, publication_id: str) -> dict[str, Dataset] | None:
    """The counts kept for a publication, of no organisation; None where its release still holds them."""
    content = connection.scalar(
        select(tables.kept_counts.c.content).where(tables.kept_counts.c.publication_id == publication_id)
    )
    if content is None:
        return None
    return {
        name: Dataset(
            STRUCTURES[name],
            tuple(
                Observation(period, "", tuple(codes), value, censored_below=below)
                for period, codes, value, below in observations
            ),
        )
        for name, observations in content.items()
    }


def _stored_cells(
    connection: Connection, publication: Publication, content: Mapping[str, Any]
) -> dict[str, dict[str, dict[Key, int | None]]]:
    widths = {table: len(names) for one in content.values() for table, names in one["dimensions"].items()}
    found: defaultdict[str, dict[str, dict[Key, int | None]]] = defaultdict(lambda: {table: {} for table in widths})
    cells = tables.published_cells
    for row in connection.execute(select(cells).where(cells.c.publication_id == publication.id)):
        codes = tuple(getattr(row, f"code_{place}") for place in range(1, widths[row.table_name] + 1))
        found[row.circulation][row.table_name][codes] = row.value
    return dict(found)


def _counted(dataset: Dataset) -> dict[str, dict[str, list[str]]]:
    """For dimensions whose codes can't be added up: by year, the codes that were reported at all."""
    found: dict[str, dict[str, set[str]]] = {}
    for place, dimension in enumerate(dataset.structure.dimensions):
        if not dimension.total:
            by_year = found.setdefault(dimension.name, {})
            for observation in dataset.observations:
                by_year.setdefault(observation.period[:4], set()).add(observation.codes[place])
    return {name: {year: sorted(codes) for year, codes in by_year.items()} for name, by_year in found.items()}


def _cell_rows(publication_id: str, circulation: str, protected: ProtectedTable) -> Iterator[dict[str, Any]]:
    # Sorted by key: the order on disk must not tell small counts from large ones either.
    for key in sorted(protected.statuses):
        codes = {f"code_{place}": "" for place in range(1, tables.MAX_DIMENSIONS + 1)}
        codes |= {f"code_{place}": code for place, code in enumerate(key, start=1)}
        yield {
            "publication_id": publication_id,
            "circulation": circulation,
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


def is_approved(connection: Connection, fingerprint: str) -> bool:
    """Whether the chair approved a policy with exactly this content."""
    approvals = tables.policy_approvals
    return connection.scalar(select(approvals.c.at).where(approvals.c.fingerprint == fingerprint)) is not None


def add_approval(connection: Connection, policy: DisclosurePolicy, *, reason: str, by: Account, at: datetime) -> None:
    """Note who approved a policy, and why."""
    connection.execute(
        tables.policy_approvals.insert().values(
            fingerprint=policy.fingerprint,
            version=policy.version,
            at=at,
            by_name=by.display_name,
            by_id=by.id,
            reason=reason,
        )
    )
