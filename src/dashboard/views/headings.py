"""The rows and columns of a table: which codes, in which order, under which label."""

from dashboard.datasets import NOT_RECORDED, TOTAL
from dashboard.published_tables import PERIOD
from dashboard.views import groups
from dashboard.views.cells import Cells, Codes
from dashboard.views.layout import Layout
from dashboard.views.model import Heading, HeadingKind
from dashboard.views.notes import measure

SMALL_CODELIST = 7
"""A codelist up to this size is shown whole; of a longer one only the codes that have a cell."""

_LAST = (HeadingKind.CODE, HeadingKind.REST, HeadingKind.NOT_RECORDED)
"""Groups of codes stand after every code, and what is not recorded after them: they are not ranked among others."""


def columns_of(layout: Layout, cells: Cells) -> tuple[Heading, ...]:
    """The columns: the periods in force, the codes of a dimension, or one for what a series counts."""
    if layout.columns == PERIOD and layout.view.is_series:
        return (Heading((TOTAL,), measure(layout.standing, layout.table, layout.published)),)
    if layout.columns == PERIOD:
        return _periods(layout)
    used = {column for _, column in cells.values}
    return _headings(layout, layout.columns, used)


def rows_of(layout: Layout, cells: Cells) -> tuple[Heading, ...]:
    """The rows in the order of the codelist, or of time; a row of several dimensions is a combination."""
    if layout.view.is_series:
        return _periods(layout)
    used = {row for row, _ in cells.values}
    if len(layout.view.rows) == 1:
        return _headings(layout, layout.view.rows[0], {row[0] for row in used})
    single = sorted(row for row in used if TOTAL not in row)
    return tuple(_combination(layout, row) for row in single)


def _periods(layout: Layout) -> tuple[Heading, ...]:
    return tuple(Heading((code,), layout.name_of(PERIOD, code)) for code in layout.shown_periods)


def _headings(layout: Layout, dimension: str, used: set[str]) -> tuple[Heading, ...]:
    codelist = layout.published.codelist(layout.table, dimension)
    small = len(codelist.codes) <= SMALL_CODELIST
    only = TOTAL if dimension in layout.view.rows else layout.only_column
    # A code of a group has no cell of its own: as a row it would be taken for a zero.
    codes = [code for code in sorted(codelist.codes, key=codelist.order) if layout.table.is_shown(dimension, code)]
    apart = {code for code in layout.table.groups.get(dimension, {}) if code not in codelist}
    grouped = sorted(apart, key=lambda code: groups.order(code, codelist))
    found = (
        _heading(layout, dimension, code)
        for code in (*codes, *grouped)
        if (small or code in used) and only in (TOTAL, code) and _at_level(layout, dimension, code)
    )
    return tuple(sorted(found, key=lambda heading: _LAST.index(heading.kind)))


def _heading(layout: Layout, dimension: str, code: str) -> Heading:
    grouped = (0,) if layout.is_group(dimension, code) else ()
    return Heading((code,), layout.name_of(dimension, code), _kind((code,), grouped), grouped=grouped)


def _at_level(layout: Layout, dimension: str, code: str) -> bool:
    """Whether a code belongs to the level the reader looks at; one without a parent there stands for itself."""
    level = layout.row_level
    if dimension not in layout.view.rows or level is None:
        return True
    codelist = layout.published.codelist(layout.table, dimension)
    if layout.table.members(dimension, code):
        return groups.at_level(layout.table, dimension, code, codelist, level)
    return code in codelist.at_levels(code, (level,)) and not (
        codelist.codes[code].level != level and code in codelist.parents
    )


def _combination(layout: Layout, codes: Codes) -> Heading:
    places = tuple(zip(layout.view.rows, codes, strict=True))
    parts = tuple(layout.name_of(name, code) for name, code in places)
    grouped = tuple(at for at, (name, code) in enumerate(places) if layout.is_group(name, code))
    return Heading(codes, " \u2192 ".join(parts), _kind(codes, grouped), parts, grouped)


def _kind(codes: Codes, grouped: tuple[int, ...]) -> HeadingKind:
    if set(codes) == {NOT_RECORDED}:
        return HeadingKind.NOT_RECORDED
    return HeadingKind.REST if grouped else HeadingKind.CODE


def ordered(
    layout: Layout, rows: tuple[Heading, ...], cells: Cells, columns: tuple[Heading, ...]
) -> tuple[Heading, ...]:
    """Ranked: shown numbers from large to small, then withheld ones by name.

    Groups come after them, the rest of the whole list behind those of a sub-region; "not recorded" is last.
    """
    if not layout.view.ranked or not columns:
        return rows
    lead = layout.shown_periods[0] if layout.columns == PERIOD else layout.only_column

    def rank(row: Heading) -> tuple[int, bool, bool, int, str]:
        value = cells.at(row.codes, lead).value
        of_all = any(groups.parent_of(row.codes[at]) == TOTAL for at in row.grouped)
        return _LAST.index(row.kind), of_all, value is None, -(value or 0), row.label

    return tuple(sorted(rows, key=rank))
