"""From published cells to a table to be read: what a view shows, drawn as text."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from tests.examples import REFERENCE, count, dataset
from tests.published import counted, write

from dashboard import published_tables
from dashboard.accounts import Organisation
from dashboard.database import Database
from dashboard.datasets import Dataset, ObservationStatus
from dashboard.errors import NotFound
from dashboard.publication.coverage import coverage
from dashboard.views import Cell, CellState, Published, Selection, TableView, View, catalogue, choices, headlines, load

(BY_QUARTER,) = catalogue.TREND.companions


@pytest.fixture
def publish(database: Database, organisations: tuple[Organisation, ...]) -> Iterator[Callable[..., Published]]:
    """Write datasets as published tables and open them for reading, as a page does."""
    with ExitStack() as readers:

        def make(*content: Dataset) -> Published:
            with database.write() as connection:
                entries = coverage({one.structure.name: one for one in content}, organisations)
                write(connection, 1, *(table for one in content for table in counted(one)), coverage=entries)
            connection = readers.enter_context(database.read_published())
            return Published(connection, published_tables.find(connection, "p1"), REFERENCE)

        yield make


def draw(table: TableView) -> str:
    """The table as text: one line a row, `.` for a cell without a return."""
    lines = ["; ".join(column.label for column in table.columns)]
    for row, cells in zip(table.rows, table.cells, strict=True):
        lines.append(f"{row.label}: " + " ".join("." if c.state is CellState.NO_RETURN else c.text for c in cells))
    if table.total_row:
        lines.append("Total: " + " ".join(cell.text for cell in table.total_row))
    return "\n".join(lines)


VICTIMS = dataset(
    "victims",
    count("victims", 9, "2023-Q4"),
    count("victims", 6, "2024-Q1"),
    count("victims", 3, "2024-Q1", nationality="IND", origin="IND", sector="I"),
    count("victims", 8, "2024-Q2", nationality="LKA", origin="LKA", sector="I", sex="F"),
    count("victims", 5, "2024-Q2", age_group="0-17", form_of_exploitation="SEXUAL_EXPLOITATION", sector="NA_SECTOR"),
    count("victims", 40, "2024-Q2", status="PRESUMED"),
)


def test_nationalities_are_ranked_and_withheld_ones_come_last_by_name(publish: Callable[..., Published]) -> None:
    table = load(catalogue.NATIONALITY, Selection(), publish(VICTIMS))
    assert draw(table) == "All periods\nBangladesh: 20\nSri Lanka: 8\nIndia: c\nTotal: 31"
    assert table.title == "Identified victims by nationality"


def test_two_periods_stand_side_by_side(publish: Callable[..., Published]) -> None:
    published = publish(VICTIMS)
    table = load(catalogue.NATIONALITY, Selection(period="2024", compare="2023"), published)
    assert draw(table) == "2024; 2023\nBangladesh: 11 9\nSri Lanka: 8 0\nIndia: c 0\nTotal: 22 9"
    same = load(catalogue.NATIONALITY, Selection(period="2024", compare="2024"), published)
    assert len(same.columns) == 1


def test_sub_regions_are_sums_of_countries(publish: Callable[..., Published]) -> None:
    table = load(catalogue.NATIONALITY, Selection(level="subregion"), publish(VICTIMS))
    assert draw(table) == "All periods\nSouthern Asia: 31\nTotal: 31"


def test_another_status_is_another_table(publish: Callable[..., Published]) -> None:
    table = load(catalogue.NATIONALITY, Selection(codes=(("status", "PRESUMED"),)), publish(VICTIMS))
    assert draw(table) == "All periods\nBangladesh: 40\nTotal: 40"
    assert table.title == "Presumed victims by nationality"


def test_sector_by_form_has_totals_of_both(publish: Callable[..., Published]) -> None:
    table = load(catalogue.SECTOR, Selection(period="2024"), publish(VICTIMS))
    assert draw(table) == (
        "Forced labour; Sexual exploitation\n"
        "Hotels, resorts and restaurants: 11 0\n"
        "Construction: 6 0\n"
        "Not applicable: 0 5\n"
        "Total: 17 5"
    )
    assert [cell.text for cell in table.total_column] == ["11", "6", "5"]


@pytest.mark.parametrize(
    ("view", "level", "title", "drawn"),
    [
        (catalogue.TREND, "year", "over time", "2023: 9\n2024: 22"),
        (BY_QUARTER, "quarter", "by quarter", "Q4 2023: 9\nQ1 2024: 9\nQ2 2024: 13"),
        (BY_QUARTER, "report_year", "by TIP-report year", "TIP report 2024: 18\nTIP report 2025: 13"),
    ],
)
def test_a_series_by_year_by_quarter_and_by_tip_report_year(
    view: View, level: str, title: str, drawn: str, publish: Callable[..., Published]
) -> None:
    table = load(view, Selection(level=level), publish(VICTIMS))
    assert draw(table) == f"Identified victims\n{drawn}"
    assert table.title == f"Identified victims {title}"


def test_a_series_of_quarters_has_no_years_to_choose(publish: Callable[..., Published]) -> None:
    """The page's choice of years is not one of its levels: it stands at quarters, and says so in its title."""
    table = load(BY_QUARTER, Selection(level="year"), publish(VICTIMS))
    assert (table.title, table.rows[0].label) == ("Identified victims by quarter", "Q4 2023")


def test_a_quarter_without_a_return_is_no_zero(publish: Callable[..., Published]) -> None:
    series = dataset(
        "victims", count("victims", 9, "2023-Q1"), count("victims", 0, "2023-Q2"), count("victims", 7, "2023-Q4")
    )
    table = load(BY_QUARTER, Selection(), publish(series))
    assert draw(table) == "Identified victims\nQ1 2023: 9\nQ2 2023: 0\nQ3 2023: .\nQ4 2023: 7"


def test_a_status_that_nobody_counts_is_no_zero(publish: Callable[..., Published]) -> None:
    published = publish(dataset("victims", count("victims", 9, "2024-Q1", status="PRESUMED")))
    table = load(catalogue.OVERVIEW, Selection(), published)
    assert draw(table) == "Identified victims\n2024: ."
    assert [item.cell.state for item in headlines(catalogue.OVERVIEW.kpis, published)] == [
        CellState.NO_RETURN,
        CellState.NO_RETURN,
        CellState.PROVISIONAL,
        CellState.NO_RETURN,
    ]


def test_a_year_with_quarters_to_come_is_provisional_and_said_so(publish: Callable[..., Published]) -> None:
    full = [count("victims", 6, f"2023-Q{quarter}") for quarter in (1, 2, 3, 4)]
    table = load(catalogue.TREND, Selection(), publish(dataset("victims", *full, count("victims", 6, "2024-Q1"))))
    assert [cells[0].state for cells in table.cells] == [CellState.NUMBER, CellState.PROVISIONAL]
    assert "Not complete: 2024 (1 of 4 quarters)." in table.notes


def test_a_provisional_return_makes_its_period_provisional(publish: Callable[..., Published]) -> None:
    late = count("victims", 6, "2023-Q2", observation_status=ObservationStatus.PROVISIONAL)
    table = load(BY_QUARTER, Selection(), publish(dataset("victims", count("victims", 6, "2023-Q1"), late)))
    assert [cells[0].state for cells in table.cells] == [CellState.NUMBER, CellState.PROVISIONAL]


def test_a_return_for_a_whole_year_is_complete(publish: Callable[..., Published]) -> None:
    published = publish(dataset("victims", count("victims", 12, "2023")))
    assert draw(load(catalogue.TREND, Selection(), published)) == "Identified victims\n2023: 12"
    assert draw(load(BY_QUARTER, Selection(), published)) == (
        "Identified victims\nQ1 2023: .\nQ2 2023: .\nQ3 2023: .\nQ4 2023: .\n2023, quarter not recorded: 12"
    )
    by_report_year = load(BY_QUARTER, Selection(level="report_year"), published)
    assert "Returns for whole calendar years are not part of TIP-report years." in by_report_year.notes


def test_a_return_for_a_whole_year_does_not_hide_that_quarters_are_to_come(publish: Callable[..., Published]) -> None:
    returns = dataset("victims", count("victims", 9, "2024", "LRA"), count("victims", 7, "2024-Q1", "MPS"))
    table = load(catalogue.TREND, Selection(), publish(returns))
    assert table.cells[0][0] == Cell(CellState.PROVISIONAL, 16)
    assert "Not complete: 2024 (1 of 4 quarters)." in table.notes


def test_a_stage_counted_in_one_year_is_no_zero_in_another(publish: Callable[..., Published]) -> None:
    cases = dataset(
        "cases",
        *(count("cases", 9, f"{year}-Q{quarter}") for year in (2024, 2025) for quarter in (1, 2, 3, 4)),
        count("cases", 8, "2024-Q1", stage="INVESTIGATED"),
    )
    table = load(catalogue.JUSTICE, Selection(), publish(cases))
    assert draw(table).splitlines()[1:] == ["2024: 36 8 . . . .", "2025: 36 . . . . ."]


def test_all_periods_are_not_compared_with_a_part_of_them(publish: Callable[..., Published]) -> None:
    table = load(catalogue.NATIONALITY, Selection(compare="2023"), publish(VICTIMS))
    assert len(table.columns) == 1
    assert table.comparison == ""


def test_two_periods_are_compared_by_the_quarters_that_are_there(publish: Callable[..., Published]) -> None:
    full = [count("victims", 9, f"2023-Q{quarter}") for quarter in (1, 2, 3, 4)]
    half = [count("victims", 9, f"2024-Q{quarter}") for quarter in (1, 2)]
    table = load(
        catalogue.NATIONALITY, Selection(period="2024", compare="2023"), publish(dataset("victims", *full, *half))
    )
    assert table.comparison == "18 fewer than in 2023 (36) for 6 months against 12: within chance."


def test_nothing_is_compared_across_a_break_in_the_series(publish: Callable[..., Published]) -> None:
    years = [count("victims", 9, f"{year}-Q{quarter}") for year in (2020, 2021, 2022) for quarter in (1, 2, 3, 4)]
    published = publish(dataset("victims", *years))
    across = load(catalogue.NATIONALITY, Selection(period="2021", compare="2020"), published)
    assert across.comparison.startswith("Not comparable with 2020: ")
    after = load(catalogue.NATIONALITY, Selection(period="2022", compare="2021"), published)
    assert after.comparison == "As many as in 2021 (36): within chance."


def test_a_filter_by_the_dimension_of_the_columns_leaves_one_column(publish: Callable[..., Published]) -> None:
    split = Selection(split="age_group", codes=(("age_group", "0-17"),))
    table = load(catalogue.TREND, split, publish(VICTIMS))
    assert draw(table) == "Children (0-17)\n2023: 0\n2024: 5"
    assert table.total_column == ()


def test_a_source_that_returned_nothing_is_not_named(publish: Callable[..., Published]) -> None:
    assert load(catalogue.NATIONALITY, Selection(), publish(VICTIMS)).source == "Maldives Police Service"


def test_nobody_counted_is_not_nobody_returned(publish: Callable[..., Published]) -> None:
    published = publish(dataset("victims", count("victims", 0, "2024-Q1")))
    table = load(catalogue.NATIONALITY, Selection(), published)
    assert (table.rows, [cell.text for cell in table.total_row], table.is_empty) == ((), ["0"], False)


def test_routes_name_their_three_parts(publish: Callable[..., Published]) -> None:
    table = load(catalogue.ROUTE, Selection(), publish(VICTIMS))
    assert table.rows[0].parts == ("Bangladesh", "No transit", "Male' region")
    assert draw(table).splitlines()[1] == "Bangladesh \u2192 No transit \u2192 Male' region: 20"


@pytest.mark.parametrize("view", list(catalogue.every_view()), ids=lambda view: view.name)
def test_choices_that_do_not_exist_fall_back_to_the_default(view: View, publish: Callable[..., Published]) -> None:
    strange = Selection("1999", "nothing", "nowhere", "never", (("status", "<b>"), ("form_of_exploitation", "X")))
    published = publish(VICTIMS, dataset("cases", count("cases", 9, "2024-Q1")))
    if view.table not in published.tables:
        with pytest.raises(NotFound, match="Nobody has returned any yet"):
            load(view, strange, published)
        return
    assert load(view, strange, published) == load(view, Selection(), published)


def test_filters_offer_only_what_the_publication_holds(publish: Callable[..., Published]) -> None:
    offered = {
        choice.name: [code for code, _ in choice.options] for choice in choices(catalogue.NATIONALITY, publish(VICTIMS))
    }
    assert offered["period"][:3] == ["_T", "2024", "2023"]
    assert offered["status"] == ["PRESUMED", "IDENTIFIED"]
    assert offered["form_of_exploitation"] == ["_T", "FORCED_LABOUR", "SEXUAL_EXPLOITATION"]
    assert set(offered) == {"period", "compare", "level", "status", "form_of_exploitation"}


def test_a_filter_by_age_is_offered_where_ages_are_published(publish: Callable[..., Published]) -> None:
    offered = {
        choice.name: [code for code, _ in choice.options] for choice in choices(catalogue.TREND, publish(VICTIMS))
    }
    assert offered["age_group"] == ["_T", "0-17", "18+"]
