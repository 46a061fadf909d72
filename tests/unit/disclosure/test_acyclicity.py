"""Acyclic plans: cycles are refused by name, and the reduction agrees with a search for a join tree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import REFERENCE, count, dataset

from dashboard.datasets import STRUCTURES
from dashboard.disclosure import Earlier, Plan, PlannedTable, load_plan, load_policy, protect
from dashboard.disclosure.acyclicity import cycle, require_acyclic
from dashboard.errors import ConfigurationError


@dataclass(frozen=True)
class Drawn:
    name: str
    dimensions: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def drawn(lines: str) -> list[Drawn]:
    """One table a line: its name, then its dimensions; levels after a colon, as in `period:year,five_years`."""
    tables = []
    for line in lines.strip().splitlines():
        name, *entries = line.split()
        parts = [entry.partition(":") for entry in entries]
        levels = {dimension: tuple(names.split(",")) for dimension, _, names in parts if names}
        tables.append(Drawn(name, tuple(dimension for dimension, _, _ in parts), levels))
    return tables


TRIANGLE = """
sectors   period:year  nationality  sector
sexes     period:year  sector       sex
people    period:year  nationality  sex
"""
SQUARE = """
a  period  nationality  sector
b  period  origin       sex
c  period  sector       origin
d  period  sex          nationality
"""


def test_a_triangle_is_refused_with_its_tables_and_what_they_share() -> None:
    assert set(cycle(drawn(TRIANGLE))) == {"sectors", "sexes", "people"}
    with pytest.raises(ConfigurationError) as refused:
        require_acyclic(drawn(TRIANGLE))
    for part in ("sectors and sexes share sector", "sexes and people share sex", "share nationality", "Drop one of"):
        assert part in str(refused.value)
    assert "share period" not in str(refused.value)


def test_a_longer_cycle_is_told_from_neighbour_to_neighbour() -> None:
    assert cycle(drawn(SQUARE)) == ("a", "c", "b", "d")


@pytest.mark.parametrize(
    "tables",
    [
        "",
        "alone  period nationality sex",
        TRIANGLE + "all  period:year  nationality  sector  sex",
        """
        hub        period:quarter,year,report_year  form  age
        nations    period:year,five_years           form  age  nationality
        sexes      period:year,five_years                 age  nationality:country  sex
        sectors    period:year,five_years           form  age  sector
        """,
        """
        twice  period:year        nationality
        twice  period:five_years  nationality
        """,
    ],
    ids=["none", "one", "triangle within a table", "hub and themes", "one table in two publications"],
)
def test_no_cycle(tables: str) -> None:
    assert cycle(drawn(tables)) == ()
    require_acyclic(drawn(tables))


def test_levels_make_a_cycle_too() -> None:
    """Nationality is published for five years, and for single years with sex and with forms apart."""
    tables = drawn("""
        hub      period:year        form  age
        nations  period:five_years  form  nationality
        sexes    period:year        age   nationality
    """)
    assert set(cycle(tables)) == {"hub", "nations", "sexes"}


@pytest.mark.parametrize(
    ("one", "other", "fit"),
    [
        ("period:year", "period:report_year", False),
        ("period:year,report_year", "period:year", True),
        ("period:quarter", "period:report_year,five_years", True),
        ("period:year,five_years", "period:quarter,year", True),
        ("period:year", "period:five_years", True),
        ("origin:country", "origin:subregion", True),
        ("origin", "origin:subregion", True),
        ("sector:group", "sector:division", False),
    ],
)
def test_levels_of_two_tables_must_lie_within_each_other(one: str, other: str, fit: bool) -> None:
    for tables in (f"one {one} sex\nother {other}", f"one {other} sex\nother {one}"):
        if fit:
            require_acyclic(drawn(tables))
        else:
            with pytest.raises(ConfigurationError, match="do not lie within each other"):
                require_acyclic(drawn(tables))


def test_movement_must_stand_in_each_table_that_determines_it() -> None:
    tables = "routes period origin destination {}\nmoves period movement"
    require_acyclic(drawn(tables.format("movement")))
    with pytest.raises(ConfigurationError, match="Add movement to routes"):
        require_acyclic(drawn(tables.format("")))


def test_the_plan_of_the_group_has_no_cycle(reference_dir: Path) -> None:
    tables = [one for one in load_plan(reference_dir).tables.values() if one.structure.name == "victims"]
    require_acyclic(tables)
    assert cycle([*tables, Drawn("more", ("period", "sector", "sex"))]), "negative control"


def has_join_tree(edges: Sequence[frozenset[str]]) -> bool:
    """By trying every tree: for each vertex the tables that have it hang together."""
    links = list(combinations(range(len(edges)), 2))
    return any(
        all(hangs_together({at for at, edge in enumerate(edges) if vertex in edge}, tree) for vertex in "abcde")
        for tree in combinations(links, max(len(edges) - 1, 0))
        if hangs_together(set(range(len(edges))), tree)
    )


def hangs_together(places: set[int], links: Sequence[tuple[int, int]]) -> bool:
    reached = set(list(places)[:1])
    for _ in places:
        reached |= {at for link in links if set(link) <= places and reached & set(link) for at in link}
    return reached == places


@settings(max_examples=300, deadline=None)
@given(st.lists(st.frozensets(st.sampled_from("abcde"), min_size=1, max_size=4), min_size=1, max_size=5))
def test_the_reduction_agrees_with_a_search_for_a_join_tree(edges: list[frozenset[str]]) -> None:
    tables = [Drawn(f"t{place}", tuple(sorted(edge))) for place, edge in enumerate(edges)]
    assert (cycle(tables) == ()) == has_join_tree(edges)


def test_a_plan_that_makes_a_cycle_with_an_earlier_publication_is_refused_by_name() -> None:
    """Each plan alone has no cycle: the third table closes one with the two that were published before."""
    periods = {"period": ("year",)}
    themes = {"sectors": ("nationality", "sector"), "sexes": ("sector", "sex"), "people": ("nationality", "sex")}
    tables = {
        name: PlannedTable(name, STRUCTURES["victims"], ("period", "status", *dimensions), periods)
        for name, dimensions in themes.items()
    }
    before, now = (Plan("drawn", {name: tables[name] for name in names}) for names in (list(themes)[:2], ["people"]))
    policy = load_policy(REFERENCE)
    datasets = {"victims": dataset("victims", count("victims", 99))}
    made = protect(datasets, before, policy, REFERENCE)
    earlier = Earlier(
        1,
        datasets,
        made.classifications,
        {"victims": {name: table.dimensions for name, table in before.tables.items()}},
        {
            circulation: {table.table.name: {key: table.shown(key) for key in table.statuses} for table in found}
            for circulation, found in made.tables.items()
        },
        {},
    )
    protect(datasets, now, policy, REFERENCE)
    with pytest.raises(ConfigurationError) as refused:
        protect(datasets, now, policy, REFERENCE, [earlier])
    assert all(name in str(refused.value) for name in themes)
