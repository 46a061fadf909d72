"""Grouping: which codes and periods a publication tells apart, decided before anything is withheld.

Where most counts are small, withholding leaves a page of marks. Codes that reach the threshold nowhere are first
shown together ("Other Southern Asia"), and periods that are too sparse give way to longer ones. What is decided
here says of a code only that it stays below the threshold, never that nobody has it: codes of nobody are grouped too.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from dashboard.datasets import NOT_RECORDED, TOTAL, Codelist, Dataset, Observation, Structure, periods
from dashboard.disclosure.acyclicity import cycle
from dashboard.disclosure.plan import PERIOD, PlannedTable
from dashboard.disclosure.policy import DisclosurePolicy

NO_TRANSIT = "NONE"
NEVER_GROUPED = frozenset({NOT_RECORDED, NO_TRANSIT})
"""They are answers of their own kind: "other countries" must not hold persons whose country nobody wrote down."""

CodePath: TypeAlias = tuple[str, ...]
Paths: TypeAlias = Mapping[str, Mapping[str, CodePath]]
"""By dimension and reported code, the codes it is counted under: finest first, the total last."""
Groups: TypeAlias = Mapping[str, tuple[str, ...]]
"""By group, the reportable codes in it. A group is `PARENT+`, or PARENT itself where it holds all its codes."""


@dataclass(frozen=True, slots=True)
class Classification:
    """What the tables of one structure tell apart in one publication. It is stored with the publication.

    paths is by table, groups by dimension, period_levels by table.
    """

    paths: Mapping[str, Paths]
    groups: Mapping[str, Groups]
    period_levels: Mapping[str, tuple[str, ...]]

    def as_json(self) -> dict[str, Any]:
        """Plain dictionaries, lists and texts; `from_json` reads them back."""
        return {
            "paths": {table: {name: _lists(paths) for name, paths in by.items()} for table, by in self.paths.items()},
            "groups": {name: _lists(groups) for name, groups in self.groups.items()},
            "period_levels": _lists(self.period_levels),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Classification":
        """A classification as it was stored."""
        return cls(
            {table: {name: _tuples(paths) for name, paths in by.items()} for table, by in stored["paths"].items()},
            {name: _tuples(groups) for name, groups in stored["groups"].items()},
            _tuples(stored["period_levels"]),
        )


def _lists(entries: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {name: list(codes) for name, codes in entries.items()}


def _tuples(entries: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(codes) for name, codes in entries.items()}


def classification(
    tables: Sequence[PlannedTable],
    dataset: Dataset,
    policy: DisclosurePolicy,
    circulation: str,
    reference_dir: Path,
) -> Classification:
    """Codes and periods for the planned tables of one structure. Where every count is shown, all of the plan."""
    structure = dataset.structure
    threshold = policy.threshold(circulation, structure.name) if structure.confidential else 1
    merged: dict[str, Groups] = {}
    levels: Mapping[str, tuple[str, ...]] = {table.name: _planned_levels(table) for table in tables}
    if threshold > 1:
        merged = _merged(tables, dataset, policy, threshold, reference_dir)
        sparse = {
            table.name: period_levels(table, dataset, merged, threshold, policy.shown_share, reference_dir)
            for table in tables
        }
        levels = _joined(tables, _acyclic(tables, sparse))
    paths = {table.name: classify(table, dataset, levels[table.name], merged, reference_dir) for table in tables}
    return Classification(paths, merged, levels)


def _merged(
    tables: Sequence[PlannedTable], dataset: Dataset, policy: DisclosurePolicy, threshold: int, reference_dir: Path
) -> dict[str, Groups]:
    """Once for all tables: they are protected together, so a code must be the same persons in each."""
    planned = {name for table in tables for name in table.dimensions}
    return {
        name: groups(
            dataset.structure.dimension(name).codelist(reference_dir),
            largest_counts(dataset, name, reference_dir),
            threshold,
            policy.grouping.smallest_group,
        )
        for name in policy.grouping.dimensions
        if name in planned
    }


def largest_counts(dataset: Dataset, dimension: str, reference_dir: Path) -> Mapping[str, int]:
    """Of each code and each coarser one, the largest count over populations, all periods together."""
    codelist = dataset.structure.dimension(dimension).codelist(reference_dir)
    place = dataset.structure.position(dimension)
    population = _population(dataset.structure)
    counts: Counter[tuple[CodePath, str]] = Counter()
    for observation in dataset.observations:
        for code in codelist.ancestors(observation.codes[place]):
            counts[population(observation), code] += observation.value or 0
    largest: dict[str, int] = defaultdict(int)
    for (_, code), count in counts.items():
        largest[code] = max(largest[code], count)
    return largest


def groups(codelist: Codelist, largest: Mapping[str, int], threshold: int, smallest: int) -> Groups:
    """Which codes are shown together. A code is kept when its largest count reaches the threshold.

    The codes of one parent that are not kept make one group, those of nobody too; a sub-region takes its countries
    with it. A parent none of whose codes is kept stands for them all. Where no code is kept at all nothing is
    grouped: one group of everything would be the total under a second name, and the list would say nothing.
    """
    children: dict[str, list[str]] = defaultdict(list)
    for code in codelist.codes.values():
        if code.code not in NEVER_GROUPED:
            children[code.parent].append(code.code)
    kept = {code for code in codelist.codes if largest.get(code, 0) >= threshold}
    found = dict(_groups_below(TOTAL, children, kept, smallest)) if kept & set(children[TOTAL]) else {}
    return {group: tuple(_reportable(nodes, children)) for group, nodes in found.items()}


def _groups_below(
    parent: str, children: Mapping[str, list[str]], kept: set[str], smallest: int
) -> Iterator[tuple[str, list[str]]]:
    """Each group and the nodes in it; below a node that is in a group there is none."""
    nodes = children.get(parent, [])
    small = [node for node in nodes if node not in kept]
    if small and small == nodes:
        yield parent, nodes
        return
    if len(small) >= smallest:
        yield f"{parent}+", small
        nodes = [node for node in nodes if node in kept]
    for node in nodes:
        yield from _groups_below(node, children, kept, smallest)


def _reportable(nodes: Iterable[str], children: Mapping[str, list[str]]) -> Iterator[str]:
    for node in nodes:
        below = children.get(node, [])
        yield from _reportable(below, children) if below else (node,)


def period_levels(
    table: PlannedTable,
    dataset: Dataset,
    merged: Mapping[str, Groups],
    threshold: int,
    shown_share: float,
    reference_dir: Path,
) -> tuple[str, ...]:
    """The levels of periods that are published of a table, finest first; () leaves the total only.

    The finest calendar level goes as long as too few persons stand in counts that reach the threshold and a coarser
    one is planned. Five years take the place of the year, and go where they would be the total under a second name.
    """
    planned = _planned_levels(table)
    calendar = [level for level in planned if level != periods.REPORT_YEAR]
    while len(calendar) > 1:
        if _share(table, calendar[0], dataset, merged, threshold, reference_dir) >= shown_share:
            break
        del calendar[0]
    gone = set(planned) - {*calendar, periods.REPORT_YEAR}
    if periods.YEAR in calendar or _one_block(dataset):
        gone.add(periods.FIVE_YEARS)
    if periods.YEAR in gone:
        gone.add(periods.REPORT_YEAR)
    return tuple(level for level in planned if level not in gone)


def _planned_levels(table: PlannedTable) -> tuple[str, ...]:
    planned = table.levels.get(PERIOD, periods.LEVELS)
    return tuple(level for level in periods.LEVELS if level in planned)


def _one_block(dataset: Dataset) -> bool:
    return len({periods.five_years_of(periods.year_of(one.period)) for one in dataset.observations}) <= 1


def _share(
    table: PlannedTable,
    level: str,
    dataset: Dataset,
    merged: Mapping[str, Groups],
    threshold: int,
    reference_dir: Path,
) -> float:
    """The share of persons in counts that reach the threshold, by period, population and theme."""
    population = _population(dataset.structure)
    paths = {name: _dimension_paths(table, name, merged, reference_dir) for name in table.theme}
    places = {name: dataset.structure.position(name) for name in table.theme}
    counts: Counter[tuple[CodePath, ...]] = Counter()
    for one in dataset.observations:
        theme = tuple(paths[name][one.codes[place]][0] for name, place in places.items())
        counts[periods.at_levels(one.period, (level,)), population(one), theme] += one.value or 0
    everybody = counts.total()
    return sum(count for count in counts.values() if count >= threshold) / everybody if everybody else 1.0


def _population(structure: Structure) -> Callable[[Observation], CodePath]:
    """The codes of an observation that can't be added up with others: its status, stage or type."""
    places = [place for place, dimension in enumerate(structure.dimensions) if not dimension.total]
    return lambda observation: tuple(observation.codes[place] for place in places)


def _acyclic(tables: Sequence[PlannedTable], levels: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """Levels under which the tables still form no cycle.

    Where only one table loses its years, a cycle can close through those that keep them. Then the tables of the
    cycle, and if that is not enough all of them, take the coarsest levels among them: the plan has no cycle, and
    taking the same levels from every table makes none.
    """
    found = _cycle(tables, levels)
    if found:
        levels = _levelled([table for table in tables if table.name in found], levels)
    return _levelled(tables, levels) if _cycle(tables, levels) else levels


def _joined(tables: Sequence[PlannedTable], levels: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """Five years in every table as soon as one table has only them: a reader adds up the years of the others anyway,
    and tables are protected together where they share cells."""
    if not any(periods.FIVE_YEARS in found and periods.YEAR not in found for found in levels.values()):
        return levels
    return {
        table.name: tuple(
            level
            for level in _planned_levels(table)
            if level in levels[table.name] or (level == periods.FIVE_YEARS and periods.YEAR in levels[table.name])
        )
        for table in tables
    }


def _levelled(tables: Sequence[PlannedTable], levels: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    coarsest = max((levels[table.name] for table in tables), key=_coarseness)
    common = tuple(level for level in coarsest if all(level in _planned_levels(table) for table in tables))
    return {**levels, **{table.name: common for table in tables}}


def _coarseness(levels: tuple[str, ...]) -> int:
    return min((periods.LEVELS.index(level) for level in levels), default=len(periods.LEVELS))


def _cycle(tables: Sequence[PlannedTable], levels: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return cycle([replace(one, levels={**one.levels, PERIOD: levels[one.name]}) for one in tables])


def classify(
    table: PlannedTable,
    dataset: Dataset,
    shown_periods: tuple[str, ...],
    merged: Mapping[str, Groups],
    reference_dir: Path,
) -> dict[str, dict[str, CodePath]]:
    """By dimension and reported code, the codes under which the table counts it.

    Periods are those of the dataset; of every other dimension all reportable codes are there, so that the list
    does not tell who was counted.
    """
    reported = sorted({observation.period for observation in dataset.observations})
    return {
        PERIOD: {period: (*periods.at_levels(period, shown_periods), TOTAL) for period in reported},
        **{name: _dimension_paths(table, name, merged, reference_dir) for name in table.dimensions if name != PERIOD},
    }


def _dimension_paths(
    table: PlannedTable, name: str, merged: Mapping[str, Groups], reference_dir: Path
) -> dict[str, CodePath]:
    dimension = table.structure.dimension(name)
    codelist = dimension.codelist(reference_dir)
    group_of = {code: group for group, members in merged.get(name, {}).items() for code in members}
    shown = frozenset(table.levels.get(name, [code.level for code in codelist.codes.values()]))
    total = (TOTAL,) if dimension.total else ()
    return {code: (*_path(code, group_of.get(code), codelist, shown), *total) for code in codelist.reportable}


def _path(code: str, group: str | None, codelist: Codelist, shown: frozenset[str]) -> CodePath:
    """As `Codelist.at_levels`, with the group in the place of everything it took with it, at each of their levels."""
    if group is None:
        return codelist.at_levels(code, shown)
    above = codelist.ancestors(_parent(group, codelist))
    taken = [step for step in codelist.ancestors(code) if step not in above]
    if group in codelist:
        taken.append(group)
        above = above[1:]
    here = (group,) if shown & {codelist.codes[step].level for step in taken} else ()
    return (*here, *(step for step in above if codelist.codes[step].level in shown)) or (group,)


def _parent(group: str, codelist: Codelist) -> str:
    return group if group in codelist else group.removesuffix("+")
