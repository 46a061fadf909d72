"""Lines over periods: from zero, broken where a number is missing or a definition changed."""

from dataclasses import replace

import plotly.graph_objects as go
from tests.unit.charts.tables import AGES, C, cell, heading, quarters, series, years_by_age, years_by_form

from dashboard.charts import draw, palette
from dashboard.charts.period_axis import period_axis


def pairs(figure: go.Figure, name: str) -> list[tuple[int, int]]:
    """The periods a trace joins."""
    found = next(trace for trace in figure.data if trace.name == name)
    return list(zip(found.x[0::3], found.x[1::3], strict=True))


def test_the_axis_of_values_begins_at_zero() -> None:
    axis = draw(quarters()).layout.yaxis
    assert axis.range[0] == 0
    assert axis.range[1] > 26
    assert list(axis.tickvals) == [0, 10, 20]


def test_a_line_is_broken_at_a_gap_and_at_a_break_in_the_series() -> None:
    joined = pairs(draw(quarters()), "Identified victims, line")
    assert joined == [(0, 1), (1, 2), (5, 6), (6, 7), (10, 11), (14, 15), (15, 16), (16, 17)]
    assert (4, 5) not in joined  # Q2 2021: the definition was widened
    assert not {12, 13} & {place for pair in joined for place in pair}  # nobody returned anything


def test_provisional_points_are_open_and_their_segments_dotted() -> None:
    figure = draw(quarters())
    assert pairs(figure, "Identified victims, provisional") == [(17, 18), (18, 19)]
    dotted = next(trace for trace in figure.data if trace.name == "Identified victims, provisional")
    assert dotted.line.dash == "dot"
    points = next(trace for trace in figure.data if trace.name == "Identified victims")
    assert list(points.marker.color[-3:]) == [palette.BLUE, palette.PAPER, palette.PAPER]


def test_a_withheld_quarter_is_a_hatched_box_on_the_baseline() -> None:
    boxes = next(trace for trace in draw(quarters()).data if "withheld" in trace.name)
    assert [round(place) for place in boxes.x] == [3, 8, 9]
    assert boxes.marker.pattern.shape == "/"


def test_no_return_is_a_grey_band() -> None:
    figure = draw(quarters())
    bands = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert [(band.x0, band.x1) for band in bands] == [(11.5, 13.5)]
    assert any(note.text == "no return" for note in figure.layout.annotations)


def test_events_are_dashed_verticals_and_a_break_is_bold() -> None:
    figure = draw(quarters(), 1200)
    dashed = [shape for shape in figure.layout.shapes if shape.type == "line" and shape.layer == "below"]
    assert [(shape.x0, shape.line.width) for shape in dashed] == [(4.5, 2), (18, 1)]
    texts = [note.text for note in figure.layout.annotations]
    assert any(text.startswith("<b>Second amendment") and "(break" in text for text in texts)
    assert any(text.startswith("National action plan") for text in texts)


def test_lines_are_named_at_their_ends_or_in_a_key() -> None:
    for width in (1200, 380):
        texts = " ".join(note.text for note in draw(years_by_age(), width).layout.annotations)
        assert all(column.label.split()[0] in texts for column in AGES)


def test_names_at_the_ends_do_not_overlap() -> None:
    close = replace(years_by_age(), cells=tuple((cell(20), cell(20), cell(21)) for _ in years_by_age().rows))
    figure = draw(close, 1200)
    top = figure.layout.yaxis.range[1]
    heights = sorted(note.y / top * 300 + note.yshift for note in figure.layout.annotations if note.yref == "y")
    assert all(high - low >= 19 for low, high in zip(heights, heights[1:], strict=False))


def test_more_than_four_lines_become_panels_with_one_scale() -> None:
    layout = draw(years_by_form()).to_dict()["layout"]
    limits = [axis["range"] for name, axis in layout.items() if name.startswith("yaxis")]
    assert len(limits) == 6
    assert all(limit == limits[0] for limit in limits)


def test_many_zeros_become_columns() -> None:
    rows = {
        heading(str(year), str(year)): (value,)
        for year, value in zip(range(2015, 2025), [0] * 7 + [5, 9, C], strict=True)
    }
    figure = draw(series(rows, [heading("_T", "Identified victims")]))
    assert {trace.type for trace in figure.data} == {"bar"}


def test_no_line_runs_through_a_year_whose_quarter_is_not_known() -> None:
    codes = ["2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4", "2023-QX", "2024-Q1", "2024-Q2"]
    rows = {heading(code, code): (10 + place,) for place, code in enumerate(codes)}
    figure = draw(series(rows, [heading("_T", "Identified victims")]))
    assert pairs(figure, "Identified victims, line") == [(0, 1), (1, 2), (2, 3), (5, 6)]


def test_five_years_take_one_line_or_two() -> None:
    rows = [heading(f"{year}/{year + 4}", f"{year}\u2013{year + 4}") for year in (2010, 2015, 2020)]
    wide, room = period_axis(rows, 200)
    assert wide["ticktext"] == ["2010\u20132014", "2015\u20132019", "2020\u20132024"]
    narrow, more = period_axis(rows, 50)
    assert narrow["ticktext"] == ["2010\u2013<br>2014", "2015\u2013<br>2019", "2020\u2013<br>2024"]
    assert more > room
    thin, _ = period_axis(rows, 20)
    assert thin["ticktext"][-1] == "2020\u2013<br>2024"
    assert len(thin["ticktext"]) < 3


def test_quarters_stand_above_their_year_and_thin_out() -> None:
    rows = quarters().rows
    wide, _ = period_axis(rows, 50)
    assert wide["ticktext"][:5] == ["Q1<br>2020", "Q2", "Q3", "Q4", "Q1<br>2021"]
    narrow, _ = period_axis(rows, 12)
    assert narrow["ticktext"] == ["2020", "2021", "2022", "2023", "2024"]
    assert narrow["tickvals"] == [0, 4, 8, 12, 16]
