"""From a release's datasets to protected tables, under one plan and one policy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from dashboard.datasets import Dataset
from dashboard.disclosure import primary
from dashboard.disclosure.plan import Plan
from dashboard.disclosure.policy import DisclosurePolicy
from dashboard.disclosure.primary import ConfidentialityStatus, ProtectedTable
from dashboard.disclosure.tabulation import tabulate

NO_PROTECTION = 1

Progress: TypeAlias = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Protection:
    """Protected tables, and whether a withheld count is also safe against subtraction.

    margins_protected stays False as long as each table is only suppressed cell by cell: secondary
    suppression over all tables at once goes between `primary.suppress` and this result, and is what
    makes it True. Screens warn while it is False.
    """

    circulation: str
    policy: DisclosurePolicy
    tables: tuple[ProtectedTable, ...]
    margins_protected: bool = False


def protect(
    datasets: Mapping[str, Dataset],
    plan: Plan,
    policy: DisclosurePolicy,
    circulation: str,
    reference_dir: Path,
    progress: Progress = lambda _name, _done, _all: None,
) -> Protection:
    """Tabulate and protect every planned table for which there is a dataset (by structure name)."""
    wanted = [table for table in plan.tables.values() if table.structure.name in datasets]
    protected = []
    for done, table in enumerate(wanted):
        progress(table.name, done, len(wanted))
        threshold = (
            policy.threshold(circulation, table.structure.name) if table.structure.confidential else NO_PROTECTION
        )
        tabulation = tabulate(table, datasets[table.structure.name], reference_dir)
        protected.append(primary.suppress(tabulation, threshold))
    return Protection(circulation, policy, tuple(protected))


@dataclass(frozen=True, slots=True)
class TableLoss:
    """What a reader of one protected table gets: cells shown and withheld, zeros not counted."""

    name: str
    shown: int
    withheld: int


def losses(protection: Protection) -> tuple[TableLoss, ...]:
    """Per table, how many cells are shown and withheld."""
    result = []
    for table in protection.tables:
        free = sum(status is ConfidentialityStatus.FREE for status in table.statuses.values())
        result.append(TableLoss(table.table.name, free, len(table.statuses) - free))
    return tuple(result)
