"""A return past its time, and the steps to its erasure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dashboard.submissions import Submission


class ErasureStatus(StrEnum):
    """Where an erasure stands; the newest event decides."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Erasure:
    """One step: who proposed, approved or declined, when and why."""

    status: ErasureStatus
    at: datetime
    by_id: str
    by_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class PastItsTime:
    """A return that is kept no longer than kept_until, and the last step towards its erasure if there was one."""

    submission: Submission
    kept_until: date
    erasure: Erasure | None

    @property
    def is_proposed(self) -> bool:
        """Whether a second person has to decide."""
        return self.erasure is not None and self.erasure.status is ErasureStatus.PROPOSED
