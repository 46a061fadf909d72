"""What views read from: one publication, through the published engine."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from dashboard import published_tables
from dashboard.datasets import STRUCTURES, Codelist, periods
from dashboard.published_tables import CoverageEntry, Publication, PublishedTable
from dashboard.views.coverage import quarters_reported


@dataclass(frozen=True)
class Published:
    """One publication, opened for reading. Codelists give the labels, the zone gives the day."""

    connection: Connection
    publication: Publication
    reference_dir: Path
    time_zone: str = "UTC"
    _coverage: dict[str, tuple[CoverageEntry, ...]] = field(default_factory=dict)

    @cached_property
    def tables(self) -> dict[str, PublishedTable]:
        """The publication's tables by name."""
        return dict(published_tables.tables(self.connection, self.publication.id))

    @property
    def as_of(self) -> str:
        """The day of publication where the group meets: `22 November 2026`."""
        at = self.publication.published_at.astimezone(ZoneInfo(self.time_zone))
        return f"{at.day} {at:%B %Y}"

    def codelist(self, table: PublishedTable, dimension: str) -> Codelist:
        """The codes of one dimension of a table (not of the period)."""
        return STRUCTURES[table.structure].dimension(dimension).codelist(self.reference_dir)

    def returns(self, structure: str) -> tuple[CoverageEntry, ...]:
        """Who returned the structure, for every quarter of the publication."""
        if structure not in self._coverage:
            self._coverage[structure] = published_tables.coverage(self.connection, self.publication.id, structure)
        return self._coverage[structure]

    def has_return(self, structure: str, period: str) -> bool:
        """Whether anybody reported the structure for the period: without a return nothing is zero.

        A return for a whole year says nothing about one of its quarters.
        """
        return quarters_reported(self.returns(structure), period) > 0

    def years_within(self, structure: str, period: str) -> frozenset[str]:
        """The calendar years that a period touches, among those with data."""
        return frozenset(
            entry.period[:4] for entry in self.returns(structure) if periods.contains(period, entry.period)
        )
