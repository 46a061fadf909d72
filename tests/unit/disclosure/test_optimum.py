"""The proven optimum: known by hand on small tables, and equal to the plain large model on others."""

import math

import highspy
import pytest
from tests.optimum import is_protected, optimum, usual_cost
from tests.releases import TOTAL, flat, table_cells, two_way

from dashboard.disclosure.editions import Key, LinkedTable

SMALL: Key = ("R000", "C000")
CORNERS = frozenset({SMALL, ("R000", "C001"), ("R001", "C000"), ("R001", "C001")})


def by_hand(*rows: tuple[int, ...]) -> LinkedTable:
    """A table of these counts."""
    paths = {"row": flat("R", len(rows)), "column": flat("C", len(rows[0]))}
    leaves = [(row, column) for row in paths["row"] for column in paths["column"]]
    counts = dict(zip(leaves, (count for row in rows for count in row), strict=True))
    return LinkedTable("by_hand", ("row", "column"), paths, {leaf: count for leaf, count in counts.items() if count})


def test_one_small_cell_takes_the_cheapest_rectangle() -> None:
    found = optimum(by_hand((2, 20, 30), (40, 50, 60), (70, 80, 90)))
    assert found.withheld == CORNERS
    assert found.cost == pytest.approx(math.log(21) + math.log(41) + math.log(51))


def test_a_zero_may_be_the_fourth_corner() -> None:
    found = optimum(by_hand((2, 20, 30), (40, 0, 60), (70, 80, 90)))
    assert found.withheld == CORNERS
    assert found.cost == pytest.approx(math.log(21) + math.log(41) + 0.5)


def test_a_neighbour_that_cannot_fall_far_enough_is_not_taken_alone() -> None:
    table = by_hand((1, 2, 30), (40, 50, 60), (70, 80, 90))
    assert not is_protected(table, CORNERS)
    found = optimum(table)
    assert is_protected(table, found.withheld)
    assert found.withheld == CORNERS | {("R000", "C002"), ("R001", "C002")}


def test_nothing_small_withholds_nothing() -> None:
    table = by_hand((5, 6), (7, 0))
    assert optimum(table).withheld == frozenset()
    assert is_protected(table, frozenset())


def test_the_price_is_the_callers() -> None:
    def dear_leaves(cell: Key, count: int) -> float:
        return 1.0 if TOTAL in cell else 100.0

    found = optimum(by_hand((2, 20, 30), (40, 50, 60), (70, 80, 90)), cost=dear_leaves)
    assert found.withheld == {SMALL, ("R000", TOTAL), (TOTAL, "C000"), (TOTAL, TOTAL)}


@pytest.mark.parametrize("seed", [5, 17, 30, 34])
def test_the_plain_model_finds_the_same_price(seed: int) -> None:
    table = two_way(seed).tables["two_way"]
    found = optimum(table)
    assert is_protected(table, found.withheld)
    assert found.cost == pytest.approx(plain_optimum(table, 5), abs=1e-4)


def test_no_withheld_cell_of_the_optimum_can_be_spared() -> None:
    for seed in range(5):
        table = two_way(seed).tables["two_way"]
        withheld = optimum(table).withheld
        assert not any(is_protected(table, withheld - {cell}) for cell in withheld)


def plain_optimum(table: LinkedTable, threshold: int) -> float:
    """One attacker for each small cell, all in one model, with rises capped far above what is needed."""
    known = table_cells(table)
    rows, columns = ([*table.paths[name], TOTAL] for name in table.dimensions)
    cells = {(row, column): known.get((row, column), 0) for row in rows for column in columns}
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("mip_rel_gap", 0.0)
    withheld = {cell: model.addBinary() for cell in cells}
    small = [cell for cell, count in cells.items() if 0 < count < threshold]
    for target in small:
        model.addConstr(withheld[target] == 1)
        change = {cell: model.addVariable(lb=-count, ub=3 * threshold) for cell, count in cells.items()}
        model.addConstr(change[target] >= threshold - cells[target])
        for cell, count in cells.items():
            model.addConstr(change[cell] <= 3 * threshold * withheld[cell])
            model.addConstr(change[cell] >= -count * withheld[cell])
        for row in rows:
            model.addConstr(sum(change[row, column] for column in columns[:-1]) == change[row, TOTAL])
        for column in columns:
            model.addConstr(sum(change[row, column] for row in rows[:-1]) == change[TOTAL, column])
    prices = {cell: usual_cost(cell, count) for cell, count in cells.items() if cell not in small}
    model.minimize(sum(price * withheld[cell] for cell, price in prices.items()))
    assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return model.getObjectiveValue()
