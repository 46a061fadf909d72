"""Retention on screen: how long returns are kept, which are past that, and erasing one by two persons."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from dashboard import data_protection
from dashboard.accounts import Account, Permission
from dashboard.data_protection import ErasureStatus, PastItsTime
from dashboard.datasets import STRUCTURES
from dashboard.ui import data_statement, installation, layout, moments, verbs
from dashboard.ui.plain import plain


def spans() -> None:
    """How long returns and published tables are kept, by what they count."""
    known = data_statement.known()
    frame = pd.DataFrame(
        {
            "Returns": [f"{one.returns_kept} years" for one in known.statements.values()],
            "Published tables": [f"{one.tables_kept} years" for one in known.statements.values()],
        },
        index=pd.Index([STRUCTURES[name].label for name in known.statements], name="What is counted"),
    )
    with st.container(border=True):
        st.subheader("How long it is kept", anchor=False)
        layout.text_table(frame, "Years that returns and published tables are kept")
        layout.note(
            "A return is kept from the day it is received, as long as the longest of what it counts. Nothing is erased "
            f"by itself. These spans: {plain(known.decided)}."
        )


def review(account: Account) -> None:
    """The returns past their time, and one of them with the next step."""
    with installation.database().read() as connection:
        found = data_protection.past_their_time(
            connection, reference_dir=installation.settings().reference_dir, today=installation.now().date(), by=account
        )
    if not found:
        layout.empty("No return is past its time", "One appears here when it was kept as long as is said above.")
        return
    with st.container(border=True):
        st.subheader("Past their time", anchor=False)
        st.dataframe(_frame(found), hide_index=True, alt="Returns that are past their time, the oldest first")
        by_id = {due.submission.id: due for due in found}
        chosen = st.selectbox("Look at", list(by_id), format_func=lambda key: _title(by_id[key]), key="past_its_time")
        due = by_id[str(chosen)]
        _last_step(due)
        if due.is_proposed:
            _decide(due, account)
        elif account.may(Permission.PROPOSE_ERASURE):
            _propose(due, account)
        else:
            layout.note("The secretariat proposes to erase a return; then you decide.")


def _frame(found: Sequence[PastItsTime]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Organisation": [due.submission.organisation_name for due in found],
            "File": [due.submission.filename for due in found],
            "Received": [moments.day(due.submission.received_at) for due in found],
            "Kept until": [_day(due.kept_until) for due in found],
            "Step": [due.erasure.status.value if due.erasure else "" for due in found],
        }
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _title(due: PastItsTime) -> str:
    received = moments.moment(due.submission.received_at)
    return f"{due.submission.organisation_name}: {due.submission.filename}, received {received}"


def _last_step(due: PastItsTime) -> None:
    st.markdown(
        f"**{plain(due.submission.filename)}** was kept until {_day(due.kept_until)}. Erasing it takes away the file, "
        f"its counts ({due.submission.observations:,}) and what the checks found, for good. Name, sha256, dates and "
        "who sent and decided stay, and so does everything that was published."
    )
    layout.note(
        "Releases that hold it can't be opened any more, and figures that only this return reports are missing from "
        "the next release. Counts behind publications stay, without the name of the organisation: they protect later "
        "ones. Copies in backups are not reached from here."
    )
    if due.erasure:
        what = {
            ErasureStatus.PROPOSED: "Proposed",
            ErasureStatus.DECLINED: "Kept longer, decided",
            ErasureStatus.APPROVED: "Approved",
        }[due.erasure.status]
        st.markdown(
            f"{what} by {plain(due.erasure.by_name)} on {moments.day(due.erasure.at)}: {plain(due.erasure.reason)}"
        )


def _propose(due: PastItsTime, account: Account) -> None:
    reason = st.text_input("Why it can be erased", key=f"erase_{due.submission.id}")
    if st.button("Propose to erase it", type="primary"):
        verbs.perform(
            data_protection.propose_erasure,
            due.submission,
            reason=reason,
            reference_dir=installation.settings().reference_dir,
            by=account,
            said="It is proposed. The chair decides.",
        )


def _decide(due: PastItsTime, account: Account) -> None:
    if not account.may(Permission.APPROVE_ERASURE):
        layout.note("It waits for the chair to decide.")
        return
    reason = st.text_input("Reason, if it is kept longer", key=f"keep_{due.submission.id}")
    sure = st.checkbox("I know that this can't be undone", key=f"sure_{due.submission.id}")
    with st.container(horizontal=True):
        if st.button("Erase it for good", type="primary", disabled=not sure):
            verbs.perform(
                data_protection.approve_erasure,
                due.submission,
                reference_dir=installation.settings().reference_dir,
                by=account,
                said="The return is erased.",
            )
        if st.button("Keep it"):
            verbs.perform(
                data_protection.decline_erasure,
                due.submission,
                reason=reason,
                reference_dir=installation.settings().reference_dir,
                by=account,
                said="The return is kept. It can be proposed anew.",
            )
