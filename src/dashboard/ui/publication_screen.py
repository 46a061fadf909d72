"""Publication on screen: the policy, what protection does to a release, publishing it, withdrawing it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

import pandas as pd
import streamlit as st

from dashboard import publication, published_tables, releases
from dashboard.accounts import Account, Permission
from dashboard.disclosure import GROUP, DisclosurePolicy, TableEffect, effects
from dashboard.disclosure.protection import Progress
from dashboard.errors import DashboardError
from dashboard.published_tables import Circulation, Publication
from dashboard.releases import Release, ReleaseStatus
from dashboard.ui import installation, layout, moments, session, verbs
from dashboard.ui.plain import plain

THRESHOLDS = (3, 5, 10)
"""What a working group may choose for itself, the default, and what is usual for the public."""


def policy(account: Account) -> None:
    """The disclosure policy in force; the chair approves a changed one."""
    with installation.database().read() as connection:
        found, approved = publication.policy_in_force(
            connection, by=account, reference_dir=installation.settings().reference_dir
        )
    with st.container(border=True):
        st.subheader("Disclosure policy", anchor=False)
        layout.note(f"Version {plain(found.version)}: {plain(found.decided)}.")
        layout.text_table(policy_frame(found), "Smallest count shown, by circulation")
        if approved:
            layout.note("Approved by the chair as it stands.")
        elif account.may(Permission.PUBLISH):
            _approve(found, account)
        else:
            layout.note("Not approved yet: the chair approves it before reported figures can be published.")


def policy_frame(found: DisclosurePolicy) -> pd.DataFrame:
    """Who reads in each circulation, and the smallest count of each structure they see."""
    structures = sorted({name for by in found.thresholds.values() for name in by})
    rows = {
        circulation.name.capitalize(): {
            "Who reads": circulation.description,
            **{name.capitalize(): _smallest(found.threshold(circulation.name, name)) for name in structures},
        }
        for circulation in found.circulations
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Circulation")


def _smallest(threshold: int) -> str:
    return "exact" if threshold == 1 else str(threshold)


def _approve(found: DisclosurePolicy, account: Account) -> None:
    st.warning("This policy has not been approved as it stands. Reported figures can't be published before it is.")
    reason = st.text_input("Who decided on this policy, and when", key=f"policy_{found.fingerprint[:8]}")
    if st.button("Approve the policy"):
        verbs.perform(
            publication.approve_policy,
            found,
            reason=reason,
            by=account,
            said="The policy is approved. It holds for the next publication.",
        )


def publish(account: Account) -> None:
    """Choose an approved release, see what a reader will get, publish it with a reason."""
    with installation.database().read() as connection:
        published = {item.release_id for item in published_tables.publication_list(connection) if not item.withdrawn_at}
        approved = [
            release
            for release in releases.all_releases(connection, by=account)
            if release.status is ReleaseStatus.APPROVED and not release.erased_at and release.id not in published
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
        _before_publishing(release)
        # A form: typing the reason must not run anything, least of all the protection above.
        with st.form(f"publish_{release.id}", border=False):
            reason = st.text_input("Why this release is published now", key=f"why_{release.id}")
            wanted = st.form_submit_button("Publish", type="primary")
        if wanted:
            _publish(release, reason, account)


def _publish(release: Release, reason: str, account: Account) -> None:
    # Until the commit a click elsewhere stops the run: that cancels, and nothing is published.
    verbs.perform(
        publication.publish,
        before=partial(_prepare, release, account),
        reason=reason,
        by=account,
        said="Published. Every figure page shows the new figures from now on.",
    )


def _title(release: Release) -> str:
    kind = "invented" if release.invented else "reported"
    return f"{release.short_id}, {moments.moment(release.frozen_at)}, {kind}"


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar, and a way out: any click stops the run at its next step, and nothing has been kept."""
    with st.container(key="protecting"):
        bar = st.progress(0.0, "Protecting ...")
        cancel = st.empty()
        cancel.button("Cancel", key="cancel_protecting", help="Stops here. Nothing is published, nothing is changed.")

    def show(doing: str, share: float) -> None:
        bar.progress(min(share, 1.0), f"Protecting: {doing} ...")

    yield show
    bar.empty()
    cancel.empty()


@st.fragment
def _before_publishing(release: Release) -> None:
    """What the chair can look at first. Each takes its time, so each waits for a click.

    Nothing of it is kept between runs: it follows from unprotected counts.
    """
    account = session.require(Permission.PUBLISH)
    questions: Mapping[str, Callable[[Release, Account], None]] = {
        "What readers get": _what_readers_get,
        "Compare thresholds": _compare_thresholds,
        "What earlier publications cost": _cost_of_earlier,
    }
    with st.container(horizontal=True, gap="small"):
        asked = [question for question in questions if st.button(question, key=f"{question}_{release.id}")]
    for question in asked:
        try:
            questions[question](release, account)
        except DashboardError as error:
            layout.problem(error)


def _what_readers_get(release: Release, account: Account) -> None:
    prepared = _prepare(release, account)
    with installation.database().read_published() as connection:
        last = published_tables.current(connection)
        before = published_tables.cell_counts(connection, last.id, circulation=GROUP) if last else {}
    for circulation in Circulation:
        found = effects(prepared.protection, circulation.value)
        frame = _effect_frame(found, before if circulation is Circulation.GROUP else {})
        st.markdown(f"**For {circulation.label}**")
        layout.number_table(frame, f"effects_{circulation.value}", f"What {circulation.label} will see in each table")
    layout.note(
        "Zeros that are shown are not counted as cells. Covered: how many of those counted stand in a shown cell "
        "of the finest periods, in the dimension that is covered least. Where it says five years or all, single years "
        "are too sparse. Every withheld small count has been proved safe against everything published; the proof was "
        "checked."
    )


def _prepare(release: Release, account: Account) -> publication.Prepared:
    with _progress() as progress:
        return publication.prepare(
            _read(release, account),
            by=account,
            reference_dir=installation.settings().reference_dir,
            progress=progress,
        )


def _read(release: Release, account: Account) -> publication.Unprotected:
    with installation.database().write() as connection:
        return publication.unprotected(connection, release, by=account, at=installation.now())


def _effect_frame(found: Sequence[TableEffect], before: Mapping[str, tuple[int, int]]) -> pd.DataFrame:
    columns: dict[str, list[str]] = {
        "Cells shown": [f"{one.shown:,}" for one in found],
        "Withheld": [f"{one.withheld + one.zeros_withheld:,}" for one in found],
        "Codes grouped": [f"{one.grouped:,}" for one in found],
        "Covered": [f"{one.persons_shown:,} of {one.persons:,}" for one in found],
        "Finest periods": [one.periods.replace("_", " ") for one in found],
    }
    if before:
        columns["Shown before"] = [f"{before[one.table][0]:,}" if one.table in before else "" for one in found]
        columns["Withheld before"] = [f"{before[one.table][1]:,}" if one.table in before else "" for one in found]
    return pd.DataFrame(columns, index=_table_index(found))


def _table_index(found: Sequence[TableEffect]) -> "pd.Index[str]":
    return pd.Index([one.table.replace("_", " ").capitalize() for one in found], name="Table")


def _compare_thresholds(release: Release, account: Account) -> None:
    by_threshold = {}
    with _progress() as progress:
        content = _read(release, account)
        for place, threshold in enumerate(THRESHOLDS):

            def share(doing: str, part: float, place: int = place, threshold: int = threshold) -> None:
                progress(f"threshold {threshold}, {doing}", (place + part) / len(THRESHOLDS))

            by_threshold[threshold] = publication.what_if(
                content,
                by=account,
                reference_dir=installation.settings().reference_dir,
                threshold=threshold,
                progress=share,
            )
    frame = pd.DataFrame(
        {
            f"From {threshold} on": [f"{one.shown:,} of {one.shown + one.withheld:,}" for one in found]
            for threshold, found in by_threshold.items()
        },
        index=_table_index(next(iter(by_threshold.values()))),
    )
    layout.number_table(frame, "thresholds", "Cells that members would see if counts were shown from 3, 5 or 10 on")
    layout.note("A threshold is changed in the disclosure policy, by decision of the group. Nothing was changed here.")


def _cost_of_earlier(release: Release, account: Account) -> None:
    prepared = _prepare(release, account)
    if not prepared.earlier:
        layout.note("Nothing was published before. There is nothing that this publication could be compared with.")
        return
    with _progress() as progress:
        lost = publication.lost_to_earlier(
            prepared,
            by=account,
            reference_dir=installation.settings().reference_dir,
            progress=progress,
        )
    frame = pd.DataFrame(
        {"Cells withheld for this reason": [f"{count:,}" for count in lost.values()]},
        index=pd.Index([name.replace("_", " ").capitalize() for name in lost], name="Table"),
    )
    layout.number_table(frame, "earlier", "Cells that together with earlier publications would give a small count away")
    layout.note(
        "Next to what was published before, these cells would tell a small count, or a small change since then. "
        "They are withheld. Fewer and later publications cost less: publish closed years, and let late returns wait."
    )


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
            "Policy": [f"version {item.policy['version']}" for item in found],
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
                said="The publication is withdrawn. Views show the one before it, and say so.",
            )
