"""Routes as a three-column Sankey: origin, transit, destination, coloured by origin.

Nodes stand where we put them, so that their names can stand beside them and not across the flows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.frame import WIDTH, Sketch, Spec, empty, framed, note
from dashboard.charts.routes import Flow, flows_of, nodes_of, withheld_routes
from dashboard.charts.template import LABEL_SIZE
from dashboard.charts.text import lines_of, plain, widest
from dashboard.views.model import TableView

ALL_WITHHELD = "Every route is withheld: the numbers are too small to show."
NO_ROUTE = "No route was recorded."
_PROVISIONAL = "The numbers are provisional: more returns may come in."
ARROW = " \u2192 "
_PAD, _THICK, _LEAST, _LINE = 30, 14, 300, 19


@dataclass(frozen=True, slots=True)
class _Node:
    """One stop: its column (0 to 2), the middle of its bar (0 top to 1 bottom), and what runs through."""

    name: str
    stop: int
    middle: float
    value: int


def sankey(table: TableView, width: int = WIDTH) -> go.Figure:
    """Withheld routes are counted in a note, not drawn: the width of a flow is its number."""
    flows = flows_of(table)
    withheld = withheld_routes(table)
    if not flows:
        return empty(table, ALL_WITHHELD if withheld else NO_ROUTE, width)
    columns = [nodes_of(flows, stop) for stop in range(3)]
    height = max(_LEAST, max(map(len, columns)) * (_PAD + 26))
    nodes = [node for stop, column in enumerate(columns) for node in _column(column, stop, columns, height)]
    room = min(190.0, width * 0.27)
    labels = [_label(node, room if node.stop != 1 else 120) for node in nodes]
    left, right = (_room(nodes, labels, stop) for stop in (0, 2))
    notes = [_beside(node, label) for node, label in zip(nodes, labels, strict=True)]
    sketch = Sketch(height, left, right, above=30, below=6, provisional=_PROVISIONAL)
    sketch.annotations = [*_headings(table, left, right), *notes]
    sketch.traces = [_trace(flows, nodes, table.unit)]
    sketch.notes = (_withheld_note(withheld),) if withheld else ()
    return framed(table, sketch, width)


def _withheld_note(number: int) -> str:
    routes = "1 route is" if number == 1 else f"{number} routes are"
    return f"{routes} withheld and not drawn. Numbers at the bars add up the routes drawn."


def _column(column: dict[str, int], stop: int, columns: Sequence[dict[str, int]], height: float) -> list[_Node]:
    """Places of the nodes of a column. All columns have one scale; the one with most nodes sets it."""
    total = sum(column.values())
    scale = min((height - _PAD * (len(other) - 1)) / total for other in columns)
    free = height - total * scale
    gap = min(free / (len(column) - 1), 2 * _PAD) if len(column) > 1 else 0
    at = (free - gap * (len(column) - 1)) / 2
    nodes = []
    for name, value in column.items():
        nodes.append(_Node(name, stop, (at + value * scale / 2) / height, value))
        at += value * scale + gap
    return nodes


def _label(node: _Node, room: float) -> str:
    *lines, last = [plain(line) for line in lines_of(node.name, room - 30, LABEL_SIZE)]
    return "<br>".join([*lines, f"{last} <b>{node.value:,}</b>"])


def _room(nodes: list[_Node], labels: list[str], stop: int) -> float:
    """Pixels for the names of an outer column; the tags of bold print are no letters."""
    texts = [label.replace("<b>", "").replace("</b>", "") for node, label in zip(nodes, labels, strict=True)
             if node.stop == stop]  # fmt: skip
    return widest(texts, LABEL_SIZE) + 20


def _beside(node: _Node, label: str) -> Spec:
    """Outside the flows at both ends; over them, on a white ground, in the middle."""
    y = 1 - node.middle
    if node.stop == 0:
        return note(label, 0, y, xanchor="right", align="right", xshift=-9, yanchor="middle")
    if node.stop == 2:
        return note(label, 1, y, xshift=9, yanchor="middle")
    return note(label, 0.5, y, xshift=_THICK / 2 + 4, yanchor="middle", bgcolor="rgba(255,255,255,0.86)")


def _headings(table: TableView, left: float, right: float) -> list[Spec]:
    names = [*table.row_label.split(ARROW), "", "", ""][:3]
    placed = ((0, "left", -left), (0.5, "center", 0), (1, "right", right))
    return [
        note(f"<b>{plain(name)}</b>", x, 1, xanchor=anchor, xshift=shift, yanchor="bottom", yshift=8)
        for name, (x, anchor, shift) in zip(names, placed, strict=True)
    ]


def _trace(flows: Sequence[Flow], nodes: list[_Node], unit: str) -> Spec:
    index = {(node.name, node.stop): at for at, node in enumerate(nodes)}
    halves = [(flow, stop) for flow in flows for stop in (0, 1)]
    hovers = [f"{plain(ARROW.join(flow.stops))}<br>{flow.value:,} {plain(unit)}" for flow, _ in halves]
    colours = {flow.stops[0]: flow.colour for flow in flows}
    return {
        "type": "sankey",
        "arrangement": "fixed",
        "node": {
            "label": ["" for _ in nodes],
            "x": [(0.001, 0.5, 0.999)[node.stop] for node in nodes],
            "y": [node.middle for node in nodes],
            "pad": _PAD,
            "thickness": _THICK,
            "line": {"width": 0},
            "color": [colours[node.name] if node.stop == 0 else palette.AXIS for node in nodes],
            "customdata": [f"{plain(node.name)}: {node.value:,}" for node in nodes],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
        "link": {
            "source": [index[flow.stops[stop], stop] for flow, stop in halves],
            "target": [index[flow.stops[stop + 1], stop + 1] for flow, stop in halves],
            "value": [flow.value for flow, _ in halves],
            "color": [_transparent(flow.colour) for flow, _ in halves],
            "customdata": hovers,
            "hovertemplate": "%{customdata}<extra></extra>",
        },
    }


def _transparent(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.45)"
