"""Publishing an approved release after disclosure control, and withdrawing a publication."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from dashboard import audit
from dashboard.accounts import Account, Permission, require
from dashboard.accounts.store import list_organisations
from dashboard.datasets import Dataset
from dashboard.disclosure import GROUP, Protection, load_plan, load_policy, protect
from dashboard.disclosure.protection import Progress
from dashboard.errors import Conflict, DashboardError
from dashboard.publication import store
from dashboard.publication.coverage import coverage
from dashboard.published_tables import Publication, find, publication_list
from dashboard.releases import Release, ReleaseStatus, datasets
from dashboard.releases import store as release_store


@dataclass(frozen=True, slots=True)
class Prepared:
    """A release with its protected tables, ready to be published. Left of the wall: it holds true counts."""

    release: Release
    datasets: Mapping[str, Dataset]
    protection: Protection


def prepare(
    connection: Connection,
    release: Release,
    *,
    by: Account,
    reference_dir: Path,
    progress: Progress = lambda _name, _done, _all: None,
) -> Prepared:
    """Protect a release under the plan and policy in force. Takes its time, so it belongs before a transaction."""
    require(by, Permission.PUBLISH)
    content = datasets(connection, release)
    plan, policy = load_plan(reference_dir), load_policy(reference_dir)
    return Prepared(release, content, protect(content, plan, policy, GROUP, reference_dir, progress))


def publish(connection: Connection, prepared: Prepared, *, reason: str, by: Account, at: datetime) -> Publication:
    """Publish a prepared release to the group, if it is still approved. The reason is kept with the publication."""
    require(by, Permission.PUBLISH)
    if not reason.strip():
        raise DashboardError("Say in a sentence why this release is published now.")
    release = release_store.find(connection, prepared.release.id)
    if release.status is not ReleaseStatus.APPROVED:
        raise Conflict(f"The release is {release.status.value}. It has to be approved before it can be published.")
    earlier = publication_list(connection)
    if any(publication.release_id == release.id and publication.withdrawn_at is None for publication in earlier):
        raise Conflict("This release is published already.")
    if release.invented and any(not publication.invented for publication in earlier):
        raise Conflict("Reported figures were published. Invented ones can't follow them.")
    publication_id = store.add(
        connection, release, prepared.protection, prepared.datasets, reason=reason.strip(), by=by, at=at
    )
    store.add_coverage(connection, publication_id, coverage(prepared.datasets, list_organisations(connection)))
    audit.record(connection, "publication.publish", publication_id, by=by, at=at, reason=reason.strip())
    return find(connection, publication_id)


def withdraw(
    connection: Connection, publication: Publication, *, reason: str, by: Account, at: datetime
) -> Publication:
    """Take a publication out of use. Its record stays; views show the one before."""
    require(by, Permission.PUBLISH)
    if not reason.strip():
        raise DashboardError("Say in a sentence why the publication is withdrawn; every reader will see it.")
    if find(connection, publication.id).withdrawn_at is not None:
        raise Conflict("The publication is withdrawn already.")
    store.add_withdrawal(connection, publication.id, reason=reason.strip(), by=by, at=at)
    audit.record(connection, "publication.withdraw", publication.id, by=by, at=at, reason=reason.strip())
    return find(connection, publication.id)
