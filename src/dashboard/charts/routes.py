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
    """One route: its three stops, how many were moved along it, and the colour of its origin.

    several are those of its stops that stand for more than one place, unknown those that were not recorded.
    """

    stops: tuple[str, str, str]
    value: int
    colour: str
    several: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()


def flows_of(table: TableView) -> tuple[Flow, ...]:
    """The routes with a number above zero, largest first."""
    found = [
        Flow(_stops(heading), cells[0].value, _colour(heading), _several(heading), _unknown(heading))
        for heading, cells in zip(table.rows, table.cells, strict=True)
        if cells[0].value
    ]
    return _merged(sorted(found, key=lambda flow: (-flow.value, flow.stops)))


def withheld_routes(table: TableView) -> int:
    """How many routes are left out because their number is withheld: a width would tell it."""
    return sum(cells[0].state is CellState.WITHHELD for cells in table.cells)


def _stops(heading: Heading) -> tuple[str, str, str]:
    origin, transit, destination = heading.parts
    start, transit_code, end = heading.codes
    # From one of several countries to one of the same several is not within a country.
    one_place = origin == destination and start != NOT_RECORDED and 0 not in heading.grouped
    internal = one_place or (start == _HOME and (end.startswith("MV_") or end in (_HOME, f"{_HOME}+")))
    return (
        f"{origin} (internal)" if internal else origin,
        DIRECT if transit_code == _NO_TRANSIT else transit,
        destination,
    )


def _several(heading: Heading) -> frozenset[str]:
    return frozenset(heading.parts[at] for at in heading.grouped)


def _unknown(heading: Heading) -> frozenset[str]:
    places = zip(heading.codes, heading.parts, strict=True)
    return frozenset(part for code, part in places if code == NOT_RECORDED)


def _colour(heading: Heading) -> str:
    return (
        palette.GREY
        if heading.codes[0] == NOT_RECORDED or 0 in heading.grouped
        else palette.origin_colour(heading.codes[0])
    )


def _merged(flows: Sequence[Flow]) -> tuple[Flow, ...]:
    if len(flows) <= MOST_FLOWS:
        return tuple(flows)
    kept, rest = flows[: MOST_FLOWS - 1], flows[MOST_FLOWS - 1 :]
    return (*kept, Flow(_OTHER, sum(flow.value for flow in rest), palette.GREY, frozenset(_OTHER)))


def nodes_of(flows: Iterable[Flow], stop: int) -> dict[str, int]:
    """The names in one of the three columns, with what is drawn through them.

    Largest first; what stands for several places after them, and what was not recorded last.
    """
    sums: dict[str, int] = {}
    several: set[str] = set()
    unknown: set[str] = set()
    for flow in flows:
        sums[flow.stops[stop]] = sums.get(flow.stops[stop], 0) + flow.value
        several |= flow.several
        unknown |= flow.unknown
    return dict(sorted(sums.items(), key=lambda item: (item[0] in unknown, item[0] in several, -item[1], item[0])))
