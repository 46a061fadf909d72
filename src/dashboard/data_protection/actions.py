"""Erasing returns whose time is over, by two persons; and noting who went on in spite of a warning."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection

from dashboard import audit
from dashboard.accounts import Account, Permission, require
from dashboard.data_protection import store
from dashboard.data_protection.model import ErasureStatus, PastItsTime
from dashboard.datasets.data_protection import load_data_protection, years_after
from dashboard.errors import Conflict, DashboardError, NotPermitted
from dashboard.publication.earlier import keep_counts
from dashboard.submissions import Submission
from dashboard.submissions import store as submission_store
from dashboard.validation.free_text import Kind


def past_their_time(
    connection: Connection, *, reference_dir: Path, today: date, by: Account
) -> tuple[PastItsTime, ...]:
    """Reported returns that are kept longer than was said, the oldest first. Invented figures are about nobody."""
    require(by, Permission.SEE_RETENTION)
    return _past_their_time(connection, reference_dir, today)


def _past_their_time(connection: Connection, reference_dir: Path, today: date) -> tuple[PastItsTime, ...]:
    protection = load_data_protection(reference_dir)
    structures, events = submission_store.structures(connection), store.newest_events(connection)
    found = []
    for submission in reversed(submission_store.newest(connection)):
        years = protection.returns_kept(structures.get(submission.id, frozenset()))
        kept_until = years_after(submission.received_at.date(), years)
        if kept_until < today and not submission.invented and not submission.erased_at:
            found.append(PastItsTime(submission, kept_until, events.get(submission.id)))
    return tuple(found)


def propose_erasure(
    connection: Connection, submission: Submission, *, reason: str, reference_dir: Path, by: Account, at: datetime
) -> None:
    """Propose to erase a return that is past its time. Nothing is erased before a second person approves."""
    require(by, Permission.PROPOSE_ERASURE)
    if not reason.strip():
        raise DashboardError("Say in a sentence why the return can be erased.")
    if _find(connection, submission, reference_dir, at).is_proposed:
        raise Conflict("Somebody has proposed this already. It waits for the chair.")
    store.add_event(connection, submission.id, ErasureStatus.PROPOSED, reason=reason.strip(), by=by, at=at)
    audit.record(connection, "data_protection.propose_erasure", submission.id, by=by, at=at, reason=reason.strip())


def approve_erasure(
    connection: Connection, submission: Submission, *, reference_dir: Path, by: Account, at: datetime
) -> None:
    """Erase the bytes, observations and findings of a return for good. The person who proposed it can't.

    Its row stays: hash, name of the file, dates and who. So do publications, and the counts that protect later ones.
    """
    require(by, Permission.APPROVE_ERASURE)
    due = _find(connection, submission, reference_dir, at)
    _require_second_person(due, by)
    keep_counts(connection, submission.id)
    store.add_event(connection, submission.id, ErasureStatus.APPROVED, reason="", by=by, at=at)
    submission_store.erase(connection, submission.id)
    audit.record(
        connection,
        "data_protection.approve_erasure",
        submission.id,
        by=by,
        at=at,
        sha256=due.submission.sha256,
        kept_until=due.kept_until.isoformat(),
    )


def decline_erasure(
    connection: Connection, submission: Submission, *, reason: str, reference_dir: Path, by: Account, at: datetime
) -> None:
    """Keep a return that somebody else proposed to erase, with a reason. It can be proposed anew."""
    require(by, Permission.APPROVE_ERASURE)
    if not reason.strip():
        raise DashboardError("Say in a sentence why the return is kept longer.")
    _require_second_person(_find(connection, submission, reference_dir, at), by)
    store.add_event(connection, submission.id, ErasureStatus.DECLINED, reason=reason.strip(), by=by, at=at)
    audit.record(connection, "data_protection.decline_erasure", submission.id, by=by, at=at, reason=reason.strip())


def _find(connection: Connection, submission: Submission, reference_dir: Path, at: datetime) -> PastItsTime:
    for due in _past_their_time(connection, reference_dir, at.date()):
        if due.submission.id == submission.id:
            return due
    raise Conflict("The return is not past the time it is kept, or it is erased already. Look at the list again.")


def _require_second_person(due: PastItsTime, by: Account) -> None:
    if due.erasure is None or not due.is_proposed:
        raise Conflict("Nobody has proposed to erase this return. The secretariat does that first.")
    if due.erasure.by_id == by.id:
        raise NotPermitted("You proposed this yourself. A second person has to decide.")


def go_on(connection: Connection, verb: str, kinds: Iterable[Kind], *, reason: str, by: Account, at: datetime) -> None:
    """Note that a text was written although it may tell who somebody is: which kinds of signs, never the text."""
    require(by, Permission.KEEP_OWN_ACCOUNT)
    if not reason.strip():
        raise DashboardError("Say in a sentence why the text may stay as it is.")
    found = sorted({kind.name.lower() for kind in kinds})
    audit.record(connection, "data_protection.went_on", verb, by=by, at=at, kinds=found, reason=reason.strip())
