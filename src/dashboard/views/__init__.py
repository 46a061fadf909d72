"""Right of the wall: what a reader can look at, and the tables it gives. See `catalogue` to add a view."""

from dashboard.views import catalogue
from dashboard.views.choices import Choice, asked_for, choices, chosen, selection_of
from dashboard.views.comparison import Comparison, Verdict, compare
from dashboard.views.coverage import coverage, newest_quarter
from dashboard.views.definitions import definitions
from dashboard.views.headlines import Headline, headlines
from dashboard.views.load import load
from dashboard.views.model import Cell, CellState, Coverage, Heading, HeadingKind, Selection, TableView, View
from dashboard.views.published import Published
from dashboard.views.ranking import as_drawn, shorten
from dashboard.views.withdrawn import nothing_in_force

__all__ = [
    "Cell",
    "CellState",
    "Choice",
    "Comparison",
    "Coverage",
    "Heading",
    "HeadingKind",
    "Headline",
    "Published",
    "Selection",
    "TableView",
    "Verdict",
    "View",
    "as_drawn",
    "asked_for",
    "catalogue",
    "choices",
    "chosen",
    "compare",
    "coverage",
    "definitions",
    "headlines",
    "load",
    "newest_quarter",
    "nothing_in_force",
    "selection_of",
    "shorten",
]
