"""The audit finds what a reader can work out, and is compared with one plain program for each question."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations, product

import highspy
import numpy as np
import pytest
from tests.spec.drawing import read

from dashboard.disclosure.audit import Interval, intervals
from dashboard.disclosure.editions import Edition, Key, LinkedTable

T = "_T"
YEARS = {"2023": ("2023", T), "2024": ("2024", T)}
NATIONALITIES = {"BGD": ("BGD", T), "IND": ("IND", T)}
COUNTED = """
        2023    2024
BGD        2       8
IND        6       3
"""
SHOWN = """
        2023    2024      _T
BGD        x       x      10
IND        x       x       9
_T         8      11      19
"""


def edition(counted: str = COUNTED, shown: str = SHOWN, years: Mapping[str, tuple[str, ...]] = YEARS) -> Edition:
    counts = {(row, column): number for row, column, number in read(counted).numbers() if number}
    nationalities = {row: (row, T) for row in read(counted).rows}
    paths = {"nationality": nationalities, "year": years}
    drawing = read(shown)
    withheld = frozenset(
        (row, column)
        for row, cells in drawing.rows.items()
        for column, cell in zip(drawing.columns, cells, strict=True)
        if cell == "x"
    )
    return Edition({"a": LinkedTable("a", ("nationality", "year"), paths, counts)}, {"a": withheld})


def found(*history: Edition, threshold: int = 5) -> dict[Key, tuple[int | None, int | None, bool]]:
    return {
        item.cell: (item.lower, item.upper, item.breach) for item in intervals(history, threshold) if item.since is None
    }


# What readers work out --------------------------------------------------------------------------


def test_the_withheld_figure_of_the_maldives_in_2016_is_2() -> None:
    """UNODC GLOTIP: 12 victims, 10 of them from Bangladesh, and Kenya "<5"."""
    counted = """
            2016
    BGD       10
    KEN        2
    """
    shown = """
            2016
    BGD       10
    KEN        x
    _T        12
    """
    year = {"2016": ("2016",)}
    assert intervals([edition(counted, shown, year)], 5) == (Interval("a", ("KEN", "2016"), 2, 2, 2, breach=True),)


def test_with_bangladesh_withheld_too_nothing_can_be_worked_out() -> None:
    counted = """
            2016
    BGD       10
    KEN        2
    """
    shown = """
            2016
    BGD        x
    KEN        x
    _T        12
    """
    assert found(edition(counted, shown, {"2016": ("2016",)})) == {
        ("BGD", "2016"): (0, 12, False),
        ("KEN", "2016"): (0, 12, False),
    }


def test_intervals_of_a_table_with_shown_totals() -> None:
    assert found(edition()) == {
        ("BGD", "2023"): (0, 8, False),
        ("BGD", "2024"): (2, 10, False),
        ("IND", "2023"): (0, 8, False),
        ("IND", "2024"): (1, 9, False),
    }


def test_a_count_that_is_known_to_be_small_is_a_breach_though_it_is_not_known() -> None:
    assert found(edition(), threshold=10)["IND", "2024"] == (1, 9, True)
    assert found(edition(), threshold=9)["IND", "2024"] == (1, 9, False)


def test_a_count_that_nothing_limits_has_no_upper_limit() -> None:
    shown = """
            2023    2024      _T
    BGD        x       x       x
    IND        6       3       9
    _T         x       x       x
    """
    assert found(edition(shown=shown)) == {
        ("BGD", "2023"): (0, None, False),
        ("BGD", "2024"): (0, None, False),
        ("BGD", T): (0, None, False),
        (T, "2023"): (6, None, False),
        (T, "2024"): (3, None, False),
        (T, T): (9, None, False),
    }


def test_a_zero_can_be_withheld() -> None:
    counted = COUNTED.replace("8", "0")
    shown = SHOWN.replace("10", " 2").replace("11", " 3").replace("19", "11")
    assert found(edition(counted, shown))["BGD", "2024"] == (0, 2, False)


def test_a_zero_that_is_shown_in_a_total_is_known() -> None:
    counted = COUNTED.replace("8", "0").replace("2       ", "0       ")
    shown = SHOWN.replace("10", " 0").replace("8", "6").replace("11", " 3").replace("19", " 9")
    assert found(edition(counted, shown)) == {
        ("BGD", "2023"): (0, 0, False),
        ("BGD", "2024"): (0, 0, False),
        ("IND", "2023"): (6, 6, False),
        ("IND", "2024"): (3, 3, True),
    }


def test_tables_that_contradict_each_other_are_refused() -> None:
    one = edition(shown="2023").tables["a"]
    other = replace(one, name="b", counts={**one.counts, ("BGD", "2023"): 3})
    with pytest.raises(ValueError, match="don't agree"):
        intervals([Edition({"a": one, "b": other}, {})], 5)


def test_an_unpublished_table_tells_nothing() -> None:
    item = edition()
    hidden = replace(item.tables["a"], name="b", published=False)
    assert intervals([Edition({"a": item.tables["a"], "b": hidden}, item.withheld)], 5) == intervals([item], 5)


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    intervals([edition()], 5, lambda done, of: told.append((done, of)))
    assert told == [(0, 1)]


# Successive editions ----------------------------------------------------------------------------


def test_a_cell_withheld_now_is_known_from_an_earlier_edition() -> None:
    before = edition(shown=SHOWN.replace("BGD        x       x", "BGD        2       8"))
    assert found(before, edition())["IND", "2024"] == (3, 3, True)
    assert found(edition(), edition())["IND", "2024"] == (1, 9, False)


def test_a_count_that_was_revised_is_another_unknown() -> None:
    """8 of the 11 were shown before, and not revised. Where all were revised, nothing follows."""
    before = edition(COUNTED.replace("6       3", "6       9"), "2023")
    assert found(before, edition())["IND", "2024"] == (3, 3, True)
    everything = edition("""
            2023    2024
    BGD        1       1
    IND        1       1
    """, "2023")  # fmt: skip
    assert found(everything, edition())["IND", "2024"] == (1, 9, False)


def test_small_changes_have_intervals() -> None:
    """The year's total rose from 8 to 10, and only one of its counts was revised."""
    after = edition(COUNTED.replace("2  ", "4  "), SHOWN.replace("10", "12").replace("8 ", "10").replace("19", "21"))
    changes = [item for item in intervals([edition(), after], 5) if item.since == 0]
    assert {(item.cell, item.lower, item.upper, item.breach) for item in changes} == {
        (("BGD", "2023"), 2, 2, True),
        (("BGD", T), 2, 2, True),
        ((T, "2023"), 2, 2, True),
        ((T, T), 2, 2, True),
    }
    assert {item.count for item in changes} == {2}


def test_a_change_among_several_withheld_ones_is_no_breach() -> None:
    before = edition()
    after = edition("""
            2023    2024
    BGD        4      17
    IND       15      12
    """, """
            2023    2024      _T
    BGD        x       x      21
    IND        x       x      27
    _T        19      29      48
    """)  # fmt: skip
    changes = [item for item in intervals([before, after], 5) if item.since == 0]
    assert [(item.cell, item.lower, item.upper, item.breach) for item in changes] == [
        (("BGD", "2023"), -8, 19, False),
    ]
    with_fall = [item for item in intervals([after, before], 5) if item.since == 0]
    assert [(item.lower, item.upper, item.count, item.breach) for item in with_fall] == [(-19, 8, -2, False)]


# Against one plain program for each question -----------------------------------------------------


def drawn(seed: int, editions: int) -> list[Edition]:
    """Three tables that share year and form, with a hierarchy, small counts, and cells withheld by chance."""
    atoms = {
        "year": {"23": ("23", T), "24": ("24", T)},
        "form": {"L": ("L", T), "S": ("S", T)},
        "nationality": {"BGD": ("BGD", "SOUTH", T), "IND": ("IND", "SOUTH", T), "PHL": ("PHL", "EAST", T)},
        "sector": {"DOM": ("DOM", T), "CON": ("CON", T)},
    }
    chance = np.random.default_rng((seed, editions))
    share = (0.7, 0.85)[chance.integers(2)]
    secret: dict[frozenset[tuple[str, str]], bool] = {}
    people: list[dict[str, str]] = []
    history = []
    for _ in range(editions):
        people = people[chance.integers(3) :]
        people += [
            {name: list(paths)[chance.integers(len(paths))] for name, paths in atoms.items()}
            for _ in range(chance.integers(2, 16))
        ]
        tables, withheld = {}, {}
        for theme in ("", "nationality", "sector"):
            dimensions = tuple(filter(None, ("year", "form", theme)))
            counts: dict[Key, int] = {}
            for person in people:
                leaf = tuple(person[name] for name in dimensions)
                counts[leaf] = counts.get(leaf, 0) + 1
            table = LinkedTable(theme, dimensions, {name: atoms[name] for name in dimensions}, counts)
            tables[theme] = table
            withheld[theme] = frozenset(
                cell for cell in cells(table) if secret.setdefault(shared(table, cell), chance.random() < share)
            )
        history.append(Edition(tables, withheld))
    return history


def cells(table: LinkedTable) -> Iterator[Key]:
    yield from product(*({c: 0 for p in table.paths[name].values() for c in p} for name in table.dimensions))


def shared(table: LinkedTable, cell: Key) -> frozenset[tuple[str, str]]:
    return frozenset((name, code) for name, code in zip(table.dimensions, cell, strict=True) if code != T)


def leaves(table: LinkedTable, cell: Key) -> list[Key]:
    behind = ([a for a, p in table.paths[n].items() if c in p] for n, c in zip(table.dimensions, cell, strict=True))
    return list(product(*behind))


def plain(history: list[Edition]) -> dict[tuple[str, Key], tuple[int, int | None]]:
    """Every leaf an unknown of its own, every shown cell and every shared cell an equation, nothing left out."""
    number: dict[tuple[str, Key, int], int] = {}
    rows: list[tuple[dict[int, int], int]] = []
    for item in history:
        unknown: dict[tuple[str, Key], list[int]] = {}
        for name, table in item.tables.items():
            for cell in cells(table):
                below = leaves(table, cell)
                keys = [(name, leaf, table.counts.get(leaf, 0)) for leaf in below]
                unknown[name, cell] = [number.setdefault(key, len(number)) for key in keys]
                if cell not in item.withheld[name]:
                    rows.append((dict.fromkeys(unknown[name, cell], 1), sum(count for _, _, count in keys)))
        for (one, cell), (two, other) in combinations(unknown, 2):
            if one != two and shared(item.tables[one], cell) == shared(item.tables[two], other):
                signs = dict.fromkeys(unknown[one, cell], 1) | dict.fromkeys(unknown[two, other], -1)
                rows.append((signs, 0))
    return {
        (name, cell): (
            solved(rows, len(number), unknown[name, cell], 1),
            solved(rows, len(number), unknown[name, cell], -1),
        )
        for name, hidden in history[-1].withheld.items()
        for cell in hidden
    }  # type: ignore[return-value]


def solved(rows: list[tuple[dict[int, int], int]], size: int, terms: list[int], sign: int) -> int | None:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    costs = np.zeros(size)
    costs[terms] = sign
    solver.addVars(size, np.zeros(size), np.full(size, highspy.kHighsInf))
    solver.changeColsCost(size, np.arange(size, dtype=np.int32), costs)
    for row, right in rows:
        solver.addRow(right, right, len(row), np.array(list(row), np.int32), np.array(list(row.values()), float))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    value = solver.getInfo().objective_function_value
    return int(np.ceil(value - 1e-6)) if sign > 0 else int(np.floor(-value + 1e-6))


@pytest.mark.parametrize("editions", [1, 2, 3])
@pytest.mark.parametrize("seed", range(4))
def test_intervals_are_those_of_one_plain_program_for_each(seed: int, editions: int) -> None:
    history = drawn(seed, editions)
    expected = plain(history)
    actual = {(item.table, item.cell): (item.lower, item.upper) for item in intervals(history, 3) if item.since is None}
    assert len(actual) > 10
    assert actual == expected


def test_other_intervals_are_noticed() -> None:
    """Negative control: with one table less withheld, readers work out more."""
    history = drawn(0, 1)
    told = replace(history[0], withheld={**history[0].withheld, "": frozenset()})
    actual = {(item.table, item.cell): (item.lower, item.upper) for item in intervals([told], 3)}
    wider = plain(history)
    assert any(limits != wider[cell] for cell, limits in actual.items())
