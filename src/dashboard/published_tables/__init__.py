"""Right of the wall: publications and their cells, for reading only."""

from dashboard.published_tables.model import (
    PERIOD,
    Circulation,
    CoverageEntry,
    Publication,
    PublishedCell,
    PublishedTable,
    ReturnStatus,
)
from dashboard.published_tables.store import (
    cell_counts,
    codes_in,
    coverage,
    current,
    find,
    observations,
    publication_list,
    tables,
    withdrawn,
)

__all__ = [
    "PERIOD",
    "Circulation",
    "CoverageEntry",
    "Publication",
    "PublishedCell",
    "PublishedTable",
    "ReturnStatus",
    "cell_counts",
    "codes_in",
    "coverage",
    "current",
    "find",
    "observations",
    "publication_list",
    "tables",
    "withdrawn",
]
