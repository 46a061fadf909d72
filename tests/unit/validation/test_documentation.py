"""docs/data-formats.md says what the code does."""

import re
from pathlib import Path

from tests.examples import REFERENCE

from dashboard.datasets import STRUCTURES
from dashboard.submissions import child, readers
from dashboard.submissions.profiles import load_profiles
from dashboard.validation import RULES

TEXT = (Path(__file__).parents[3] / "docs" / "data-formats.md").read_text(encoding="utf-8")


def test_the_table_of_findings_is_that_of_the_rules() -> None:
    rows = [
        f"| {rule.name} | {', '.join(severity.lower() for severity in rule.severities)} | {rule.looks_for} |"
        for rule in RULES
    ]
    table = "\n".join(["| rule | can be | looks for |", "|---|---|---|", *rows])
    assert f"{table}\n\n" in TEXT, "Put this into docs/data-formats.md:\n" + table


def test_the_sheets_of_the_template_are_the_structures() -> None:
    for structure in STRUCTURES.values():
        labels = ", ".join(dimension.label for dimension in structure.dimensions)
        assert f"| {structure.label} | {structure.unit} | {labels} |" in TEXT


def test_the_limits_are_those_of_the_readers() -> None:
    limits = (
        f"at most {child.FILE_AT_MOST // 1024**2} MB, {readers.ROWS_AT_MOST:,} rows and {readers.COLUMNS_AT_MOST} "
        f"columns a sheet, {readers.CELLS_AT_MOST // 1_000_000} million filled cells"
    )
    assert limits in TEXT
    assert f"ended after {child.WALL_SECONDS} seconds" in re.sub(r"\s+", " ", TEXT)


def test_the_order_of_breakdowns_is_that_of_the_profile() -> None:
    glotip = next(profile for profile in load_profiles(REFERENCE) if profile.breakdown)
    names = [cut.name.replace("by form of exploitation", "form").removeprefix("by ") for cut in glotip.breakdown.cuts]
    listed = ", ".join(f"{number}. {name}" for number, name in enumerate(names, 1)).replace("8. total", "8. the total")
    assert listed in TEXT
