"""Choosing among returns: the newest replaces whole, and the same content has the same hash."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import count, dataset

from dashboard.datasets import Dataset, Observation, ObservationStatus
from dashboard.releases.contents import content_hash, newest_of_each

NEW, OLD = "new", "old"


def chosen(**returns: list[Observation]) -> tuple[frozenset[str], Mapping[str, Dataset]]:
    """Returns on cases by submission id, newest first."""
    return newest_of_each((name, {"cases": dataset("cases", *rows)}) for name, rows in returns.items())


def values(datasets: Mapping[str, Dataset]) -> dict[tuple[str, str, str], int | None]:
    return {(row.agency, row.period, row.codes[0]): row.value for row in datasets["cases"].observations}


def test_a_correction_replaces_the_whole_quarter_of_its_agency() -> None:
    """The older return had a prosecution that the newer one lacks: it was a mistake, and goes."""
    used, datasets = chosen(new=[count("cases", 4)], old=[count("cases", 3), count("cases", 1, stage="PROSECUTED")])
    assert values(datasets) == {("MPS", "2024-Q1", "RECORDED"): 4}
    assert used == {NEW}


def test_a_correction_leaves_other_quarters_and_agencies_alone() -> None:
    used, datasets = chosen(
        new=[count("cases", 4)],
        old=[count("cases", 3), count("cases", 7, "2023-Q4"), count("cases", 2, agency="PGO")],
    )
    assert values(datasets) == {
        ("MPS", "2024-Q1", "RECORDED"): 4,
        ("MPS", "2023-Q4", "RECORDED"): 7,
        ("PGO", "2024-Q1", "RECORDED"): 2,
    }
    assert used == {NEW, OLD}


def test_a_correction_to_zero_replaces_too() -> None:
    _, datasets = chosen(new=[count("cases", 0)], old=[count("cases", 3)])
    assert values(datasets) == {("MPS", "2024-Q1", "RECORDED"): 0}


def test_a_correction_of_one_structure_leaves_the_others_alone() -> None:
    both = {"cases": dataset("cases", count("cases", 3)), "persons": dataset("persons", count("persons", 5))}
    used, datasets = newest_of_each([(NEW, {"cases": dataset("cases", count("cases", 4))}), (OLD, both)])
    assert {name: one.total for name, one in datasets.items()} == {"cases": 4, "persons": 5}
    assert used == {NEW, OLD}


def test_two_rows_with_the_same_codes_in_one_return_are_both_kept() -> None:
    _, datasets = chosen(new=[count("cases", 3), count("cases", 3)])
    assert datasets["cases"].total == 6


ROWS = st.lists(
    st.builds(
        lambda number, period, agency: count("cases", number, period, agency),
        st.integers(0, 9),
        st.sampled_from(["2023-Q4", "2024-Q1"]),
        st.sampled_from(["MPS", "PGO"]),
    ),
    min_size=1,
    max_size=8,
)


def digest(rows: list[Observation], *, invented: bool = False) -> str:
    return content_hash(chosen(only=rows)[1], invented=invented)


@given(ROWS, st.randoms(use_true_random=False))
def test_the_same_content_has_the_same_hash_in_whatever_order(rows: list[Observation], random) -> None:  # type: ignore[no-untyped-def]
    shuffled = rows.copy()
    random.shuffle(shuffled)
    assert digest(shuffled) == digest(rows)


@given(ROWS)
def test_it_does_not_matter_in_how_many_files_content_came(rows: list[Observation]) -> None:
    """One file of both agencies, or one file each."""
    parts = {agency: [row for row in rows if row.agency == agency] for agency in ("MPS", "PGO")}
    assert content_hash(chosen(**parts)[1], invented=False) == digest(rows)


ONE = count("cases", 3)


@pytest.mark.parametrize(
    "other",
    [
        replace(ONE, value=4),
        replace(ONE, value=0),
        replace(ONE, value=None, censored_below=5),
        replace(ONE, period="2024-Q2"),
        replace(ONE, agency="PGO"),
        replace(ONE, codes=("PROSECUTED", "FORCED_LABOUR")),
        replace(ONE, status=ObservationStatus.PROVISIONAL),
    ],
    ids=["value", "zero", "withheld", "period", "agency", "codes", "status"],
)
def test_whatever_differs_gives_another_hash(other: Observation) -> None:
    assert digest([other]) != digest([ONE])


def test_invented_content_never_has_the_hash_of_reported_content() -> None:
    assert digest([ONE], invented=True) != digest([ONE])


def test_the_limit_of_a_withheld_number_belongs_to_the_hash() -> None:
    below_5, below_10 = (count("cases", None, censored_below=limit) for limit in (5, 10))
    assert digest([below_5]) != digest([below_10])
