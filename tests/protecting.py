"""Generated releases and histories, protected: what the tests of the protector look at."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
from tests import releases
from tests.releases import TOTAL, Cadence, Population

from dashboard.disclosure import secondary
from dashboard.disclosure.editions import Contributor, Edition, Key, LinkedTable, Witness
from dashboard.disclosure.secondary import Protected

Description = frozenset[tuple[str, str]]
"""A cell by its codes without totals: the same in every table that has it."""


def protected(
    history: Sequence[Edition], threshold: int, contributors: Sequence[Contributor] = ()
) -> tuple[Edition, Protected]:
    """The last edition with what is withheld in it, and the proof."""
    found = secondary.protect(history, threshold, contributors=contributors)
    return replace(history[-1], withheld=found.withheld, threshold=threshold), found


@cache
def release(size: str, seed: int) -> tuple[Edition, Protected]:
    """One generated release, protected with k = 5. Made once for all tests."""
    return protected([releases.release(size, seed)], 5)


def successive(
    population: Population, seed: int, editions: int, cadence: Cadence, threshold: int = 5
) -> tuple[list[Edition], list[Protected]]:
    """A history, each edition protected together with those before it, which stay as they are."""
    history: list[Edition] = []
    found = []
    for tables in releases.successive(population, seed, editions, cadence=cadence):
        edition, proof = protected([*history, Edition(tables)], threshold)
        history.append(edition)
        found.append(proof)
    return history, found


@cache
def history(cadence: Cadence, seed: int) -> tuple[tuple[Edition, ...], tuple[Witness, ...]]:
    """Three editions of a generated release, and the witnesses of the last. Made once for all tests."""
    made, proofs = successive(releases.hub_population(60, seed), seed, 3, cadence)
    return tuple(made), proofs[-1].witnesses


def supplied(population: Population, seed: int, share: float) -> Contributor:
    """An organisation that supplied each person with this chance."""
    chance = np.random.default_rng((6, seed))
    own = {leaf: int(chance.binomial(count, share)) for leaf, count in population.counts.items()}
    tables = replace(population, counts=own).publish()
    return Contributor("agency", {name: +Counter(table.counts) for name, table in tables.items()})


def description(table: LinkedTable, cell: Key) -> Description:
    """What a cell is called in every table."""
    return frozenset((name, code) for name, code in zip(table.dimensions, cell, strict=True) if code != TOTAL)


def all_cells(table: LinkedTable) -> list[Key]:
    """Every cell of a table, zeros too."""
    return list(product(*({c: None for path in table.paths[name].values() for c in path} for name in table.dimensions)))


def atoms(table: LinkedTable) -> Mapping[tuple[str, str], frozenset[str]]:
    """For each dimension and code the atoms behind it."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for name in table.dimensions:
        for atom, path in table.paths[name].items():
            for code in path:
                found[name, code].add(atom)
    return {code: frozenset(behind) for code, behind in found.items()}
