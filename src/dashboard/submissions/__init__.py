"""Returns of organisations: received byte for byte, read, checked, accepted or refused."""

from dashboard.submissions.actions import accept, findings, previous, receive, refuse, visible
from dashboard.submissions.model import Receipt, Submission, SubmissionStatus
from dashboard.submissions.reading import Return, read_return
from dashboard.submissions.template import template_workbook

__all__ = [
    "Receipt",
    "Return",
    "Submission",
    "SubmissionStatus",
    "accept",
    "findings",
    "previous",
    "read_return",
    "receive",
    "refuse",
    "template_workbook",
    "visible",
]
