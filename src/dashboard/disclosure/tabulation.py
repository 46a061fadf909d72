"""Counting: a dataset into the cells of a planned table, all margins and hierarchy steps included."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TypeAlias

from dashboard.datasets import NOT_RECORDED, TOTAL, Codelist, Dataset, Observation, Structure, periods
from dashboard.datasets.structures import MOVEMENT
from dashboard.disclosure.plan import PERIOD, PlannedTable

INTERNAL, CROSS_BORDER = "INTERNAL", "CROSS_BORDER"

Key: TypeAlias = tuple[str, ...]
_Step: TypeAlias = Callable[[Observation], Key]


@dataclass(frozen=True, slots=True)
class Tabulation:
    """The counts of a planned table, by key in the order of its dimensions. Zeros are left out.

    uncertain are the keys to which a source contributed a number that it withheld itself ("<5"):
    their true count is not known to us.
    """

    table: PlannedTable
    counts: Mapping[Key, int]
    uncertain: frozenset[Key]


def tabulate(table: PlannedTable, dataset: Dataset, reference_dir: Path) -> Tabulation:
    """Count every cell of the table. Observations with the same codes are counted together first."""
    steps = [_steps(table, dimension, reference_dir) for dimension in table.dimensions]
    counts: defaultdict[Key, int] = defaultdict(int)
    uncertain: set[Key] = set()
    for inner, (count, censored) in _inner_cells(steps, dataset.observations).items():
        for key in product(*inner):
            counts[key] += count
            if censored:
                uncertain.add(key)
    return Tabulation(table, {key: count for key, count in counts.items() if count}, frozenset(uncertain))


def movement(origin: str, destination: str, places: Codelist) -> str:
    """INTERNAL within one country, CROSS_BORDER between two, NR where either is not recorded."""
    if NOT_RECORDED in (origin, destination):
        return NOT_RECORDED
    country = next((step for step in places.ancestors(destination) if places.codes[step].level == "country"), "")
    return INTERNAL if country == origin else CROSS_BORDER


def _steps(table: PlannedTable, name: str, reference_dir: Path) -> _Step:
    """For one dimension: from an observation to all codes under which it is counted."""
    if name == PERIOD:
        levels = table.levels.get(PERIOD, periods.LEVELS)
        return lambda observation: (*periods.at_levels(observation.period, levels), TOTAL)
    if name == MOVEMENT.name:
        return _movement_step(table.structure, reference_dir)
    dimension = table.structure.dimension(name)
    codelist = dimension.codelist(reference_dir)
    place = table.structure.position(name)
    shown = table.levels.get(name, tuple({code.level for code in codelist.codes.values()}))
    total = (TOTAL,) if dimension.total else ()
    by_code = {code: (*codelist.at_levels(code, shown), *total) for code in codelist.codes}
    return lambda observation: by_code[observation.codes[place]]


def _movement_step(structure: Structure, reference_dir: Path) -> _Step:
    origin, destination = structure.position("origin"), structure.position("destination")
    places = structure.dimension("destination").codelist(reference_dir)
    return lambda observation: (
        movement(observation.codes[origin], observation.codes[destination], places),
        TOTAL,
    )


def _inner_cells(
    steps: Iterable[_Step], observations: Iterable[Observation]
) -> dict[tuple[Key, ...], tuple[int, bool]]:
    inner: dict[tuple[Key, ...], tuple[int, bool]] = {}
    fixed_steps = tuple(steps)
    for observation in observations:
        key = tuple(step(observation) for step in fixed_steps)
        count, censored = inner.get(key, (0, False))
        inner[key] = (count + (observation.value or 0), censored or observation.value is None)
    return inner
