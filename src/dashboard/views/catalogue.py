"""Every view there is. A new figure is one entry here and its door in `pages/figures`.

A view that is not a companion of another has a page of its own; its name is the page's file name.
"""

from collections.abc import Iterator, Mapping

from dashboard.datasets import periods
from dashboard.errors import ConfigurationError
from dashboard.published_tables import PERIOD
from dashboard.views.model import Kpi, View

IDENTIFIED = {"status": "IDENTIFIED"}

_DETECTION = (
    "Counts depend on how many people are screened and report: a rise can mean better detection, "
    "and none recorded is not none occurring."
)
_OVERLAP = "One person may receive several types of assistance, so the types are not added up."
_STAGES = "Stages are counted in the period in which they were reached; they are not a conversion rate."

NATIONALITY = View(
    name="nationality",
    title="{measure} by nationality",
    question="Which nationalities were recorded among the victims?",
    table="victims_by_nationality",
    rows=("nationality",),
    row_levels=("country", "subregion"),
    filters=("status", "form_of_exploitation"),
    chart="ranked_bars",
    ranked=True,
    comparable=True,
    caveat=_DETECTION,
    companions=(
        View(
            name="nationality_by_sex",
            title="{measure} by nationality and sex",
            table="victims_by_nationality_and_sex",
            rows=("nationality",),
            columns="sex",
            filters=("status",),
            chart="small_bars",
            ranked=True,
        ),
    ),
)

SECTOR = View(
    name="sector",
    title="{measure} by sector and form of exploitation",
    question="In which sectors, and in which forms, were victims exploited?",
    table="victims_by_sector",
    rows=("sector",),
    columns="form_of_exploitation",
    filters=("status",),
    chart="heatmap",
    ranked=True,
    caveat=_DETECTION,
    companions=(
        View(
            name="sector_ranking",
            title="{measure} by sector",
            table="victims_by_sector",
            rows=("sector",),
            filters=("status",),
            chart="ranked_bars",
            ranked=True,
        ),
        View(
            name="form_ranking",
            title="{measure} by form of exploitation",
            table="victims_by_sector",
            rows=("form_of_exploitation",),
            filters=("status",),
            chart="ranked_bars",
            ranked=True,
        ),
        View(
            name="form_by_age",
            title="{measure} by form of exploitation and age group",
            table="victims_over_time",
            rows=("form_of_exploitation",),
            columns="age_group",
            filters=("status",),
            chart="heatmap",
            ranked=True,
        ),
    ),
)

ROUTE = View(
    name="route",
    title="{measure} by route",
    question="From where, through where and to where were victims moved?",
    table="victims_by_route",
    rows=("origin", "transit", "destination"),
    filters=("status",),
    chart="sankey",
    ranked=True,
    caveat=_DETECTION,
    companions=(
        View(
            name="route_matrix",
            title="{measure} by origin and destination",
            table="victims_by_route",
            rows=("origin",),
            columns="destination",
            filters=("status",),
            chart="heatmap",
            ranked=True,
        ),
        View(
            name="movement",
            title="{measure}, internal and cross-border",
            table="victims_by_route",
            rows=("movement",),
            filters=("status",),
            chart="ranked_bars",
        ),
    ),
)

TREND = View(
    name="trend",
    title="{measure} over time",
    question="How did the number of victims develop?",
    table="victims_over_time",
    rows=(PERIOD,),
    splits=("age_group", "form_of_exploitation"),
    filters=("status", "form_of_exploitation", "age_group"),
    chart="lines",
    events=True,
    caveat=_DETECTION,
    companions=(
        View(
            name="trend_by_quarter",
            title="{measure} {by}",
            table="victims_by_quarter",
            rows=(PERIOD,),
            filters=("status",),
            period_levels=(periods.QUARTER, periods.REPORT_YEAR),
            own_level=True,
            chart="lines",
            events=True,
            caveat=_DETECTION,
        ),
    ),
)

JUSTICE = View(
    name="justice",
    title="Cases by stage",
    question="How many cases reached each stage of the justice chain?",
    table="cases_by_stage",
    rows=(PERIOD,),
    columns="stage",
    filters=("form_of_exploitation",),
    period_levels=(periods.YEAR, periods.FIVE_YEARS, periods.REPORT_YEAR),
    chart="small_columns",
    caveat=_STAGES,
    companions=(
        View(
            name="justice_persons",
            title="Persons by stage",
            table="persons_by_stage",
            rows=(PERIOD,),
            columns="stage",
            filters=("form_of_exploitation",),
            period_levels=(periods.YEAR, periods.FIVE_YEARS, periods.REPORT_YEAR),
            chart="small_columns",
        ),
    ),
)

ASSISTANCE = View(
    name="assistance",
    title="Persons assisted by type of assistance",
    question="Which assistance did victims receive?",
    table="assistance_by_type",
    rows=("assistance_type",),
    filters=("age_group",),
    chart="ranked_bars",
    ranked=True,
    comparable=True,
    caveat=_OVERLAP,
    companions=(
        View(
            name="assistance_by_age",
            title="Persons assisted by type of assistance and age group",
            table="assistance_by_type",
            rows=("assistance_type",),
            columns="age_group",
            filters=("age_group",),
            chart="small_bars",
            ranked=True,
        ),
    ),
)

PREVENTION = View(
    name="prevention",
    title="{measure} in prevention by pillar",
    question="Whom did prevention reach, and through what?",
    table="prevention_by_pillar",
    rows=("pillar",),
    fixed={"prevention_measure": "PARTICIPANTS"},
    chart="ranked_bars",
    ranked=True,
    comparable=True,
    caveat="A person who took part twice is counted twice.",
    companions=(
        View(
            name="prevention_events",
            title="Prevention: {measure} by activity",
            table="prevention_by_activity",
            rows=("activity",),
            fixed={"prevention_measure": "EVENTS"},
            filters=("audience",),
            chart="ranked_bars",
            ranked=True,
            comparable=True,
        ),
        View(
            name="prevention_audiences",
            title="{measure} in prevention by audience",
            table="prevention_by_activity",
            rows=("audience",),
            fixed={"prevention_measure": "PARTICIPANTS"},
            filters=("activity",),
            chart="ranked_bars",
            ranked=True,
            comparable=True,
        ),
    ),
)

OVERVIEW = View(
    name="overview",
    title="{measure} over time",
    question="Where do we stand?",
    table="victims_over_time",
    rows=(PERIOD,),
    fixed=IDENTIFIED,
    chart="lines",
    events=True,
    caveat=_DETECTION,
    kpis=(
        Kpi("Identified victims", "victims_over_time", IDENTIFIED, "Persons formally identified as victims."),
        Kpi(
            "Of them children",
            "victims_over_time",
            {**IDENTIFIED, "age_group": "0-17"},
            "Identified victims under 18 years of age.",
        ),
        Kpi(
            "Presumed victims",
            "victims_over_time",
            {"status": "PRESUMED"},
            "Persons with reasonable grounds to believe that they are victims; not all are identified later.",
        ),
        Kpi(
            "Cases investigated",
            "cases_by_stage",
            {"stage": "INVESTIGATED"},
            "Cases in which an investigation began.",
        ),
    ),
)

PAGES = (OVERVIEW, NATIONALITY, SECTOR, ROUTE, TREND, JUSTICE, ASSISTANCE, PREVENTION)
"""The views with a page of their own, in the order of the menu."""


def every_view(pages: tuple[View, ...] = PAGES) -> Iterator[View]:
    """The views of all pages, companions included."""
    for view in pages:
        yield view
        yield from view.companions


def check(
    planned: Mapping[str, tuple[str, ...]],
    levels: Mapping[str, Mapping[str, tuple[str, ...]]],
    pages: tuple[View, ...] = PAGES,
) -> None:
    """Hold every view against the publication plan: by table its dimensions, and the levels it shows of some of them.

    Raises ConfigurationError that says what to add. Called when the app starts, so that no reader
    ever meets a view without a table.
    """
    for view in every_view(pages):
        for table, dimensions in _reads(view):
            if table not in planned:
                raise ConfigurationError(
                    f'The view "{view.name}" reads the table "{table}", which is not in publication_plan.toml. '
                    f"Add it there with the dimensions {', '.join(sorted(dimensions))}."
                )
            missing = sorted(dimensions - set(planned[table]))
            if missing:
                raise ConfigurationError(
                    f'The view "{view.name}" needs the dimension {missing[0]} in the table "{table}". '
                    "Add it to that table in publication_plan.toml."
                )
        for dimension, wanted in ((PERIOD, view.period_levels), (view.rows[0], view.row_levels)):
            shown = levels.get(view.table, {}).get(dimension, wanted)
            # Five years stand in for years where these are too sparse; a table may do without.
            unplanned = [level for level in wanted if level not in (*shown, periods.FIVE_YEARS)]
            if unplanned:
                raise ConfigurationError(
                    f'The view "{view.name}" shows {dimension} by {unplanned[0]}, which the table "{view.table}" does '
                    f"not hold. Add {unplanned[0]} to the levels of that table in publication_plan.toml."
                )


def _reads(view: View) -> Iterator[tuple[str, set[str]]]:
    columns = {view.columns} if view.columns else set()
    yield view.table, {PERIOD, *view.rows, *columns, *view.splits, *view.filters, *view.fixed}
    for kpi in view.kpis:
        yield kpi.table, {PERIOD, *kpi.codes}
