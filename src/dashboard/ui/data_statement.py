"""What is said about a data set, beside its figures and on the page about the dashboard."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard.datasets import periods
from dashboard.datasets.data_protection import DataProtection, Statement, load_data_protection, years_after
from dashboard.published_tables import Publication
from dashboard.ui import installation, layout, moments
from dashboard.ui.markdown import safe_html
from dashboard.ui.plain import plain


def known() -> DataProtection:
    """The statements of this installation."""
    return load_data_protection(installation.settings().reference_dir)


def show(structure: str, publication: Publication) -> None:
    """The statement of one structure, with the dates that follow from the publication it is shown under."""
    statement = known().statements[structure]
    st.divider()
    facts(statement)
    st.markdown(
        f"**As of** {moments.day(publication.published_at)}, returns until {periods.label(publication.data_until)}. "
        f"**Kept** at least until {_until(publication.published_at, statement.tables_kept)}."
    )
    layout.note(f"These statements: {plain(known().decided)}.")


def facts(statement: Statement) -> None:
    """Purpose, source, reference, class, owner and spans: one line each."""
    # The texts come from a reference file: through the guard, like whatever else we did not write.
    for label, text in (
        ("Purpose", statement.purpose),
        ("Source", statement.source),
        ("Agreed in", statement.reference),
    ):
        st.html(f"<strong>{label}</strong>{safe_html(text)}")
    st.markdown(f"**Class** {statement.sensitivity.value}: {statement.sensitivity.sentence}")
    st.markdown(f"**Owner** {plain(statement.owner_name)}")
    st.markdown(
        f"**Returns are kept** {statement.returns_kept} years from the day they are received, "
        f"**published tables** {statement.tables_kept} years."
    )


def _until(at: datetime, years: int) -> str:
    local = at.astimezone(ZoneInfo(installation.settings().time_zone))
    last = years_after(local.date(), years)
    return f"{last.day} {last:%B %Y}"
