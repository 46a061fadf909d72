"""Editions: what a reader can put side by side, and the proof that no small count follows from it.

An edition is one publication of one structure: its tables, their true counts, and which cells are withheld.
Editions stand in the order of publication; the last is the one being made. This module holds the plain
values that the protector fills and the checker reads; the two share nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Key: TypeAlias = tuple[str, ...]
"""One code for each dimension of a table, in its order: of a leaf the atoms, of a cell published codes."""


@dataclass(frozen=True, slots=True)
class LinkedTable:
    """One table of an edition, with its true counts. Left of the wall.

    paths says for each dimension where an atom (a finest code that some edition tells apart) is counted:
    its codes in this edition, finest first, the total last where the dimension has one. The cells of the
    table are the products of these paths. counts holds the persons of each leaf (a combination of atoms);
    zeros are left out. uncertain are leaves to which a source gave a number that it withheld itself.
    published is False for a table that this edition does not publish at all: none of its cells is shown.
    """

    name: str
    dimensions: tuple[str, ...]
    paths: Mapping[str, Mapping[str, tuple[str, ...]]]
    counts: Mapping[Key, int]
    uncertain: frozenset[Key] = frozenset()
    published: bool = True


@dataclass(frozen=True, slots=True)
class Edition:
    """The tables of one structure in one publication, by name, and the withheld cells of each.

    Every other cell of a published table is shown with its true count, zeros too. All editions of one
    history hold the same tables, with the same atoms in the same dimensions. threshold is the one it was
    protected under: what readers learnt under a lower one can't be taken back, so a count that has not
    changed since is protected up to the lower one only.
    """

    tables: Mapping[str, LinkedTable]
    withheld: Mapping[str, frozenset[Key]] = field(default_factory=dict)
    threshold: int = 0


@dataclass(frozen=True, slots=True)
class Contributor:
    """An organisation that knows its own records: the counts it supplied itself, by table and leaf.

    `complete` names, by table, the leaves of which the organisation knows that there are no other records
    (a mission knows all of its own nationals).
    """

    name: str
    counts: Mapping[str, Mapping[Key, int]]
    complete: Mapping[str, frozenset[Key]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """A small count that must not become known: of a cell in the last edition or an earlier one, or of its change.

    cell is a cell or a leaf of the table. since is the place of the earlier edition a change is counted from, was that
    of the earlier edition whose own count is meant; both are None for the count in the last. contributor is the name
    of the reader who subtracts own records, or "" for a reader who has none.
    """

    table: str
    cell: Key
    since: int | None = None
    contributor: str = ""
    was: int | None = None


Change: TypeAlias = Mapping[tuple[int, str, Key], int]
"""What makes another possible history out of the true one: by edition, table and leaf, the persons added."""


@dataclass(frozen=True, slots=True)
class Witness:
    """Another possible history, and the targets that are not small in it.

    It agrees with every number shown in any edition; leaves whose count did not change between two editions
    do not change in it either.
    """

    change: Change
    targets: tuple[Target, ...]
