"""Releases on screen: freezing what was accepted, and a second person's look at it."""

import pandas as pd
import streamlit as st

from dashboard import releases
from dashboard.accounts import Account, Permission
from dashboard.releases import Release, ReleaseStatus
from dashboard.ui import installation, layout, moments, verbs
from dashboard.ui.plain import plain


def freeze(account: Account) -> None:
    """What a release would hold now, and the button that freezes it."""
    if not account.may(Permission.FREEZE_RELEASES):
        return
    with installation.database().read() as connection:
        ready = releases.ready(connection, by=account)
    with st.container(border=True):
        st.subheader("Freeze a release", anchor=False)
        st.markdown(
            f"**{len(ready)} accepted returns** are there. A release takes the newest one of each organisation and "
            "period, and never changes afterwards; a correction is a new release."
        )
        if st.button("Freeze", type="primary", disabled=not ready):
            verbs.perform(releases.freeze, by=account, said="The release is frozen. A second person has to approve it.")


def review(account: Account) -> None:
    """All releases, and one of them with its totals and the decision."""
    with installation.database().read() as connection:
        found = releases.all_releases(connection, by=account)
    if not found:
        layout.empty("No release yet", "Accept returns first; then freeze them into a release.")
        return
    with st.container(border=True):
        st.subheader("Releases", anchor=False)
        by_id = {release.id: release for release in found}
        chosen = st.selectbox("Look at", list(by_id), format_func=lambda key: _title(by_id[key]), key="release")
        release = by_id[str(chosen)]
        _facts(release)
        if release.erased_at:
            layout.note(
                f"Returns in it were erased on {moments.day(release.erased_at)}, when their time was over: its counts "
                "are gone. What was published from it stays."
            )
        elif account.may(Permission.SEE_UNPROTECTED_TOTALS):
            _totals(release, account)
        if release.status is ReleaseStatus.FROZEN and not release.erased_at:
            _decide(release, account)


def _title(release: Release) -> str:
    kind = "invented" if release.invented else "reported"
    status = "erased" if release.erased_at else release.status.value
    return f"{release.short_id}, {moments.moment(release.frozen_at)}, {kind}, {status}"


def _facts(release: Release) -> None:
    decided = (
        f" {release.status.value.capitalize()} by {plain(release.decided_by_name)}." if release.decided_by_name else ""
    )
    st.markdown(f"Frozen by {plain(release.frozen_by_name)} on {moments.moment(release.frozen_at)}.{decided}")
    if release.reason:
        layout.note(f"Reason given: {plain(release.reason)}")


def _totals(release: Release, account: Account) -> None:
    with installation.database().write() as connection:
        totals = releases.yearly_totals(connection, release, by=account, at=installation.now())
    layout.note("Totals before protection, for checking against the returns. Do not pass them on.")
    years = sorted({year for by_year in totals.values() for year in by_year})
    frame = pd.DataFrame(
        [[f"{by_year[year]:,}" if year in by_year else "" for year in years] for by_year in totals.values()],
        index=pd.Index(list(totals), name="What is counted"),
        columns=years,
    )
    layout.number_table(frame, "totals", "Totals of the release by year, before protection")


def _decide(release: Release, account: Account) -> None:
    if release.frozen_by == account.id:
        layout.note("You froze this release. A second person has to approve it.")
        return
    reason = st.text_input("Reason, if you send it back", key=f"reason_{release.id}")
    with st.container(horizontal=True):
        if st.button("Approve", type="primary"):
            verbs.perform(releases.approve, release, by=account, said="The release is approved and can be published.")
        if st.button("Send back"):
            verbs.perform(releases.reject, release, reason=reason, by=account, said="The release is sent back.")
