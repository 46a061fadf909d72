"""The files of a figure: its table as a workbook or as CSV, its picture as PNG or SVG.

The address says all there is to know: view, publication, and every choice in force. So what is taken away is what
was looked at, or nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection

from dashboard import charts, exports, published_tables
from dashboard.accounts import Account, Permission, require
from dashboard.errors import Conflict, NotFound
from dashboard.ui import files, installation
from dashboard.ui.files import Asked, File
from dashboard.views import (
    Published,
    Selection,
    TableView,
    View,
    as_drawn,
    asked_for,
    catalogue,
    chosen,
    definitions,
    load,
)

Terms: TypeAlias = tuple[tuple[str, str], ...]

_VIEW, _PUBLICATION = "view", "publication"
_WIDTH_PICTURE = 1200
"""Pixels for which the text inside a picture is broken into lines."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """One format: what a reader calls it, what a browser is told, and how it is made."""

    label: str
    media_type: str
    content: Callable[[View, TableView, Terms], bytes]


def _picture(kind: charts.Kind) -> Callable[[View, TableView, Terms], bytes]:
    return lambda view, table, _: charts.picture(charts.draw(as_drawn(view, table), _WIDTH_PICTURE), kind)


KINDS = {
    "xlsx": _Kind("Excel", files.XLSX, lambda _, table, terms: exports.xlsx_bytes([table], terms)),
    "csv": _Kind("CSV", "text/csv", lambda _view, table, _terms: exports.csv_bytes(table)),
    "png": _Kind("PNG", "image/png", _picture("png")),
    "svg": _Kind("SVG", "image/svg+xml", _picture("svg")),
}
"""By the ending of the file, in the order of the links."""


def links(view: View, selection: Selection, published: Published, table: TableView) -> tuple[str, ...]:
    """A link for each format of the table that a view shows under a selection."""
    asked = {
        _VIEW: view.name,
        _PUBLICATION: published.publication.id,
        **chosen(view, selection, published),
    }
    return tuple(
        files.link(kind.label, f"figure.{ending}", asked, about=f"{table.title} as {kind.label}, with source and date")
        for ending, kind in KINDS.items()
    )


def make(ending: str, asked: Asked, *, by: Account, at: datetime) -> File:
    """The file in one format, noted in the audit trail. Every part of the address has to be on offer to this reader.

    Raises NotFound for what is not, and Conflict where another publication is in force by now.
    """
    require(by, Permission.EXPORT_FIGURES)
    view = _view(asked.get(_VIEW, ""))
    with installation.database().read_published() as connection:
        published = _published(connection, asked.get(_PUBLICATION, ""), by)
        choice = {name: code for name, code in asked.items() if name not in (_VIEW, _PUBLICATION)}
        table = load(view, asked_for(view, choice, published), published)
        terms = tuple(term for _, terms in definitions(published.tables[view.table], published) for term in terms)
    if table.is_empty or not table.rows:
        raise NotFound("Nothing was returned for this selection. Choose another period or other filters.")
    kind = KINDS[ending]
    content = kind.content(view, table, terms)
    with installation.database().write() as connection:
        exports.record_download(connection, table, ending, by=by, at=at)
    return File(exports.filename(table, ending), kind.media_type, content)


def _view(name: str) -> View:
    for view in catalogue.every_view():
        if view.name == name:
            return view
    raise NotFound("There is no such figure. Open the page and take the file from there.")


def _published(connection: Connection, publication_id: str, by: Account) -> Published:
    """The publication in force, if it is the one that was looked at; for the circulation of the account."""
    current = published_tables.current(connection)
    if current is None or current.id != publication_id:
        raise Conflict("The figures that you looked at are no longer in force. Open the page again for those that are.")
    settings = installation.settings()
    return Published(connection, current, settings.reference_dir, settings.time_zone, by.role.circulation)
