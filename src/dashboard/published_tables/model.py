"""What lies right of the wall: publications, their tables, their cells, the coverage of their data."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from dashboard.datasets import periods

PERIOD = "period"
"""The first dimension of every table."""


class Circulation(StrEnum):
    """For whom figures are made. A publication holds its cells once for each; nobody reads two of them."""

    GROUP = "group"
    WIDER = "wider"

    @property
    def label(self) -> str:
        """Who reads them, as a page and a download say it after "For"."""
        return _READERS[self]


_READERS = {Circulation.GROUP: "the working group", Circulation.WIDER: "wider circulation"}


@dataclass(frozen=True, slots=True)
class Publication:
    """A release after disclosure control. It never changes; it may be withdrawn."""

    id: str
    number: int
    release_id: str
    policy: Mapping[str, Any]
    invented: bool
    data_until: str
    published_at: datetime
    published_by: str
    reason: str
    withdrawn_at: datetime | None = None
    withdrawn_because: str = ""

    def threshold(self, circulation: str, structure: str) -> int:
        """The smallest count that a reader of the circulation sees; 1 where every count is shown."""
        return int(self.policy["thresholds"].get(circulation, {}).get(structure, 1))


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """One table of a publication: which dimensions its cells have, the period first.

    counted names, for each dimension whose codes can't be added up (a status, a stage) and each year, the
    codes that somebody reported at all, if only as zero: for the others there is no return, not a zero.
    period_levels are the levels of periods that this publication shows here, beside all periods together.
    groups names, for each dimension, the codes that are shown together under one code (`M49_034+`: other of
    Southern Asia; `_T+`: every other code of the list); by themselves they are not shown.
    """

    name: str
    structure: str
    dimensions: tuple[str, ...]
    counted: Mapping[str, Mapping[str, tuple[str, ...]]]
    period_levels: tuple[str, ...]
    groups: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    def is_counted(self, dimension: str, code: str, years: Collection[str]) -> bool:
        """Whether an absent cell under this code is a zero: somebody counts it in one of the years."""
        if dimension not in self.counted:
            return True
        return any(code in self.counted[dimension].get(year, ()) for year in years)

    def codes_counted(self, dimension: str) -> frozenset[str]:
        """Every code of such a dimension that somebody counts in some year."""
        return frozenset(code for codes in self.counted.get(dimension, {}).values() for code in codes)

    def members(self, dimension: str, code: str) -> tuple[str, ...]:
        """The codes that a group holds; none where the code is no group."""
        return self.groups.get(dimension, {}).get(code, ())

    def is_shown(self, dimension: str, code: str) -> bool:
        """Whether the table has cells for a code by itself: an absent cell of any other code is no zero."""
        if dimension == PERIOD:
            return periods.level_of(code) in (*self.period_levels, periods.ALL)
        return not any(code in members for members in self.groups.get(dimension, {}).values())


@dataclass(frozen=True, slots=True)
class PublishedCell:
    """One cell: a code for each dimension of its table, and the number, or None where it is withheld.

    A cell that a table does not hold is a shown zero.
    """

    codes: tuple[str, ...]
    value: int | None


class ReturnStatus(StrEnum):
    """Whether an organisation reported a structure for a quarter, or only for the whole year it lies in."""

    RETURNED = "returned"
    WHOLE_YEAR = "whole year"
    PROVISIONAL = "provisional"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class CoverageEntry:
    """One organisation's return for one quarter, as it stood when published."""

    organisation: str
    organisation_name: str
    period: str
    status: ReturnStatus
