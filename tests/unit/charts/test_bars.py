"""Bars, dumbbells, panels and columns: numbers, order, and the five looks."""

from dataclasses import replace

import plotly.graph_objects as go
import pytest
from tests.unit.charts.tables import (
    NONE,
    C,
    by_age,
    compared,
    few_years,
    named,
    nationalities,
    provisional,
    stages,
    table,
)

from dashboard.charts import draw, palette
from dashboard.views.model import Heading, HeadingKind, TableView


def trace(figure: go.Figure, name: str) -> go.Bar:
    return next(found for found in figure.data if found.name == name)


@pytest.fixture
def five_looks() -> TableView:
    return table(
        named(("A", "Number", 12), ("B", "Provisional", provisional(7)), ("C", "Zero", 0), ("D", "Withheld", C),
              ("E", "No return", NONE), ("NR", "Not recorded", 5))
    )  # fmt: skip


def test_bars_stand_in_the_table_s_order_the_first_on_top() -> None:
    figure = draw(nationalities())
    axis = figure.layout.yaxis
    assert axis.range[0] > axis.range[1]
    labels = [label.replace("<br>", " ") for label in axis.ticktext]
    assert labels == [row.label for row in nationalities().rows]
    assert list(axis.tickvals) == sorted(axis.tickvals)


def test_a_group_is_a_grey_bar_apart_from_the_codes() -> None:
    group = Heading(("_T+",), "Other nationalities (9)", HeadingKind.REST, grouped=(0,))
    rows = {**named(("BGD", "Bangladesh", 46), ("IND", "India", 21)), group: (70,), **named(("NR", "Not recorded", 6))}
    figure = draw(table(rows))
    assert list(trace(figure, "numbers").marker.color) == [palette.BLUE, palette.BLUE, palette.GREY, palette.GREY]
    first, second, third, last = figure.layout.yaxis.tickvals
    assert third - second > second - first
    assert last - third > second - first


def test_bars_carry_their_numbers() -> None:
    bars = trace(draw(nationalities()), "numbers")
    assert list(bars.x) == [46, 21, 12, 9, 7, 5, 0, 0, 6]
    assert list(bars.text) == ["46", "21", "12", "9", "7", "5", "0", "0", "6"]
    assert "total 114" in draw(nationalities()).layout.annotations[1].text


def test_five_looks(five_looks: TableView) -> None:
    figure = draw(five_looks)
    numbers = trace(figure, "numbers")
    light = palette.mixed(palette.BLUE, 0.22)
    assert list(numbers.marker.color) == [palette.BLUE, light, palette.BLUE, palette.GREY]
    assert list(numbers.text) == ["12", "7", "0", "5"]
    assert trace(figure, "withheld").marker.pattern.shape == "/"
    assert list(trace(figure, "no return").x) == [0.0]
    assert list(trace(figure, "no return").text) == ["no return"]
    (outline,) = figure.layout.shapes
    assert (outline.x1, outline.line.dash) == (7, "dot")


def test_a_label_is_never_cut_by_the_axis() -> None:
    for width in (1200, 800, 380):
        figure = draw(nationalities(), width)
        assert figure.layout.template.layout.yaxis.automargin
        assert figure.layout.margin.l > 60
        assert figure.layout.xaxis.range[1] > 46


def test_height_grows_with_the_rows() -> None:
    few = replace(nationalities(), rows=nationalities().rows[:3], cells=nationalities().cells[:3])
    assert draw(nationalities()).layout.height - draw(few).layout.height >= 11 * 34


def test_two_periods_are_a_dumbbell() -> None:
    figure = draw(compared())
    now, before = trace(figure, "2024"), trace(figure, "2023")
    assert list(now.x) == [46, 21, 12, 9, 7, 5, 6]
    assert list(before.x) == [31, 24, 12, 5, 0, 8, 0, 9]
    assert set(before.marker.color) == {palette.PAPER}
    joined = [value for value in trace(figure, "change").x if value is not None]
    assert joined == [31, 46, 24, 21, 12, 12, 5, 7, 0, 5, 9, 6]


def test_withheld_sides_stand_left_of_zero() -> None:
    figure = draw(compared())
    for period, count in (("2024", 3), ("2023", 2)):
        boxes = trace(figure, f"withheld, {period}")
        assert len(boxes.x) == count
        assert len(set(boxes.x)) == len(set(boxes.base)) == 1
        assert boxes.base[0] + boxes.x[0] < 0


def test_a_period_without_return_is_named_in_the_key() -> None:
    cells = tuple((row[0], NONE) for row in compared().cells)
    notes = draw(replace(compared(), cells=cells)).layout.annotations
    assert any("2023: no return" in note.text for note in notes)


def test_panels_share_rows_and_scale() -> None:
    layout = draw(by_age()).to_dict()["layout"]
    horizontal = [layout[name]["range"] for name in ("xaxis", "xaxis2", "xaxis3")]
    assert horizontal[0] == horizontal[1] == horizontal[2]
    assert layout["yaxis"]["ticktext"] == layout["yaxis3"]["ticktext"]
    assert layout["yaxis"]["showticklabels"]
    assert not layout["yaxis2"]["showticklabels"]


def test_panels_are_titled_by_their_columns() -> None:
    texts = [note.text for note in draw(by_age()).layout.annotations]
    assert {f"<b>{column.label}</b>" for column in by_age().columns} <= set(texts)


def test_at_most_four_panels_stand_in_a_row() -> None:
    layout = draw(stages(), 2400).to_dict()["layout"]
    starts = {tuple(layout[name]["domain"]) for name in layout if name.startswith("xaxis")}
    assert len(starts) == 3


def test_no_panel_leaves_the_figure() -> None:
    for width in (1200, 800, 380):
        layout = draw(stages(), width).to_dict()["layout"]
        for name, axis in layout.items():
            if name.startswith(("xaxis", "yaxis")):
                assert 0 <= axis["domain"][0] < axis["domain"][1] <= 1


def test_columns_of_all_stages_share_one_scale() -> None:
    layout = draw(stages()).to_dict()["layout"]
    limits = {tuple(axis["range"]) for name, axis in layout.items() if name.startswith("yaxis")}
    assert len(limits) == 1
    assert limits.pop()[0] == 0


def test_four_years_are_columns() -> None:
    figure = draw(few_years())
    assert {found.type for found in figure.data} == {"bar"}
    assert list(trace(figure, "numbers").y) == [31, 48, 39]
