"""Publishing an approved release after disclosure control, and withdrawing a publication."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from dashboard import audit
from dashboard.accounts import Account, Permission, require
from dashboard.accounts.store import list_organisations
from dashboard.disclosure import GROUP, Protection, load_plan, load_policy, protect
from dashboard.disclosure.protection import Progress
from dashboard.errors import Conflict, DashboardError
from dashboard.publication import store
from dashboard.publication.coverage import coverage
from dashboard.published_tables import Publication, find, publication_list
from dashboard.releases import Release, ReleaseStatus, datasets
from dashboard.releases import store as release_store


def prepare(
    connection: Connection,
    release: Release,
    *,
    by: Account,
    reference_dir: Path,
    progress: Progress = lambda _name, _done, _all: None,
) -> Protection:
    """Protect a release under the plan and policy in force, to look at before publishing."""
    require(by, Permission.PUBLISH)
    return protect(
        datasets(connection, release),
        load_plan(reference_dir),
        load_policy(reference_dir),
        GROUP,
        reference_dir,
        progress,
    )


def publish(
    connection: Connection,
    release: Release,
    *,
    reason: str,
    by: Account,
    at: datetime,
    reference_dir: Path,
) -> Publication:
    """Publish an approved release to the group. The reason is kept with the publication."""
    require(by, Permission.PUBLISH)
    if not reason.strip():
        raise DashboardError("Say in a sentence why this release is published now.")
    now = release_store.find(connection, release.id)
    if now.status is not ReleaseStatus.APPROVED:
        raise Conflict(f"The release is {now.status.value}. It has to be approved before it can be published.")
    published = [publication for publication in publication_list(connection) if publication.withdrawn_at is None]
    if any(publication.release_id == now.id for publication in published):
        raise Conflict("This release is published already.")
    if now.invented and any(not publication.invented for publication in published):
        raise Conflict("Reported figures are published. Invented ones can't follow them.")
    protection = prepare(connection, now, by=by, reference_dir=reference_dir)
    content = datasets(connection, now)
    publication_id = store.add(connection, now, protection, content, reason=reason.strip(), by=by, at=at)
    store.add_coverage(connection, publication_id, coverage(content, list_organisations(connection)))
    audit.record(connection, "publication.publish", publication_id, by=by, at=at, reason=reason.strip())
    return find(connection, publication_id)


def withdraw(
    connection: Connection, publication: Publication, *, reason: str, by: Account, at: datetime
) -> Publication:
    """Take a publication out of use. Its record stays; views fall back to the one before and say so."""
    require(by, Permission.PUBLISH)
    if not reason.strip():
        raise DashboardError("Say in a sentence why the publication is withdrawn; every reader will see it.")
    if find(connection, publication.id).withdrawn_at is not None:
        raise Conflict("The publication is withdrawn already.")
    store.add_withdrawal(connection, publication.id, reason=reason.strip(), by=by, at=at)
    audit.record(connection, "publication.withdraw", publication.id, by=by, at=at, reason=reason.strip())
    return find(connection, publication.id)
