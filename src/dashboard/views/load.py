"""From published cells to a table that can be read: what a view shows under a selection."""

from dashboard.datasets import STRUCTURES, TOTAL
from dashboard.published_tables import PERIOD, ReturnStatus
from dashboard.views import groups
from dashboard.views.cells import Cells
from dashboard.views.comparison import compare_periods
from dashboard.views.coverage import coverage
from dashboard.views.events import events_in
from dashboard.views.headings import columns_of, ordered, rows_of
from dashboard.views.layout import Layout, lay_out
from dashboard.views.model import Cell, Heading, Selection, TableView, View
from dashboard.views.notes import by, measure, notes, subtitle
from dashboard.views.published import Published


def load(view: View, selection: Selection, published: Published) -> TableView:
    """The table of a view. Cells the publication withholds arrive here without their number.

    Raises NotFound where the publication has no data for the view.
    """
    layout = lay_out(view, selection, published)
    cells = Cells(layout)
    columns = columns_of(layout, cells)
    rows = ordered(layout, rows_of(layout, cells), cells, columns)
    total_row = _total_row(layout, cells, columns)
    return TableView(
        view=view.name,
        chart=view.chart,
        title=_title(layout),
        subtitle=subtitle(view, layout.choice, layout.standing, layout.table, published),
        unit=STRUCTURES[layout.table.structure].unit,
        row_label=" \u2192 ".join(map(layout.label, view.rows)),
        column_label=layout.label(layout.columns),
        rows=rows,
        columns=columns,
        cells=tuple(tuple(cells.at(row.codes, column.code) for column in columns) for row in rows),
        total_row=total_row,
        comparison=_compared(layout, total_row),
        total_column=_total_column(layout, cells, rows),
        notes=notes(view, layout.table, published, layout.shown_periods),
        source=_source(layout),
        as_of=published.as_of,
        publication_id=published.publication.id,
        invented=published.publication.invented,
        coverage=coverage(published.returns(layout.table.structure), layout.shown_periods),
        filters=tuple(
            (layout.label(name), layout.name_of(name, code))
            for name, code in layout.standing.items()
            if name != PERIOD and code != TOTAL
        ),
        events=events_in(published.reference_dir, layout.choice["level"], layout.shown_periods) if view.events else (),
        period=layout.choice.get(PERIOD, TOTAL),
        groups=_group_notes(layout, rows, columns),
        circulation=published.circulation,
        withdrawn=_withdrawn(published),
    )


def _title(layout: Layout) -> str:
    counted = measure(layout.standing, layout.table, layout.published)
    return layout.view.title.format(measure=counted, by=by(layout.choice["level"]) if layout.view.is_series else "")


def _withdrawn(published: Published) -> str:
    of = f"These figures are of publication {published.publication.number}."
    return f"{published.withdrawn} {of}" if published.withdrawn else ""


def _group_notes(layout: Layout, rows: tuple[Heading, ...], columns: tuple[Heading, ...]) -> tuple[str, ...]:
    """What each group of codes holds that stands anywhere in the table, or that it is filtered by."""
    places = [
        *((name, code) for row in rows for name, code in zip(layout.view.rows, row.codes, strict=True)),
        *((layout.columns, column.code) for column in columns),
        *layout.standing.items(),
    ]
    return tuple(
        groups.group_note(layout.table, name, code, layout.published.codelist(layout.table, name))
        for name, code in dict.fromkeys(places)
        if name != PERIOD and layout.is_group(name, code)
    )


def _total_row(layout: Layout, cells: Cells, columns: tuple[Heading, ...]) -> tuple[Cell, ...]:
    if layout.view.is_series or not all(layout.adds_up(name) for name in layout.view.rows):
        return ()
    total = (TOTAL,) * len(layout.view.rows)
    return tuple(cells.at(total, column.code) for column in columns)


def _total_column(layout: Layout, cells: Cells, rows: tuple[Heading, ...]) -> tuple[Cell, ...]:
    if layout.columns == PERIOD or not layout.adds_up(layout.columns) or layout.only_column != TOTAL:
        return ()
    return tuple(cells.at(row.codes, TOTAL) for row in rows)


def _compared(layout: Layout, total_row: tuple[Cell, ...]) -> str:
    """The honest sentence about the totals of two periods side by side."""
    if layout.columns != PERIOD or len(layout.shown_periods) != 2 or not total_row:
        return ""
    now, before = layout.shown_periods
    return compare_periods(total_row[0], total_row[1], now, before, layout.table.structure, layout.published).sentence


def _source(layout: Layout) -> str:
    names = sorted(
        {
            entry.organisation_name
            for entry in layout.published.returns(layout.table.structure)
            if entry.status is not ReturnStatus.MISSING
        }
    )
    return "; ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
