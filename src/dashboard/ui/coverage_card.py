"""Data coverage: which organisation reported which of the last quarters. A gap is never a zero."""

import pandas as pd
import streamlit as st

from dashboard.datasets import periods
from dashboard.published_tables import CoverageEntry, ReturnStatus
from dashboard.ui import layout
from dashboard.views import Published, View

QUARTERS_SHOWN = 8
_WORDS = {
    ReturnStatus.RETURNED: "yes",
    ReturnStatus.WHOLE_YEAR: "whole year",
    ReturnStatus.PROVISIONAL: "provisional",
    ReturnStatus.MISSING: "no return",
}


def show(view: View, published: Published) -> None:
    """The last quarters of the structure that the page's first view counts."""
    entries = published.returns(published.tables[view.table].structure)
    if not entries:
        return
    with st.expander("Data coverage", expanded=bool(view.kpis)):
        layout.text_table(_frame(entries), "Which organisation reported which quarter")
        layout.note("A quarter without a return counts nothing and is not a zero.")


def _frame(entries: tuple[CoverageEntry, ...]) -> pd.DataFrame:
    known = {entry.period for entry in entries if not entry.period.endswith("X")}
    quarters = sorted(known, key=periods.sort_key)[-QUARTERS_SHOWN:]
    names = dict.fromkeys(entry.organisation_name for entry in entries)
    found = {(entry.organisation_name, entry.period): _WORDS[entry.status] for entry in entries}
    return pd.DataFrame(
        [[found.get((name, quarter), "") for quarter in quarters] for name in names],
        index=pd.Index(list(names), name="Organisation"),
        columns=[periods.label(quarter) for quarter in quarters],
    )
