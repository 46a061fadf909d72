"""What was done, by whom, when: append-only, chained and anchored."""

from dashboard.audit.actions import (
    PAGE,
    export,
    last_verification,
    people,
    record_verification,
    trail,
    unanchored,
    verify,
)
from dashboard.audit.deeds import DEEDS, Deed, Kind, sentence
from dashboard.audit.model import EVERYTHING, AuditEvent, Filters
from dashboard.audit.store import record, record_reading
from dashboard.audit.verification import Problem, Verification

__all__ = [
    "DEEDS",
    "EVERYTHING",
    "PAGE",
    "AuditEvent",
    "Deed",
    "Filters",
    "Kind",
    "Problem",
    "Verification",
    "export",
    "last_verification",
    "people",
    "record",
    "record_reading",
    "record_verification",
    "sentence",
    "trail",
    "unanchored",
    "verify",
]
