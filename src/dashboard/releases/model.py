"""A release: accepted returns of all organisations at one moment, frozen under the hash of their content."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ReleaseStatus(StrEnum):
    """Where a release stands; the newest event decides."""

    FROZEN = "frozen"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Release:
    """id is the sha256 of the content; nobody edits a release, a correction is a new one."""

    id: str
    invented: bool
    frozen_at: datetime
    frozen_by: str
    frozen_by_name: str
    status: ReleaseStatus
    decided_by_name: str
    reason: str
    erased_at: datetime | None = None

    @property
    def short_id(self) -> str:
        """The first letters of the hash, enough to tell releases apart on a screen."""
        return self.id[:8]
