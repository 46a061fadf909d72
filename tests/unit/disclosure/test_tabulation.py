"""Counting against a count by brute force: every cell, every sum, every level.

The hierarchy is written out here by hand, so that a fault in the codelists' code can't hide itself.
"""

from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import REFERENCE, count, dataset

from dashboard.datasets import STRUCTURES, TOTAL, Observation, periods
from dashboard.disclosure import PlannedTable
from dashboard.disclosure.editions import Key
from dashboard.disclosure.grouping import classify
from dashboard.disclosure.tabulation import cells, movement, reported_leaves

T = TOTAL
VICTIMS = STRUCTURES["victims"]
CHILDREN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "period": {
        T: ("2023", "2024"),
        "2023": ("2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4", "2023-QX"),
        "2024": ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2024-QX"),
        "2020/2024": ("2023", "2024"),
        "TIP-2024": ("2023-Q2", "2023-Q3", "2023-Q4", "2024-Q1"),
    },
    "status": {},
    "nationality": {
        T: ("M49_034", "M49_035", "NR"),
        "M49_034": ("BGD", "IND"),
        "M49_035": ("PHL",),
    },
    "destination": {T: ("M49_034", "NR"), "M49_034": ("MDV",), "MDV": ("MV_MALE", "MV_RESORTS")},
    "sex": {T: ("F", "M")},
}
FINEST = {
    "period": ("2023-Q1", "2023-Q2", "2023-Q4", "2024-Q1", "2024-Q3", "2023", "2024"),
    "status": ("PRESUMED", "IDENTIFIED"),
    "nationality": ("BGD", "IND", "PHL", "NR"),
    "destination": ("MV_MALE", "MV_RESORTS", "NR"),
    "sex": ("F", "M"),
}
DIMENSIONS = tuple(CHILDREN)

OBSERVATIONS = st.lists(
    st.builds(
        lambda period, value, status, nationality, destination, sex: count(
            "victims",
            value,
            period,
            censored_below=5 if value is None else None,
            status=status,
            nationality=nationality,
            destination=destination,
            sex=sex,
        ),
        st.sampled_from(FINEST["period"]),
        st.none() | st.integers(0, 9),
        *(st.sampled_from(FINEST[name]) for name in DIMENSIONS[1:]),
    ),
    max_size=12,
)


def under(name: str, code: str) -> frozenset[str]:
    """The finest codes that a code counts, itself where it is one."""
    children = CHILDREN[name].get(code)
    return frozenset().union(*(under(name, child) for child in children)) if children else frozenset({code})


def codes(name: str) -> tuple[str, ...]:
    """Every code of a dimension, sums included."""
    steps = CHILDREN[name]
    return tuple(dict.fromkeys((*steps, *(child for children in steps.values() for child in children)))) or FINEST[name]


def place(observation: Observation) -> Key:
    quarter = observation.period if "Q" in observation.period else f"{observation.period}-QX"
    positions = [observation.codes[VICTIMS.position(name)] for name in DIMENSIONS[1:]]
    return (quarter, *positions)


def by_brute_force(observations: list[Observation]) -> Iterator[tuple[Key, int, bool]]:
    """Key, count and whether a withheld number belongs to it, for every cell of the whole cross."""
    counted = [(place(observation), observation.value) for observation in observations]
    for key in product(*(codes(name) for name in DIMENSIONS)):
        covered = [under(name, code) for name, code in zip(DIMENSIONS, key, strict=True)]
        inside = [value for at, value in counted if all(code in some for code, some in zip(at, covered, strict=True))]
        yield key, sum(value or 0 for value in inside), None in inside


def tabulated(
    observations: list[Observation], structure: str = "victims", dimensions: tuple[str, ...] = DIMENSIONS, **levels: str
) -> tuple[dict[Key, int], set[Key]]:
    """The cells of a table, all levels where none are named, and those with a number that its source withheld."""
    content = dataset(structure, *observations)
    shown = {name: tuple(found.split()) for name, found in levels.items()}
    table = PlannedTable("drawn", STRUCTURES[structure], dimensions, shown)
    by_dimension = classify(table, content, shown.get("period", periods.LEVELS), {}, REFERENCE)
    paths = [by_dimension[name] for name in dimensions]
    counts, uncertain = reported_leaves(content, observations, dimensions, REFERENCE)
    return cells(counts, paths), set(cells(dict.fromkeys(uncertain, 1), paths))


@settings(max_examples=15, deadline=None)
@given(OBSERVATIONS)
def test_every_cell_is_what_brute_force_counts(observations: list[Observation]) -> None:
    expected = list(by_brute_force(observations))
    counts, uncertain = tabulated(observations)
    # The report years 2023 and 2025 hold a part of these quarters and are not in the list above.
    known = {key for key, _, _ in expected}
    within = {key: number for key, number in counts.items() if key in known}
    assert within == {key: number for key, number, _ in expected if number}
    assert uncertain & known == {key for key, _, withheld in expected if withheld}
    assert {key[0] for key in set(counts) - known} <= {"TIP-2023", "TIP-2025"}


@settings(max_examples=50, deadline=None)
@given(OBSERVATIONS)
def test_each_parent_is_the_sum_of_its_children(observations: list[Observation]) -> None:
    counts, _ = tabulated(observations)
    for key in {*counts, (T, "IDENTIFIED", T, T, T)}:
        for at, name in enumerate(DIMENSIONS):
            children = CHILDREN[name].get(key[at])
            if children:
                parts = [counts.get((*key[:at], child, *key[at + 1 :]), 0) for child in children]
                assert counts.get(key, 0) == sum(parts), (name, key)


def test_the_comparison_with_brute_force_can_fail() -> None:
    """Negative control: one person too many in one cell is noticed."""
    observations = [count("victims", 3, "2023-Q1"), count("victims", 2, "2024")]
    wrong = [*observations, count("victims", 1, "2024")]
    assert tabulated(wrong)[0] != {key: number for key, number, _ in by_brute_force(observations) if number}


@settings(max_examples=30, deadline=None)
@given(OBSERVATIONS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(observations: list[Observation], random) -> None:  # type: ignore[no-untyped-def]
    shuffled = observations.copy()
    random.shuffle(shuffled)
    assert tabulated(shuffled) == tabulated(observations)


def test_the_finest_counts_are_by_reported_codes_and_a_zero_is_left_out() -> None:
    rows = [
        count("cases", 6, "2024-Q1", "MPS"),
        count("cases", 3, "2024-Q1", "LRA"),
        count("cases", 0, "2024-Q2"),
        count("cases", None, "2024-Q3", censored_below=5),
    ]
    counts, uncertain = reported_leaves(dataset("cases", *rows), rows, ("period", "stage"), REFERENCE)
    assert counts == {("2024-Q1", "RECORDED"): 9}
    assert uncertain == {("2024-Q3", "RECORDED")}
    of_police, _ = reported_leaves(dataset("cases", *rows), rows[:1], ("period", "stage"), REFERENCE)
    assert of_police == {("2024-Q1", "RECORDED"): 6}, "a part of the observations: what one organisation knows"


@pytest.mark.parametrize("numbers", [(None, 6), (6, None)])
def test_one_withheld_number_makes_its_cell_uncertain_whatever_else_is_in_it(
    numbers: tuple[int | None, int | None],
) -> None:
    rows = [count("cases", number, censored_below=5 if number is None else None) for number in numbers]
    _, uncertain = tabulated(rows, "cases", ("period", "stage"), period="year")
    assert uncertain == {("2024", "RECORDED"), (T, "RECORDED")}


def test_a_table_shows_the_levels_of_its_plan_only() -> None:
    rows = [count("victims", 3, nationality="BGD"), count("victims", 2, nationality="NR")]
    counts, _ = tabulated(rows, "victims", ("period", "status", "nationality"), period="year", nationality="subregion")
    assert counts == {
        ("2024", "IDENTIFIED", "M49_034"): 3,
        ("2024", "IDENTIFIED", "NR"): 2,
        ("2024", "IDENTIFIED", T): 5,
        (T, "IDENTIFIED", "M49_034"): 3,
        (T, "IDENTIFIED", "NR"): 2,
        (T, "IDENTIFIED", T): 5,
    }


def test_statuses_and_stages_have_no_total() -> None:
    rows = [count("cases", 9, stage="RECORDED"), count("cases", 6, stage="PROSECUTED")]
    counts, _ = tabulated(rows, "cases", ("period", "stage"), period="year")
    assert {key[1] for key in counts} == {"RECORDED", "PROSECUTED"}


@pytest.mark.parametrize(
    ("origin", "destination", "expected"),
    [
        ("BGD", "MV_MALE", "CROSS_BORDER"),
        ("MDV", "MV_MALE", "INTERNAL"),
        ("MDV", "MV_NR", "INTERNAL"),
        ("MDV", "LKA", "CROSS_BORDER"),
        ("BGD", "BGD", "INTERNAL"),
        ("NR", "MV_MALE", "NR"),
        ("BGD", "NR", "NR"),
        ("NR", "NR", "NR"),
    ],
)
def test_movement_follows_from_origin_and_destination(origin: str, destination: str, expected: str) -> None:
    places = VICTIMS.dimension("destination").codelist(REFERENCE)
    assert movement(origin, destination, places) == expected
    rows = [count("victims", 7, origin=origin, destination=destination)]
    counts, _ = tabulated(rows, "victims", ("period", "status", "movement"), period="year")
    assert {key[2]: number for key, number in counts.items() if key[0] == T} == {expected: 7, T: 7}
