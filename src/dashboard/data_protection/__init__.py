"""What ends the life of a return, by two persons; and who went on in spite of a warning about persons."""

from dashboard.data_protection.actions import approve_erasure, decline_erasure, go_on, past_their_time, propose_erasure
from dashboard.data_protection.model import Erasure, ErasureStatus, PastItsTime

__all__ = [
    "Erasure",
    "ErasureStatus",
    "PastItsTime",
    "approve_erasure",
    "decline_erasure",
    "go_on",
    "past_their_time",
    "propose_erasure",
]
