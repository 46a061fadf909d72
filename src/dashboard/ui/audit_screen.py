"""The audit trail on screen: whether it verifies, filters, the events page by page, and links to files of them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

import pandas as pd
import streamlit as st

from dashboard import audit
from dashboard.accounts import Account
from dashboard.audit import AuditEvent, Filters, Kind, Verification
from dashboard.ui import audit_files, audit_words, files, header, installation, layout, moments
from dashboard.ui.plain import plain

CHOICES: Mapping[str, frozenset[Kind]] = {
    "Everything": frozenset(),
    "Reads and exports": frozenset({Kind.READS, Kind.EXPORTS}),
    **{kind.value: frozenset({kind}) for kind in Kind},
}
"""Kinds of deed that one click shows. Reads and exports together are the access log."""

_EVERYBODY = ""
_LONG_LIST, _LONG_LIST_PIXELS = 14, 560
_SEEN = "audit_pages"
_WIDTHS = {
    "Number": st.column_config.NumberColumn(width="small", format="localized"),
    "Details": st.column_config.TextColumn(width="large"),
}


def state(account: Account) -> None:
    """How far the trail was verified, when, and the button that does it anew."""
    with installation.database().read() as connection:
        last = audit.last_verification(connection, by=account)
        behind = audit.unanchored(connection, by=account)
    with st.container(border=True):
        text, button = st.columns([4, 1], vertical_alignment="center")
        found = _verify(account) if button.button("Verify the trail", width="stretch") else None
        with text:
            if found is None:
                _last(last)
            else:
                _problems(found)
            if behind:
                layout.note(
                    f"The anchor file does not know the last {behind:,} events yet. If that number stays or grows, it "
                    "can't be written: the log of the server says why."
                )


def _last(event: AuditEvent | None) -> None:
    if event is None:
        st.markdown("**Not verified yet.** Events are chained and sealed; verifying shows whether all are untouched.")
        return
    when = f"{moments.moment(event.at)}, by {plain(event.account_name)}"
    if event.details["problems"]:
        st.error(f"**The trail did not verify** on {when}. Verify it again to see what is wrong, and what to do.")
    else:
        st.markdown(f"**Verified up to event {event.details['until']:,}**, {when}.")


def _verify(account: Account) -> Verification:
    """Verify, and note the answer; a good one stands above the page that is drawn anew."""
    with installation.database().read() as connection:
        found = audit.verify(connection, by=account)
    with installation.database().write() as connection:
        audit.record_verification(connection, found, by=account, at=installation.now())
    if found.sound:
        header.say(found.sentence)
        st.rerun()
    return found


def _problems(found: Verification) -> None:
    st.error(f"**{found.sentence}**")
    for problem in found.problems:
        st.markdown(f"{plain(problem.sentence)}  \n:gray[{plain(problem.next_step)}]")


def trail(account: Account) -> None:
    """The filters, the events that fit, and the files."""
    with st.container(border=True):
        filters = _filters(account)
        seen: list[int] = st.session_state.setdefault(_SEEN, [])
        with installation.database().write() as connection:
            below = seen[-1] if seen else None
            # One more than a page: whether there is an older one.
            found = audit.trail(
                connection, filters, by=account, at=installation.now(), below=below, limit=audit.PAGE + 1
            )
            names = audit_words.names_of(connection)
        events = found[: audit.PAGE]
        if events:
            _table(_frame(events, names))
        else:
            layout.empty("No event", "None fits these filters. Choose another kind, person or time.")
        with st.container(horizontal=True, vertical_alignment="center", key="audit_foot"):
            _pages(events, seen, more=len(found) > len(events))
            layout.note("Download what the filters leave")
            files.show(*audit_files.links(filters))
    layout.note(
        "Events are added and never changed: the database refuses it, and verifying finds what was changed past it."
    )


# Filters ----------------------------------------------------------------------------------------


def _filters(account: Account) -> Filters:
    with installation.database().read() as connection:
        people = audit.people(connection, by=account)
    chosen = st.segmented_control(
        "Kind of deed", list(CHOICES), default="Everything", required=True, key="audit_kind", on_change=_first_page
    )
    who, since, until, text = st.columns([3, 2, 2, 3])
    person = who.selectbox(
        "Person",
        [_EVERYBODY, *people],
        format_func=lambda key: people.get(key, "Everybody"),
        key="audit_person",
        on_change=_first_page,
    )
    first = since.date_input("From", value=None, key="audit_since", format="DD/MM/YYYY", on_change=_first_page)
    last = until.date_input("To", value=None, key="audit_until", format="DD/MM/YYYY", on_change=_first_page)
    words = text.text_input(
        "Text",
        key="audit_text",
        on_change=_first_page,
        help="In the details, in the name of an account, or in the number of a release, return or publication.",
    )
    return Filters(
        account_id=person,
        kinds=CHOICES[str(chosen)],
        since=moments.start_of(first) if isinstance(first, date) else None,
        before=moments.start_of(last + timedelta(days=1)) if isinstance(last, date) else None,
        text=words.strip(),
    )


def _first_page() -> None:
    st.session_state[_SEEN] = []


def _pages(events: Sequence[AuditEvent], seen: list[int], *, more: bool) -> None:
    if seen and st.button("Newer"):
        seen.pop()
        st.rerun()
    if more and st.button("Older"):
        seen.append(events[-1].number)
        st.rerun()


def _table(frame: pd.DataFrame) -> None:
    height: int | Literal["content"] = _LONG_LIST_PIXELS if len(frame) > _LONG_LIST else "content"
    st.dataframe(frame, hide_index=True, height=height, column_config=_WIDTHS, alt="Audit events, newest first")


def _frame(events: Sequence[AuditEvent], names: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Number": [event.number for event in events],
            "When": [moments.moment(event.at) for event in events],
            "Who": [event.account_name for event in events],
            "What": [audit.sentence(event.verb) for event in events],
            "On": [audit_words.subject(event, names) for event in events],
            "Details": [audit_words.details(event) for event in events],
        }
    )
