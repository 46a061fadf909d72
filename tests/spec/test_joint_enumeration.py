"""Tiny data, all joint tables: what checker and audit say about tables is true of the people in them.

A plan whose tables share a hub (year and form) and have one theme each is acyclic: what holds on its tables holds
on the joint table. Here that is tried on data so small that every joint table can be gone through. The threshold
is 3. `protected` is a protection by chance: shares of the cells are withheld, small ones always.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from tests import protecting, releases
from tests.spec.joint_tables import Cell, JointTables, all_cells

from dashboard.disclosure.audit import intervals
from dashboard.disclosure.checker import Reason, check
from dashboard.disclosure.editions import Edition, Key, LinkedTable, Target, Witness
from dashboard.errors import DashboardError

T = "_T"
K = 3
Paths = Mapping[str, tuple[str, ...]]
ATOMS: Mapping[str, Paths] = {
    "year": {"2023": ("2023", T), "2024": ("2024", T)},
    "form": {"LABOUR": ("LABOUR", T), "SEXUAL": ("SEXUAL", T)},
    "nationality": {"BGD": ("BGD", "SOUTH", T), "IND": ("IND", "SOUTH", T), "PHL": ("PHL", "EAST", T)},
    "sector": {"DOMESTIC": ("DOMESTIC", T), "BUILDING": ("BUILDING", T)},
}
HUB = (("year", "form"), ("year", "form", "nationality"), ("year", "form", "sector"))
RING = (("nationality", "sector"), ("nationality", "form"), ("sector", "form"))


def drawn(seed: int, editions: int, persons: int, plan: Sequence[tuple[str, ...]] = HUB) -> list[Edition]:
    """Some persons, protected by chance; from edition to edition one may go and others come."""
    chance = np.random.default_rng((seed, editions))
    share = chance.choice((0.3, 0.6))
    people: list[Mapping[str, str]] = []
    history = []
    for _ in range(editions):
        people = people[chance.integers(2) :]
        people += [
            {name: list(paths)[chance.integers(len(paths))] for name, paths in ATOMS.items()}
            for _ in range(persons if not history else chance.integers(4))
        ]
        tables = {" ".join(names): counted(names, people) for names in plan}
        history.append(protected(tables, chance, share))
    return history


def counted(dimensions: tuple[str, ...], people: Sequence[Mapping[str, str]]) -> LinkedTable:
    counts = Counter(tuple(person[name] for name in dimensions) for person in people)
    return LinkedTable(" ".join(dimensions), dimensions, {name: ATOMS[name] for name in dimensions}, counts)


def protected(tables: Mapping[str, LinkedTable], chance: np.random.Generator, share: float) -> Edition:
    """Withhold cells: small ones, and others by chance; a cell that two tables share in both."""
    secret = {
        shared(table, cell): 0 < count(table, cell) < K or chance.random() < share
        for table in tables.values()
        for cell in all_cells(table)
    }
    return Edition(
        tables,
        {
            name: frozenset(cell for cell in all_cells(table) if secret[shared(table, cell)])
            for name, table in tables.items()
        },
    )


def count(table: LinkedTable, cell: Key) -> int:
    paths = [table.paths[name] for name in table.dimensions]
    return sum(
        number
        for leaf, number in table.counts.items()
        if all(code in path[atom] for code, path, atom in zip(cell, paths, leaf, strict=True))
    )


def shared(table: LinkedTable, cell: Key) -> frozenset[tuple[str, str]]:
    return frozenset((name, code) for name, code in zip(table.dimensions, cell, strict=True) if code != T)


def together(edition: Edition, dimension: str) -> Edition:
    """The edition with all codes of a dimension as one, which is withheld where the total is."""
    tables = {
        name: replace(table, paths={**table.paths, dimension: dict.fromkeys(table.paths[dimension], ("ALL", T))})
        for name, table in edition.tables.items()
    }
    place = HUB[0].index(dimension)
    withheld = {
        name: frozenset(
            cell for cell in all_cells(table) if (*cell[:place], T, *cell[place + 1 :]) in edition.withheld[name]
        )
        for name, table in tables.items()
    }
    return Edition(tables, withheld)


def small(history: Sequence[Edition]) -> list[Cell]:
    """The small cells of the last edition."""
    return [
        (len(history) - 1, name, cell)
        for name, table in history[-1].tables.items()
        for cell in all_cells(table)
        if 0 < count(table, cell) < K
    ]


# All joint tables -------------------------------------------------------------------------------


def test_joint_tables_of_two_figures_by_hand() -> None:
    """Three persons, two years, only the total shown: each year may have all of them."""
    table = LinkedTable("year", ("year",), {"year": ATOMS["year"]}, {("2023",): 1, ("2024",): 2})
    joint = JointTables([Edition({"year": table}, {"year": frozenset({("2023",), ("2024",)})})])
    assert joint.largest((0, "year", ("2023",)), (0, "year", (T,))) == [3, 3]
    assert joint.smallest((0, "year", ("2023",)), (0, "year", (T,))) == [0, 3]
    assert joint.extremes([[((0, "year", ("2023",)), 1)]]) == [
        (3, {(0, "year", ("2023",)): 2, (0, "year", ("2024",)): -2})
    ]


def test_a_ring_of_tables_tells_more_than_each_pair_of_them() -> None:
    """Negative control: on a cyclic plan the audit, which looks at tables, is wrong about joint tables."""
    wrong = 0
    for seed in range(60):
        history = drawn(seed, 1, 8, RING)
        audited = {(0, item.table, item.cell): item.upper for item in intervals(history, K)}
        largest = JointTables(history).largest(*audited)
        wrong += sum(audited[cell] != count for cell, count in zip(audited, largest, strict=True))
    assert wrong > 0


@pytest.mark.parametrize("first", range(0, 300, 100))
def test_what_the_audit_says_of_tables_is_true_of_joint_tables(first: int) -> None:
    for seed in range(first, first + 100):
        history = drawn(seed, 1, 2 + seed % 7)
        audited = {(0, item.table, item.cell): (item.lower, item.upper) for item in intervals(history, K)}
        joint = JointTables(history)
        truth = zip(joint.smallest(*audited), joint.largest(*audited), strict=True)
        for (cell, (lower, upper)), (smallest, largest) in zip(audited.items(), truth, strict=True):
            # Nothing limits a count without an upper limit but what the enumeration was told.
            assert upper is None or (lower, upper) == (smallest, largest), (seed, cell)


def test_no_interval_of_two_editions_is_narrower_than_the_truth() -> None:
    """Whole counts can tell more than a linear program knows, so an interval may be wider."""
    for seed in range(40):
        history = drawn(seed, 2, 6)
        audited = {(1, i.table, i.cell): (i.lower, i.upper) for i in intervals(history, K) if i.since is None}
        joint = JointTables(history)
        truth = zip(joint.smallest(*audited), joint.largest(*audited), strict=True)
        for (lower, upper), (smallest, largest) in zip(audited.values(), truth, strict=True):
            assert lower is not None
            assert lower <= smallest
            assert upper is None or upper >= largest


# The checker ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("editions", "persons", "seeds"), [(1, 8, 40), (2, 6, 25), (3, 4, 10)])
def test_the_checker_accepts_every_joint_history_as_a_witness(editions: int, persons: int, seeds: int) -> None:
    for seed in range(seeds):
        history = drawn(seed, editions, persons)
        cells = small(history)
        found = JointTables(history).extremes([[(cell, 1)] for cell in cells])
        witnesses = [
            Witness(change, (Target(cell[1], cell[2]),) if largest >= K else ())
            for cell, (largest, change) in zip(cells, found, strict=True)
        ]
        proved = {target for witness in witnesses for target in witness.targets}
        for breach in check(history, K, witnesses):
            assert breach.reason in {Reason.NO_WITNESS, Reason.CHANGE_SHOWN}
            assert breach.target not in proved


@pytest.mark.parametrize("dimension", ["year", "form"])
def test_an_edition_with_fewer_codes_does_not_loosen_what_an_earlier_one_told(dimension: str) -> None:
    """What two tables of an edition agree on follows from the people, not from the codes that it shows."""
    for seed in range(30):
        before, now = drawn(seed, 2, 5)
        history = [before, together(now, dimension)]
        audited = {(1, i.table, i.cell): i.upper for i in intervals(history, K) if i.since is None}
        largest = JointTables(history).largest(*audited)
        for upper, most in zip(audited.values(), largest, strict=True):
            assert upper is None or upper == most, seed


# The protector ----------------------------------------------------------------------------------


def small_changes(history: Sequence[Edition]) -> list[tuple[tuple[Cell, Cell], int]]:
    """Cells that changed by 1 or 2 since the edition before, now and then, with the sign of the change."""
    last = len(history) - 1
    found = []
    for name, table in history[-1].tables.items():
        for cell in all_cells(table):
            change = count(table, cell) - count(history[-2].tables[name], cell)
            if 0 < abs(change) < K:
                found.append((((last, name, cell), (last - 1, name, cell)), 1 if change > 0 else -1))
    return found


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_every_small_count_that_was_protected_may_be_large_in_a_joint_table(first: int) -> None:
    """I1 in the people, not in the tables."""
    for seed in range(first, first + 50):
        edition, _ = protecting.protected([releases.tiny(seed)], K)
        cells = small([edition])
        assert all(largest >= K for largest in JointTables([edition]).largest(*cells)), seed


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_every_small_count_and_change_of_two_publications_may_be_large_in_joint_tables(first: int) -> None:
    """I3 in the people. A history is refused only where it would help nothing to withhold every number."""
    proved = 0
    for seed in range(first, first + 20):
        before, now = (Edition(edition.tables) for edition in drawn(seed, 2, 6))
        history = [protecting.protected([before], K)[0]]
        try:
            history.append(protecting.protected([*history, now], K)[0])
        except DashboardError:
            history.append(replace(now, withheld={name: frozenset(all_cells(t)) for name, t in now.tables.items()}))
            assert min(largest_small(history)) < K, seed
        else:
            assert min(largest_small(history), default=K) >= K, seed
            proved += len(small_changes(history))
    assert proved > 0


def largest_small(history: Sequence[Edition]) -> list[int]:
    """How large each small count, and each small change, may be in a joint history."""
    counts = [[(cell, 1)] for cell in small(history)]
    changes = [[(now, sign), (then, -sign)] for (now, then), sign in small_changes(history)]
    return JointTables(history).largest_sums([*counts, *changes]) if counts or changes else []


def test_joint_tables_see_through_a_protector_that_withholds_small_counts_alone() -> None:
    """Negative control."""
    known = 0
    for seed in range(40):
        edition, found = protecting.protected([releases.tiny(seed)], K)
        careless = replace(edition, withheld=found.primary)
        known += sum(largest < K for largest in JointTables([careless]).largest(*small([careless])))
    assert known > 0
