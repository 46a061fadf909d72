"""An attachment: a file that somebody put beside a text as evidence."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dashboard.errors import DashboardError


class RefusedFile(DashboardError):
    """The file may not be attached; the text says why and names the next step. It quotes nothing of the file."""


class Kind(StrEnum):
    """What may be attached. The value is the ending of the name."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"
    PNG = "png"

    @property
    def media_type(self) -> str:
        """What a browser is told the file is."""
        return _MEDIA_TYPES[self]


_OFFICE = "application/vnd.openxmlformats-officedocument."
_MEDIA_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.DOCX: f"{_OFFICE}wordprocessingml.document",
    Kind.XLSX: f"{_OFFICE}spreadsheetml.sheet",
    Kind.CSV: "text/csv",
    Kind.PNG: "image/png",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is known of a file. Its bytes lie in a folder, under sha256; the same bytes may be attached more than once.

    organisation is that of the account at the time: its people may read the file, and those who read all of them.
    """

    id: str
    sha256: str
    name: str
    kind: Kind
    size: int
    organisation: str
    attached_by: str
    attached_by_name: str
    attached_at: datetime
