"""What views read from: one publication, through the published engine."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from dashboard import published_tables
from dashboard.datasets import STRUCTURES, TOTAL, Codelist, periods
from dashboard.published_tables import CoverageEntry, Publication, PublishedTable, ReturnStatus
from dashboard.views.model import Coverage


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

    def coverage(self, structure: str, shown: tuple[str, ...]) -> Coverage:
        """Coverage of the periods shown: an organisation counts as returned if it did for one of them."""
        entries = [entry for entry in self.returns(structure) if _within(entry.period, shown)]
        names = {entry.organisation: entry.organisation_name for entry in entries}
        returned = {entry.organisation for entry in entries if entry.status is not ReturnStatus.MISSING}
        return Coverage(
            returned=len(returned),
            expected=len(names),
            missing=tuple(sorted(names[code] for code in names if code not in returned)),
            provisional=any(entry.status is ReturnStatus.PROVISIONAL for entry in entries),
        )

    def newest_quarter(self, structure: str) -> str | None:
        """The last quarter for which anybody reported the structure."""
        quarters = [
            entry.period
            for entry in self.returns(structure)
            if entry.status is not ReturnStatus.MISSING and not entry.period.endswith("X")
        ]
        return max(quarters, default=None)

    def has_return(self, structure: str, period: str) -> bool:
        """Whether anybody reported the structure for the period: without a return nothing is zero."""
        return self.coverage(structure, (period,)).returned > 0

    def is_provisional(self, structure: str, period: str) -> bool:
        """Whether the number for a period may still grow: a provisional return, or quarters to come.

        All periods together are never finished, so they are not marked; the coverage says what is missing.
        """
        if period == TOTAL:
            return False
        return self.coverage(structure, (period,)).provisional or bool(self.quarters_missing(structure, period))

    def quarters_missing(self, structure: str, period: str) -> int:
        """How many quarters of a year or TIP-report year nobody has reported."""
        if periods.level_of(period) not in (periods.YEAR, periods.REPORT_YEAR):
            return 0
        found = {
            entry.period
            for entry in self.returns(structure)
            if _within(entry.period, (period,)) and entry.status is not ReturnStatus.MISSING
        }
        whole_year = any(quarter.endswith("X") for quarter in found)
        return 0 if whole_year or not found else 4 - len(found)


def _within(quarter: str, shown: tuple[str, ...]) -> bool:
    return any(period == TOTAL or period in (quarter, quarter[:4], periods.report_year_of(quarter)) for period in shown)
