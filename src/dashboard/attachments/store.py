"""Where it is written what was attached, by whom and when. The bytes lie in a folder: see files.py."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, Row, select

from dashboard.accounts import Account
from dashboard.attachments.model import Attachment, Kind
from dashboard.database import tables
from dashboard.errors import NotFound


def _attachment(row: Row[tuple[object, ...]]) -> Attachment:
    return Attachment(
        id=row.id,
        sha256=row.sha256,
        name=row.name,
        kind=Kind(row.kind),
        size=row.size,
        organisation=row.organisation,
        attached_by=row.attached_by,
        attached_by_name=row.attached_by_name,
        attached_at=row.attached_at,
    )


def add(
    connection: Connection, *, sha256: str, name: str, kind: Kind, size: int, by: Account, at: datetime
) -> Attachment:
    """Write an attachment of the account's own organisation."""
    added = Attachment(str(uuid4()), sha256, name, kind, size, by.organisation, by.id, by.display_name, at)
    connection.execute(
        tables.attachments.insert().values(
            id=added.id,
            sha256=added.sha256,
            name=added.name,
            kind=added.kind.value,
            size=added.size,
            organisation=added.organisation,
            attached_by=added.attached_by,
            attached_by_name=added.attached_by_name,
            attached_at=added.attached_at,
        )
    )
    return added


def find(connection: Connection, attachment_id: str, *, organisation: str | None) -> Attachment:
    """One attachment by id; of one organisation where it is named. A foreign and an unknown id are NotFound alike."""
    query = select(tables.attachments).where(tables.attachments.c.id == attachment_id)
    if organisation is not None:
        query = query.where(tables.attachments.c.organisation == organisation)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound("There is no such attachment among those you may read. Open the page and take it from there.")
    return _attachment(row)


def newest(connection: Connection, *, organisation: str | None) -> tuple[Attachment, ...]:
    """All attachments, newest first; of one organisation where it is named."""
    query = select(tables.attachments).order_by(tables.attachments.c.attached_at.desc(), tables.attachments.c.id)
    if organisation is not None:
        query = query.where(tables.attachments.c.organisation == organisation)
    return tuple(map(_attachment, connection.execute(query)))
