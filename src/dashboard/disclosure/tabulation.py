"""Counting: a dataset into the leaves and cells of a table, all margins and hierarchy steps included."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import TypeAlias

from dashboard.datasets import NOT_RECORDED, Codelist, Dataset, Observation
from dashboard.datasets.structures import MOVEMENT
from dashboard.disclosure.editions import Key
from dashboard.disclosure.plan import PERIOD

INTERNAL, CROSS_BORDER = "INTERNAL", "CROSS_BORDER"

Paths: TypeAlias = Sequence[Mapping[str, Sequence[str]]]
"""For each dimension of a table, where a code is counted."""


def reported_leaves(
    dataset: Dataset, observations: Iterable[Observation], dimensions: Sequence[str], reference_dir: Path
) -> tuple[Counter[Key], frozenset[Key]]:
    """The persons under each combination of reported codes, and the combinations a source withheld a number of.

    dimensions begin with the period; a derived one (movement) follows from the others.
    """
    structure = dataset.structure
    places = [None if name in (PERIOD, MOVEMENT.name) else structure.position(name) for name in dimensions]
    counts: Counter[Key] = Counter()
    uncertain: set[Key] = set()
    moved = _movements(dataset, reference_dir) if MOVEMENT.name in dimensions else {}
    for one in observations:
        leaf = tuple(
            one.codes[place] if place is not None else (one.period if name == PERIOD else moved[one.codes])
            for name, place in zip(dimensions, places, strict=True)
        )
        if one.value:
            counts[leaf] += one.value
        if one.value is None:
            uncertain.add(leaf)
    return counts, frozenset(uncertain)


def movement(origin: str, destination: str, places: Codelist) -> str:
    """INTERNAL within one country, CROSS_BORDER between two, NR where either is not recorded."""
    if NOT_RECORDED in (origin, destination):
        return NOT_RECORDED
    country = next((step for step in places.ancestors(destination) if places.codes[step].level == "country"), "")
    return INTERNAL if country == origin else CROSS_BORDER


def _movements(dataset: Dataset, reference_dir: Path) -> dict[Key, str]:
    origin, destination = dataset.structure.position("origin"), dataset.structure.position("destination")
    places = dataset.structure.dimension("destination").codelist(reference_dir)
    return {one.codes: movement(one.codes[origin], one.codes[destination], places) for one in dataset.observations}


def cells(leaves: Mapping[Key, int], paths: Paths) -> dict[Key, int]:
    """The count of every cell that a leaf belongs to: the product of its paths."""
    found: defaultdict[Key, int] = defaultdict(int)
    for leaf, count in leaves.items():
        for key in product(*(steps[code] for steps, code in zip(paths, leaf, strict=True))):
            found[key] += count
    return dict(found)
