"""The catalogue against the plan, and the promise that a new view is one entry and one door."""

from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.disclosure import load_plan
from dashboard.errors import ConfigurationError
from dashboard.views import View, catalogue


def check(reference_dir: Path, pages: tuple[View, ...] = catalogue.PAGES) -> None:
    """The views against the plan of the project, as the start does it."""
    tables = load_plan(reference_dir).tables
    catalogue.check(
        {name: table.dimensions for name, table in tables.items()},
        {name: table.levels for name, table in tables.items()},
        pages,
    )


def test_every_view_reads_a_planned_table(reference_dir: Path) -> None:
    check(reference_dir)


def test_view_names_are_used_once() -> None:
    names = [view.name for view in catalogue.every_view()]
    assert len(names) == len(set(names))


def test_a_companion_with_a_level_of_its_own_is_a_series() -> None:
    """Its card asks for a level of periods; of a companion with the levels of its page the page asks."""
    for page in catalogue.PAGES:
        assert not page.own_level, page.name
        for companion in page.companions:
            other_levels = companion.is_series and companion.period_levels != page.period_levels
            assert companion.own_level == other_levels, companion.name


TOY = View(
    name="toy",
    title="{measure} by age group",
    question="How many children?",
    table="victims_over_time",
    rows=("age_group",),
    chart="ranked_bars",
)


def test_a_view_in_the_plan_is_accepted(reference_dir: Path) -> None:
    check(reference_dir, (TOY,))


@pytest.mark.parametrize(
    ("view", "next_step"),
    [
        (replace(TOY, table="victims_by_age"), "Add it there with the dimensions age_group, period"),
        (replace(TOY, rows=("sector",)), "Add it to that table in publication_plan.toml"),
        (replace(TOY, filters=("sex",)), "needs the dimension sex"),
        (replace(TOY, period_levels=("quarter",)), "Add quarter to the levels of that table"),
        (
            replace(TOY, table="victims_by_nationality_and_sex", rows=("nationality",), row_levels=("subregion",)),
            "Add subregion to the levels of that table",
        ),
        (replace(TOY, companions=(replace(TOY, name="other", columns="sex"),)), 'view "other" needs the dimension sex'),
    ],
)
def test_a_view_outside_the_plan_stops_the_start_and_says_what_to_add(
    view: View, next_step: str, reference_dir: Path
) -> None:
    with pytest.raises(ConfigurationError, match=next_step):
        check(reference_dir, (view,))
