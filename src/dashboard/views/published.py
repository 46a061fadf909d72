"""What views read from: one publication, through the published engine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection

from dashboard import published_tables
from dashboard.datasets import STRUCTURES, Codelist, periods
from dashboard.published_tables import PERIOD, Circulation, CoverageEntry, Publication, PublishedCell, PublishedTable
from dashboard.views import groups
from dashboard.views.coverage import quarters_reported
from dashboard.views.withdrawn import day, withdrawn_note


@dataclass(frozen=True)
class Published:
    """One publication, opened for reading by one circulation. Codelists give the labels, the zone gives the day."""

    connection: Connection
    publication: Publication
    reference_dir: Path
    time_zone: str = "UTC"
    circulation: Circulation = Circulation.GROUP
    _coverage: dict[str, tuple[CoverageEntry, ...]] = field(default_factory=dict)
    _codes: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    @cached_property
    def tables(self) -> dict[str, PublishedTable]:
        """The publication's tables by name."""
        return dict(published_tables.tables(self.connection, self.publication.id))

    @property
    def as_of(self) -> str:
        """The day of publication where the group meets: `22 November 2026`."""
        return day(self.publication.published_at, self.time_zone)

    @cached_property
    def withdrawn(self) -> str:
        """That newer publications were withdrawn, and why; empty where none was."""
        return withdrawn_note(self.connection, self.publication, self.time_zone)

    def cells(self, table: PublishedTable, selection: Mapping[str, Iterable[str]]) -> tuple[PublishedCell, ...]:
        """The cells of a table whose codes lie in the selection; a dimension that it does not name is whole."""
        return published_tables.observations(
            self.connection, self.publication.id, table, selection, circulation=self.circulation
        )

    def codes(self, table: PublishedTable, dimension: str) -> frozenset[str]:
        """Every code of a dimension that has a cell."""
        place = (table.name, dimension)
        if place not in self._codes:
            found = published_tables.codes_in(
                self.connection, self.publication.id, table, dimension, circulation=self.circulation
            )
            self._codes[place] = frozenset(found)
        return self._codes[place]

    def threshold(self, table: PublishedTable) -> int:
        """The smallest count that is shown in a table; 1 where every count is."""
        return self.publication.threshold(self.circulation, table.structure)

    def label(self, table: PublishedTable, dimension: str, code: str) -> str:
        """What a reader calls a code, a period or a group of codes. Every label of a code comes from here."""
        if dimension == PERIOD:
            return periods.label(code)
        codelist = self.codelist(table, dimension)
        if table.members(dimension, code):
            return groups.group_label(table, dimension, code, codelist)
        return codelist.label(code)

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
