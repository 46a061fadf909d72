"""Statements of data sets: everything is said, or the dashboard does not start."""

from datetime import date
from pathlib import Path
from shutil import copyfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import REFERENCE

from dashboard.datasets import STRUCTURES
from dashboard.datasets.data_protection import FILE, Sensitivity, load_data_protection, years_after
from dashboard.errors import ConfigurationError

SOUND = (REFERENCE / FILE).read_text(encoding="utf-8")
KEYS = ("purpose", "source", "reference", "sensitivity", "owner", "returns_kept", "tables_kept")


def write(folder: Path, content: str) -> Path:
    """The folder of a group with this file."""
    copyfile(REFERENCE / "organisations.csv", folder / "organisations.csv")
    (folder / FILE).write_text(content, encoding="utf-8")
    return folder


def line(key: str, content: str = SOUND) -> str:
    """The first line of the file that begins with the key."""
    return next(one for one in content.splitlines() if one.startswith(f"{key} ="))


def test_the_file_of_the_project_says_something_about_every_structure() -> None:
    found = load_data_protection(REFERENCE)
    assert list(found.statements) == list(STRUCTURES)
    assert all(name == one.structure for name, one in found.statements.items())
    assert found.controller
    assert found.contact
    assert found.incident


def test_what_is_not_known_says_so() -> None:
    """No legal reference is invented: each one names the act of events.csv, or is to be agreed."""
    act = "Act 12/2013"
    assert act in (REFERENCE / "events.csv").read_text(encoding="utf-8")
    for one in load_data_protection(REFERENCE).statements.values():
        assert "to be agreed by the group" in one.reference.lower()
        assert "Act" not in one.reference.replace(act, "").replace("Human Trafficking Act", "")


def test_a_sound_file_of_another_group_is_read(tmp_path: Path) -> None:
    changed = SOUND.replace(line("returns_kept"), "returns_kept = 3", 1).replace(line("owner"), 'owner = "MPS"', 1)
    victims = load_data_protection(write(tmp_path, changed)).statements["victims"]
    assert (victims.returns_kept, victims.owner, victims.owner_name) == (3, "MPS", "Maldives Police Service")
    assert victims.sensitivity is Sensitivity.CONFIDENTIAL


@pytest.mark.parametrize("key", ["decided", "controller", "contact", "incident", *KEYS])
def test_what_is_left_out_is_named(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"{FILE}.*: {key} is missing. Add it."):
        load_data_protection(write(tmp_path, SOUND.replace(line(key), "", 1)))


@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_structure_that_is_left_out_is_named(tmp_path: Path, structure: str) -> None:
    head, _, rest = SOUND.partition(f"[structures.{structure}]")
    others = rest.partition("[structures.")
    with pytest.raises(ConfigurationError, match=f"structures: {structure} is missing"):
        load_data_protection(write(tmp_path, head + others[1] + others[2]))


@pytest.mark.parametrize("key", ["decided", "controller", "purpose", "source", "reference", "owner"])
@pytest.mark.parametrize("value", ['""', '"  "', "5", "true", "[]"])
def test_a_text_is_a_text_and_not_empty(tmp_path: Path, key: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{key} must be a text"):
        load_data_protection(write(tmp_path, SOUND.replace(line(key), f"{key} = {value}", 1)))


@pytest.mark.parametrize("value", ["0", "-1", "101", "2.5", '"5"', "true"])
@pytest.mark.parametrize("key", ["returns_kept", "tables_kept"])
def test_a_span_is_a_whole_number_of_years(tmp_path: Path, key: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"structures.victims: {key} must be a whole number of years"):
        load_data_protection(write(tmp_path, SOUND.replace(line(key), f"{key} = {value}", 1)))


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('sensitivity = "confidential"', 'sensitivity = "secret"', "Choose among restricted, confidential"),
        ('sensitivity = "confidential"', 'sensitivity = "public"', "Choose among restricted, confidential"),
        ('sensitivity = "confidential"', "sensitivity = []", "Choose among restricted, confidential"),
        ('owner = "IOM"', 'owner = "NOBODY"', "Use a code of organisations.csv"),
        ("tables_kept = 10", "tables_kept = 10\nlicence = 'x'", "licence is unknown. Choose among purpose"),
        ("[structures.victims]", "[structures.ghosts]", "ghosts is unknown. Choose among victims"),
        ("[installation]", "[elsewhere]", "elsewhere is unknown. Choose among decided"),
        ("decided = ", "installation = 1\ndecided = ", "can't be read"),
    ],
)
def test_a_slip_of_the_pen_is_told_with_its_mend(tmp_path: Path, before: str, after: str, says: str) -> None:
    assert before in SOUND
    with pytest.raises(ConfigurationError, match=says):
        load_data_protection(write(tmp_path, SOUND.replace(before, after, 1)))


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=f"{FILE} is missing"):
        load_data_protection(tmp_path)


def test_a_return_is_kept_as_long_as_the_longest_of_its_structures(tmp_path: Path) -> None:
    changed = SOUND.replace("returns_kept = 10", "returns_kept = 2", 1).replace(
        "returns_kept = 10", "returns_kept = 4", 1
    )
    found = load_data_protection(write(tmp_path, changed))
    assert found.returns_kept(frozenset({"victims"})) == 2
    assert found.returns_kept(frozenset({"victims", "cases"})) == 4
    assert found.returns_kept(frozenset()) == 10, "nobody knows what it held: the longest"


@given(st.dates(max_value=date(2900, 1, 1)), st.integers(1, 100))
def test_years_are_counted_by_the_calendar(day: date, years: int) -> None:
    later = years_after(day, years)
    assert later.year == day.year + years
    if (day.month, day.day) != (2, 29):
        assert (later.month, later.day) == (day.month, day.day)


def test_the_day_that_not_every_year_has() -> None:
    assert years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert years_after(date(2024, 2, 29), 5) == date(2029, 3, 1)
