"""Levels of periods: what a publication shows, what stands in for the rest, and how five years are read."""

from dataclasses import replace

import pytest
from tests.examples import REFERENCE
from tests.published import Written
from tests.unit.views.conftest import Opened

from dashboard import charts, exports
from dashboard.datasets import periods
from dashboard.published_tables import CoverageEntry, ReturnStatus
from dashboard.views import CellState, Selection, TableView, View, catalogue, choices, headlines, load
from dashboard.views.coverage import quarters_missing, quarters_reported
from dashboard.views.events import break_between, events_in

TEN_YEARS = periods.quarters("2015-Q1", "2024-Q4")
COUNTED = {"status": {str(year): ("IDENTIFIED", "PRESUMED") for year in range(2015, 2025)}}
SERIES = Written(
    "victims_over_time",
    "victims",
    ("period", "status", "form_of_exploitation", "age_group"),
    {
        "2015/2019 IDENTIFIED _T _T": 30,
        "2020/2024 IDENTIFIED _T _T": 42,
        "2020/2024 IDENTIFIED _T 0-17": None,
        "2020/2024 IDENTIFIED _T 18+": 38,
        "_T IDENTIFIED _T _T": 72,
    },
    period_levels=("five_years",),
    counted=COUNTED,
)
NATIONALITY = Written(
    "victims_by_nationality",
    "victims",
    ("period", "status", "form_of_exploitation", "nationality"),
    {
        "2015/2019 IDENTIFIED _T BGD": 20,
        "2015/2019 IDENTIFIED _T _T": 20,
        "2020/2024 IDENTIFIED _T BGD": 45,
        "2020/2024 IDENTIFIED _T _T": 45,
        "_T IDENTIFIED _T BGD": 65,
        "_T IDENTIFIED _T _T": 65,
    },
    period_levels=("five_years",),
    counted=COUNTED,
)
BY_QUARTER = Written(
    "victims_by_quarter",
    "victims",
    ("period", "status"),
    {"2015/2019 IDENTIFIED": 30, "2020/2024 IDENTIFIED": 42, "_T IDENTIFIED": 72},
    period_levels=("five_years",),
    counted=COUNTED,
)
(QUARTERS,) = catalogue.TREND.companions
NOTHING_FINER = replace(SERIES, cells={"_T IDENTIFIED _T _T": 72}, period_levels=())
SPARSE = "Years are too sparse to be shown apart; five years are shown together."


def drawn(table: TableView) -> list[tuple[str, str]]:
    return [(row.label, cells[0].text) for row, cells in zip(table.rows, table.cells, strict=True)]


def options(view: View, name: str, opened: Opened, *tables: Written) -> list[str]:
    published = opened(*tables, quarters=TEN_YEARS)
    return next(([label for _, label in one.options] for one in choices(view, published) if one.name == name), [])


@pytest.mark.parametrize("view", [catalogue.OVERVIEW, catalogue.TREND], ids=lambda view: view.name)
def test_a_series_falls_back_to_five_years_and_says_so(view: View, opened: Opened) -> None:
    table = load(view, Selection(), opened(SERIES, quarters=TEN_YEARS))
    assert drawn(table) == [("2015\u20132019", "30"), ("2020\u20132024", "42")]
    assert table.subtitle == "By five years, persons"
    assert any("shown apart; five years are shown together." in note for note in table.notes)
    text = str(charts.draw(table).to_dict())
    assert "2015\u20132019" in text.replace("<br>", "")
    assert "2015-2019-to-2020-2024" in exports.filename(table, "csv")


def test_quarters_that_are_too_sparse_give_way_to_years_and_those_to_five_years(opened: Opened) -> None:
    table = load(QUARTERS, Selection(level="quarter"), opened(BY_QUARTER, quarters=TEN_YEARS))
    assert "Quarters are too sparse to be shown apart; five years are shown together." in table.notes
    assert [row.code for row in table.rows] == ["2015/2019", "2020/2024"]
    assert table.title == "Identified victims by five years", "not by quarter: the title says what is shown"


def test_quarters_and_years_are_named_together_where_both_are_too_sparse(opened: Opened) -> None:
    both = replace(QUARTERS, period_levels=("quarter", "year"))
    table = load(both, Selection(), opened(BY_QUARTER, quarters=TEN_YEARS))
    assert "Quarters and years are too sparse to be shown apart; five years are shown together." in table.notes


def test_a_series_without_quarters_says_that_too(opened: Opened) -> None:
    years = replace(BY_QUARTER, cells={"2024 IDENTIFIED": 9}, period_levels=("year",))
    table = load(QUARTERS, Selection(), opened(years, quarters=TEN_YEARS[-4:]))
    assert "Quarters are too sparse to be shown apart; whole years are shown." in table.notes
    assert table.title == "Identified victims by year"
    assert drawn(table) == [("2024", "9")]


def test_a_series_of_quarters_without_any_level_shows_all_periods(opened: Opened) -> None:
    nothing = replace(BY_QUARTER, cells={"_T IDENTIFIED": 72}, period_levels=())
    table = load(QUARTERS, Selection(), opened(nothing, quarters=TEN_YEARS))
    assert (table.title, table.subtitle) == ("Identified victims in all periods", "All periods, persons")


@pytest.mark.parametrize(("view", "written"), [(catalogue.TREND, SERIES), (QUARTERS, BY_QUARTER)])
def test_what_is_published_in_full_says_nothing(view: View, written: Written, opened: Opened) -> None:
    full = {codes.replace("_T", "2024", 1): 9 for codes in written.cells if codes.startswith("_T")}
    years = replace(written, cells=full, period_levels=("quarter", "year"))
    table = load(view, Selection(), opened(years, quarters=TEN_YEARS[-4:]))
    assert not any("sparse" in note for note in table.notes)


@pytest.mark.parametrize("view", [catalogue.OVERVIEW, catalogue.TREND], ids=lambda view: view.name)
def test_a_series_without_any_level_shows_all_periods(view: View, opened: Opened) -> None:
    table = load(view, Selection(level="year"), opened(NOTHING_FINER, quarters=TEN_YEARS))
    assert drawn(table) == [("All periods", "72")]
    assert table.subtitle == "All periods, persons"
    assert any("are too sparse to be shown apart; all periods are shown together." in note for note in table.notes)
    assert "All periods" in str(charts.draw(table).to_dict())
    assert charts.describe(table).endswith("72 in All periods.")
    assert "_all-periods_" in exports.filename(table, "csv")


def test_choices_offer_published_levels_only(opened: Opened) -> None:
    assert options(catalogue.NATIONALITY, "period", opened, NATIONALITY, SERIES) == [
        "All periods",
        "2020\u20132024",
        "2015\u20132019",
    ]


def test_a_series_offers_every_published_level_the_default_first(opened: Opened) -> None:
    both = replace(SERIES, period_levels=("year", "five_years"))
    finer = replace(BY_QUARTER, period_levels=("quarter", "year", "five_years", "report_year"))
    published = opened(both, finer, quarters=TEN_YEARS)
    levels = {view.name: choices(view, published)[0] for view in (catalogue.TREND, QUARTERS)}
    assert [label for _, label in levels["trend"].options] == ["Years", "Five years"]
    assert [label for _, label in levels["trend_by_quarter"].options] == ["Quarters", "TIP-report years"]


def test_years_and_five_years_stand_level_by_level(opened: Opened) -> None:
    both = replace(NATIONALITY, period_levels=("year", "five_years"))
    found = options(catalogue.NATIONALITY, "period", opened, both)
    assert found[:2] == ["All periods", "2024"]
    assert found[-3:] == ["2015", "2020\u20132024", "2015\u20132019"]


def test_a_year_that_is_not_shown_by_itself_falls_back_to_its_five_years(opened: Opened) -> None:
    table = load(catalogue.NATIONALITY, Selection(period="2021"), opened(NATIONALITY, quarters=TEN_YEARS))
    assert (table.period, table.subtitle) == ("2020/2024", "2020\u20132024, persons")
    assert drawn(table) == [("Bangladesh", "45")]
    assert SPARSE in table.notes


def test_two_times_five_years_are_compared_but_not_across_a_break(opened: Opened) -> None:
    published = opened(NATIONALITY, quarters=TEN_YEARS)
    table = load(catalogue.NATIONALITY, Selection(period="2020/2024", compare="2015/2019"), published)
    assert [column.label for column in table.columns] == ["2020\u20132024", "2015\u20132019"]
    assert table.comparison.startswith("Not comparable with 2015\u20132019: ")


def test_a_year_is_not_compared_with_five_years(opened: Opened) -> None:
    both = replace(NATIONALITY, period_levels=("year", "five_years"))
    published = opened(both, quarters=TEN_YEARS)
    assert len(load(catalogue.NATIONALITY, Selection(period="2024", compare="2015/2019"), published).columns) == 1
    (compare,) = [choice for choice in choices(catalogue.NATIONALITY, published) if choice.name == "compare"]
    assert [code for code, _ in compare.beside("2015/2019").options] == ["none", "2020/2024", "2015/2019"]
    assert "2020/2024" not in dict(compare.beside("2024").options)


def test_five_years_that_are_not_complete_are_provisional_and_said_so(opened: Opened) -> None:
    quarters = periods.quarters("2015-Q1", "2022-Q2")
    table = load(catalogue.OVERVIEW, Selection(), opened(SERIES, quarters=quarters))
    assert [cells[0].state for cells in table.cells] == [CellState.NUMBER, CellState.PROVISIONAL]
    assert "Not complete: 2020\u20132024 (10 of 20 quarters)." in table.notes


def returns(*found: tuple[str, ReturnStatus]) -> tuple[CoverageEntry, ...]:
    return tuple(CoverageEntry("MPS", "Police", period, status) for period, status in found)


def test_quarters_of_five_years_are_counted_year_by_year() -> None:
    """Whole years count as four quarters, also where another year of the five is reported by quarter."""
    whole = [(quarter, ReturnStatus.WHOLE_YEAR) for quarter in periods.quarters_of(2020)]
    entries = returns(*whole, ("2020-QX", ReturnStatus.RETURNED), ("2021-Q1", ReturnStatus.RETURNED))
    assert quarters_reported(entries, "2020/2024") == 5
    assert quarters_missing(entries, "2020/2024") == 15
    assert quarters_missing(entries, "2025/2029") == 0, "of what nobody reported nothing is missing"


def test_an_event_lies_in_its_five_years() -> None:
    found = events_in(REFERENCE, "five_years", ("2010/2014", "2015/2019", "2020/2024"))
    assert {event.period for event in found} <= {"2010/2014", "2015/2019", "2020/2024"}
    assert any(event.is_break and event.period == "2020/2024" for event in found)
    assert events_in(REFERENCE, "all", ("_T",)) == ()
    assert break_between(REFERENCE, "2015/2019", "2020/2024")
    assert not break_between(REFERENCE, "2020/2024", "2025/2029")


def test_headlines_are_of_the_newest_year_or_the_newest_five(opened: Opened) -> None:
    cases = Written(
        "cases_by_stage",
        "cases",
        ("period", "stage", "form_of_exploitation"),
        {"2024 INVESTIGATED _T": 9, "2023 INVESTIGATED _T": 8},
        counted={"stage": {"2023": ("INVESTIGATED",), "2024": ("INVESTIGATED",)}},
    )
    found = headlines(catalogue.OVERVIEW.kpis, opened(SERIES, cases, quarters=TEN_YEARS))
    assert [(one.label, one.period, one.cell.text) for one in found] == [
        ("Identified victims", "2020/2024", "42"),
        ("Of them children", "2020/2024", "c"),
        ("Presumed victims", "2020/2024", "0"),
        ("Cases investigated", "2024", "9"),
    ]
    assert found[0].comparison.sentence.startswith("Not comparable with 2015\u20132019")
    assert found[3].comparison.sentence == "1 more than in 2023 (8): within chance."


def test_headlines_of_a_table_without_levels_are_of_all_periods(opened: Opened) -> None:
    found = headlines(catalogue.OVERVIEW.kpis[:1], opened(NOTHING_FINER, quarters=TEN_YEARS))
    assert [(one.period, one.cell.text, one.comparison.sentence) for one in found] == [
        ("_T", "72", "No earlier period to compare with.")
    ]


def test_a_headline_of_a_code_in_a_group_is_withheld(opened: Opened) -> None:
    grouped = replace(SERIES, groups={"age_group": {"_T+": ("0-17", "NR")}}, cells={"2020/2024 IDENTIFIED _T _T": 42})
    found = headlines(catalogue.OVERVIEW.kpis[:2], opened(grouped, quarters=TEN_YEARS))
    assert [one.cell.text for one in found] == ["42", "c"]
