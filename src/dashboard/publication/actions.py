"""Publishing an approved release after disclosure control, approving a policy, withdrawing a publication."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from dashboard import audit
from dashboard.accounts import Account, Permission, require
from dashboard.accounts.store import list_organisations
from dashboard.datasets import Dataset
from dashboard.disclosure import (
    GROUP,
    DisclosurePolicy,
    Earlier,
    Protection,
    TableEffect,
    effects,
    load_plan,
    load_policy,
    protect,
    withheld_cells,
)
from dashboard.disclosure.protection import Progress
from dashboard.errors import Conflict, DashboardError
from dashboard.publication import store
from dashboard.publication.coverage import coverage
from dashboard.publication.earlier import as_earlier
from dashboard.published_tables import Publication, find, publication_list
from dashboard.releases import Release, ReleaseStatus, datasets
from dashboard.releases import store as release_store


def _silent(_doing: str, _share: float) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Unprotected:
    """The true counts of a release, and what was published before it. Left of the wall, and for the chair only."""

    release: Release
    datasets: Mapping[str, Dataset]
    before: tuple[str, ...]
    earlier: tuple[Earlier, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A release with its protected tables, ready to be published. Left of the wall: it holds true counts.

    earlier are the publications it was protected together with.
    """

    release: Release
    datasets: Mapping[str, Dataset]
    protection: Protection
    earlier: tuple[str, ...]


def unprotected(connection: Connection, release: Release, *, by: Account, at: datetime) -> Unprotected:
    """Read a release to protect it, together with every earlier publication; withdrawn ones too: they have been read.

    Reading is a step by itself, because protecting takes its time and must not keep other writers waiting.
    """
    require(by, Permission.PUBLISH)
    audit.record_reading(connection, "publication.unprotected", release.id, by=by, at=at)
    before = _before(connection, release)
    earlier = tuple(as_earlier(connection, one) for one in before)
    return Unprotected(release, datasets(connection, release), tuple(one.id for one in before), earlier)


def _before(connection: Connection, release: Release) -> tuple[Publication, ...]:
    """Publications whose readers also read this one, oldest first. Invented figures tell nothing of reported ones."""
    found = (one for one in publication_list(connection) if one.invented == release.invented)
    return tuple(sorted(found, key=lambda one: one.number))


def prepare(content: Unprotected, *, by: Account, reference_dir: Path, progress: Progress = _silent) -> Prepared:
    """Protect a release under the plan and policy in force. Takes its time, so it belongs outside of a transaction.

    Raises DashboardError where the proof does not hold.
    """
    require(by, Permission.PUBLISH)
    plan, policy = load_plan(reference_dir), load_policy(reference_dir)
    protection = protect(content.datasets, plan, policy, reference_dir, content.earlier, progress)
    return Prepared(content.release, content.datasets, protection, content.before)


def what_if(
    content: Unprotected, *, by: Account, reference_dir: Path, threshold: int, progress: Progress = _silent
) -> tuple[TableEffect, ...]:
    """What members would get under another threshold. Nothing of it is kept."""
    require(by, Permission.PUBLISH)
    policy = _for_members(load_policy(reference_dir), threshold)
    plan = load_plan(reference_dir)
    return effects(protect(content.datasets, plan, policy, reference_dir, content.earlier, progress), GROUP)


def _for_members(policy: DisclosurePolicy, threshold: int | None) -> DisclosurePolicy:
    thresholds = policy.thresholds[GROUP]
    if threshold is not None:
        thresholds = dict.fromkeys(thresholds, threshold)
    members = tuple(one for one in policy.circulations if one.name == GROUP)
    return replace(policy, circulations=members, thresholds={GROUP: thresholds})


def lost_to_earlier(
    prepared: Prepared, *, by: Account, reference_dir: Path, progress: Progress = _silent
) -> Mapping[str, int]:
    """By table, the cells that could be shown to members if nothing had been published before.

    Together with an earlier publication they would give a small count, or a small change, away.
    """
    require(by, Permission.PUBLISH)
    policy = _for_members(prepared.protection.policy, None)
    alone = protect(prepared.datasets, load_plan(reference_dir), policy, reference_dir, (), progress)
    free = withheld_cells(alone, GROUP)
    return {table: len(cells - free[table]) for table, cells in withheld_cells(prepared.protection, GROUP).items()}


def policy_in_force(connection: Connection, *, by: Account, reference_dir: Path) -> tuple[DisclosurePolicy, bool]:
    """The policy of the file, and whether the chair has approved it as it stands."""
    require(by, Permission.VIEW_FIGURES)
    policy = load_policy(reference_dir)
    return policy, store.is_approved(connection, policy.fingerprint)


def approve_policy(
    connection: Connection, policy: DisclosurePolicy, *, reason: str, by: Account, at: datetime
) -> DisclosurePolicy:
    """Approve a disclosure policy as it stands in its file; any change of the file needs a new approval."""
    require(by, Permission.PUBLISH)
    if not reason.strip():
        raise DashboardError("Say in a sentence who decided on this policy, and when.")
    if store.is_approved(connection, policy.fingerprint):
        raise Conflict("This policy is approved already.")
    store.add_approval(connection, policy, reason=reason.strip(), by=by, at=at)
    audit.record(
        connection, "policy.approve", policy.version, by=by, at=at, reason=reason.strip(), sha256=policy.fingerprint
    )
    return policy


def publish(connection: Connection, prepared: Prepared, *, reason: str, by: Account, at: datetime) -> Publication:
    """Publish a prepared release to all circulations, if it is still approved. The reason is kept with it."""
    require(by, Permission.PUBLISH)
    if not reason.strip():
        raise DashboardError("Say in a sentence why this release is published now.")
    _require_publishable(connection, prepared)
    publication_id = store.add(
        connection, prepared.release, prepared.protection, prepared.datasets, reason=reason.strip(), by=by, at=at
    )
    store.add_coverage(connection, publication_id, coverage(prepared.datasets, list_organisations(connection)))
    policy = prepared.protection.policy
    audit.record(
        connection, "publication.publish", publication_id, by=by, at=at, reason=reason.strip(), policy=policy.version
    )
    return find(connection, publication_id)


def _require_publishable(connection: Connection, prepared: Prepared) -> None:
    release = release_store.find(connection, prepared.release.id)
    if release.status is not ReleaseStatus.APPROVED:
        raise Conflict(f"The release is {release.status.value}. It has to be approved before it can be published.")
    if release.erased_at:
        raise Conflict("A return in this release was erased while it was being prepared. Freeze a new one.")
    if not release.invented and not store.is_approved(connection, prepared.protection.policy.fingerprint):
        raise Conflict(
            "The chair has not approved the disclosure policy as it stands. Approve it under Data, Publication first."
        )
    published = publication_list(connection)
    if any(one.release_id == release.id and one.withdrawn_at is None for one in published):
        raise Conflict("This release is published already.")
    if release.invented and any(not one.invented for one in published):
        raise Conflict("Reported figures were published. Invented ones can't follow them.")
    if tuple(one.id for one in _before(connection, release)) != prepared.earlier:
        raise Conflict("Something was published while this release was being prepared. Publish again.")


def withdraw(
    connection: Connection, publication: Publication, *, reason: str, by: Account, at: datetime
) -> Publication:
    """Take a publication out of use. Its record stays; views show the one before, and say so."""
    require(by, Permission.PUBLISH)
    if not reason.strip():
        raise DashboardError("Say in a sentence why the publication is withdrawn; every reader will see it.")
    if find(connection, publication.id).withdrawn_at is not None:
        raise Conflict("The publication is withdrawn already.")
    store.add_withdrawal(connection, publication.id, reason=reason.strip(), by=by, at=at)
    audit.record(connection, "publication.withdraw", publication.id, by=by, at=at, reason=reason.strip())
    return find(connection, publication.id)
