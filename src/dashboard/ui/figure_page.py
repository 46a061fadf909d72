"""A figure page: filters on top, headline numbers, one card a view, the definitions a click away."""

import streamlit as st
from sqlalchemy import Connection

from dashboard import published_tables
from dashboard.accounts import Account, Permission
from dashboard.datasets import periods
from dashboard.errors import NotFound
from dashboard.published_tables import Publication
from dashboard.ui import cached, card, coverage_card, data_statement, filter_bar, installation, layout, session
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
    nothing_in_force,
)
from dashboard.views.notes import in_sentence


def show(view: View) -> None:
    """Draw the page of a view. The only line of its door."""
    account = session.require(Permission.VIEW_FIGURES)
    layout.page_head(view.heading, view.question)
    with installation.database().read_published() as connection:
        publication = published_tables.current(connection)
        if publication is None:
            _nothing(connection)
        else:
            settings = installation.settings()
            reads = account.role.circulation
            published = Published(connection, publication, settings.reference_dir, settings.time_zone, reads)
            _draw(view, published, account)


def _nothing(connection: Connection) -> None:
    """No publication is in force: because there never was one, or because the last was withdrawn."""
    withdrawn = nothing_in_force(connection, installation.settings().time_zone)
    next_step = "Figures appear here as soon as the chair publishes an approved release under Data, Publication."
    if withdrawn:
        layout.empty("No figures are published now", f"{plain(withdrawn)} {next_step}")
    else:
        layout.empty("Nothing is published yet", next_step)


def _draw(view: View, published: Published, account: Account) -> None:
    if published.withdrawn:
        layout.withdrawn(f"{published.withdrawn} The figures below are of publication {published.publication.number}.")
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
    parts.append(f"For: {published.circulation.label}")
    if newest:
        parts.append(f"{periods.label(newest)}: {coverage(entries, (newest,)).sentence}")
    if table.withheld:
        parts.append(f"{table.withheld} numbers withheld in the first table")
    with st.container(key="data_line", horizontal=True, vertical_alignment="center", gap="small"):
        layout.note(" \u00b7 ".join(parts))
        _about_the_data(table.coverage, published.publication, published.tables[view.table].structure)
        _definitions(view, published)


def _about_the_data(coverage: Coverage, publication: Publication, structure: str) -> None:
    with st.popover("About these figures", type="tertiary"):
        if coverage.missing:
            st.markdown("**No return from** " + plain("; ".join(coverage.missing)))
        st.markdown(f"**Published** by {plain(publication.published_by)}: {plain(publication.reason)}")
        decided = plain(f"version {publication.policy['version']}: {publication.policy['decided']}.")
        st.markdown(f"**Disclosure policy** {decided}")
        data_statement.show(structure, publication)


def _headlines(view: View, published: Published) -> None:
    found = headlines(view.kpis, published)
    if not found:
        return
    with st.container(key="headlines"):
        for column, headline in zip(st.columns(len(found)), found, strict=True):
            with column, st.container(border=True, height="stretch"):
                st.metric(
                    f"{headline.label}, {in_sentence(headline.period)}",
                    headline.cell.text,
                    help=f"{headline.help} {headline.comparison.limits}",
                )
                if headline.cell.state is CellState.WITHHELD:
                    layout.note("c: withheld, to protect small numbers.")
                layout.note(headline.comparison.sentence)


def _definitions(view: View, published: Published) -> None:
    with st.popover("Definitions", type="tertiary"):
        for label, terms in definitions(published.tables[view.table], published):
            st.markdown(f"**{label}**")
            st.markdown("\n".join(f"- **{term}.** {text}" for term, text in terms))
