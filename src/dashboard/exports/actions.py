"""Every download leaves a trace: who took which table of which publication, as what."""

from datetime import datetime

from sqlalchemy import Connection

from dashboard import audit
from dashboard.accounts import Account, Permission, require
from dashboard.views import TableView


def record_download(connection: Connection, table: TableView, kind: str, *, by: Account, at: datetime) -> None:
    """Check that the account may download, and note the download. Call before the bytes are handed out."""
    require(by, Permission.EXPORT_FIGURES)
    audit.record(
        connection,
        "exports.record_download",
        table.publication_id,
        by=by,
        at=at,
        view=table.view,
        kind=kind,
        period=table.period,
        subtitle=table.subtitle,
        filters=[list(pair) for pair in table.filters],
    )
