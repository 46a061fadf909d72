"""Every download leaves a trace: who took which table of which publication, as what."""

from datetime import datetime

from sqlalchemy import Connection

from dashboard import audit
from dashboard.accounts import Account, Permission, require
from dashboard.errors import NotPermitted
from dashboard.published_tables import Circulation
from dashboard.views import TableView


def record_download(connection: Connection, table: TableView, kind: str, *, by: Account, at: datetime) -> None:
    """Check that the account may download, and note the download. Call before the bytes are handed out.

    The page may be older than the account's role: figures for the group go to its readers only.
    """
    require(by, Permission.EXPORT_FIGURES)
    if table.circulation is Circulation.GROUP and by.role.circulation is not Circulation.GROUP:
        raise NotPermitted("These figures are for the working group. Open the page again to see those for your role.")
    audit.record(
        connection,
        "exports.record_download",
        table.publication_id,
        by=by,
        at=at,
        view=table.view,
        kind=kind,
        circulation=table.circulation.value,
        period=table.period,
        subtitle=table.subtitle,
        filters=[list(pair) for pair in table.filters],
    )
