"""The flows a route chart draws: only those whose number may be shown, the smallest merged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.charts import palette
from dashboard.datasets import NOT_RECORDED
from dashboard.views.model import CellState, Heading, TableView

MOST_FLOWS = 12
DIRECT = "Direct"
_NO_TRANSIT, _HOME = "NONE", "MDV"
_OTHER = ("Other routes", "Various", "Various places")


@dataclass(frozen=True, slots=True)
class Flow:
    """One route: its three stops, how many were moved along it, and the colour of its origin."""

    stops: tuple[str, str, str]
    value: int
    colour: str


def flows_of(table: TableView) -> tuple[Flow, ...]:
    """The routes with a number above zero, largest first."""
    found = [
        Flow(_stops(heading), cells[0].value, _colour(heading))
        for heading, cells in zip(table.rows, table.cells, strict=True)
        if cells[0].value
    ]
    return _merged(sorted(found, key=lambda flow: (-flow.value, flow.stops)))


def withheld_routes(table: TableView) -> int:
    """How many routes are left out because their number is withheld: a width would tell it."""
    return sum(cells[0].state is CellState.WITHHELD for cells in table.cells)


def _stops(heading: Heading) -> tuple[str, str, str]:
    origin, transit, destination = heading.parts
    internal = origin == destination or (heading.codes[0] == _HOME and heading.codes[2].startswith("MV_"))
    return (
        f"{origin} (internal)" if internal else origin,
        DIRECT if heading.codes[1] == _NO_TRANSIT else transit,
        destination,
    )


def _colour(heading: Heading) -> str:
    return palette.GREY if heading.codes[0] == NOT_RECORDED else palette.origin_colour(heading.codes[0])


def _merged(flows: Sequence[Flow]) -> tuple[Flow, ...]:
    if len(flows) <= MOST_FLOWS:
        return tuple(flows)
    kept, rest = flows[: MOST_FLOWS - 1], flows[MOST_FLOWS - 1 :]
    return (*kept, Flow(_OTHER, sum(flow.value for flow in rest), palette.GREY))


def nodes_of(flows: Iterable[Flow], stop: int) -> dict[str, int]:
    """The names in one of the three columns, largest first, with what is drawn through them."""
    sums: dict[str, int] = {}
    for flow in flows:
        sums[flow.stops[stop]] = sums.get(flow.stops[stop], 0) + flow.value
    return dict(sorted(sums.items(), key=lambda item: (item[0] in _OTHER, -item[1], item[0])))
