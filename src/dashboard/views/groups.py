"""Groups: codes that are too few to be shown by themselves and stand together under one code.

`M49_034+` holds those of Southern Asia that are not shown by themselves, `M49_034` all of them where none is,
`_T+` all that have no place else. Which of its members have any is not said anywhere, so every sentence here
speaks of all of them.
"""

from dashboard.datasets import STRUCTURES, TOTAL, Codelist
from dashboard.published_tables import PublishedTable

MOST_NAMED = 6


def parent_of(group: str) -> str:
    """The code whose rest a group is, or which it is as a whole: a sub-region, a country with places, or TOTAL."""
    return group.removesuffix("+")


def plural(label: str) -> str:
    """The name of a dimension for several of its codes: `nationalities`, `forms of exploitation`."""
    head, of, tail = label.lower().partition(" of ")
    if head.endswith("y"):
        return f"{head[:-1]}ies{of}{tail}"
    return f"{head}{'es' if head.endswith(('s', 'x')) else 's'}{of}{tail}"


def group_label(table: PublishedTable, dimension: str, group: str, codelist: Codelist) -> str:
    """`Other Southern Asia (7)`, `Southern Asia (all 9)`, `Other nationalities (196)`: how many codes it holds."""
    whole = "all " if group in codelist else ""
    return f"{_name(table, dimension, group, codelist)} ({whole}{len(table.members(dimension, group))})"


def group_note(table: PublishedTable, dimension: str, group: str, codelist: Codelist) -> str:
    """`Other Southern Asia: Bhutan, Iran, Maldives and 4 more together; by themselves they have too few, or none.`"""
    return f"{_name(table, dimension, group, codelist)}: {members_named(table, dimension, group, codelist)}"


def members_named(table: PublishedTable, dimension: str, group: str, codelist: Codelist, most: int = MOST_NAMED) -> str:
    """What a group holds, with so many names at most, whether they have any or not."""
    labels = [codelist.label(code) for code in table.members(dimension, group)]
    named = labels if len(labels) <= most + 1 else [*labels[:most], f"{len(labels) - most} more"]
    listed = " and ".join([", ".join(named[:-1]), named[-1]]) if len(named) > 1 else "".join(named)
    return f"{listed} together; by themselves they have too few, or none."


def order(group: str, codelist: Codelist) -> tuple[bool, tuple[int, int]]:
    """Sort key: groups in the order of their parents, the rest of the whole list last."""
    return parent_of(group) == TOTAL, codelist.order(parent_of(group))


def at_level(table: PublishedTable, dimension: str, group: str, codelist: Codelist, level: str) -> bool:
    """Whether a group belongs among the codes of a level. The rest of the whole list belongs to every level."""
    if parent_of(group) == TOTAL:
        return True
    codes = (group, *table.members(dimension, group))
    return any(codelist.codes[code].level == level for code in codes if code in codelist)


def _name(table: PublishedTable, dimension: str, group: str, codelist: Codelist) -> str:
    if group in codelist:
        return codelist.label(group)
    parent = parent_of(group)
    if parent == TOTAL:
        return f"Other {plural(STRUCTURES[table.structure].dimension(dimension).label)}"
    return f"Other {codelist.label(parent)}"
