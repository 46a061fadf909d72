"""Where each dimension of a published table goes under a reader's selection: rows, columns, or one code."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.datasets import STRUCTURES, TOTAL, periods
from dashboard.published_tables import PERIOD, PublishedTable
from dashboard.views.choices import chosen, compared_periods, periods_of, table_of
from dashboard.views.model import Selection, View
from dashboard.views.published import Published


@dataclass(frozen=True)
class Layout:
    """columns names the dimension across; standing holds every other dimension at one code.

    shown_periods are the rows of a series, else the period in force and perhaps the one beside it.
    """

    view: View
    table: PublishedTable
    published: Published
    choice: Mapping[str, str]
    columns: str
    standing: Mapping[str, str]
    shown_periods: tuple[str, ...]

    @property
    def only_column(self) -> str:
        """The one column that is left where a reader filters by the very dimension that makes the columns."""
        return self.choice.get(self.columns, TOTAL)

    def adds_up(self, dimension: str) -> bool:
        """Whether the codes of a dimension have a total."""
        return dimension == PERIOD or STRUCTURES[self.table.structure].dimension(dimension).total

    def label(self, dimension: str) -> str:
        """What a reader calls a dimension."""
        return "Period" if dimension == PERIOD else STRUCTURES[self.table.structure].dimension(dimension).label

    def name_of(self, dimension: str, code: str) -> str:
        """What a reader calls a code of a dimension."""
        if dimension != PERIOD and not self.is_group(dimension, code):
            return self.published.codelist(self.table, dimension).label(code)
        return self.published.label(self.table, dimension, code)

    def is_group(self, dimension: str, code: str) -> bool:
        """Whether a code stands for several here: a sub-region does among countries, not among sub-regions."""
        codelist = self.published.codelist(self.table, dimension)
        own_level = codelist.codes[code].level if code in codelist else ""
        at_its_level = dimension in self.view.rows and own_level == self.row_level
        return bool(self.table.members(dimension, code)) and not at_its_level

    @property
    def row_level(self) -> str | None:
        """The level of a hierarchy at which the rows stand; None where the view has no levels."""
        levels = self.view.row_levels
        return self.choice.get("level", levels[0]) if levels else None


def lay_out(view: View, selection: Selection, published: Published) -> Layout:
    """The layout of a view. Raises NotFound where the publication has no data for it."""
    table = table_of(view, published)
    choice = chosen(view, selection, published)
    split = choice.get("split", TOTAL)
    columns = split if split != TOTAL else (view.columns or PERIOD)
    if view.is_series:
        level = choice["level"]
        codes = (code for code in periods_of(view, table, published) if periods.level_of(code) == level)
        shown = tuple(sorted(codes, key=periods.sort_key))
    else:
        shown = compared_periods(choice)
    laid_out = {*view.rows, columns}
    standing = {
        name: view.fixed.get(name) or choice.get(name) or TOTAL
        for name in table.dimensions
        if name not in laid_out and name != PERIOD
    }
    return Layout(view, table, published, choice, columns, standing, shown)
