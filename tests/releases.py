"""Invented releases to measure the protector on: seeded, repeatable, in codes that mean nothing.

A population counts persons by the full cross of its dimensions; its tables are the plan. hub_population is
calibrated on the sets of the guide (DISCLOSURE.md): 500, 5,000 and 20,000 inner cells give about 1,500, 6,800
and 28,000 different plan cells, of which about 543, 2,350 and 10,500 are below 5. Between the three, and
below them, the lengths of the code lists follow the logarithm of the size.
"""

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from dashboard.disclosure.editions import Edition, Key, LinkedTable

TOTAL = "_T"
SIZES = {"small": 50, "middle": 100, "large": 300}
"""Inner cells of a generated release."""
SHARES = {"small": 120, "middle": 60, "large": 20}
"""How many of 200 generated releases have each size."""

Tables: TypeAlias = dict[str, LinkedTable]
Cell: TypeAlias = tuple[tuple[str, str], ...]
"""A cell by its dimensions and codes without totals: the same margin of two tables is one cell."""


@dataclass(frozen=True, slots=True)
class Population:
    """Persons by every dimension, in the order of paths; zeros are left out. tables: the dimensions of each."""

    paths: Mapping[str, Mapping[str, tuple[str, ...]]]
    tables: Mapping[str, tuple[str, ...]]
    counts: Mapping[Key, int]

    def publish(self) -> Tables:
        """The tables of the plan, nothing withheld."""
        return {name: self._table(name, dimensions) for name, dimensions in self.tables.items()}

    def _table(self, name: str, dimensions: tuple[str, ...]) -> LinkedTable:
        order = list(self.paths)
        places = [order.index(dimension) for dimension in dimensions]
        counts: Counter[Key] = Counter()
        for leaf, count in self.counts.items():
            counts[tuple(leaf[place] for place in places)] += count
        return LinkedTable(name, dimensions, {item: self.paths[item] for item in dimensions}, dict(counts))


@dataclass(frozen=True, slots=True)
class Shape:
    """How many codes a dimension of a hub population has, how unequal they are, and how small the counts."""

    years: int
    forms: int
    nationalities: int
    regions: int
    sectors: int
    routes: int
    corridors: int
    ages: int
    skew: float
    ones: float


ANCHORS = {
    60: Shape(2, 3, 9, 3, 5, 9, 3, 3, skew=0.9, ones=0.5),
    500: Shape(3, 4, 30, 6, 10, 30, 6, 4, skew=0.9, ones=0.58),
    5_000: Shape(5, 6, 80, 10, 16, 90, 10, 5, skew=1.0, ones=0.55),
    20_000: Shape(8, 10, 140, 20, 20, 240, 20, 6, skew=0.9, ones=0.5),
}
HUB = ("year", "form")
THEMES = {
    "by_nationality": (*HUB, "nationality"),
    "by_sector": (*HUB, "sector"),
    "by_route": (*HUB, "route"),
    "by_age_sex": (*HUB, "age", "sex"),
}
LARGE_SHARE, LARGE_FROM, LARGE_TO = 0.02, 5, 60


def shape(inner_cells: int) -> Shape:
    """The lengths and skews for a size: between two anchors by its logarithm."""
    at = [math.log(size) for size in ANCHORS]

    def between(name: str) -> float:
        return float(np.interp(math.log(inner_cells), at, [getattr(anchor, name) for anchor in ANCHORS.values()]))

    lengths = {name: round(between(name)) for name in Shape.__dataclass_fields__ if name not in ("skew", "ones")}
    return Shape(**lengths, skew=between("skew"), ones=between("ones"))


def flat(prefix: str, length: int) -> dict[str, tuple[str, ...]]:
    """Codes under a total."""
    return {f"{prefix}{place:03}": (f"{prefix}{place:03}", TOTAL) for place in range(length)}


def grouped(prefix: str, length: int, group: str, groups: int) -> dict[str, tuple[str, ...]]:
    """Codes in groups under a total; large and small codes are spread over the groups."""
    return {code: (code, f"{group}{place % groups:02}", TOTAL) for place, code in enumerate(flat(prefix, length))}


def hub_paths(found: Shape) -> dict[str, dict[str, tuple[str, ...]]]:
    """The code lists of a hub population."""
    return {
        "year": {str(year): (str(year), TOTAL) for year in range(2018, 2018 + found.years)},
        "form": flat("F", found.forms),
        "nationality": grouped("N", found.nationalities, "R", found.regions),
        "sector": flat("S", found.sectors),
        "route": grouped("Q", found.routes, "K", found.corridors),
        "age": flat("A", found.ages),
        "sex": flat("X", 2),
    }


def zipf(length: int, skew: float) -> np.ndarray:
    """Shares that fall with the rank."""
    weights = 1 / np.arange(1, length + 1) ** skew
    return weights / weights.sum()


def hub_population(inner_cells: int, seed: int) -> Population:
    """Different combinations with small counts and a few large ones, drawn until there are inner_cells."""
    chance = np.random.default_rng((1, inner_cells, seed))
    found = shape(inner_cells)
    paths = hub_paths(found)
    skews = {"year": 0.2, "form": 1.0, "sex": 0.6}
    shares = [zipf(len(codes), skews.get(name, found.skew)) for name, codes in paths.items()]
    counts: dict[Key, int] = {}
    while len(counts) < inner_cells:
        for leaf in _draw(chance, paths, shares, inner_cells - len(counts)):
            counts.setdefault(leaf, 0)
    drawn = chance.geometric(found.ones, inner_cells)
    large = chance.integers(LARGE_FROM, LARGE_TO, inner_cells) * (chance.random(inner_cells) < LARGE_SHARE)
    return Population(paths, THEMES, dict(zip(counts, (drawn + large).tolist(), strict=True)))


def _draw(
    chance: np.random.Generator, paths: Mapping[str, Mapping[str, object]], shares: list[np.ndarray], size: int
) -> Iterator[Key]:
    columns = [
        [list(codes)[place] for place in chance.choice(len(codes), size, p=share)]
        for codes, share in zip(paths.values(), shares, strict=True)
    ]
    return zip(*columns, strict=True)


def hub_plan(inner_cells: int, seed: int) -> Edition:
    """Like the sets of the guide: year x form of exploitation in every table, and one theme a table."""
    return Edition(hub_population(inner_cells, seed).publish())


def generated(releases: int = 200) -> Iterator[tuple[str, int]]:
    """Size and seed of that many releases, the three sizes in the proportion of SHARES; for release()."""
    cycle = [size for size, share in SHARES.items() for _ in range(share // 20)]
    return ((size, seed) for seed, size in enumerate(itertools.islice(itertools.cycle(cycle), releases)))


def release(size: str, seed: int) -> Edition:
    """One generated release of a size named in SIZES."""
    return hub_plan(SIZES[size], seed)


def maldives_population(seed: int) -> Population:
    """5 to 12 identified victims a year over 8 years; most of one nationality, form and sector."""
    chance = np.random.default_rng((2, seed))
    paths = {
        "year": {str(year): (str(year), TOTAL) for year in range(2017, 2025)},
        "form": flat("F", 4),
        "age": flat("A", 2),
        "nationality": grouped("N", 10, "R", 3),
        "sector": flat("S", 6),
        "route": grouped("Q", 9, "K", 3),
    }
    skews = {"year": 0.0, "age": 2.5}
    shares = [zipf(len(codes), skews.get(name, 1.4)) for name, codes in paths.items()]
    counts: Counter[Key] = Counter()
    for year in paths["year"]:
        counts.update((year, *leaf[1:]) for leaf in _draw(chance, paths, shares, int(chance.integers(5, 13))))
    hub = (*HUB, "age")
    return Population(paths, {f"by_{theme}": (*hub, theme) for theme in ("nationality", "sector", "route")}, counts)


def maldives_like(seed: int) -> Edition:
    """Year x form x age in every table, and nationality, sector or route."""
    return Edition(maldives_population(seed).publish())


def tiny_population(seed: int) -> Population:
    """4 to 8 persons in 2 years, 2 forms, 2 or 3 nationalities and 2 sectors: for brute force with k = 3."""
    chance = np.random.default_rng((3, seed))
    paths = {
        "year": {"2023": ("2023", TOTAL), "2024": ("2024", TOTAL)},
        "form": flat("F", 2),
        "nationality": flat("N", int(chance.integers(2, 4))),
        "sector": flat("S", 2),
    }
    shares = [zipf(len(codes), 0.5) for codes in paths.values()]
    counts = Counter(_draw(chance, paths, shares, int(chance.integers(4, 9))))
    return Population(paths, {f"by_{theme}": (*HUB, theme) for theme in ("nationality", "sector")}, counts)


def tiny(seed: int) -> Edition:
    """An edition small enough to list every possible table."""
    return Edition(tiny_population(seed).publish())


def two_way(seed: int, threshold: int = 5) -> Edition:
    """One table with margins, 4 x 5 to 8 x 9, with 5 to 20 small cells (margins included)."""
    chance = np.random.default_rng((4, seed))
    while True:
        rows = int(chance.integers(4, 9))
        table = _two_way(chance, rows, int(chance.integers(5, 10)))
        edition = Edition({table.name: table})
        if 5 <= len(small_cells(edition, threshold)) <= 20:
            return edition


def _two_way(chance: np.random.Generator, rows: int, columns: int) -> LinkedTable:
    mean = 60 * np.outer(zipf(rows, 0.8), zipf(columns, 0.8)) * rows * columns / 4
    drawn = chance.poisson(chance.gamma(0.8, mean / 0.8))
    paths = {"row": flat("R", rows), "column": flat("C", columns)}
    leaves = itertools.product(paths["row"], paths["column"])
    counts = {leaf: count for leaf, count in zip(leaves, drawn.ravel().tolist(), strict=True) if count}
    return LinkedTable("two_way", ("row", "column"), paths, counts)


Cadence: TypeAlias = Literal["year", "quarter"]
Future: TypeAlias = Literal["zero", "absent"]


def successive(
    population: Population,
    seed: int,
    editions: int,
    *,
    cadence: Cadence = "year",
    future: Future = "zero",
    late: float = 0.02,
) -> list[Tables]:
    """The tables of each of so many releases of one plan, in the order of publication.

    Each adds one year of data, or one quarter to the running year, which is shown to date as one cell. From
    the second on each also brings late returns (+1 to +3, one in two of a combination not seen before) and
    corrections (-1) to the share `late` of the leaves that the release before it counted, at least one.

    All hold the same atoms. A year that has not begun is counted as "zero" (its cells are shown zeros), or is
    "absent": its path is empty, so that no cell of that release counts it.
    """
    chance = np.random.default_rng((5, seed))
    arrivals = _arrivals(chance, population, cadence)
    last = len(population.paths["year"]) * _slots(cadence) - 1
    counts: Counter[Key] = Counter()
    found = []
    for step in range(editions):
        end = last - (editions - 1 - step)
        corrections = _corrections(chance, counts, late) if counts else Counter()
        for slot in [slot for slot in arrivals if slot <= end]:
            counts.update(arrivals.pop(slot))
        counts.update(corrections)
        now = {leaf: count for leaf, count in counts.items() if count}
        begun = list(population.paths["year"])[: end // _slots(cadence) + 1]
        paths = _absent_after(population.paths, begun) if future == "absent" else population.paths
        found.append(Population(paths, population.tables, now).publish())
    return found


def _slots(cadence: Cadence) -> int:
    return 4 if cadence == "quarter" else 1


def _arrivals(chance: np.random.Generator, population: Population, cadence: Cadence) -> dict[int, Counter[Key]]:
    """The persons of each leaf by the slot (year or quarter of all years) in which they are first counted."""
    slots = _slots(cadence)
    place = list(population.paths).index("year")
    years = {year: number for number, year in enumerate(population.paths["year"])}
    found: dict[int, Counter[Key]] = defaultdict(Counter)
    for leaf, count in population.counts.items():
        for slot, part in enumerate(chance.multinomial(count, [1 / slots] * slots).tolist()):
            if part:
                found[years[leaf[place]] * slots + slot][leaf] += part
    return found


def _corrections(chance: np.random.Generator, counts: Mapping[Key, int], late: float) -> Counter[Key]:
    """What is added to, or taken from, leaves counted before. Years and forms are those of counted leaves."""
    leaves = [leaf for leaf, count in counts.items() if count]
    chosen = chance.permutation(len(leaves))[: max(1, round(late * len(leaves)))]
    found: Counter[Key] = Counter()
    for leaf in (leaves[place] for place in chosen):
        kind = chance.random()
        if kind < 0.25:
            found[leaf] -= 1
        elif kind < 0.625:
            found[leaf] += int(chance.integers(1, 4))
        else:
            other = leaves[int(chance.integers(len(leaves)))]
            found[leaf[:2] + other[2:]] += int(chance.integers(1, 4))
    return found


def _absent_after(
    paths: Mapping[str, Mapping[str, tuple[str, ...]]], begun: list[str]
) -> dict[str, Mapping[str, tuple[str, ...]]]:
    years = {year: path if year in begun else () for year, path in paths["year"].items()}
    return {**paths, "year": years}


def table_cells(table: LinkedTable) -> dict[Key, int]:
    """The count of each cell of a table that is not zero."""
    counts: Counter[Key] = Counter()
    for leaf, count in table.counts.items():
        paths = (table.paths[name][atom] for name, atom in zip(table.dimensions, leaf, strict=True))
        for cell in itertools.product(*paths):
            counts[cell] += count
    return dict(counts)


def non_zero_cells(edition: Edition) -> dict[Cell, int]:
    """The count of each cell of a plan that is not zero, a shared margin once."""
    return {
        tuple((name, code) for name, code in zip(table.dimensions, cell, strict=True) if code != TOTAL): count
        for table in edition.tables.values()
        for cell, count in table_cells(table).items()
    }


def small_cells(edition: Edition, threshold: int = 5) -> set[Cell]:
    """The cells from 1 to threshold - 1."""
    return {cell for cell, count in non_zero_cells(edition).items() if count < threshold}
