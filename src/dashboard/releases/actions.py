"""Freezing accepted returns into a release, and approving it by a second person."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from dashboard import audit
from dashboard.accounts import Account, Permission, require
from dashboard.datasets import Dataset
from dashboard.errors import Conflict, DashboardError, NotPermitted
from dashboard.releases import store
from dashboard.releases.contents import content_hash, newest_of_each, yearly_totals_of
from dashboard.releases.model import Release, ReleaseStatus
from dashboard.submissions import Submission, SubmissionStatus
from dashboard.submissions import store as submission_store


def ready(connection: Connection, *, by: Account) -> tuple[Submission, ...]:
    """The accepted returns that a release would draw on now, newest first.

    Invented returns count only as long as nobody has sent a real one: the two are never mixed.
    """
    require(by, Permission.FREEZE_RELEASES)
    accepted = [
        submission
        for submission in submission_store.newest(connection)
        if submission.status is SubmissionStatus.ACCEPTED and not submission.erased_at
    ]
    real = tuple(submission for submission in accepted if not submission.invented)
    return real or tuple(accepted)


def freeze(connection: Connection, *, by: Account, at: datetime) -> Release:
    """Freeze what is ready. Raises Conflict when there is nothing, or nothing new.

    The same content as a release that was sent back is that release, put up for approval once more.
    """
    submissions = ready(connection, by=by)
    if not submissions:
        raise Conflict("No accepted return is there. Accept one under Returns first.")
    used, datasets = newest_of_each(
        (submission.id, submission_store.datasets(connection, submission.id)) for submission in submissions
    )
    invented = submissions[0].invented
    release_id = content_hash(datasets, invented=invented)
    if not store.exists(connection, release_id):
        store.add(connection, release_id, used, invented=invented, by=by, at=at)
    elif store.find(connection, release_id).status is ReleaseStatus.REJECTED:
        store.add_event(connection, release_id, ReleaseStatus.FROZEN, by=by, at=at)
    else:
        raise Conflict(f"Nothing has changed since release {release_id[:8]}. Accept a new return first.")
    audit.record(connection, "releases.freeze", release_id, by=by, at=at, submissions=len(used))
    return store.find(connection, release_id)


def approve(connection: Connection, release: Release, *, by: Account, at: datetime) -> Release:
    """Approve a release. The person who froze it can't."""
    return _decide(connection, release, ReleaseStatus.APPROVED, reason="", by=by, at=at)


def reject(connection: Connection, release: Release, *, reason: str, by: Account, at: datetime) -> Release:
    """Send a release back, with a reason."""
    require(by, Permission.APPROVE_RELEASES)
    if not reason.strip():
        raise DashboardError("Say in a sentence why the release is sent back.")
    return _decide(connection, release, ReleaseStatus.REJECTED, reason=reason.strip(), by=by, at=at)


def _decide(
    connection: Connection, release: Release, status: ReleaseStatus, *, reason: str, by: Account, at: datetime
) -> Release:
    require(by, Permission.APPROVE_RELEASES)
    now = store.find(connection, release.id)
    if by.id in store.freezers(connection, release.id):
        raise NotPermitted("You froze this release yourself. A second person has to approve it.")
    if status is ReleaseStatus.APPROVED:
        _require_kept(now)
    if now.status is not ReleaseStatus.FROZEN:
        raise Conflict(f"The release is already {now.status.value}.")
    store.add_event(connection, release.id, status, by=by, at=at, reason=reason)
    audit.record(connection, f"releases.{status.value}", release.id, by=by, at=at, reason=reason)
    return store.find(connection, release.id)


def all_releases(connection: Connection, *, by: Account) -> tuple[Release, ...]:
    """Every release, newest first, for those who freeze, approve or publish."""
    require(by, Permission.APPROVE_RELEASES)
    return store.newest(connection)


def datasets(connection: Connection, release: Release) -> Mapping[str, Dataset]:
    """The content of a release, by structure. Left of the wall only.

    Raises Conflict where a return it was made of has been erased, and when the content does not give the hash
    it was frozen under.
    """
    _require_kept(store.find(connection, release.id))
    ids = store.submission_ids(connection, release.id)
    ordered = [submission for submission in submission_store.newest(connection) if submission.id in ids]
    _, content = newest_of_each(
        (submission.id, submission_store.datasets(connection, submission.id)) for submission in ordered
    )
    if content_hash(content, invented=release.invented) != release.id:
        raise Conflict(
            f"The content of release {release.short_id} is not what was frozen. Do not use it; call the operator."
        )
    return content


def _require_kept(release: Release) -> None:
    if release.erased_at:
        raise Conflict(
            f"Returns in release {release.short_id} were erased when their time was over: its counts are gone. "
            "What was published from it stays."
        )


def yearly_totals(connection: Connection, release: Release, *, by: Account, at: datetime) -> dict[str, dict[str, int]]:
    """Totals before protection, by what is counted and year, for the person who approves."""
    require(by, Permission.SEE_UNPROTECTED_TOTALS)
    audit.record_reading(connection, "releases.yearly_totals", release.id, by=by, at=at)
    return yearly_totals_of(datasets(connection, release))
