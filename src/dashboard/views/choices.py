"""What a reader can choose in a view: only what the publication holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard import published_tables
from dashboard.datasets import STRUCTURES, TOTAL, periods
from dashboard.errors import NotFound
from dashboard.published_tables import PublishedTable, ReturnStatus
from dashboard.views.model import PERIOD, Selection, View
from dashboard.views.published import Published

LEVEL_LABELS = {
    periods.YEAR: "Years",
    periods.QUARTER: "Quarters",
    periods.REPORT_YEAR: "TIP-report years",
    "country": "Countries",
    "subregion": "Sub-regions",
}
NO_COMPARISON = "none"


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter of a view: its name in the URL, its options (code, label), and the code set by default."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    default: str

    def text(self, code: str) -> str:
        """The label of an option."""
        return dict(self.options).get(code, code)


def table_of(view: View, published: Published) -> PublishedTable:
    """The published table a view reads. Raises NotFound where this publication has no such data."""
    table = published.tables.get(view.table)
    if table is None:
        raise NotFound("This publication holds no data for this view. Nobody has returned any yet.")
    return table


def choices(view: View, published: Published) -> tuple[Choice, ...]:
    """The filters of a view, in the order of the bar: periods first, then layout, then dimensions."""
    return tuple(choice for choice in _all_choices(view, published) if len(choice.options) > 1)


def _period_choices(view: View, table: PublishedTable, published: Published) -> list[Choice]:
    if view.is_series:
        levels = tuple((level, LEVEL_LABELS[level]) for level in view.period_levels)
        return [Choice("level", "Show by", levels, view.period_levels[0])]
    options = tuple((code, periods.label(code)) for code in periods_of(view, table, published))
    found = [Choice(PERIOD, "Period", options, options[0][0])]
    if view.comparable:
        others = tuple(option for option in options if option[0] != TOTAL)
        found.append(Choice("compare", "Compare with", ((NO_COMPARISON, "No comparison"), *others), NO_COMPARISON))
    return found


def periods_of(view: View, table: PublishedTable, published: Published) -> tuple[str, ...]:
    """All periods together first, then the single ones, newest first."""
    codes = set(published_tables.codes_in(published.connection, published.publication.id, table, PERIOD))
    entries = published.returns(table.structure)
    reported = {entry.period for entry in entries if entry.status is not ReturnStatus.WHOLE_YEAR}
    codes |= {code for quarter in reported for code in periods.at_levels(quarter, view.period_levels)}
    single = [code for code in codes if periods.level_of(code) in view.period_levels]
    return (TOTAL, *sorted(single, key=periods.sort_key, reverse=True))


def _layout_choices(view: View, table: PublishedTable, published: Published) -> list[Choice]:
    found = []
    if len(view.row_levels) > 1:
        levels = tuple((level, LEVEL_LABELS[level]) for level in view.row_levels)
        found.append(Choice("level", "Show by", levels, view.row_levels[0]))
    if view.splits:
        labels = tuple((name, _dimension_label(table, name)) for name in view.splits)
        found.append(Choice("split", "Split by", ((TOTAL, "No split"), *labels), TOTAL))
    return found


def _dimension_choice(name: str, table: PublishedTable, published: Published) -> Choice:
    codelist = published.codelist(table, name)
    held = set(published_tables.codes_in(published.connection, published.publication.id, table, name))
    held |= table.codes_counted(name)
    codes = [code for code in codelist.codes if code in held]
    total = TOTAL in held
    # A dimension whose codes can't be added up stands at its last code with data: the strongest statement
    # ("identified" after "presumed").
    default = TOTAL if total or not codes else codes[-1]
    options = [(TOTAL, "All")] if total else []
    options += [(code, codelist.label(code)) for code in codes]
    return Choice(name, _dimension_label(table, name), tuple(options) or ((TOTAL, "All"),), default)


def _dimension_label(table: PublishedTable, name: str) -> str:
    return STRUCTURES[table.structure].dimension(name).label


def chosen(view: View, selection: Selection, published: Published) -> dict[str, str]:
    """Every choice of the view with the code in force: the reader's if it is offered, else the default."""
    wanted = {
        PERIOD: selection.period,
        "compare": selection.compare,
        "level": selection.level,
        "split": selection.split,
        **dict(selection.codes),
    }
    return {
        choice.name: code if (code := wanted.get(choice.name)) in dict(choice.options) and code else choice.default
        for choice in _all_choices(view, published)
    }


def compared_periods(choice: Mapping[str, str]) -> tuple[str, ...]:
    """The period in force, and the one beside it; all periods together are compared with none of their parts."""
    period, other = choice[PERIOD], choice.get("compare", NO_COMPARISON)
    return (period,) if period == TOTAL or other in (NO_COMPARISON, period) else (period, other)


def _all_choices(view: View, published: Published) -> tuple[Choice, ...]:
    table = table_of(view, published)
    return (
        *_period_choices(view, table, published),
        *_layout_choices(view, table, published),
        *(_dimension_choice(name, table, published) for name in view.filters),
    )
