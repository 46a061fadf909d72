"""Routes: what flows where, in whose colour, and what is merged."""

from dataclasses import replace

import plotly.graph_objects as go
from tests.unit.charts.tables import cell, route, routes

from dashboard.charts import draw, palette
from dashboard.charts.routes import flows_of, nodes_of
from dashboard.views.model import Heading, HeadingKind


def names(figure: go.Figure) -> str:
    return " ".join(note.text for note in figure.layout.annotations).replace("<br>", " ")


def test_flows_carry_their_numbers_through_both_halves() -> None:
    link = draw(routes()).data[0].link
    assert list(link.value) == [number for number in (28, 13, 12, 9, 7, 6, 5) for _ in range(2)]


def test_no_transit_is_direct_and_home_is_internal() -> None:
    text = names(draw(routes(), 1200))
    assert "Direct <b>60</b>" in text
    assert "Maldives (internal) <b>6</b>" in text
    assert "No transit" not in text


def test_a_route_that_ends_where_it_began_is_internal_in_any_country() -> None:
    inside = {route("LKA NONE LKA", "Sri Lanka", "No transit", "Sri Lanka"): (8,)}
    table = replace(routes(), rows=tuple(inside), cells=((cell(8),),))
    assert flows_of(table)[0].stops[0] == "Sri Lanka (internal)"


def grouped(places: tuple[int, ...], codes: str, *parts: str) -> Heading:
    return replace(route(codes, *parts), kind=HeadingKind.REST, grouped=places)


def test_from_a_group_to_the_same_group_is_not_within_a_country() -> None:
    both = grouped((0, 2), "_T+ NONE _T+", "Other places (5)", "No transit", "Other places (5)")
    home = grouped((2,), "MDV NONE MDV+", "Maldives", "No transit", "Other Maldives (2)")
    unknown = route("NR NONE NR", "Not recorded", "No transit", "Not recorded")
    table = replace(routes(), rows=(both, home, unknown), cells=((cell(8),), (cell(7),), (cell(6),)))
    assert [flow.stops[0] for flow in flows_of(table)] == ["Other places (5)", "Maldives (internal)", "Not recorded"]


def test_groups_are_grey_and_the_last_of_their_column() -> None:
    rows = (
        grouped((0,), "_T+ NONE MV_MALE", "Other origins (5)", "No transit", "Male' region"),
        route("BGD NONE MV_MALE", "Bangladesh", "No transit", "Male' region"),
        route("NR NONE MV_MALE", "Not recorded", "No transit", "Male' region"),
    )
    table = replace(routes(), rows=rows, cells=((cell(50),), (cell(8),), (cell(90),)))
    flows = flows_of(table)
    assert list(nodes_of(flows, 0)) == ["Bangladesh", "Other origins (5)", "Not recorded"]
    assert {flow.stops[0]: flow.colour for flow in flows}["Other origins (5)"] == palette.GREY
    draw(table)


def test_flows_wear_the_colour_of_their_origin() -> None:
    by_origin = {flow.stops[0]: flow.colour for flow in flows_of(routes())}
    assert by_origin["Bangladesh"] == palette.BLUE
    assert by_origin["Philippines"] == palette.GREY
    assert len(set(by_origin.values()) - {palette.GREY}) <= 5


def test_thirteen_flows_become_twelve() -> None:
    rows = [
        route(f"O{place} NONE D{place % 3}", f"Origin {place}", "No transit", f"Place {place % 3}")
        for place in range(13)
    ]
    table = replace(routes(), rows=tuple(rows), cells=tuple((cell(40 - place),) for place in range(13)))
    flows = flows_of(table)
    assert len(flows) == 12
    assert flows[-1].stops[0] == "Other routes"
    assert sum(flow.value for flow in flows) == sum(40 - place for place in range(13))
    draw(table)


def test_nodes_stay_inside_and_in_order() -> None:
    node = draw(routes()).data[0].node
    for stop in (0.001, 0.5, 0.999):
        middles = [y for x, y in zip(node.x, node.y, strict=True) if x == stop]
        assert middles == sorted(middles)
        assert all(0 < middle < 1 for middle in middles)
