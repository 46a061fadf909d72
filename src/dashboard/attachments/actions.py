"""Attaching files, and taking them."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from dashboard import audit
from dashboard.accounts import Account, Permission, require
from dashboard.attachments import files, kinds, store
from dashboard.attachments.model import Attachment
from dashboard.validation.names import harmless


def attach(
    connection: Connection, content: bytes, filename: str, *, folder: Path, by: Account, at: datetime
) -> Attachment:
    """Keep a file, byte for byte, for the account's own organisation. Raises RefusedFile for what may not be kept."""
    require(by, Permission.ATTACH_FILES)
    name = harmless(filename)
    kind = kinds.kind_of(content, name)
    # First the file: where the rest fails, one is left that nobody can ask for, and never a row without its file.
    sha256 = files.keep(folder, content)
    added = store.add(connection, sha256=sha256, name=name, kind=kind, size=len(content), by=by, at=at)
    told = {"organisation": added.organisation, "kind": kind.value, "sha256": sha256}
    audit.record(connection, "attachments.attach", added.id, by=by, at=at, **told)
    return added


def open_attachment(
    connection: Connection, attachment_id: str, *, folder: Path, by: Account, at: datetime
) -> tuple[Attachment, bytes]:
    """An attachment and its bytes, to be handed out. Each time is noted: a copy has left.

    Raises NotFound for an unknown id and for one of another organisation alike, and DamagedFile rather than give other
    bytes than those that were attached.
    """
    require(by, Permission.READ_ATTACHMENTS)
    found = store.find(connection, attachment_id, organisation=_only_of(by))
    content = files.read(folder, found)
    audit.record(connection, "attachments.open", found.id, by=by, at=at, kind=found.kind.value, sha256=found.sha256)
    return found, content


def all_attachments(connection: Connection, *, by: Account) -> tuple[Attachment, ...]:
    """The attachments that an account may read: all of them, or those of its own organisation. Newest first."""
    require(by, Permission.READ_ATTACHMENTS)
    return store.newest(connection, organisation=_only_of(by))


def _only_of(account: Account) -> str | None:
    return None if account.may(Permission.READ_ALL_ATTACHMENTS) else account.organisation
