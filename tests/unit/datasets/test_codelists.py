"""Codelists: hierarchy, where a code is counted, order, and what is said when a file is wrong."""

from pathlib import Path

import pytest

from dashboard.datasets import NOT_RECORDED, STRUCTURES, TOTAL, Codelist
from dashboard.datasets.codelists import load_codelist
from dashboard.errors import ConfigurationError

HEADER = "code,label,level,parent,definition,source\n"
PLACES = """\
SOUTH,The south,region,,,invented
NR,Not recorded,country,,,invented
AAA,Aland,country,SOUTH,,invented
BBB,Beeland,country,SOUTH,,invented
A_TOWN,Town in Aland,place,AAA,,invented
ICE,Ice without region,country,,,invented
"""


@pytest.fixture
def places(tmp_path: Path) -> Codelist:
    (tmp_path / "places.csv").write_text(HEADER + PLACES, encoding="utf-8")
    return load_codelist(tmp_path, "place", ("places",))


def broken(folder: Path, content: str) -> str:
    (folder / "broken.csv").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        load_codelist(folder, "place", ("broken",))
    return str(refused.value)


def test_only_codes_without_children_are_reported(places: Codelist) -> None:
    assert places.reportable == ("NR", "BBB", "A_TOWN", "ICE")


def test_ancestors_go_from_finest_to_coarsest(places: Codelist) -> None:
    assert places.ancestors("A_TOWN") == ("A_TOWN", "AAA", "SOUTH")


@pytest.mark.parametrize(
    ("code", "levels", "counted"),
    [
        ("A_TOWN", ("place", "country", "region"), ("A_TOWN", "AAA", "SOUTH")),
        ("A_TOWN", ("region",), ("SOUTH",)),
        ("BBB", ("place",), ("BBB",)),
        ("ICE", ("region",), ("ICE",)),
        ("NR", ("region", "place"), ("NR",)),
    ],
)
def test_where_a_code_is_counted(
    places: Codelist, code: str, levels: tuple[str, ...], counted: tuple[str, ...]
) -> None:
    """A code without an ancestor at the levels shown stands for itself: no sum loses it."""
    assert places.at_levels(code, levels) == counted


def test_not_recorded_is_last_but_for_strangers(places: Codelist) -> None:
    assert sorted(["ZZZ", "NR", "ICE", "SOUTH"], key=places.order) == ["SOUTH", "ICE", "ZZZ", "NR"]


def test_labels(places: Codelist) -> None:
    assert [places.label(code) for code in ("AAA", TOTAL, "ZZZ")] == ["Aland", "Total", "ZZZ"]
    assert "AAA" in places
    assert "ZZZ" not in places


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="gone.csv is missing"):
        load_codelist(tmp_path, "place", ("gone",))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    assert "broken.csv lacks the column parent" in broken(
        tmp_path, "code,label,level,definition,source\nA,A,place,,x\n"
    )


def test_a_code_that_is_there_twice_is_named(tmp_path: Path) -> None:
    assert "the code A is there twice" in broken(tmp_path, HEADER + "A,A,place,,,x\nA,B,place,,,x\n")


def test_a_parent_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "parent NOWHERE is not in broken" in broken(tmp_path, HEADER + "A,A,place,NOWHERE,,x\n")


def test_a_code_above_itself_is_refused_and_not_walked_for_ever(tmp_path: Path) -> None:
    (tmp_path / "circle.csv").write_text(HEADER + "A,A,place,B,,x\nB,B,place,A,,x\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="its own ancestor"):
        load_codelist(tmp_path, "place", ("circle",)).ancestors("A")


ALL_DIMENSIONS = [
    pytest.param(dimension, id=f"{structure.name}-{dimension.name}")
    for structure in STRUCTURES.values()
    for dimension in (*structure.dimensions, *structure.derived)
]


@pytest.mark.parametrize("dimension", ALL_DIMENSIONS)
def test_the_reference_codelists_load(dimension, reference_dir: Path) -> None:  # type: ignore[no-untyped-def]
    codelist = dimension.codelist(reference_dir)
    assert codelist.reportable
    assert all(codelist.ancestors(code) for code in codelist.codes)
    assert TOTAL not in codelist
    # Observations are stored with a blank between their codes, in 40 letters where they are published.
    assert [code for code in codelist.codes if " " in code or len(code) > 40] == []
    if dimension.total and dimension.name != "activity" and dimension.name != "pillar":
        assert NOT_RECORDED in codelist
