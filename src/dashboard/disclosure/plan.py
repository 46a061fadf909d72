"""The publication plan: the fixed set of tables that may be published, and nothing beside them.

A table lists its dimensions; every sum over them (margins and hierarchy steps) belongs to it. The
plan is `data/reference/publication_plan.toml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.datasets import STRUCTURES, Structure, periods
from dashboard.datasets.reference_files import read_settings
from dashboard.errors import ConfigurationError

PERIOD = "period"
MAX_DIMENSIONS = 7
"""A published cell has room for so many codes; a test holds this to the database."""


@dataclass(frozen=True, slots=True)
class PlannedTable:
    """One table of the plan.

    dimensions begin with the period. levels names the hierarchy levels that are shown, where the
    plan shows fewer than all.
    """

    name: str
    structure: Structure
    dimensions: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]


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
    return Plan(str(content.get("version", "")), {table.name: table for table in tables})


def _planned_table(entry: Mapping[str, Any], reference_dir: Path) -> PlannedTable:
    name = str(entry.get("name", "(no name)"))
    structure = STRUCTURES.get(str(entry.get("structure")))
    if structure is None:
        raise ConfigurationError(f"Table {name} of the plan: structure must be one of {', '.join(STRUCTURES)}.")
    dimensions = tuple(entry.get("dimensions", ()))
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
    levels = {dimension: tuple(names) for dimension, names in entry.get("levels", {}).items()}
    for dimension, chosen in levels.items():
        if dimension not in dimensions:
            raise ConfigurationError(f"Table {name} of the plan: levels names {dimension}. Add it to dimensions.")
        # A level that does not exist would show every code as it is reported: finer than was planned.
        known = _levels(structure, dimension, reference_dir)
        strangers = set(chosen) - known
        if strangers:
            raise ConfigurationError(
                f"Table {name} of the plan: {dimension} has no level {sorted(strangers)[0]}. "
                f"Choose among {', '.join(sorted(known))}."
            )
    return PlannedTable(name, structure, dimensions, levels)


def _levels(structure: Structure, dimension: str, reference_dir: Path) -> frozenset[str]:
    if dimension == PERIOD:
        return frozenset(periods.LEVELS)
    codes = structure.dimension(dimension).codelist(reference_dir).codes.values()
    return frozenset(code.level for code in codes)
