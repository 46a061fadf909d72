"""Right of the wall: what a reader can look at, and the tables it gives. See `catalogue` to add a view."""

from dashboard.views import catalogue
from dashboard.views.choices import Choice, choices
from dashboard.views.comparison import Comparison, Verdict, compare
from dashboard.views.coverage import coverage, newest_quarter
from dashboard.views.definitions import definitions
from dashboard.views.headlines import Headline, headlines
from dashboard.views.load import load
from dashboard.views.model import Cell, CellState, Coverage, Heading, HeadingKind, Selection, TableView, View
from dashboard.views.published import Published
from dashboard.views.ranking import shorten, without_empty_columns
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
    "catalogue",
    "choices",
    "compare",
    "coverage",
    "definitions",
    "headlines",
    "load",
    "newest_quarter",
    "nothing_in_force",
    "shorten",
    "without_empty_columns",
]
