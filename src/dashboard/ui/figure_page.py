"""A figure page: filters on top, headline numbers, one card a view, the definitions a click away."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from dashboard import published_tables
from dashboard.accounts import Account, Permission
from dashboard.datasets import periods
from dashboard.errors import NotFound
from dashboard.published_tables import Publication
from dashboard.ui import cached, card, coverage_card, filter_bar, installation, layout, session
from dashboard.ui.plain import plain
from dashboard.views import (
    CellState,
    Coverage,
    Published,
    Selection,
    View,
    coverage,
    definitions,
    headlines,
    newest_quarter,
    years_with_returns,
)


def show(view: View) -> None:
    """Draw the page of a view. The only line of its door."""
    account = session.require(Permission.VIEW_FIGURES)
    layout.page_head(view.heading, view.question)
    with _published() as published:
        if published is None:
            layout.empty(
                "Nothing is published yet",
                "Figures appear here as soon as the chair publishes an approved release under Data, Publication.",
            )
        else:
            _draw(view, published, account)


@contextmanager
def _published() -> Iterator[Published | None]:
    """The publication in force, read through the published engine; None where there is none."""
    with installation.database().read_published() as connection:
        publication = published_tables.current(connection)
        if publication is None:
            yield None
        else:
            settings = installation.settings()
            yield Published(connection, publication, settings.reference_dir, settings.time_zone)


def _draw(view: View, published: Published, account: Account) -> None:
    try:
        selection = filter_bar.show(view, published)
    except NotFound as missing:
        layout.empty("No data for this page", str(missing))
        return
    _data_line(view, published, selection)
    if view.kpis:
        _headlines(view, published)
    card.show(view, selection, published, account, lead=True)
    for companion in view.companions:
        if companion.table in published.tables:
            card.show(companion, selection, published, account, lead=False)
    coverage_card.show(view, published)


def _data_line(view: View, published: Published, selection: Selection) -> None:
    """As of when, from how many organisations, under which publication, and what protects it."""
    table = cached.table(view, selection, published)
    entries = published.returns(published.tables[view.table].structure)
    newest = newest_quarter(entries)
    parts = [f"Data as of {table.as_of}", f"publication {published.publication.number}"]
    if newest:
        parts.append(f"{periods.label(newest)}: {coverage(entries, (newest,)).sentence}")
    if table.withheld:
        parts.append(f"{table.withheld} numbers withheld in the first table")
    with st.container(key="data_line", horizontal=True, vertical_alignment="center", gap="small"):
        layout.note(" \u00b7 ".join(parts))
        _about_the_data(table.coverage, published.publication)
        _definitions(view, published)


def _about_the_data(coverage: Coverage, publication: Publication) -> None:
    with st.popover("About these figures", type="tertiary"):
        if coverage.missing:
            st.markdown("**No return from** " + "; ".join(coverage.missing))
        st.markdown(f"**Published** by {plain(publication.published_by)}: {plain(publication.reason)}")
        st.markdown(f"**Disclosure policy** version {publication.policy['version']}: {publication.policy['decided']}.")
        if not publication.margins_protected:
            st.markdown(
                "**Margins may reveal.** Small counts are withheld one by one. A withheld number can still be worked "
                "out where a total and all its other parts are shown. Do not pass these figures on."
            )


def _headlines(view: View, published: Published) -> None:
    years = years_with_returns(view.kpis, published)
    if not years:
        return
    year = years[0]
    before = years[1] if len(years) > 1 else None
    found = headlines(view.kpis, year, before, published)
    with st.container(key="headlines"):
        for column, headline in zip(st.columns(len(found)), found, strict=True):
            with column, st.container(border=True, height="stretch"):
                st.metric(
                    f"{headline.label}, {periods.label(year)}",
                    headline.cell.text,
                    help=f"{headline.help} {headline.comparison.limits}",
                )
                if headline.cell.state is CellState.WITHHELD:
                    layout.note("c: too small to be shown.")
                layout.note(headline.comparison.sentence)


def _definitions(view: View, published: Published) -> None:
    with st.popover("Definitions", type="tertiary"):
        for label, terms in definitions(published.tables[view.table], published):
            st.markdown(f"**{label}**")
            st.markdown("\n".join(f"- **{term}.** {text}" for term, text in terms))
