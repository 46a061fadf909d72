"""The heatmap: every number printed, readable on its colour, totals apart."""

from dataclasses import replace

import plotly.graph_objects as go
from tests.unit.charts.tables import NONE, sectors

from dashboard.charts import draw, palette


def trace(figure: go.Figure, name: str) -> go.Bar:
    return next(found for found in figure.data if found.name == name)


def test_every_cell_and_every_total_is_printed() -> None:
    printed = list(trace(draw(sectors()), "labels").text)
    body = [cell.text for row in sectors().cells for cell in row]
    totals = [f"<b>{cell.text}</b>" for cell in (*sectors().total_column, *sectors().total_row)]
    assert sorted(printed) == sorted([*body, *totals])


def test_letters_read_well_on_their_colour() -> None:
    numbers, labels = trace(draw(sectors()), "numbers"), trace(draw(sectors()), "labels")
    drawn = zip(numbers.x, numbers.y, numbers.base, numbers.marker.color, strict=True)
    grounds = {(x, round(base - abs(y) / 2, 6)): colour for x, y, base, colour in drawn}
    for x, y, colour in zip(labels.x, labels.y, labels.textfont.color, strict=True):
        ground = grounds.get((x, round(y, 6)), palette.PAPER)
        assert palette.contrast(colour, ground) >= 4.5, (colour, ground)


def test_text_reads_well_anywhere_on_the_scale() -> None:
    for step in range(101):
        ground = palette.on_scale(step / 100)
        assert palette.contrast(palette.text_on(ground), ground) >= 4.5, ground


def test_totals_stand_apart_and_outside_the_scale() -> None:
    numbers = trace(draw(sectors()), "numbers")
    last = max(numbers.x)
    assert last - sorted(set(numbers.x))[-2] > 1
    colours = {colour for x, colour in zip(numbers.x, numbers.marker.color, strict=True) if x == last}
    assert colours == {palette.TOTAL_FILL}


def test_the_largest_number_shown_has_the_darkest_colour() -> None:
    numbers = trace(draw(sectors()), "numbers")
    darkest = numbers.marker.color.index(palette.BLUE)
    assert "Construction, Forced labour" in numbers.hovertext[darkest]
    assert "54 persons" in numbers.hovertext[darkest]


def test_no_return_is_grey_and_zero_white() -> None:
    cells = ((NONE,) * 6, *sectors().cells[1:])
    figure = draw(replace(sectors(), cells=cells))
    assert trace(figure, "no return").marker.color == palette.NO_RETURN_FILL
    zeros = [colour for colour, text in zip(trace(figure, "numbers").marker.color,
             trace(figure, "numbers").hovertext, strict=True) if "none recorded" in text]  # fmt: skip
    assert set(zeros) == {palette.PAPER}


def test_axes_are_numeric_and_names_stand_on_top() -> None:
    layout = draw(sectors(), 1200).layout
    assert layout.xaxis.side == "top"
    assert layout.xaxis.tickangle == 0
    assert all(isinstance(value, float) for value in (*layout.xaxis.tickvals, *layout.yaxis.tickvals))
    assert draw(sectors(), 380).layout.xaxis.tickangle == -90
