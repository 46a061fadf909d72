"""Publication on screen: what protection does to a release, publishing it, withdrawing it."""

import pandas as pd
import streamlit as st

from dashboard import publication, published_tables, releases
from dashboard.accounts import Account, Permission
from dashboard.disclosure import losses
from dashboard.published_tables import Publication
from dashboard.releases import Release, ReleaseStatus
from dashboard.ui import installation, layout, moments, verbs


def publish(account: Account) -> None:
    """Choose an approved release, see what a reader will get, publish it with a reason."""
    with installation.database().read() as connection:
        published = {item.release_id for item in published_tables.publication_list(connection) if not item.withdrawn_at}
        approved = [
            release
            for release in releases.all_releases(connection, by=account)
            if release.status is ReleaseStatus.APPROVED and release.id not in published
        ]
    with st.container(border=True):
        st.subheader("Publish a release", anchor=False)
        if not approved:
            layout.note("No approved release waits. Freeze one under Releases and have a second person approve it.")
            return
        by_id = {release.id: release for release in approved}
        chosen = st.selectbox("Release", list(by_id), format_func=lambda key: _title(by_id[key]), key="to_publish")
        release = by_id[str(chosen)]
        if not account.may(Permission.PUBLISH):
            layout.note("The chair publishes. You see here what is approved.")
            return
        _preview(release, account)
        reason = st.text_input("Why this release is published now", key=f"why_{release.id}")
        if st.button("Publish to the group", type="primary"):
            _publish(release, reason, account)


def _publish(release: Release, reason: str, account: Account) -> None:
    # Nothing is drawn until the commit: a click elsewhere stops a run at its next drawing.
    with installation.database().read() as connection:
        prepared = publication.prepare(
            connection, release, by=account, reference_dir=installation.settings().reference_dir
        )
    verbs.perform(
        publication.publish,
        prepared,
        reason=reason,
        by=account,
        said="Published. Every figure page shows the new figures from now on.",
    )


def _title(release: Release) -> str:
    kind = "invented" if release.invented else "reported"
    return f"{release.short_id}, {moments.moment(release.frozen_at)}, {kind}"


def _preview(release: Release, account: Account) -> None:
    """Per table, how much a reader will see. Counting takes a moment, so it waits for a click."""
    if not st.toggle("Show what protection does", key=f"preview_{release.id}"):
        return
    bar = st.progress(0.0, "Protecting ...")

    def progress(name: str, done: int, count: int) -> None:
        bar.progress(done / count, f"Protecting {name.replace('_', ' ')} ...")

    with installation.database().read() as connection:
        protection = publication.prepare(
            connection,
            release,
            by=account,
            reference_dir=installation.settings().reference_dir,
            progress=progress,
        ).protection
    bar.empty()
    found = losses(protection)
    frame = pd.DataFrame(
        {
            "Shown": [f"{loss.shown:,}" for loss in found],
            "Withheld": [f"{loss.withheld:,}" for loss in found],
        },
        index=pd.Index([loss.name.replace("_", " ").capitalize() for loss in found], name="Table"),
    )
    layout.number_table(frame, "losses", "Cells shown and withheld in each table, zeros not counted")


def history(account: Account) -> None:
    """Every publication; the chair may withdraw one."""
    with installation.database().read_published() as connection:
        found = published_tables.publication_list(connection)
    if not found:
        layout.empty("Nothing is published yet", "The first publication appears here.")
        return
    with st.container(border=True):
        st.subheader("Publications", anchor=False)
        layout.text_table(_history_frame(found), "Publications, newest first")
        in_use = {item.id: item for item in found if item.withdrawn_at is None}
        if in_use and account.may(Permission.PUBLISH):
            _withdraw(in_use, account)


def _history_frame(found: tuple[Publication, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Published": [moments.moment(item.published_at) for item in found],
            "By": [item.published_by for item in found],
            "Figures": ["invented" if item.invented else "reported" for item in found],
            "Why": [item.reason for item in found],
            "Withdrawn": [
                f"{moments.day(item.withdrawn_at)}: {item.withdrawn_because}" if item.withdrawn_at else ""
                for item in found
            ],
        },
        index=pd.Index([str(item.number) for item in found], name="Number"),
    )


def _withdraw(in_use: dict[str, Publication], account: Account) -> None:
    with st.expander("Withdraw a publication"):
        chosen = st.selectbox(
            "Publication", list(in_use), format_func=lambda key: f"Publication {in_use[key].number}", key="to_withdraw"
        )
        reason = st.text_input("Why it is withdrawn; every reader sees this", key="withdraw_reason")
        if st.button("Withdraw"):
            verbs.perform(
                publication.withdraw,
                in_use[str(chosen)],
                reason=reason,
                by=account,
                said="The publication is withdrawn. Views show the one before it.",
            )
