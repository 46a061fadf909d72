"""The protector keeps what DISCLOSURE promises, on generated releases and histories, and its faults are found.

I0 to I6 are the invariants of the disclosure page. The threshold is 5.
"""

import os
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import protecting, releases
from tests.optimum import is_protected, optimum, usual_cost
from tests.protecting import all_cells, atoms, description, protected
from tests.releases import TOTAL, Cadence, non_zero_cells, table_cells

from dashboard.disclosure.audit import intervals
from dashboard.disclosure.checker import Reason, check
from dashboard.disclosure.editions import Contributor, Edition, Key, LinkedTable, Witness
from dashboard.errors import DashboardError

K = 5
ALL = list(releases.generated())
PORTIONS = [ALL[start : start + 20] for start in range(0, len(ALL), 20)]
CADENCES: tuple[Cadence, ...] = ("year", "quarter")
HISTORIES = [(cadence, seed) for cadence in CADENCES for seed in range(4)]


def breaches(edition: Edition, witnesses: Sequence[Witness]) -> set[Reason]:
    return {breach.reason for breach in check([edition], K, witnesses)}


# One release ------------------------------------------------------------------------------------


@pytest.mark.parametrize("portion", PORTIONS, ids=range(len(PORTIONS)))
def test_every_small_count_of_200_releases_is_proved(portion: Sequence[tuple[str, int]]) -> None:
    """I1, read by the checker."""
    for size, seed in portion:
        edition, found = protecting.release(size, seed)
        assert check([edition], K, found.witnesses) == (), (size, seed)


def test_no_small_count_is_shown_and_every_small_count_is_primary() -> None:
    """I0, without the checker."""
    for size, seed in ALL:
        edition, found = protecting.release(size, seed)
        for name, table in edition.tables.items():
            small = {cell for cell, count in table_cells(table).items() if count < K}
            assert small == found.primary[name] <= found.withheld[name]


def test_a_small_count_is_not_determined() -> None:
    """I2, by the audit: the least and the largest count that a reader must think possible are not the same."""
    for size, seed in [*(("small", seed) for seed in range(10)), ("middle", 3), ("middle", 4), ("large", 5)]:
        edition, _ = protecting.release(size, seed)
        for found in intervals([edition], K):
            assert not found.breach
            if 0 < found.count < K:
                assert found.lower is not None
                assert found.upper is None or found.lower < found.upper


def test_a_cell_has_one_status_under_all_its_names() -> None:
    """I5: the same margin of two tables is withheld in both or in neither."""
    for size, seed in ALL:
        edition, _ = protecting.release(size, seed)
        status: dict[frozenset[tuple[str, str]], bool] = {}
        for name, table in edition.tables.items():
            cells = set(table_cells(table)) | edition.withheld[name]
            for cell in cells:
                assert status.setdefault(description(table, cell), cell in edition.withheld[name]) == (
                    cell in edition.withheld[name]
                )


def with_one_more(edition: Edition, chance: random.Random) -> Edition:
    """The edition with one shown cell withheld, in every table that has it."""
    shown = [
        description(table, cell)
        for name, table in edition.tables.items()
        for cell in all_cells(table)
        if cell not in edition.withheld[name]
    ]
    one = chance.choice(shown)
    more = {
        name: edition.withheld[name] | {cell for cell in all_cells(table) if description(table, cell) == one}
        for name, table in edition.tables.items()
    }
    return replace(edition, withheld=more)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([item for item in ALL if item[0] == "small"]), st.randoms(use_true_random=False))
def test_withholding_one_more_cell_harms_nothing(item: tuple[str, int], chance: random.Random) -> None:
    """I6."""
    edition, found = protecting.release(*item)
    assert check([with_one_more(edition, chance)], K, found.witnesses) == ()


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(HISTORIES), st.randoms(use_true_random=False))
def test_withholding_one_more_cell_of_the_last_edition_harms_nothing(
    item: tuple[Cadence, int], chance: random.Random
) -> None:
    history, witnesses = protecting.history(*item)
    assert check([*history[:-1], with_one_more(history[-1], chance)], K, witnesses) == ()


# Differences of shown cells ---------------------------------------------------------------------


class Shown:
    """The shown cells of an edition, from the tables with all their dimensions, and the atoms behind them."""

    def __init__(self, edition: Edition) -> None:
        self.atoms: Mapping[tuple[str, str], frozenset[str]] = {}
        self.cells: list[tuple[LinkedTable, Key, int]] = []
        for name, table in edition.tables.items():
            self.atoms = {**self.atoms, **atoms(table)}
            counts = table_cells(table)
            shown = (cell for cell in counts if cell not in edition.withheld[name])
            self.cells += [(table, cell, counts[cell]) for cell in shown]

    def contains(self, one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> bool:
        """Whether everybody in the other cell is in the one."""
        codes = dict(other)
        return all(name in codes and self.atoms[name, codes[name]] <= self.atoms[name, code] for name, code in one)

    def around(self, table: LinkedTable, cell: Key, chance: random.Random) -> Key:
        """A cell that contains this one, or the same."""
        coarser = []
        for name, code in zip(table.dimensions, cell, strict=True):
            path = next(path for path in table.paths[name].values() if code in path)
            coarser.append(chance.choice(path[path.index(code) :]))
        return tuple(coarser)


def pairs(edition: Edition, number: int, chance: random.Random) -> Iterator[tuple[Key, int, Key, int]]:
    """Pairs of shown cells of which the first contains the second. Half are looked for, half are met by chance."""
    shown = Shown(edition)
    counts = {(table.name, cell): count for table, cell, count in shown.cells}
    for place in range(number):
        table, cell, count = chance.choice(shown.cells)
        if place % 2:
            around = shown.around(table, cell, chance)
            if (table.name, around) in counts:
                yield around, counts[table.name, around], cell, count
        else:
            other, wider, size = chance.choice(shown.cells)
            if shown.contains(description(other, wider), description(table, cell)):
                yield wider, size, cell, count


def test_no_difference_of_two_shown_cells_is_small() -> None:
    """Whoever is in one shown cell and not in another that lies in it: nobody, or 5 and more. 10,000 pairs."""
    met = 0
    for size, seed in ALL:
        chance = random.Random(seed)
        for wider, larger, _, smaller in pairs(protecting.release(size, seed)[0], 50, chance):
            met += 1
            assert not 0 < larger - smaller < K, (size, seed, wider)
    assert met > 3_000, "pairs that contain each other are met"


def test_no_difference_of_three_shown_cells_is_small() -> None:
    """A shown cell without two shown parts of it."""
    met = 0
    for size, seed in ALL:
        edition, chance = protecting.release(size, seed)[0], random.Random(seed)
        shown = Shown(edition)
        counts = {(table.name, cell): count for table, cell, count in shown.cells}
        for _ in range(50):
            table, cell, count = chance.choice(shown.cells)
            place = chance.randrange(len(cell))
            whole = (*cell[:place], TOTAL, *cell[place + 1 :])
            beside = [
                other
                for name, other in counts
                if name == table.name
                and other[:place] + other[place + 1 :] == cell[:place] + cell[place + 1 :]
                and not shown.atoms[table.dimensions[place], other[place]]
                & shown.atoms[table.dimensions[place], cell[place]]
            ]
            if beside and (table.name, whole) in counts:
                met += 1
                rest = counts[table.name, whole] - count - counts[table.name, chance.choice(beside)]
                assert not 0 < rest < K, (size, seed, whole)
    assert met > 500


def test_no_difference_between_two_editions_is_small() -> None:
    """A cell less what an earlier edition showed of it, or less a part of it that was not revised since.

    Where the part was revised the difference is no number of persons: some may have come and others gone.
    """
    met = 0
    for cadence, seed in HISTORIES:
        history, _ = protecting.history(cadence, seed)
        chance = random.Random(seed)
        now, then = (Shown(edition) for edition in history[-2:][::-1])
        before = {(table.name, cell): count for table, cell, count in then.cells}
        for _ in range(500):
            table, cell, count = chance.choice(now.cells)
            part = chance.choice([cell, *(key for name, key in before if name == table.name)])
            inside = now.contains(description(table, cell), description(table, part)) and (table.name, part) in before
            if inside and (part == cell or not revised(history[-2:], table.name, part)):
                met += 1
                assert not 0 < abs(count - before[table.name, part]) < K, (cadence, seed, cell)
    assert met > 100


def revised(editions: Sequence[Edition], name: str, cell: Key) -> bool:
    """Whether the count of any leaf of a cell was revised."""
    then, now = (edition.tables[name] for edition in editions)
    return any(
        now.counts.get(leaf, 0) != then.counts.get(leaf, 0)
        for leaf in {*then.counts, *now.counts}
        if all(code in then.paths[d][a] for d, a, code in zip(then.dimensions, leaf, cell, strict=True))
    )


# Histories --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cadence", "seed"), HISTORIES)
def test_successive_publications_are_proved_together(cadence: Cadence, seed: int) -> None:
    """I3: each count and each small addition or removal, under three editions, the earlier ones as they were."""
    history, witnesses = protecting.history(cadence, seed)
    assert check(history, K, witnesses) == ()
    assert not [found for found in intervals(history, K) if found.breach]


@pytest.mark.parametrize("cadence", CADENCES)
def test_publications_protected_apart_give_small_changes_away(cadence: Cadence) -> None:
    """Negative control."""
    apart = 0
    for seed in range(6):
        tables = releases.successive(releases.hub_population(60, seed), seed, 2, cadence=cadence)
        history = [protected([Edition(item)], K)[0] for item in tables]
        apart += sum(found.breach for found in intervals(history, K))
    assert apart > 0


def test_a_raised_threshold_takes_nothing_back() -> None:
    """3 first, then 5: a count of 3 or 4 that was shown can't be hidden again, and what changed since is held to 5."""
    for seed in range(4):
        first, last = releases.successive(releases.hub_population(60, seed), seed, 2)
        before, _ = protected([Edition(first)], 3)
        now, found = protected([before, Edition(last)], K)
        assert check([before, now], K, found.witnesses) == ()
        assert Reason.NO_WITNESS in {b.reason for b in check([replace(before, threshold=0), now], K, found.witnesses)}


# Contributors -----------------------------------------------------------------------------------


def breaches_of_the_rest(edition: Edition, contributor: Contributor) -> int:
    """Small counts of others that the audit finds when the contributor has subtracted its own records."""
    tables = {
        name: replace(
            table,
            counts={
                leaf: count - contributor.counts[name].get(leaf, 0)
                for leaf, count in table.counts.items()
                if count > contributor.counts[name].get(leaf, 0)
            },
        )
        for name, table in edition.tables.items()
    }
    rest = replace(edition, tables=tables)
    shown = sum(
        cell not in rest.withheld[name]
        for name, table in tables.items()
        for cell, count in table_cells(table).items()
        if count < K
    )
    return shown + sum(found.breach for found in intervals([rest], K))


def test_a_contributor_learns_no_small_count_of_others() -> None:
    """I4: 0 breaches with the option, some without."""
    without = 0
    for seed in range(8):
        population = releases.hub_population(60, seed)
        agency = protecting.supplied(population, seed, 0.3)
        edition = Edition(population.publish())
        careful, found = protected([edition], K, [agency])
        assert check([careful], K, found.witnesses, [agency]) == ()
        assert breaches_of_the_rest(careful, agency) == 0
        careless, found = protected([edition], K)
        without += breaches_of_the_rest(careless, agency)
        assert check([careless], K, found.witnesses, [agency])
    assert without > 0


# Broken protectors ------------------------------------------------------------------------------


TRIALS = range(10)


@pytest.mark.parametrize("seed", TRIALS)
def test_a_protector_without_its_secondary_step_is_caught(seed: int) -> None:
    edition, found = protecting.release("small", 10 * seed)
    assert breaches(replace(edition, withheld=found.primary), found.witnesses) >= {
        Reason.SHOWN_CHANGED,
        Reason.NO_WITNESS,
    }


@pytest.mark.parametrize("seed", TRIALS)
def test_a_protector_that_leaves_a_table_out_is_caught(seed: int) -> None:
    """The table left out withholds its own small counts, and the cells it shares with the others."""
    edition, whole = protecting.release("small", 10 * seed)
    out = list(edition.tables)[seed % 4]
    tables = {name: table for name, table in edition.tables.items() if name != out}
    rest, found = protected([Edition(tables)], K)
    hidden = {description(tables[name], cell) for name in tables for cell in found.withheld[name]}
    left = {cell for cell in all_cells(edition.tables[out]) if description(edition.tables[out], cell) in hidden}
    broken = replace(edition, withheld={**rest.withheld, out: whole.primary[out] | left})
    assert Reason.NO_WITNESS in breaches(broken, found.witnesses)


@pytest.mark.parametrize("seed", TRIALS)
def test_a_protector_that_forgets_earlier_publications_is_caught(seed: int) -> None:
    first, last = releases.successive(releases.hub_population(60, seed), seed, 2)
    before, _ = protected([Edition(first)], K)
    alone, found = protected([Edition(last)], K)
    shifted = [
        replace(one, change={(1, name, leaf): number for (_, name, leaf), number in one.change.items()})
        for one in found.witnesses
    ]
    caught = {breach.reason for breach in check([before, alone], K, shifted)}
    assert caught & {Reason.CHANGE_SHOWN, Reason.REVISED, Reason.NO_WITNESS}


@pytest.mark.parametrize("seed", TRIALS)
@pytest.mark.parametrize("secondary", [False, True], ids=["primary", "secondary"])
def test_a_withheld_cell_that_is_shown_again_is_caught(seed: int, secondary: bool) -> None:
    edition, found = protecting.release("small", 10 * seed)
    moved = {
        (name, leaf) for witness in found.witnesses for (_, name, leaf), number in witness.change.items() if number
    }
    cells = [
        (name, cell)
        for name, withheld in found.withheld.items()
        for cell in sorted(withheld - found.primary[name] if secondary else found.primary[name])
        if not secondary or (name, cell) in moved
    ]
    name, cell = random.Random(seed).choice(cells)
    broken = replace(edition, withheld={**edition.withheld, name: edition.withheld[name] - {cell}})
    caught = breaches(broken, found.witnesses)
    assert caught & ({Reason.SHOWN_CHANGED} if secondary else {Reason.SMALL_SHOWN})


@pytest.mark.parametrize("seed", TRIALS)
def test_an_altered_witness_is_caught(seed: int) -> None:
    edition, found = protecting.release("small", 10 * seed)
    chance = random.Random(seed)
    place = chance.randrange(len(found.witnesses))
    change = dict(found.witnesses[place].change)
    leaf = chance.choice(sorted(change))
    change[leaf] += chance.choice([-1, 1])
    altered = [replace(one, change=change) if at == place else one for at, one in enumerate(found.witnesses)]
    assert breaches(edition, altered)


# Loss -------------------------------------------------------------------------------------------


def test_the_loss_is_close_to_the_proven_optimum() -> None:
    """50 two-way tables: no more than 8 % above it together, and 25 % in any."""
    price, best = [], []
    for seed in range(50):
        edition = releases.two_way(seed, K)
        (table,) = edition.tables.values()
        withheld = protected([edition], K)[0].withheld[table.name]
        assert is_protected(table, withheld, K)
        counts = table_cells(table)
        price.append(sum(usual_cost(cell, counts.get(cell, 0)) for cell in withheld if not 0 < counts.get(cell, 0) < K))
        best.append(optimum(table, K).cost)
    assert sum(price) <= 1.08 * sum(best)
    assert all(mine <= 1.25 * least for mine, least in zip(price, best, strict=True))


@pytest.mark.parametrize(("inner_cells", "most"), [(500, 0.38)])
def test_a_hub_plan_loses_no_more_than_it_must(inner_cells: int, most: float) -> None:
    edition, found = protected([releases.hub_plan(inner_cells, 0)], K)
    large = {cell for cell, count in non_zero_cells(edition).items() if count >= K}
    lost = {
        tuple((name, code) for name, code in zip(table.dimensions, cell, strict=True) if code != TOTAL)
        for table in edition.tables.values()
        for cell in found.withheld[table.name]
    } & large
    assert len(lost) <= most * len(large)


# The same input, the same bytes -----------------------------------------------------------------


def shuffled(edition: Edition, chance: random.Random) -> Edition:
    """The same tables, every mapping in another order."""
    tables = list(edition.tables.values())
    chance.shuffle(tables)
    return Edition(
        {
            table.name: replace(
                table,
                counts=dict(chance.sample(sorted(table.counts.items()), len(table.counts))),
                paths={
                    name: dict(chance.sample(sorted(paths.items()), len(paths)))
                    for name, paths in chance.sample(sorted(table.paths.items()), len(table.paths))
                },
            )
            for table in tables
        }
    )


@pytest.mark.parametrize(("size", "seed"), [("small", 1), ("small", 2), ("middle", 3)])
def test_the_order_of_the_input_changes_nothing(size: str, seed: int) -> None:
    edition, found = protecting.release(size, seed)
    _, again = protected([shuffled(Edition(edition.tables), random.Random(seed))], K)
    assert again.withheld == found.withheld
    assert [(dict(one.change), set(one.targets)) for one in again.witnesses] == [
        (dict(one.change), set(one.targets)) for one in found.witnesses
    ]


PROGRAM = """
import hashlib
from tests import protecting
made = [protecting.release("small", 0)[1], protecting.release("middle", 3)[1]]
made += protecting.successive(protecting.releases.hub_population(60, 1), 1, 2, "year")[1]
withheld = [sorted((name, sorted(cells)) for name, cells in one.withheld.items()) for one in made]
proofs = [[(sorted(w.change.items()), w.targets) for w in one.witnesses] for one in made]
print(hashlib.sha256(repr((withheld, proofs)).encode()).hexdigest())
"""


def test_two_processes_find_the_same() -> None:
    root = Path(__file__).parents[3]
    found = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


# What can't be done any more --------------------------------------------------------------------


def test_what_earlier_publications_gave_away_is_refused() -> None:
    """A count of 3 that was shown under no threshold is known for good."""
    paths = {"year": {"2023": ("2023", TOTAL), "2024": ("2024", TOTAL)}}
    table = LinkedTable("by_year", ("year",), paths, {("2023",): 3, ("2024",): 9})
    with pytest.raises(DashboardError, match="can't be hidden next to what was"):
        protected([Edition({"by_year": table}), Edition({"by_year": table})], K)
