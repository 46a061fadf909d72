"""Every chart there is. A new kind of chart is one function and one line here."""

from collections.abc import Mapping
from typing import Protocol

import plotly.graph_objects as go

from dashboard.charts.frame import WIDTH, empty
from dashboard.charts.heatmap import heatmap
from dashboard.charts.lines import lines
from dashboard.charts.ranked_bars import ranked_bars
from dashboard.charts.sankey import sankey
from dashboard.charts.small_bars import small_bars
from dashboard.charts.small_columns import small_columns
from dashboard.errors import ConfigurationError
from dashboard.views.model import TableView

NOTHING = "Nothing to draw: no organisation has returned these figures for this period."


class Chart(Protocol):
    """Draws a table for a width in pixels; the figure stretches from there."""

    def __call__(self, table: TableView, width: int = WIDTH) -> go.Figure:
        """The finished figure."""


CHARTS: Mapping[str, Chart] = {
    "ranked_bars": ranked_bars,
    "small_bars": small_bars,
    "heatmap": heatmap,
    "sankey": sankey,
    "lines": lines,
    "small_columns": small_columns,
}


def draw(table: TableView, width: int = WIDTH) -> go.Figure:
    """The figure of a table, with title, notes, source and date inside it.

    Raises ConfigurationError where the view names a chart that is not in CHARTS.
    """
    chart = CHARTS.get(table.chart)
    if chart is None:
        raise ConfigurationError(
            f'The view "{table.view}" names the chart "{table.chart}". Take one of {", ".join(sorted(CHARTS))}.'
        )
    if table.is_empty or not table.columns:
        return empty(table, NOTHING, width)
    return chart(table, width)
