"""From datasets to protected tables under the plan and policy of the group."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.examples import REFERENCE, count, dataset

from dashboard.disclosure import GROUP, Plan, Protection, load_plan, load_policy, losses, protect
from dashboard.errors import ConfigurationError


def protection(plan: Plan, **numbers: int) -> Protection:
    datasets = {name: dataset(name, count(name, number)) for name, number in numbers.items()}
    return protect(datasets, plan, load_policy(REFERENCE), GROUP, REFERENCE)


@pytest.fixture
def plan(reference_dir: Path) -> Plan:
    return load_plan(reference_dir)


def test_only_tables_with_a_dataset_are_made(plan: Plan) -> None:
    made = {table.table.name for table in protection(plan, cases=9, prevention=9).tables}
    assert made == {"cases_by_stage", "prevention_by_activity", "prevention_by_pillar"}


def test_prevention_shows_every_count_and_the_other_structures_do_not(plan: Plan) -> None:
    shown = {
        table.table.structure.name: {table.shown(key) for key in table.statuses}
        for table in protection(plan, prevention=1, cases=1, persons=4, assistance=5, victims=5).tables
    }
    assert shown == {"prevention": {1}, "cases": {None}, "persons": {None}, "assistance": {5}, "victims": {5}}


def test_a_structure_without_a_threshold_stops_everything(plan: Plan) -> None:
    policy = replace(load_policy(REFERENCE), thresholds={GROUP: {"cases": 5}})
    with pytest.raises(ConfigurationError, match="no threshold for victims"):
        protect({"victims": dataset("victims", count("victims", 9))}, plan, policy, GROUP, REFERENCE)


def test_margins_are_not_said_to_be_protected_as_long_as_they_are_not(plan: Plan) -> None:
    assert not protection(plan, cases=9).margins_protected


def test_losses_count_cells_shown_and_withheld(plan: Plan) -> None:
    rows = dataset("cases", count("cases", 6), count("cases", 2, form_of_exploitation="OTHER"))
    (loss,) = losses(protect({"cases": rows}, plan, load_policy(REFERENCE), GROUP, REFERENCE))
    # Two forms and their total, for the year, the report year and all periods: the 2 is withheld each time.
    assert (loss.name, loss.shown, loss.withheld) == ("cases_by_stage", 6, 3)


def test_progress_names_each_table_before_it_is_counted(plan: Plan) -> None:
    told: list[tuple[str, int, int]] = []
    protect(
        {"prevention": dataset("prevention", count("prevention", 9))},
        plan,
        load_policy(REFERENCE),
        GROUP,
        REFERENCE,
        lambda *step: told.append(step),
    )
    assert told == [("prevention_by_activity", 0, 2), ("prevention_by_pillar", 1, 2)]
