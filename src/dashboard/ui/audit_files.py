"""The files of the audit trail: what the filters leave, as a workbook or as CSV."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dashboard import audit, exports
from dashboard.accounts import Account
from dashboard.audit import AuditEvent, Filters, Kind
from dashboard.errors import NotFound
from dashboard.exports import RowList
from dashboard.ui import audit_words, files, installation, moments
from dashboard.ui.files import Asked, File

_HEADER = ("Number", "When", "Who", "What", "On", "Details", "Verb", "Account", "Subject", "Seal")


@dataclass(frozen=True, slots=True)
class _Format:
    label: str
    media_type: str
    write: Callable[[RowList], bytes]


FORMATS: Mapping[str, _Format] = {
    "xlsx": _Format("Excel", files.XLSX, exports.list_xlsx),
    "csv": _Format("CSV", "text/csv", exports.list_csv),
}
"""By the ending of the file, in the order of the links."""


def links(filters: Filters) -> tuple[str, ...]:
    """Links to files of what the filters leave."""
    asked = {
        "account": filters.account_id,
        "kinds": " ".join(sorted(kind.name for kind in filters.kinds)),
        "since": filters.since.isoformat() if filters.since else "",
        "before": filters.before.isoformat() if filters.before else "",
        "text": filters.text,
    }
    said = {name: value for name, value in asked.items() if value}
    return tuple(files.link(one.label, f"audit-trail.{ending}", said) for ending, one in FORMATS.items())


def make(ending: str, asked: Asked, *, by: Account, at: datetime) -> File:
    """The file; that it was taken is noted in the trail itself. Raises NotFound where the address asks nonsense."""
    filters = _filters(asked)
    with installation.database().write() as connection:
        events = audit.export(connection, ending, filters, by=by, at=at)
        names = audit_words.names_of(connection)
    about = (("Written", f"{moments.moment(at)}, by {by.display_name}"), ("Moments", "UTC"))
    rows = [_row(event, names) for event in events]
    written = FORMATS[ending].write(RowList("Audit trail", about, _HEADER, rows))
    return File(f"audit-trail_{at:%Y-%m-%d}.{ending}", FORMATS[ending].media_type, written)


def _filters(asked: Asked) -> Filters:
    try:
        if not set(asked) <= {"account", "kinds", "since", "before", "text"}:
            raise ValueError
        return Filters(
            account_id=asked.get("account", ""),
            kinds=frozenset(Kind[name] for name in asked.get("kinds", "").split()),
            since=_moment(asked.get("since", "")),
            before=_moment(asked.get("before", "")),
            text=asked.get("text", ""),
        )
    except (KeyError, ValueError):
        raise NotFound("There is no such file. Open the page and take the file from there.") from None


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError
    return found


def _row(event: AuditEvent, names: Mapping[str, str]) -> tuple[str | int, ...]:
    said = (audit.sentence(event.verb), audit_words.subject(event, names), audit_words.details(event))
    when = f"{event.at:%Y-%m-%d %H:%M:%S}"
    return (event.number, when, event.account_name, *said, event.verb, event.account_id, event.subject, event.mac)
