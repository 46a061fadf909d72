"""Files that minutes and action items will carry as evidence: checked, kept as they came, handed out as they came."""

from dashboard.attachments.actions import all_attachments, attach, open_attachment
from dashboard.attachments.files import DamagedFile
from dashboard.attachments.model import Attachment, Kind, RefusedFile

__all__ = [
    "Attachment",
    "DamagedFile",
    "Kind",
    "RefusedFile",
    "all_attachments",
    "attach",
    "open_attachment",
]
