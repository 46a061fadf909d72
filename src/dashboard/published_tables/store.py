"""Reading the published tables. Every function works on the published engine, and writes nothing."""

from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from dashboard.database.tables import (
    publications,
    published_cells,
    published_coverage,
    published_tables,
    withdrawals,
)
from dashboard.errors import NotFound
from dashboard.published_tables.model import (
    CoverageEntry,
    Publication,
    PublishedCell,
    PublishedTable,
    ReturnStatus,
)


def _publications() -> Select[tuple[object, ...]]:
    return select(publications, withdrawals.c.at, withdrawals.c.reason.label("because")).outerjoin(withdrawals)


def _publication(row: Row[tuple[object, ...]]) -> Publication:
    return Publication(
        row.id,
        row.number,
        row.release_id,
        row.policy,
        row.invented,
        row.data_until,
        row.published_at,
        row.published_by_name,
        row.reason,
        row.at,
        row.because or "",
    )


def publication_list(connection: Connection) -> tuple[Publication, ...]:
    """Every publication, newest first, withdrawn ones too."""
    return tuple(map(_publication, connection.execute(_publications().order_by(publications.c.number.desc()))))


def current(connection: Connection) -> Publication | None:
    """The newest publication that is not withdrawn: what views show.

    Once reported figures were published, invented ones never come back, even if all others are withdrawn.
    """
    reported = connection.scalar(select(publications.c.id).where(~publications.c.invented).limit(1)) is not None
    query = _publications().where(withdrawals.c.at.is_(None)).order_by(publications.c.number.desc()).limit(1)
    row = connection.execute(query.where(~publications.c.invented) if reported else query).first()
    return _publication(row) if row else None


def withdrawn(connection: Connection, *, after: int = 0) -> tuple[Publication, ...]:
    """The withdrawn publications with a higher number, newest first: what readers may have seen since."""
    newer = _publications().where(withdrawals.c.at.is_not(None), publications.c.number > after)
    return tuple(map(_publication, connection.execute(newer.order_by(publications.c.number.desc()))))


def find(connection: Connection, publication_id: str) -> Publication:
    """One publication by id, withdrawn or not. Raises NotFound."""
    row = connection.execute(_publications().where(publications.c.id == publication_id)).first()
    if row is None:
        raise NotFound("There is no such publication. Choose one from the list.")
    return _publication(row)


def tables(connection: Connection, publication_id: str) -> Mapping[str, PublishedTable]:
    """The tables of a publication by name."""
    rows = connection.execute(select(published_tables).where(published_tables.c.publication_id == publication_id))
    return {
        row.name: PublishedTable(
            row.name,
            row.structure,
            tuple(row.dimensions),
            {
                dimension: {year: tuple(codes) for year, codes in by_year.items()}
                for dimension, by_year in row.counted.items()
            },
            tuple(row.period_levels),
            {
                dimension: {group: tuple(members) for group, members in groups.items()}
                for dimension, groups in row.groups.items()
            },
        )
        for row in rows
    }


def observations(
    connection: Connection,
    publication_id: str,
    table: PublishedTable,
    selection: Mapping[str, Iterable[str]],
    *,
    circulation: str,
) -> tuple[PublishedCell, ...]:
    """The cells of a table for one circulation whose codes lie in the selection (dimension to allowed codes).

    A dimension that the selection does not name is not restricted. Zeros are not stored.
    """
    columns = [published_cells.c[f"code_{place}"] for place in range(1, len(table.dimensions) + 1)]
    wanted = [
        column.in_(list(selection[dimension]))
        for column, dimension in zip(columns, table.dimensions, strict=True)
        if dimension in selection
    ]
    rows = connection.execute(
        select(*columns, published_cells.c.value).where(*_of(publication_id, circulation, table), *wanted)
    )
    return tuple(PublishedCell(tuple(row[:-1]), row[-1]) for row in rows)


def codes_in(
    connection: Connection, publication_id: str, table: PublishedTable, dimension: str, *, circulation: str
) -> tuple[str, ...]:
    """Every code of a dimension under which the table stores a cell for the circulation, in no order."""
    column = published_cells.c[f"code_{table.dimensions.index(dimension) + 1}"]
    stored = select(column).where(*_of(publication_id, circulation, table)).distinct()
    return tuple(connection.scalars(stored))


def _of(publication_id: str, circulation: str, table: PublishedTable) -> tuple[ColumnElement[bool], ...]:
    return (
        published_cells.c.publication_id == publication_id,
        published_cells.c.circulation == circulation,
        published_cells.c.table_name == table.name,
    )


def cell_counts(connection: Connection, publication_id: str, *, circulation: str) -> dict[str, tuple[int, int]]:
    """By table, how many cells are shown and how many withheld. Shown zeros are not stored, and not counted."""
    cells = published_cells.c
    rows = connection.execute(
        select(cells.table_name, func.count(cells.value), func.count())
        .where(cells.publication_id == publication_id, cells.circulation == circulation)
        .group_by(cells.table_name)
    )
    return {name: (shown, stored - shown) for name, shown, stored in rows}


def coverage(connection: Connection, publication_id: str, structure: str) -> tuple[CoverageEntry, ...]:
    """Who returned what: one entry an organisation and quarter, by organisation, then period."""
    rows = connection.execute(
        select(published_coverage)
        .where(published_coverage.c.publication_id == publication_id, published_coverage.c.structure == structure)
        .order_by(published_coverage.c.organisation_name, published_coverage.c.period)
    )
    return tuple(
        CoverageEntry(row.organisation, row.organisation_name, row.period, ReturnStatus(row.status)) for row in rows
    )
