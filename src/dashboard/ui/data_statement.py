"""What is said about a data set, beside its figures and on the page about the dashboard."""

from datetime import datetime
from html import escape
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
    as_of = f"{moments.day(publication.published_at)}, returns until {periods.label(publication.data_until)}"
    until = _until(publication.published_at, statement.tables_kept)
    facts(statement, ("As of", as_of), ("Shown until", f"{until} at least; then the group looks at them anew"))
    layout.note(f"These statements: {plain(known().decided)}.")


def facts(statement: Statement, *more: tuple[str, str]) -> None:
    """Purpose, source, reference, class, owner and spans, and what else is to be said: one line each."""
    returns, tables = statement.returns_kept, statement.tables_kept
    ours = (
        ("Class", f"{statement.sensitivity.value}: {statement.sensitivity.sentence}"),
        ("Owner", statement.owner_name),
        ("Kept", f"returns {returns} years from the day they are received, published tables {tables} years"),
        *more,
    )
    told = [
        # The texts come from a reference file: through the guard, like whatever else we did not write.
        ("Purpose", safe_html(statement.purpose)),
        ("Source", safe_html(statement.source)),
        ("Agreed in", safe_html(statement.reference)),
        *((label, escape(text)) for label, text in ours),
    ]
    with st.container(key=f"facts_{statement.structure}"):
        st.html(f"<dl>{''.join(f'<dt>{label}</dt><dd>{text}</dd>' for label, text in told)}</dl>")


def _until(at: datetime, years: int) -> str:
    local = at.astimezone(ZoneInfo(installation.settings().time_zone))
    last = years_after(local.date(), years)
    return f"{last.day} {last:%B %Y}"
