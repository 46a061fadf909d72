"""What the words of a table mean: its structure, its dimensions, every code that has a definition."""

from dashboard.datasets import STRUCTURES
from dashboard.published_tables import PublishedTable
from dashboard.views.groups import members_named, order
from dashboard.views.published import Published

LONGEST = 40
"""Country lists explain themselves; more codes than this are not spelled out."""


def definitions(table: PublishedTable, published: Published) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Groups of (term, definition): first the structure, then one group a dimension."""
    structure = STRUCTURES[table.structure]
    groups: list[tuple[str, tuple[tuple[str, str], ...]]] = [
        (structure.label, ((structure.label, structure.definition),))
    ]
    for name in table.dimensions[1:]:
        defined = (*_codes(table, name, published), *_groups(table, name, published))
        if defined:
            groups.append((structure.dimension(name).label, defined))
    return tuple(groups)


def _codes(table: PublishedTable, dimension: str, published: Published) -> tuple[tuple[str, str], ...]:
    codes = published.codelist(table, dimension).codes.values()
    return tuple((code.label, code.definition) for code in codes if code.definition) if len(codes) <= LONGEST else ()


def _groups(table: PublishedTable, dimension: str, published: Published) -> tuple[tuple[str, str], ...]:
    """Every group of codes with all that it holds: the note under a table names a few of them only."""
    codelist = published.codelist(table, dimension)
    held = sorted(table.groups.get(dimension, {}), key=lambda group: order(group, codelist))
    return tuple(
        (published.label(table, dimension, group), members_named(table, dimension, group, codelist, LONGEST))
        for group in held
    )
