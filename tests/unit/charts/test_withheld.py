"""Nothing withheld can be worked out from a figure: not from lengths, texts, hovers, axes or order."""

import json
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.charts.tables import (
    C,
    by_age,
    cell,
    compared,
    examples,
    heading,
    nationalities,
    quarters,
    routes,
    sectors,
    table,
)

from dashboard.charts import describe, draw
from dashboard.charts.scale import PLACEHOLDER
from dashboard.views.model import Cell, CellState, TableView

EXAMPLES = examples()
every_example = pytest.mark.parametrize("example", EXAMPLES.values(), ids=list(EXAMPLES))


def published(truth: dict[str, int]) -> TableView:
    """A small table as publication hands it on: numbers from 1 to 4 are gone before it exists."""
    rows = {heading(name, name): (C if 0 < value < 5 else cell(value),) for name, value in truth.items()}
    return table(rows)


def strings(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [text for value in node.values() for text in strings(value)]
    if isinstance(node, (list, tuple)):
        return [text for value in node for text in strings(value)]
    return [node] if isinstance(node, str) else []


def test_a_withheld_cell_has_no_place_for_a_number() -> None:
    assert Cell(CellState.WITHHELD) == C
    assert C.value is None


@given(st.lists(st.integers(1, 4), min_size=3, max_size=3), st.lists(st.integers(1, 4), min_size=3, max_size=3))
@settings(max_examples=25, deadline=None)
def test_other_true_values_give_the_same_figure(first: list[int], second: list[int]) -> None:
    figures = [
        draw(published({"A": 30, "B": 8, "C": 0, **dict(zip("XYZ", values, strict=True))}))
        for values in (first, second)
    ]
    assert figures[0].to_json() == figures[1].to_json()


@every_example
def test_a_withheld_trace_says_nothing_but_c(example: TableView) -> None:
    for trace in draw(example).data:
        if "withheld" not in (trace.name or ""):
            continue
        assert set(trace.text or ("c",)) == {"c"}
        assert trace.customdata is None
        assert trace.hovertemplate is None
        assert all(text.endswith("withheld (c)") for text in trace.hovertext)
        assert trace.marker.pattern.shape == "/"


def lengths(trace: go.Bar) -> set[float]:
    return {round(abs(value), 9) for value in (trace.x if trace.orientation == "h" else trace.y)}


@every_example
def test_placeholders_of_a_trace_have_one_length(example: TableView) -> None:
    even = [trace for trace in draw(example).data if trace.type == "bar" and "withheld" in (trace.name or "")]
    assert all(len(lengths(trace)) == 1 for trace in even)


@pytest.mark.parametrize("example", [nationalities(), by_age()], ids=["bars", "panels"])
def test_a_placeholder_is_a_fixed_share_of_the_axis(example: TableView) -> None:
    figure = draw(example)
    for trace in figure.data:
        if trace.name == "withheld":
            assert lengths(trace) == {round(figure.layout.xaxis.range[1] * PLACEHOLDER, 9)}


def ranges(figure: go.Figure) -> dict[str, Any]:
    layout = figure.to_dict()["layout"]
    return {name: axis["range"] for name, axis in layout.items() if name.startswith(("xaxis", "yaxis"))}


@pytest.mark.parametrize("example", [nationalities(), by_age(), compared(), quarters()])
def test_axes_are_those_of_the_shown_numbers(example: TableView) -> None:
    """Zeros in place of the withheld cells leave the axes of values as they are."""
    zeros = tuple(tuple(cell(0) if value is C else value for value in row) for row in example.cells)
    assert ranges(draw(example)) == ranges(draw(replace(example, cells=zeros)))


def test_withheld_cells_have_no_share_in_the_colours_of_a_heatmap() -> None:
    marked = next(trace for trace in draw(sectors()).data if trace.name == "withheld")
    assert marked.marker.color == "#FFFFFF"
    assert len(marked.x) == 10 + 3


def test_a_withheld_route_is_counted_and_not_drawn() -> None:
    figure = draw(routes())
    text = json.dumps(figure.to_dict())
    assert "2 routes are withheld and not drawn" in text
    assert "Thailand" not in text
    assert len(figure.data[0].link.value) == 2 * 7


def test_routes_that_are_all_withheld_are_said_to_be() -> None:
    held = replace(routes(), cells=tuple((C,) for _ in routes().rows))
    figure = draw(held)
    assert not figure.data
    assert any("Every route is withheld" in text for text in strings(figure.to_dict()["layout"]))


def test_a_line_does_not_run_through_a_withheld_quarter() -> None:
    held = [index for index, row in enumerate(quarters().cells) if row[0] is C]
    for trace in draw(quarters()).data:
        if trace.type == "scatter":
            assert not set(held) & set(trace.x)


@every_example
def test_alternative_text_counts_the_withheld(example: TableView) -> None:
    assert f"{example.withheld} withheld" in describe(example)
