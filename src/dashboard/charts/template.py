"""The one template of all charts: type, grid, margins. The dashboard's theme must not be laid over it."""

from typing import Any

import plotly.graph_objects as go
import plotly.io as pio

from dashboard.charts.palette import AXIS, GRID, PAPER, SERIES, TEXT

NAME = "dashboard"
FAMILY = "Lato, Open Sans, Arial, sans-serif"
TITLE_SIZE, BASE_SIZE, LABEL_SIZE, SMALL_SIZE = 20, 16, 14, 12

_AXIS: dict[str, Any] = {
    "automargin": True,
    "fixedrange": True,
    "gridcolor": GRID,
    "layer": "below traces",
    "linecolor": AXIS,
    "showgrid": False,
    "showline": False,
    "tickcolor": AXIS,
    "tickfont": {"size": LABEL_SIZE, "color": TEXT},
    "ticks": "",
    "zeroline": False,
}

TEMPLATE: dict[str, Any] = {
    "layout": {
        "annotationdefaults": {"showarrow": False, "font": {"size": LABEL_SIZE, "color": TEXT}},
        "barmode": "overlay",
        "colorway": list(SERIES),
        "dragmode": False,
        "font": {"family": FAMILY, "size": BASE_SIZE, "color": TEXT},
        "hoverlabel": {
            "align": "left",
            "bgcolor": PAPER,
            "bordercolor": AXIS,
            "font": {"family": FAMILY, "size": LABEL_SIZE, "color": TEXT},
        },
        "hovermode": "closest",
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "showlegend": False,
        "xaxis": _AXIS,
        "yaxis": _AXIS,
    }
}

pio.templates[NAME] = go.layout.Template(TEMPLATE)
