"""What a reader can choose in a view: only what the publication holds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dashboard.datasets import NOT_RECORDED, STRUCTURES, TOTAL, Codelist, periods
from dashboard.errors import NotFound
from dashboard.published_tables import PERIOD, PublishedTable, ReturnStatus
from dashboard.views import groups
from dashboard.views.levels import covering, levels_of
from dashboard.views.model import Selection, View
from dashboard.views.published import Published

LEVEL_LABELS = {
    periods.YEAR: "Years",
    periods.QUARTER: "Quarters",
    periods.FIVE_YEARS: "Five years",
    periods.REPORT_YEAR: "TIP-report years",
    periods.ALL: "All periods",
    "country": "Countries",
    "subregion": "Sub-regions",
}
COMPARE, NO_COMPARISON = "compare", "none"
_OF_THE_LAYOUT = (PERIOD, COMPARE, "level", "split")


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

    def beside(self, period: str) -> "Choice":
        """For a choice of what to compare with: only periods of the level of the one in force."""
        level = periods.level_of(period)
        kept = (one for one in self.options if one[0] == NO_COMPARISON or periods.level_of(one[0]) == level)
        return replace(self, options=tuple(kept))


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
        levels = levels_of(view, table)
        return [Choice("level", "Show by", tuple((level, LEVEL_LABELS[level]) for level in levels), levels[0])]
    options = tuple((code, periods.label(code)) for code in periods_of(view, table, published))
    found = [Choice(PERIOD, "Period", options, options[0][0])]
    if view.comparable:
        others = tuple(option for option in options if option[0] != TOTAL)
        found.append(Choice(COMPARE, "Compare with", ((NO_COMPARISON, "No comparison"), *others), NO_COMPARISON))
    return found


def periods_of(view: View, table: PublishedTable, published: Published) -> tuple[str, ...]:
    """All periods together first, then the single ones: level by level, newest first."""
    levels = [level for level in levels_of(view, table) if level != periods.ALL]
    entries = published.returns(table.structure)
    reported = {entry.period for entry in entries if entry.status is not ReturnStatus.WHOLE_YEAR}
    codes = published.codes(table, PERIOD).union(*(periods.at_levels(quarter, levels) for quarter in reported))
    found = [TOTAL]
    for level in levels:
        found += sorted((code for code in codes if periods.level_of(code) == level), key=periods.sort_key, reverse=True)
    return tuple(found)


def _layout_choices(view: View, table: PublishedTable, published: Published) -> list[Choice]:
    found = []
    if len(view.row_levels) > 1:
        levels = _row_levels(view, table, published)
        options = tuple((level, LEVEL_LABELS[level]) for level in levels)
        found.append(Choice("level", "Show by", options, levels[0]))
    if view.splits:
        labels = tuple((name, _dimension_label(table, name)) for name in view.splits)
        found.append(Choice("split", "Split by", ((TOTAL, "No split"), *labels), TOTAL))
    return found


def _row_levels(view: View, table: PublishedTable, published: Published) -> tuple[str, ...]:
    """The levels of a hierarchy at which the table has codes; codes outside of it, such as stateless, don't count."""
    (name,) = view.rows
    codelist = published.codelist(table, name)
    held = {code for code in published.codes(table, name) if code != TOTAL}
    found = {level for code in held for level in view.row_levels if _stands_at(level, code, table, name, codelist)}
    return tuple(level for level in view.row_levels if level in found) or view.row_levels[:1]


def _stands_at(level: str, code: str, table: PublishedTable, dimension: str, codelist: Codelist) -> bool:
    if table.members(dimension, code):
        return groups.parent_of(code) != TOTAL and groups.at_level(table, dimension, code, codelist, level)
    known = codelist.codes.get(code)
    return known is not None and known.level == level and (known.parent != TOTAL or code in codelist.parents)


def _dimension_choice(name: str, table: PublishedTable, published: Published) -> Choice:
    codelist = published.codelist(table, name)
    held = published.codes(table, name) | table.codes_counted(name)
    codes = [code for code in codelist.codes if code in held]
    total = TOTAL in held
    # A dimension whose codes can't be added up stands at its last code with data: the strongest statement
    # ("identified" after "presumed").
    default = TOTAL if total or not codes else codes[-1]
    apart = (code for code in held if table.members(name, code) and code not in codelist)
    grouped = sorted(apart, key=lambda code: groups.order(code, codelist))
    offered = sorted([*codes, *grouped], key=lambda code: code == NOT_RECORDED)
    options = [(TOTAL, "All")] if total else []
    options += [(code, published.label(table, name, code)) for code in offered]
    return Choice(name, _dimension_label(table, name), tuple(options) or ((TOTAL, "All"),), default)


def _dimension_label(table: PublishedTable, name: str) -> str:
    return STRUCTURES[table.structure].dimension(name).label


def chosen(view: View, selection: Selection, published: Published) -> dict[str, str]:
    """Every choice of the view with the code in force: the reader's if it is offered, else the default."""
    wanted = {
        PERIOD: selection.period,
        COMPARE: selection.compare,
        "level": selection.level,
        "split": selection.split,
        **dict(selection.codes),
    }
    return {choice.name: _in_force(choice, wanted.get(choice.name)) for choice in _all_choices(view, published)}


def asked_for(view: View, asked: Mapping[str, str], published: Published) -> Selection:
    """The selection that an address asks for, choice by choice. Raises NotFound for one that is not offered."""
    offered = {choice.name: dict(choice.options) for choice in _all_choices(view, published)}
    if any(code not in offered.get(name, {}) for name, code in asked.items()):
        raise NotFound("The address asks for something that is not offered here. Open the page and choose anew.")
    return selection_of(asked)


def selection_of(choice: Mapping[str, str]) -> Selection:
    """A selection from its choices by name."""
    return Selection(
        period=choice.get(PERIOD),
        compare=choice.get(COMPARE),
        level=choice.get("level"),
        split=choice.get("split"),
        codes=tuple((name, code) for name, code in choice.items() if name not in _OF_THE_LAYOUT),
    )


def _in_force(choice: Choice, wanted: str | None) -> str:
    """The code wanted; a year that is not shown by itself falls back to its five years."""
    codes = tuple(code for code, _ in choice.options)
    if wanted and choice.name in (PERIOD, COMPARE):
        return covering(wanted, codes) or choice.default
    return wanted if wanted in codes and wanted else choice.default


def compared_periods(choice: Mapping[str, str]) -> tuple[str, ...]:
    """The period in force, and the one beside it; a period is compared with none of its parts, nor they with it."""
    period, other = choice[PERIOD], choice.get(COMPARE, NO_COMPARISON)
    if other in (NO_COMPARISON, period) or period == TOTAL:
        return (period,)
    return (period, other) if periods.level_of(period) == periods.level_of(other) else (period,)


def _all_choices(view: View, published: Published) -> tuple[Choice, ...]:
    table = table_of(view, published)
    return (
        *_period_choices(view, table, published),
        *_layout_choices(view, table, published),
        *(_dimension_choice(name, table, published) for name in view.filters),
    )
