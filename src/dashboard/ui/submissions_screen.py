"""Returns on screen: sending one in, what the checks found, accepting or refusing it."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard import administration, submissions
from dashboard.accounts import Account, Permission
from dashboard.errors import DashboardError
from dashboard.submissions import Submission, SubmissionStatus
from dashboard.ui import files, header, installation, layout, moments, refusals, verbs
from dashboard.ui.plain import plain
from dashboard.validation.model import Finding, Severity

_SHOWN = "submission"
_SEVERITY_WORDS = {Severity.ERROR: "Error", Severity.WARNING: "Warning", Severity.NOTE: "Note"}


def send_in(account: Account) -> None:
    """The template, the file, and one button that checks it and keeps it."""
    with st.container(border=True):
        st.subheader("Send in a return", anchor=False)
        left, right = st.columns(2, gap="large")
        with left:
            organisation = _organisation(account)
            file = st.file_uploader("File (CSV or Excel, up to 10 MB)", type=["csv", "xlsx"])
        with right:
            layout.note(
                "Send in counts, never records of single persons. The template has one sheet for each kind of count, "
                "with lists to choose from. The file is checked cell by cell before anybody sees it."
            )
            with st.container(key="template"):
                files.show(files.link("Download the template", "return-template.xlsx", about="An Excel workbook"))
        if st.button("Check and send in", type="primary", disabled=file is None) and file is not None:
            _read_and_receive(file.getvalue(), file.name, organisation, account)


def _organisation(account: Account) -> str:
    with installation.database().read() as connection:
        known = {item.code: item.name for item in administration.all_organisations(connection, by=account)}
    if not account.may(Permission.SEND_FOR_ANY_ORGANISATION):
        st.markdown(f"Return of **{plain(known.get(account.organisation, account.organisation))}**")
        return account.organisation
    codes = list(known)
    own = codes.index(account.organisation) if account.organisation in known else 0
    return str(st.selectbox("Return of", codes, index=own, format_func=lambda code: known[code]))


def _read_and_receive(content: bytes, filename: str, organisation: str, account: Account) -> None:
    # Between here and the commit nothing is drawn: a click elsewhere stops a run at its next drawing, and
    # the file would be lost without a word.
    st.status("Checking the file. This can take half a minute for a long one.")
    try:
        with refusals.noted("submissions.receive", account):
            receipt = _receipt(content, filename, organisation, account)
    except DashboardError as error:
        layout.problem(error)
        return
    if receipt.already_known:
        header.say(f"This very file was received on {moments.day(receipt.submission.received_at)}: nothing was added.")
    else:
        header.say(f"{receipt.submission.filename} was received. See below what the checks found.")
    st.session_state[_SHOWN] = receipt.submission.id
    st.rerun()


def _receipt(content: bytes, filename: str, organisation: str, account: Account) -> submissions.Receipt:
    with installation.database().read() as connection:
        previous = submissions.previous(connection, organisation, by=account)
    returned = submissions.read_return(
        content,
        filename,
        agency=organisation,
        reference_dir=installation.settings().reference_dir,
        previous=previous,
        today=installation.now().date(),
    )
    with installation.database().write() as connection:
        return submissions.receive(
            connection, content, filename, returned, organisation=organisation, by=account, at=installation.now()
        )


def review(account: Account) -> None:
    """The list of returns, and one of them in detail."""
    with installation.database().read() as connection:
        visible = submissions.visible(connection, by=account)
    if not visible:
        layout.empty("No return yet", "Send in the first one above; the template shows what it should hold.")
        return
    with st.container(border=True):
        st.subheader("Returns received", anchor=False)
        st.dataframe(_list_frame(visible), hide_index=True, alt="Returns received, newest first")
        by_id = {submission.id: submission for submission in visible}
        chosen = st.selectbox("Look at", list(by_id), format_func=lambda key: _title(by_id[key]), key=_SHOWN)
        _detail(by_id[str(chosen)], account)


def _title(submission: Submission) -> str:
    when = moments.moment(submission.received_at)
    return f"{submission.organisation_name}: {submission.filename}, {when}, {_status(submission)}"


def _status(submission: Submission) -> str:
    return "erased" if submission.erased_at else submission.status.value


def _list_frame(visible: Sequence[Submission]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Organisation": [item.organisation_name for item in visible],
            "File": [item.filename for item in visible],
            "Received": [moments.moment(item.received_at) for item in visible],
            "Sent by": [item.sent_by_name for item in visible],
            "Counts": [item.observations for item in visible],
            "Errors": [item.errors for item in visible],
            "Warnings": [item.warnings for item in visible],
            "Status": [_status(item) for item in visible],
        }
    )


def _detail(submission: Submission, account: Account) -> None:
    if submission.erased_at:
        layout.note(
            f"Erased on {moments.day(submission.erased_at)}, when its time was over. The file, its counts and what the "
            f"checks found are gone; its sha256 stays: {submission.sha256}."
        )
        return
    with installation.database().write() as connection:
        found = submissions.findings(connection, submission, by=account, at=installation.now())
    st.markdown(
        f"**{plain(submission.filename)}**: {submission.observations:,} counts read, "
        f"{submission.errors} errors, {submission.warnings} warnings."
    )
    if submission.reason:
        layout.note(f"Reason given: {plain(submission.reason)}")
    if found:
        st.dataframe(_findings_frame(found), hide_index=True, alt="What the checks found, with the next step")
    else:
        layout.note("The checks found nothing to mend.")
    if account.may(Permission.DECIDE_SUBMISSIONS):
        _decide(submission, account)


def _findings_frame(found: Sequence[Finding]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Kind": [_SEVERITY_WORDS[item.severity] for item in found],
            "Sheet": [item.sheet for item in found],
            "Row": [str(item.row or "") for item in found],
            "Column": [item.column for item in found],
            "Value": [item.value for item in found],
            "Finding": [item.message for item in found],
            "Next step": [item.next_step for item in found],
        }
    )


def _decide(submission: Submission, account: Account) -> None:
    accepted = submission.status is SubmissionStatus.ACCEPTED
    refused = submission.status is SubmissionStatus.REFUSED
    if submission.errors:
        layout.note("A return with errors can't be accepted. Refuse it, so that its sender can mend it.")
    looked = True
    if submission.warnings and not accepted:
        looked = st.checkbox(f"I have looked at the {submission.warnings} warnings", key=f"looked_{submission.id}")
    reason = st.text_input(
        "Reason", key=f"reason_{submission.id}", help="Needed to accept a return with warnings, and to refuse one."
    )
    with st.container(horizontal=True):
        if not accepted and st.button("Accept", type="primary", disabled=bool(submission.errors) or not looked):
            verbs.perform(submissions.accept, submission, reason=reason, by=account, said="The return is accepted.")
        if not refused and st.button("Refuse"):
            verbs.perform(submissions.refuse, submission, reason=reason, by=account, said="The return is refused.")
