"""The publication plan: the fixed set of tables that may be published, and nothing beside them.

A table lists its dimensions; every sum over them (margins and hierarchy steps) belongs to it. The
plan is `data/reference/publication_plan.toml`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dashboard.datasets import STRUCTURES, Structure, periods
from dashboard.datasets.reference_files import read_settings
from dashboard.disclosure.acyclicity import require_acyclic
from dashboard.errors import ConfigurationError

PERIOD = "period"
FORM = "form_of_exploitation"
MAX_DIMENSIONS = 7
"""A published cell has room for so many codes; a test holds this to the database."""


@dataclass(frozen=True, slots=True)
class PlannedTable:
    """One table of the plan.

    dimensions begin with the period. levels names the hierarchy levels that are shown, where the
    plan shows fewer than all. theme names the dimensions whose codes the table is about: whether its
    years are too sparse to be published is judged on them. Empty: on the populations alone.
    """

    name: str
    structure: Structure
    dimensions: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]
    theme: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """All planned tables by name, with the version of the file."""

    version: str
    tables: Mapping[str, PlannedTable]


def load_plan(reference_dir: Path) -> Plan:
    """Read and check the plan file. Raises ConfigurationError naming the table and the mend."""
    file = reference_dir / "publication_plan.toml"
    content = read_settings(file)
    tables = [_planned_table(entry, reference_dir) for entry in content.get("tables", [])]
    if len({table.name for table in tables}) != len(tables):
        raise ConfigurationError(f"{file.name} has two tables of one name. Rename one of them.")
    _require_acyclic(tables, reference_dir)
    return Plan(str(content.get("version", "")), {table.name: table for table in tables})


def _require_acyclic(tables: Iterable[PlannedTable], reference_dir: Path) -> None:
    """Each confidential structure apart: persons of one are not in the tables of another."""
    for structure in STRUCTURES.values():
        if structure.confidential:
            require_acyclic([_with_all_levels(one, reference_dir) for one in tables if one.structure is structure])


def _with_all_levels(table: PlannedTable, reference_dir: Path) -> PlannedTable:
    known = {name: tuple(sorted(_levels(table.structure, name, reference_dir))) for name in table.dimensions}
    return replace(table, levels={**known, **table.levels})


def _planned_table(entry: Mapping[str, Any], reference_dir: Path) -> PlannedTable:
    name = str(entry.get("name", "(no name)"))
    structure = STRUCTURES.get(str(entry.get("structure")))
    if structure is None:
        raise ConfigurationError(f"Table {name} of the plan: structure must be one of {', '.join(STRUCTURES)}.")
    dimensions = tuple(entry.get("dimensions", ()))
    _check_dimensions(name, structure, dimensions)
    table = PlannedTable(name, structure, dimensions, {})
    return replace(table, levels=_shown_levels(table, entry, reference_dir), theme=_theme(table, entry))


def _check_dimensions(name: str, structure: Structure, dimensions: tuple[str, ...]) -> None:
    if not dimensions or dimensions[0] != PERIOD:
        raise ConfigurationError(f'Table {name} of the plan: its first dimension must be "{PERIOD}".')
    if len(dimensions) > MAX_DIMENSIONS:
        raise ConfigurationError(
            f"Table {name} of the plan has more than {MAX_DIMENSIONS} dimensions. Split it in two."
        )
    for dimension in dimensions[1:]:
        structure.dimension(dimension)
    unset = [item.name for item in structure.dimensions if not item.total and item.name not in dimensions]
    if unset:
        raise ConfigurationError(
            f"Table {name} of the plan leaves out {unset[0]}, whose codes can't be added up. Add it to dimensions."
        )


def _shown_levels(table: PlannedTable, entry: Mapping[str, Any], reference_dir: Path) -> dict[str, tuple[str, ...]]:
    levels = {dimension: tuple(names) for dimension, names in entry.get("levels", {}).items()}
    for dimension, chosen in levels.items():
        if dimension not in table.dimensions:
            raise ConfigurationError(f"Table {table.name} of the plan: levels names {dimension}. Add it to dimensions.")
        # A level that does not exist would show every code as it is reported: finer than was planned.
        known = _levels(table.structure, dimension, reference_dir)
        strangers = set(chosen) - known
        if strangers:
            raise ConfigurationError(
                f"Table {table.name} of the plan: {dimension} has no level {sorted(strangers)[0]}. "
                f"Choose among {', '.join(sorted(known))}."
            )
    return levels


def _theme(table: PlannedTable, entry: Mapping[str, Any]) -> tuple[str, ...]:
    """As the plan says it; else every dimension but the period, the form, populations and what is derived."""
    possible = [item.name for item in table.structure.dimensions if item.total and item.name in table.dimensions]
    named = tuple(entry.get("theme", [name for name in possible if name != FORM]))
    strangers = [name for name in named if name not in possible]
    if strangers:
        raise ConfigurationError(
            f"Table {table.name} of the plan: theme names {strangers[0]}. "
            f"Choose among its dimensions {', '.join(possible)}."
        )
    return named


def _levels(structure: Structure, dimension: str, reference_dir: Path) -> frozenset[str]:
    if dimension == PERIOD:
        return frozenset(periods.LEVELS)
    codes = structure.dimension(dimension).codelist(reference_dir).codes.values()
    return frozenset(code.level for code in codes)
