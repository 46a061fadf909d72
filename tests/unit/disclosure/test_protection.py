"""From datasets to protected tables under the plan and policy of the group, for every circulation."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import REFERENCE, count, dataset

from dashboard.datasets import STRUCTURES, TOTAL, Observation
from dashboard.disclosure import (
    GROUP,
    WIDER,
    ConfidentialityStatus,
    DisclosurePolicy,
    Earlier,
    Plan,
    PlannedTable,
    Protection,
    effects,
    load_plan,
    load_policy,
    protect,
    withheld_cells,
)
from dashboard.errors import ConfigurationError, DashboardError

POLICY = load_policy(REFERENCE)
YEARS = {"period": ("year",)}
TWO_TABLES = Plan(
    "drawn",
    {
        name: PlannedTable(name, STRUCTURES["victims"], ("period", "status", "form_of_exploitation", theme), YEARS)
        for name, theme in (("by_nationality", "nationality"), ("by_sector", "sector"))
    },
)
CASES = Plan("drawn", {"cases": PlannedTable("cases", STRUCTURES["cases"], ("period", "stage"), YEARS)})


def protection(plan: Plan, **numbers: int) -> Protection:
    datasets = {name: dataset(name, count(name, number)) for name, number in numbers.items()}
    return protect(datasets, plan, POLICY, REFERENCE)


@pytest.fixture
def plan(reference_dir: Path) -> Plan:
    return load_plan(reference_dir)


def test_only_tables_with_a_dataset_are_made_for_each_circulation(plan: Plan) -> None:
    made = protection(plan, cases=9, prevention=9)
    assert set(made.tables) == {GROUP, WIDER}
    for tables in made.tables.values():
        assert [table.table.name for table in tables] == [
            "cases_by_stage",
            "prevention_by_activity",
            "prevention_by_pillar",
        ]


def test_prevention_shows_every_count_and_the_other_structures_do_not(plan: Plan) -> None:
    made = protection(plan, prevention=1, cases=1, persons=4, assistance=5, victims=10)
    shown = {
        circulation: {table.table.structure.name: {table.shown(key) for key in table.statuses} for table in tables}
        for circulation, tables in made.tables.items()
    }
    assert shown == {
        GROUP: {"prevention": {1}, "cases": {None}, "persons": {None}, "assistance": {5}, "victims": {10}},
        WIDER: {"prevention": {1}, "cases": {None}, "persons": {None}, "assistance": {None}, "victims": {10}},
    }


def test_a_number_that_a_source_withheld_is_withheld_where_every_count_is_shown(plan: Plan) -> None:
    rows = dataset(
        "prevention",
        count("prevention", 3, activity="TRAINING"),
        count("prevention", None, activity="AWARENESS", censored_below=5),
    )
    (table, *_) = protect({"prevention": rows}, plan, POLICY, REFERENCE).tables[GROUP]
    by_activity = {key[2]: table.shown(key) for key in table.statuses if key[0] == key[3] == TOTAL}
    assert by_activity == {"TRAINING": 3, "AWARENESS": None, TOTAL: None}


def test_a_structure_without_a_threshold_stops_everything(plan: Plan) -> None:
    policy = replace(POLICY, thresholds={one.name: {"cases": 5} for one in POLICY.circulations})
    with pytest.raises(ConfigurationError, match="no threshold for victims"):
        protect({"victims": dataset("victims", count("victims", 9))}, plan, policy, REFERENCE)


ROWS = st.lists(
    st.builds(
        lambda value, period, form, nationality, sector: count(
            "victims", value, period, form_of_exploitation=form, nationality=nationality, sector=sector
        ),
        st.integers(0, 12),
        st.sampled_from(("2023", "2024-Q1", "2024-Q2")),
        st.sampled_from(("FORCED_LABOUR", "SEXUAL_EXPLOITATION")),
        st.sampled_from(("BGD", "IND", "KEN", "NR")),
        st.sampled_from(("F", "I")),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=20, deadline=None)
@given(ROWS)
def test_a_shown_number_is_true_and_never_small(rows: list[Observation]) -> None:
    made = protect({"victims": dataset("victims", *rows)}, TWO_TABLES, POLICY, REFERENCE)
    for circulation, tables in made.tables.items():
        for table in tables:
            for key in table.statuses:
                shown = table.shown(key)
                if shown is not None:
                    assert shown == persons(made, table.table, key, rows)
                    assert not 0 < shown < POLICY.threshold(circulation, "victims")


def persons(made: Protection, table: PlannedTable, key: tuple[str, ...], rows: list[Observation]) -> int:
    """The persons of a cell, row by row: those whose codes are counted under all of its codes."""
    paths = made.classifications["victims"].paths[table.name]

    def codes(row: Observation, name: str) -> tuple[str, ...]:
        reported = row.period if name == "period" else row.codes[table.structure.position(name)]
        return paths[name][reported]

    return sum(
        row.value or 0
        for row in rows
        if all(code in codes(row, name) for name, code in zip(table.dimensions, key, strict=True))
    )


@settings(max_examples=15, deadline=None)
@given(ROWS)
def test_a_wider_circulation_shows_nothing_that_the_group_does_not_see(rows: list[Observation]) -> None:
    made = protect({"victims": dataset("victims", *rows)}, TWO_TABLES, POLICY, REFERENCE)
    group, wider = withheld_cells(made, GROUP), withheld_cells(made, WIDER)
    assert all(group[name] <= wider[name] for name in group)


def test_a_small_count_is_primary_and_its_partner_secondary() -> None:
    rows = [count("cases", 9, "2023"), count("cases", 2, "2024"), count("cases", 30, "2022")]
    (table,) = protect({"cases": dataset("cases", *rows)}, CASES, POLICY, REFERENCE).tables[GROUP]
    assert {key[0]: str(status) for key, status in table.statuses.items()} == {
        "2022": ConfidentialityStatus.FREE,
        "2023": ConfidentialityStatus.SECONDARY,
        "2024": ConfidentialityStatus.PRIMARY,
        TOTAL: ConfidentialityStatus.FREE,
    }
    assert table.shown(("2021", "RECORDED")) == 0, "a cell that nobody counted is a shown zero"


KENYA = [
    count("victims", 30, nationality="BGD"),
    count("victims", 8, nationality="IND"),
    count("victims", 5, nationality="KEN"),
    count("victims", 2, nationality="KEN", agency="LRA"),
]


@pytest.mark.parametrize(("organisation", "shown"), [("", 7), ("MPS", None)])
def test_an_organisation_of_the_policy_learns_nothing_small_by_subtracting(
    organisation: str, shown: int | None
) -> None:
    """The police supplied 5 of the 7 persons from Kenya."""
    policy: DisclosurePolicy = replace(POLICY, contributor=organisation)
    (table, _) = protect({"victims": dataset("victims", *KENYA)}, TWO_TABLES, policy, REFERENCE).tables[GROUP]
    of_kenya = [key for key in table.statuses if key[3] == "KEN" and key[0] == key[2] == TOTAL]
    assert [table.shown(key) for key in of_kenya] == [shown]


HOTELS = [
    count("victims", 30, nationality="BGD", sector="F"),
    count("victims", 8, nationality="IND", sector="I"),
    count("victims", 2, nationality="BGD", sector="I", agency="LRA"),
]


@pytest.mark.parametrize(("organisation", "shown"), [("", 10), ("MISSION_IND", None), ("MISSION_SAU", 10)])
def test_a_mission_that_knows_all_of_its_nationals_learns_nothing_small_about_others(
    organisation: str, shown: int | None
) -> None:
    """8 of the 10 in hotels are Indians, whoever reported them: to their mission a 10 says that others are 2."""
    policy: DisclosurePolicy = replace(POLICY, contributor=organisation)
    (_, table) = protect({"victims": dataset("victims", *HOTELS)}, TWO_TABLES, policy, REFERENCE).tables[GROUP]
    of_hotels = [key for key in table.statuses if key[3] == "I" and key[0] == key[2] == TOTAL]
    assert [table.shown(key) for key in of_hotels] == [shown]


def earlier(made: Protection, plan: Plan, rows: list[Observation]) -> Earlier:
    """A publication as a later one finds it."""
    return Earlier(
        1,
        {"cases": dataset("cases", *rows)},
        made.classifications,
        {"cases": {name: table.dimensions for name, table in plan.tables.items()}},
        {
            circulation: {table.table.name: {key: table.shown(key) for key in table.statuses} for table in tables}
            for circulation, tables in made.tables.items()
        },
        POLICY.thresholds,
    )


def test_a_table_keeps_its_dimensions_for_good() -> None:
    rows = [count("cases", 30)]
    before = earlier(protect({"cases": dataset("cases", *rows)}, CASES, POLICY, REFERENCE), CASES, rows)
    more = PlannedTable("cases", STRUCTURES["cases"], ("period", "stage", "form_of_exploitation"), YEARS)
    with pytest.raises(DashboardError, match="was published with other dimensions before"):
        protect({"cases": dataset("cases", *rows)}, Plan("2", {"cases": more}), POLICY, REFERENCE, [before])


def test_a_second_publication_is_protected_together_with_the_first() -> None:
    """Two more cases than last time: the total and the year would tell them."""
    rows = [count("cases", 30, "2023"), count("cases", 30, "2024")]
    before = earlier(protect({"cases": dataset("cases", *rows)}, CASES, POLICY, REFERENCE), CASES, rows)
    late = dataset("cases", *rows, count("cases", 2, "2024", "LRA"))
    (table,) = protect({"cases": late}, CASES, POLICY, REFERENCE, [before]).tables[GROUP]
    assert {key[0]: table.shown(key) for key in table.statuses} == {"2023": 30, "2024": None, TOTAL: None}
    (alone,) = protect({"cases": late}, CASES, POLICY, REFERENCE).tables[GROUP]
    assert alone.shown(("2024", "RECORDED")) == 32, "negative control"


def test_effects_count_cells_shown_and_withheld() -> None:
    rows = [count("cases", 9, "2023"), count("cases", 2, "2024"), count("cases", 30, "2022")]
    made = protect({"cases": dataset("cases", *rows)}, CASES, POLICY, REFERENCE)
    (effect,) = effects(made, GROUP)
    assert (effect.table, effect.shown, effect.withheld, effect.zeros_withheld, effect.grouped) == ("cases", 2, 2, 0, 0)
    assert (effect.periods, effect.persons, effect.persons_shown) == ("year", 41, 30)


def test_progress_names_each_structure_and_circulation_and_rises_to_1(plan: Plan) -> None:
    told: list[tuple[str, float]] = []
    datasets = {name: dataset(name, count(name, 9), count(name, 2, "2023-Q1")) for name in ("cases", "persons")}
    protect(datasets, plan, POLICY, REFERENCE, (), lambda doing, share: told.append((doing, share)))
    assert list(dict.fromkeys(doing for doing, _ in told)) == [
        "Cases, circulation group",
        "Cases, circulation wider",
        "Persons in the justice chain, circulation group",
        "Persons in the justice chain, circulation wider",
    ]
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1
