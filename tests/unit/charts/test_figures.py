"""What holds for every chart: it explains itself, can be read, is Plotly's, and asks nobody for anything."""

import re
import time
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go
import pytest
from tests.unit.charts.tables import C_NOTE, CAVEAT, NONE, C, examples, heading, nationalities, table

from dashboard.charts import CHARTS, draw
from dashboard.charts.registry import NOTHING
from dashboard.charts.template import FAMILY, NAME, TEMPLATE
from dashboard.errors import ConfigurationError
from dashboard.published_tables import Circulation
from dashboard.views.catalogue import every_view
from dashboard.views.model import TableView

EXAMPLES = examples()
WIDTHS = (1200, 800, 380)
every_example = pytest.mark.parametrize("example", EXAMPLES.values(), ids=list(EXAMPLES))


def words(figure: go.Figure) -> str:
    return " ".join(note.text for note in figure.layout.annotations).replace("\u00a0", " ")


def flat(figure: go.Figure) -> str:
    """The words without the breaks that a width asked for."""
    return re.sub(r"<br>|</?b>|</?span[^>]*>", " ", words(figure)).replace("  ", " ")


def sizes(node: Any) -> list[float]:
    """Every font size anywhere in a figure."""
    if isinstance(node, dict):
        own = [node["size"]] if "size" in node and "color" in node and "symbol" not in node else []
        return own + [size for key, value in node.items() if key != "marker" for size in sizes(value)]
    return [size for item in node for size in sizes(item)] if isinstance(node, (list, tuple)) else []


def test_every_view_names_a_chart_there_is() -> None:
    assert {view.chart for view in every_view()} <= set(CHARTS)


def test_an_unknown_chart_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(ConfigurationError, match=r"small_bars"):
        draw(replace(nationalities(), chart="pie"))


@every_example
@pytest.mark.parametrize("width", WIDTHS)
def test_plotly_takes_every_figure(example: TableView, width: int) -> None:
    """Figures are built without validation, so that is done here."""
    go.Figure(draw(example, width).to_dict())


@every_example
def test_title_source_and_date_stand_inside(example: TableView) -> None:
    text = flat(draw(example, 1200))
    assert example.title in text
    assert example.subtitle in text
    assert f"Source: {example.source}." in text
    assert "As of 31 December 2025." in text
    assert "4 of 6 organisations reported" in text
    assert "For: the working group." in text
    assert CAVEAT in text


@every_example
def test_the_sign_c_is_explained_where_it_occurs_only(example: TableView) -> None:
    assert C_NOTE in flat(draw(example, 1200))
    shown = tuple(tuple(NONE if cell is C else cell for cell in row) for row in example.cells)
    totals = {name: tuple(NONE if cell is C else cell for cell in getattr(example, name)) for name in TOTALS}
    assert C_NOTE not in flat(draw(replace(example, cells=shown, **totals), 1200))


TOTALS = ("total_row", "total_column")


def test_the_explanation_comes_from_the_table() -> None:
    """The threshold is the publication's, not the chart's."""
    note = "c: 1, or a number withheld so that a small one cannot be worked out."
    assert note in flat(draw(replace(nationalities(), notes=(note,))))


def test_invented_figures_say_so() -> None:
    assert "<b>Invented figures</b>" in words(draw(replace(nationalities(), invented=True)))
    assert "Invented" not in words(draw(nationalities()))


@every_example
@pytest.mark.parametrize("width", WIDTHS)
def test_letters_are_large_enough(example: TableView, width: int) -> None:
    figure = draw(example, width).to_dict()
    found = sizes(figure)
    assert min(found) >= 12
    assert min(sizes(figure["data"]), default=14) >= 14
    assert figure["layout"]["template"]["layout"]["xaxis"]["tickfont"]["size"] >= 14
    title = figure["layout"]["annotations"][0]
    assert (title["font"]["size"], title["xanchor"]) == (20, "left")


@every_example
def test_no_figure_names_an_address(example: TableView) -> None:
    assert not re.search(r"https?:|//[a-z]|www\.", draw(example).to_json())


@every_example
def test_no_theme_is_needed(example: TableView) -> None:
    layout = draw(example).to_dict()["layout"]
    assert layout["template"]["layout"]["font"]["family"] == FAMILY
    assert layout["height"] >= 200


def test_the_template_is_registered() -> None:
    import plotly.io as pio

    assert pio.templates[NAME].layout.font.family == FAMILY
    assert TEMPLATE["layout"]["dragmode"] is False


@every_example
def test_drawing_changes_nothing_and_repeats(example: TableView) -> None:
    assert draw(example).to_json() == draw(example).to_json()


@every_example
def test_the_readers_and_a_withdrawal_stand_inside(example: TableView) -> None:
    said = "Publication 3 of 22 November 2026 was withdrawn on 24 November 2026: <b>Wrong</b>."
    figure = draw(replace(example, circulation=Circulation.WIDER, withdrawn=said), 1200)
    assert "For: wider circulation." in flat(figure)
    assert "&lt;b&gt;Wrong" in words(figure)


def test_markup_in_a_label_stays_text() -> None:
    rows = {heading("X", '<a href="x">A</a> & B'): (7,)}
    figure = draw(table(rows, source="<b>Ministry</b>"))
    assert "&lt;a href=" in figure.layout.yaxis.ticktext[0]
    assert "&lt;b&gt;Ministry" in words(figure)


def test_without_returns_the_figure_says_so() -> None:
    bare = replace(nationalities(), cells=tuple((NONE,) for _ in nationalities().rows), total_row=(NONE,))
    figure = draw(bare)
    assert not figure.data
    assert NOTHING in flat(figure)


@every_example
def test_a_figure_is_drawn_in_a_few_milliseconds(example: TableView) -> None:
    """1 to 4 ms on two cores; the bound leaves room for a busy machine."""
    assert min(_seconds(example) for _ in range(5)) < 0.02


def _seconds(example: TableView) -> float:
    start = time.perf_counter()
    draw(example)
    return time.perf_counter() - start
