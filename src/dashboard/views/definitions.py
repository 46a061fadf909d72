"""What the words of a table mean: its structure, its dimensions, every code that has a definition."""

from dashboard.datasets import STRUCTURES
from dashboard.published_tables import PublishedTable
from dashboard.views.published import Published

LONGEST = 40
"""Country lists explain themselves; a dimension with more codes than this is not spelled out."""


def definitions(table: PublishedTable, published: Published) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Groups of (term, definition): first the structure, then one group a dimension."""
    structure = STRUCTURES[table.structure]
    groups: list[tuple[str, tuple[tuple[str, str], ...]]] = [
        (structure.label, ((structure.label, structure.definition),))
    ]
    for name in table.dimensions[1:]:
        codes = published.codelist(table, name).codes.values()
        defined = tuple((code.label, code.definition) for code in codes if code.definition)
        if defined and len(codes) <= LONGEST:
            groups.append((structure.dimension(name).label, defined))
    return tuple(groups)
