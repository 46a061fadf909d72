"""Receiving, accepting and refusing returns."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from dashboard import audit
from dashboard.accounts import Account, Permission, require
from dashboard.datasets import Dataset
from dashboard.errors import Conflict, DashboardError, NotPermitted
from dashboard.submissions import store
from dashboard.submissions.model import Receipt, Submission, SubmissionStatus
from dashboard.submissions.reading import Return
from dashboard.validation.model import Finding


class MissingReason(DashboardError):
    """The step needs a reason in words."""


def receive(
    connection: Connection,
    content: bytes,
    filename: str,
    returned: Return,
    *,
    organisation: str,
    by: Account,
    at: datetime,
    invented: bool = False,
) -> Receipt:
    """Keep a return that was read. The same bytes of the same organisation are one submission.

    A file that had errors, was refused or has been erased is read anew: a codelist or an alias may have been mended.
    """
    _require_sender(by, organisation)
    _require_own_figures(returned, organisation)
    same = store.find_same(connection, store.sha256(content), organisation)
    if same and not same.erased_at and not same.errors and same.status is not SubmissionStatus.REFUSED:
        return Receipt(same, already_known=True)
    submission = store.add(
        connection,
        content=content,
        filename=filename,
        attempt=same.attempt + 1 if same else 1,
        profile=returned.profile,
        organisation=organisation,
        invented=invented,
        datasets=returned.datasets,
        findings=returned.findings,
        by=by,
        at=at,
    )
    audit.record(connection, "submissions.receive", submission.id, by=by, at=at, organisation=organisation)
    return Receipt(submission, already_known=False)


def accept(connection: Connection, submission: Submission, *, reason: str, by: Account, at: datetime) -> Submission:
    """Accept a return for the next release. Errors stop it; warnings need a reason to go on."""
    require(by, Permission.DECIDE_SUBMISSIONS)
    now = store.find(connection, submission.id)
    _require_kept(now)
    if now.errors:
        raise Conflict(f"The return has {now.errors} errors. Ask {now.organisation_name} to mend and send it again.")
    if not now.observations:
        raise Conflict("The return holds no counts. Ask for the filled-in file.")
    if now.warnings and not reason.strip():
        raise MissingReason("The return has warnings. Say in a sentence why it can be accepted all the same.")
    return _decide(connection, submission, SubmissionStatus.ACCEPTED, reason=reason, by=by, at=at)


def refuse(connection: Connection, submission: Submission, *, reason: str, by: Account, at: datetime) -> Submission:
    """Refuse a return, with the reason its sender will read."""
    require(by, Permission.DECIDE_SUBMISSIONS)
    if not reason.strip():
        raise MissingReason("Say in a sentence why the return is refused; its sender will read it.")
    return _decide(connection, submission, SubmissionStatus.REFUSED, reason=reason, by=by, at=at)


def _decide(
    connection: Connection, submission: Submission, status: SubmissionStatus, *, reason: str, by: Account, at: datetime
) -> Submission:
    now = store.find(connection, submission.id)
    _require_kept(now)
    if now.status is not submission.status:
        raise Conflict(f"Somebody else has decided meanwhile: the return is {now.status.value}. Look at it again.")
    if now.status is status:
        raise Conflict(f"The return is already {status.value}.")
    store.add_event(connection, submission.id, status, by=by, at=at, reason=reason.strip())
    audit.record(connection, f"submissions.{status.value}", submission.id, by=by, at=at, reason=reason.strip())
    return store.find(connection, submission.id)


def _require_kept(submission: Submission) -> None:
    if submission.erased_at:
        raise Conflict("The return was erased when its time was over. Nothing is left to decide on.")


def visible(connection: Connection, *, by: Account) -> tuple[Submission, ...]:
    """The returns an account may see: all of them, or those of its own organisation. Newest first."""
    require(by, Permission.SEND_SUBMISSIONS)
    own_only = not by.may(Permission.SEND_FOR_ANY_ORGANISATION)
    return store.newest(connection, organisation=by.organisation if own_only else None)


def findings(connection: Connection, submission: Submission, *, by: Account, at: datetime) -> tuple[Finding, ...]:
    """What validation said about a return, for its sender and the secretariat. It may quote counts of the return."""
    require(by, Permission.SEND_SUBMISSIONS)
    known = store.find(connection, submission.id)
    _require_sender(by, known.organisation)
    audit.record_reading(connection, "submissions.findings", known.id, by=by, at=at)
    return store.findings(connection, known.id)


def previous(connection: Connection, organisation: str, *, by: Account) -> Mapping[str, Dataset]:
    """For each structure the newest accepted return of an organisation: what a new one is compared with."""
    _require_sender(by, organisation)
    found: dict[str, Dataset] = {}
    for submission in store.newest(connection, organisation=organisation):
        if submission.status is SubmissionStatus.ACCEPTED and not submission.invented:
            found = {**store.datasets(connection, submission.id), **found}
    return found


def _require_own_figures(returned: Return, organisation: str) -> None:
    """A return may hold figures of its organisation, or of the parts of it (UNODC for UNODC_LKA)."""
    agencies = {observation.agency for dataset in returned.datasets for observation in dataset.observations}
    strangers = sorted(code for code in agencies if code != organisation and not code.startswith(f"{organisation}_"))
    if strangers:
        raise Conflict(
            f'The file holds figures of {strangers[0]}. Choose that organisation under "Return of", '
            "or ask the secretariat to send the file in."
        )


def _require_sender(by: Account, organisation: str) -> None:
    require(by, Permission.SEND_SUBMISSIONS)
    if organisation != by.organisation and not by.may(Permission.SEND_FOR_ANY_ORGANISATION):
        raise NotPermitted("You may send in and see the returns of your own organisation only.")
