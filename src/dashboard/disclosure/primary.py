"""Primary suppression: a count from 1 to threshold - 1 is withheld."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dashboard.disclosure.plan import PlannedTable
from dashboard.disclosure.tabulation import Key, Tabulation


class ConfidentialityStatus(StrEnum):
    """Why a cell is shown or withheld (SDMX CL_CONF_STATUS in short)."""

    FREE = "free"
    PRIMARY = "primary"
    SECONDARY = "secondary"


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """A planned table with a status for each cell that is not a shown zero."""

    table: PlannedTable
    counts: Mapping[Key, int]
    statuses: Mapping[Key, ConfidentialityStatus]

    def shown(self, key: Key) -> int | None:
        """The number a reader may see, or None where it is withheld. A key without a status is 0."""
        status = self.statuses.get(key)
        if status is None:
            return 0
        return self.counts[key] if status is ConfidentialityStatus.FREE else None


def suppress(tabulation: Tabulation, threshold: int) -> ProtectedTable:
    """Withhold each count below the threshold, and each that its source withheld before us."""
    statuses = {
        key: ConfidentialityStatus.PRIMARY if count < threshold else ConfidentialityStatus.FREE
        for key, count in tabulation.counts.items()
    }
    statuses |= dict.fromkeys(tabulation.uncertain, ConfidentialityStatus.PRIMARY)
    return ProtectedTable(tabulation.table, tabulation.counts, statuses)
