"""Structures: what is counted, by what; and datasets of observations under them."""

import pytest
from tests.examples import count, dataset

from dashboard.datasets import STRUCTURES, Structure, join
from dashboard.datasets.structures import VICTIMS
from dashboard.errors import ConfigurationError

ALL = pytest.mark.parametrize("structure", STRUCTURES.values(), ids=STRUCTURES.keys())


def test_an_unknown_dimension_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match='no dimension "colour".*status, nationality, sex'):
        VICTIMS.dimension("colour")


def test_a_derived_dimension_is_known_but_not_reported() -> None:
    assert VICTIMS.dimension("movement").label == "Movement"
    with pytest.raises(ValueError, match="not in"):
        VICTIMS.position("movement")


@ALL
def test_positions_follow_the_order_of_the_codes(structure: Structure) -> None:
    names = [dimension.name for dimension in structure.dimensions]
    assert [structure.position(name) for name in names] == list(range(len(names)))


@ALL
def test_names_and_labels_tell_dimensions_apart(structure: Structure) -> None:
    dimensions = (*structure.dimensions, *structure.derived)
    assert len({dimension.name for dimension in dimensions}) == len(dimensions)
    assert len({dimension.label.casefold() for dimension in dimensions}) == len(dimensions)
    assert structure.unit
    assert structure.definition.endswith(".")


def test_everything_but_prevention_is_confidential() -> None:
    assert [name for name, structure in STRUCTURES.items() if not structure.confidential] == ["prevention"]


def test_statuses_and_stages_are_never_added_up() -> None:
    never = {one.name for structure in STRUCTURES.values() for one in structure.dimensions if not one.total}
    assert never == {"status", "stage", "assistance_type", "prevention_measure"}


def test_joining_keeps_the_order_and_the_total_leaves_withheld_numbers_out() -> None:
    first = dataset("cases", count("cases", 3), count("cases", None, censored_below=5))
    second = dataset("cases", count("cases", 4, "2024-Q2"))
    together = join(STRUCTURES["cases"], [first, second])
    assert [observation.value for observation in together.observations] == [3, None, 4]
    assert together.total == 7
