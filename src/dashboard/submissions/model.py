"""A submission: one organisation's return, as it was received, and what happened to it since."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SubmissionStatus(StrEnum):
    """Where a submission stands; the newest event decides."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Submission:
    """Kept byte for byte; sha256 is the hash of the bytes. The same bytes may be read in several attempts.

    erased_at: from then on bytes, observations and findings are gone, and only this is left.
    """

    id: str
    sha256: str
    attempt: int
    filename: str
    profile: str
    organisation: str
    organisation_name: str
    invented: bool
    sent_by: str
    sent_by_name: str
    received_at: datetime
    status: SubmissionStatus
    reason: str
    errors: int
    warnings: int
    observations: int
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender is told: the submission, and whether the very same file was already there."""

    submission: Submission
    already_known: bool
