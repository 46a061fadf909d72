"""The rows and columns of a table: which codes, in which order, under which label."""

from dashboard.datasets import NOT_RECORDED, TOTAL, periods
from dashboard.views.cells import Cells, Codes
from dashboard.views.layout import Layout
from dashboard.views.model import PERIOD, Heading, HeadingKind
from dashboard.views.notes import measure

SMALL_CODELIST = 7
"""A codelist up to this size is shown whole; of a longer one only the codes that have a cell."""


def columns_of(layout: Layout, cells: Cells) -> tuple[Heading, ...]:
    """The columns: the periods in force, the codes of a dimension, or one for what a series counts."""
    if layout.columns == PERIOD and layout.view.is_series:
        return (Heading((TOTAL,), measure(layout.standing, layout.table, layout.published)),)
    if layout.columns == PERIOD:
        return tuple(Heading((code,), periods.label(code)) for code in layout.shown_periods)
    used = {column for _, column in cells.values}
    return _headings(layout, layout.columns, used)


def rows_of(layout: Layout, cells: Cells) -> tuple[Heading, ...]:
    """The rows in the order of the codelist, or of time; a row of several dimensions is a combination."""
    if layout.view.is_series:
        return tuple(Heading((code,), periods.label(code)) for code in layout.shown_periods)
    used = {row for row, _ in cells.values}
    if len(layout.view.rows) == 1:
        return _headings(layout, layout.view.rows[0], {row[0] for row in used})
    single = sorted(row for row in used if TOTAL not in row)
    return tuple(_combination(layout, row) for row in single)


def _headings(layout: Layout, dimension: str, used: set[str]) -> tuple[Heading, ...]:
    codelist = layout.published.codelist(layout.table, dimension)
    small = len(codelist.codes) <= SMALL_CODELIST
    codes = [code for code in codelist.codes if (small or code in used) and _at_level(layout, dimension, code)]
    only = TOTAL if dimension in layout.view.rows else layout.only_column
    return tuple(
        Heading((code,), codelist.label(code), _kind(code))
        for code in sorted(codes, key=codelist.order)
        if only in (TOTAL, code)
    )


def _at_level(layout: Layout, dimension: str, code: str) -> bool:
    """Whether a code belongs to the level the reader looks at; one without a parent there stands for itself."""
    levels = layout.view.row_levels
    if dimension not in layout.view.rows or not levels:
        return True
    level = layout.choice.get("level", levels[0]) if len(levels) > 1 else levels[0]
    codelist = layout.published.codelist(layout.table, dimension)
    return code in codelist.at_levels(code, (level,)) and not (
        codelist.codes[code].level != level and code in codelist.parents
    )


def _combination(layout: Layout, codes: Codes) -> Heading:
    parts = tuple(
        layout.published.codelist(layout.table, name).label(code)
        for name, code in zip(layout.view.rows, codes, strict=True)
    )
    kind = HeadingKind.NOT_RECORDED if set(codes) == {NOT_RECORDED} else HeadingKind.CODE
    return Heading(codes, " \u2192 ".join(parts), kind, parts)


def _kind(code: str) -> HeadingKind:
    return HeadingKind.NOT_RECORDED if code == NOT_RECORDED else HeadingKind.CODE


def ordered(
    layout: Layout, rows: tuple[Heading, ...], cells: Cells, columns: tuple[Heading, ...]
) -> tuple[Heading, ...]:
    """Ranked: shown numbers from large to small, then withheld ones by name, "not recorded" last."""
    if not layout.view.ranked or not columns:
        return rows
    lead = layout.shown_periods[0] if layout.columns == PERIOD else layout.only_column

    def rank(row: Heading) -> tuple[bool, bool, int, str]:
        value = cells.at(row.codes, lead).value
        return row.kind is HeadingKind.NOT_RECORDED, value is None, -(value or 0), row.label

    return tuple(sorted(rows, key=rank))
