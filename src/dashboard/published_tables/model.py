"""What lies right of the wall: publications, their tables, their cells, the coverage of their data."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Publication:
    """A release after disclosure control. It never changes; it may be withdrawn."""

    id: str
    number: int
    release_id: str
    circulation: str
    policy: Mapping[str, Any]
    invented: bool
    data_until: str
    published_at: datetime
    published_by: str
    reason: str
    withdrawn_at: datetime | None = None
    withdrawn_because: str = ""

    @property
    def margins_protected(self) -> bool:
        """Whether a withheld count is also safe against subtraction from totals."""
        return bool(self.policy.get("margins_protected", False))


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """One table of a publication: which dimensions its cells have, the period first.

    counted names, for each dimension whose codes can't be added up (a status, a stage) and each year, the
    codes that somebody reported at all, if only as zero: for the others there is no return, not a zero.
    """

    name: str
    structure: str
    dimensions: tuple[str, ...]
    counted: Mapping[str, Mapping[str, tuple[str, ...]]]

    def is_counted(self, dimension: str, code: str, years: Collection[str]) -> bool:
        """Whether an absent cell under this code is a zero: somebody counts it in one of the years."""
        if dimension not in self.counted:
            return True
        return any(code in self.counted[dimension].get(year, ()) for year in years)

    def codes_counted(self, dimension: str) -> frozenset[str]:
        """Every code of such a dimension that somebody counts in some year."""
        return frozenset(code for codes in self.counted.get(dimension, {}).values() for code in codes)


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
