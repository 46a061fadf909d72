"""The history of a structure: earlier publications and the one being made, told in the same atoms.

Each publication told codes and periods apart in its own way. An atom is a set of reported codes that none of
them tells apart; in atoms all publications can be laid on top of one another.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from dashboard.datasets import TOTAL, Dataset, periods
from dashboard.disclosure.editions import Contributor, Edition, Key, LinkedTable
from dashboard.disclosure.grouping import Classification
from dashboard.disclosure.plan import PERIOD
from dashboard.disclosure.tabulation import reported_leaves

NATIONALITY = "nationality"


@dataclass(frozen=True, slots=True)
class Published:
    """One structure in one publication: what it counted, how it told it apart, what it withheld, under which threshold.

    withheld and thresholds are those of one circulation. dimensions is by table. The publication being made
    may have cells withheld before it is protected.
    """

    dataset: Dataset
    classification: Classification
    dimensions: Mapping[str, tuple[str, ...]]
    withheld: Mapping[str, frozenset[Key]]
    threshold: int


@dataclass(frozen=True, slots=True)
class History:
    """The publications as editions, and for each table and dimension the atom of each reported code."""

    editions: tuple[Edition, ...]
    atoms: Mapping[str, Sequence[Mapping[str, str]]]


def history(publications: Sequence[Published], reference_dir: Path) -> History:
    """The publications of one structure as editions; all hold the tables of all, published or not."""
    tables = {name: dimensions for one in publications for name, dimensions in one.dimensions.items()}
    made: list[dict[str, LinkedTable]] = [{} for _ in publications]
    atoms: dict[str, Sequence[Mapping[str, str]]] = {}
    for name, dimensions in tables.items():
        linked, atoms[name] = _linked_tables(publications, name, dimensions, reference_dir)
        for place, table in enumerate(linked):
            made[place][name] = table
    editions = (Edition(found, one.withheld, one.threshold) for found, one in zip(made, publications, strict=True))
    return History(tuple(editions), atoms)


def _linked_tables(
    publications: Sequence[Published], name: str, dimensions: tuple[str, ...], reference_dir: Path
) -> tuple[list[LinkedTable], list[dict[str, str]]]:
    """One table in every edition, and its atoms. An edition that lacks it tells it apart as another does."""
    holders = [one for one in publications if name in one.dimensions]
    counted = [
        reported_leaves(one.dataset, one.dataset.observations, dimensions, reference_dir) for one in publications
    ]
    reported = [
        sorted({leaf[place] for counts, uncertain in counted for leaf in (*counts, *uncertain)})
        for place in range(len(dimensions))
    ]
    paths = [
        [
            {
                code: _path(one if name in one.dimensions else holders[-1], holders[-1], name, dimension, code)
                for code in codes
            }
            for dimension, codes in zip(dimensions, reported, strict=True)
        ]
        for one in publications
    ]
    atoms = [_atoms([paths_of[place] for paths_of in paths]) for place in range(len(dimensions))]
    linked = [
        LinkedTable(
            name,
            dimensions,
            {
                dimension: {atoms[place][code]: path for code, path in steps[place].items()}
                for place, dimension in enumerate(dimensions)
            },
            _in_atoms(counts, atoms),
            frozenset(_leaf(leaf, atoms) for leaf in uncertain),
            name in one.dimensions,
        )
        for one, (counts, uncertain), steps in zip(publications, counted, paths, strict=True)
    ]
    return linked, atoms


def _path(one: Published, newest: Published, table: str, dimension: str, code: str) -> tuple[str, ...]:
    if dimension == PERIOD:
        return (*periods.at_levels(code, one.classification.period_levels[table]), TOTAL)
    known = one.classification.paths[table][dimension]
    # A code that entered the list later was nobody's then: it stood by itself, with a zero.
    return known[code] if code in known else newest.classification.paths[table][dimension][code]


def _atoms(paths: Sequence[Mapping[str, tuple[str, ...]]]) -> dict[str, str]:
    """For each reported code the first of those that no edition tells from it."""
    first: dict[tuple[tuple[str, ...], ...], str] = {}
    return {code: first.setdefault(tuple(edition[code] for edition in paths), code) for code in sorted(paths[0])}


def _leaf(leaf: Key, atoms: Sequence[Mapping[str, str]]) -> Key:
    return tuple(found[code] for found, code in zip(atoms, leaf, strict=True))


def _in_atoms(counts: Mapping[Key, int], atoms: Sequence[Mapping[str, str]]) -> dict[Key, int]:
    found: Counter[Key] = Counter()
    for leaf, count in counts.items():
        found[_leaf(leaf, atoms)] += count
    return dict(found)


def contributor(name: str, country: str, newest: Published, found: History, reference_dir: Path) -> Contributor:
    """What one organisation knows of the newest publication: its own records.

    A mission (an organisation with a country) knows all records of its nationals, whoever reported them.
    """
    structure = newest.dataset.structure
    mission = bool(country) and any(one.name == NATIONALITY for one in structure.dimensions)
    observations = newest.dataset.observations
    if mission:
        place = structure.position(NATIONALITY)
        own = [one for one in observations if one.codes[place] == country]
    else:
        own = [one for one in observations if one.agency == name]
    counts = {
        table.name: _in_atoms(
            reported_leaves(newest.dataset, own, table.dimensions, reference_dir)[0], found.atoms[table.name]
        )
        for table in found.editions[-1].tables.values()
    }
    complete = {
        table.name: _all_leaves(table, country)
        for table in found.editions[-1].tables.values()
        if mission and country in table.paths.get(NATIONALITY, {})
    }
    return Contributor(name, counts, complete)


def _all_leaves(table: LinkedTable, nationality: str) -> frozenset[Key]:
    """Every leaf of a nationality, empty ones too."""
    atoms = [[nationality] if name == NATIONALITY else list(table.paths[name]) for name in table.dimensions]
    return frozenset(product(*atoms))
