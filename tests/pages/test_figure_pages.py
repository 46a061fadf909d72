"""What a reader is told on a figure page: whose figures they are, what groups hold, what is too sparse or withdrawn."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest
from tests.examples import NOW, REFERENCE
from tests.pages.conftest import Screen
from tests.published import Written, withdraw, write

from dashboard import published_tables
from dashboard.accounts import Role
from dashboard.database import Database
from dashboard.datasets import periods
from dashboard.datasets.data_protection import load_data_protection
from dashboard.ui import installation
from dashboard.ui.markdown import safe_html
from dashboard.ui.menu import SCREENS
from dashboard.views import catalogue

QUARTERS = periods.quarters("2015-Q1", "2024-Q4")
COUNTED = {"status": {str(year): ("IDENTIFIED",) for year in range(2015, 2025)}}
GROUPS = {
    "M49_034+": ("AFG", "BTN", "IRN"),
    "M49_014+": ("KEN", "UGA"),
    "M49_035+": ("IDN", "MYS"),
    "_T+": ("ALB", "DZA"),
}
CODES = ("BGD", *GROUPS, "NR", "_T")
NATIONALITY = Written(
    "victims_by_nationality",
    "victims",
    ("period", "status", "form_of_exploitation", "nationality"),
    {
        f"{period} IDENTIFIED {form} {code}": 11 + at
        for at, code in enumerate(CODES)
        for period in ("_T", "2015/2019", "2020/2024")
        for form in ("_T", "FORCED_LABOUR")
    },
    {f"_T IDENTIFIED _T {code}": None for code in CODES},
    period_levels=("five_years",),
    groups={"nationality": GROUPS},
    counted=COUNTED,
)
SERIES = Written(
    "victims_over_time",
    "victims",
    ("period", "status", "form_of_exploitation", "age_group"),
    {"2015/2019 IDENTIFIED _T _T": 30, "2020/2024 IDENTIFIED _T _T": 42, "_T IDENTIFIED _T _T": 72},
    period_levels=("five_years",),
    counted=COUNTED,
)
Publish = Callable[..., None]


@pytest.fixture
def publish(installed: Database) -> Publish:
    """Put a publication on top of the invented one."""

    def make(number: int = 2, nationality: Written = NATIONALITY, more: tuple[Written, ...] = ()) -> None:
        with installed.write() as connection:
            write(connection, number, nationality, SERIES, *more, quarters=QUARTERS)

    return make


def words(shown: AppTest) -> str:
    """Everything in Markdown on the page, escapes taken out."""
    assert not shown.exception
    return "\n".join(item.value for item in shown.markdown).replace("\\", "")


def first_table(shown: AppTest) -> dict[str, str]:
    """The first column of the first table, by row."""
    frame = shown.table[0].value
    return {str(row).replace("\\", ""): value for row, value in frame.iloc[:, 0].items()}


def test_groups_stand_in_the_table_with_a_note_on_what_they_hold(publish: Publish, screen: Screen) -> None:
    publish()
    shown = screen(Role.MEMBER, "figures/nationality")
    assert list(first_table(shown)) == [
        "Bangladesh",
        "Other South-eastern Asia (2)",
        "Other Eastern Africa (2)",
        "Other Southern Asia (3)",
        "Other nationalities (2)",
        "Not recorded",
        "Total",
    ]
    assert "Other Southern Asia: Afghanistan, Bhutan and Iran together; by themselves they have too few" in words(shown)
    opened = [item.label for item in shown.expander]
    assert opened.count("What the 4 groups hold") == 1, "a note on each stands open up to three"


def test_five_years_stand_in_for_years_in_choices_series_and_headlines(publish: Publish, screen: Screen) -> None:
    publish()
    shown = screen(Role.MEMBER, "figures/nationality")
    assert shown.selectbox(key="period").options == ["All periods", "2020\u20132024", "2015\u20132019"]
    shown.selectbox(key="period").set_value("2020/2024").run()
    assert shown.selectbox(key="compare").options == ["No comparison", "2020\u20132024", "2015\u20132019"]
    shown.selectbox(key="compare").set_value("2015/2019").run()
    assert not shown.exception
    assert list(shown.table[0].value.columns) == ["2020\u20132024", "2015\u20132019"]

    overview = screen(Role.MEMBER, "figures/overview")
    assert first_table(overview) == {"2015\u20132019": "30", "2020\u20132024": "42"}
    assert [metric.label for metric in overview.metric][:1] == ["Identified victims, 2020\u20132024"]
    trend = screen(Role.MEMBER, "figures/trend")
    assert len(trend.get("plotly_chart")) == 1


def test_a_year_is_compared_with_years_only(publish: Publish, screen: Screen) -> None:
    publish(nationality=replace(NATIONALITY, period_levels=("year", "five_years")))
    shown = screen(Role.MEMBER, "figures/nationality")
    shown.selectbox(key="period").set_value("2024").run()
    shown.selectbox(key="compare").set_value("2023").run()
    assert "2020\u20132024" not in shown.selectbox(key="compare").options
    shown.selectbox(key="period").set_value("2020/2024").run()
    assert not shown.exception
    assert shown.selectbox(key="compare").options == ["No comparison", "2020\u20132024", "2015\u20132019"]
    assert shown.selectbox(key="compare").value == "none"


def test_an_official_reads_what_is_for_wider_circulation_and_a_member_what_is_for_the_group(
    publish: Publish, screen: Screen
) -> None:
    """In one process, the one after the other, twice: nothing that is kept for one is handed to the other."""
    publish()
    for _ in range(2):
        member = screen(Role.MEMBER, "figures/nationality")
        assert first_table(member)["Bangladesh"] == "11"
        assert "For: the working group" in words(member)
        official = screen(Role.OFFICIAL, "figures/nationality")
        assert set(first_table(official).values()) == {"c"}
        assert "For: wider circulation" in words(official)
        assert "11" not in str(official.get("plotly_chart")[0].proto.spec)
        assert "For: the working group" not in words(official)


def test_a_withdrawn_publication_is_named_with_the_reason_as_it_was_typed(
    publish: Publish, screen: Screen, installed: Database
) -> None:
    publish(2)
    publish(3)
    before = words(screen(Role.MEMBER, "figures/nationality"))
    assert "was withdrawn" not in before
    with installed.write() as connection:
        withdraw(connection, "p3", "Counted **twice** <b>", NOW + timedelta(days=2))
    for screen_of in (one for one in SCREENS if one.folder == "figures"):
        shown = screen(Role.MEMBER, f"figures/{screen_of.name}")
        notes = [item.value for item in shown.markdown if "was withdrawn on" in item.value]
        assert len(notes) == 1
        assert notes[0].replace("\\", "") == (
            "Publication 3 of 1 February 2026 was withdrawn on 3 February 2026: Counted **twice** <b>. "
            "The figures below are of publication 2."
        )
        assert r"\*\*twice\*\* \<b\>" in notes[0], "escaped: nothing that was typed is read as markup"


def test_where_the_only_publication_was_withdrawn_the_page_says_so(
    publish: Publish, screen: Screen, installed: Database
) -> None:
    publish(2)
    with installed.write() as connection:
        withdraw(connection, "p2", "Wrong file.", NOW)
    shown = words(screen(Role.MEMBER, "figures/nationality"))
    assert "No figures are published now" in shown
    assert "Publication 2 of 1 February 2026 was withdrawn on 1 February 2026: Wrong file." in shown
    assert "No other publication is in force." in shown


def test_a_card_of_quarters_has_a_choice_of_its_own(installed: Database, screen: Screen) -> None:
    quarters = Written(
        "victims_by_quarter",
        "victims",
        ("period", "status"),
        {"2024-Q1 IDENTIFIED": 9, "2024-Q2 IDENTIFIED": 8, "TIP-2024 IDENTIFIED": 9, "_T IDENTIFIED": 17},
        period_levels=("quarter", "year", "report_year"),
        counted=COUNTED,
    )
    with installed.write() as connection:
        write(connection, 2, SERIES, quarters, quarters=QUARTERS[-4:])
    shown = screen(Role.MEMBER, "figures/trend")
    level = shown.selectbox(key="trend_by_quarter_level")
    assert level.options == ["Quarters", "TIP-report years"]
    assert list(shown.table[1].value.index) == ["Q1 2024", "Q2 2024", "Q3 2024", "Q4 2024"]
    level.set_value("report_year").run()
    assert not shown.exception
    assert [str(row) for row in shown.table[1].value.index] == ["TIP report 2024", "TIP report 2025"]
    assert list(first_table(shown)) == ["2015\u20132019", "2020\u20132024"], "the page's own series stays as it was"


def test_a_filter_that_a_card_cannot_apply_is_named_in_the_card(publish: Publish, screen: Screen) -> None:
    by_sex = Written(
        "victims_by_nationality_and_sex",
        "victims",
        ("period", "status", "nationality", "sex"),
        {"_T IDENTIFIED BGD F": 12},
        period_levels=("five_years",),
        counted=COUNTED,
    )
    publish(more=(by_sex,))
    shown = screen(Role.MEMBER, "figures/nationality")
    told = "Not filtered by form of exploitation: this table is not published in that detail."
    assert told not in words(shown)
    shown.selectbox(key="form_of_exploitation").set_value("FORCED_LABOUR").run()
    assert words(shown).count(told) == 1, "in the second card; the first one is filtered"


def test_a_card_that_has_no_such_period_says_what_it_shows_instead(installed: Database, screen: Screen) -> None:
    by_sex = Written(
        "victims_by_nationality_and_sex",
        "victims",
        ("period", "status", "nationality", "sex"),
        {"2020/2024 IDENTIFIED BGD F": 12, "_T IDENTIFIED BGD F": 12},
        period_levels=("five_years",),
        counted=COUNTED,
    )
    with installed.write() as connection:
        years = replace(NATIONALITY, period_levels=("year",), cells={"2024 IDENTIFIED _T BGD": 11})
        write(connection, 2, years, by_sex, quarters=QUARTERS)
    shown = screen(Role.MEMBER, "figures/nationality")
    shown.selectbox(key="period").set_value("2024").run()
    assert "Shown for 2020\u20132024: this table is not published for 2024 by itself." in words(shown)


@pytest.mark.parametrize("page", [screen for screen in SCREENS if screen.folder == "figures"], ids=lambda one: one.name)
def test_every_figure_page_says_whose_figures_these_are_and_how_long_they_are_kept(page, screen: Screen) -> None:  # type: ignore[no-untyped-def]
    shown = screen(Role.OFFICIAL, f"figures/{page.name}")
    view = next(view for view in catalogue.PAGES if view.name == page.name)
    with installation.database().read_published() as connection:
        publication = published_tables.current(connection)
        structure = published_tables.tables(connection, publication.id)[view.table].structure
    statement = load_data_protection(REFERENCE).statements[structure]
    said = " ".join([*(one.value for one in shown.markdown), *(one.proto.body for one in shown.get("html"))])
    for text in (statement.purpose, statement.source, statement.reference):
        assert safe_html(text) in said
    assert f"<dt>Owner</dt><dd>{statement.owner_name}</dd>" in said
    assert f"<dt>Class</dt><dd>{statement.sensitivity.value}: " in said
    as_of, until = publication.published_at.year, publication.published_at.year + statement.tables_kept
    assert re.search(rf"<dt>As of</dt><dd>\d+ \w+ {as_of}, returns until ", said)
    assert re.search(rf"<dt>Shown until</dt><dd>\d+ \w+ {until} at least", said)
