"""Colours can be seen, told apart from their ground, and belong to a category for good."""

import pytest
from tests.examples import REFERENCE
from tests.unit.charts.tables import heading

from dashboard.charts import palette
from dashboard.charts.palette import contrast, look
from dashboard.datasets import STRUCTURES
from dashboard.views.model import Heading, HeadingKind


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("#777777") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colour", [*palette.SERIES, palette.GREY])
def test_marks_stand_out_on_white(colour: str) -> None:
    assert contrast(colour) >= 3.2


@pytest.mark.parametrize("colour", [palette.TEXT, palette.NOTE, palette.GREY])
def test_text_can_be_read_on_white(colour: str) -> None:
    assert contrast(colour) >= 4.5


def test_a_note_can_be_read_on_a_gap() -> None:
    assert contrast(palette.NOTE, palette.TOTAL_FILL) >= 4.5
    assert contrast(palette.TEXT, palette.NO_RETURN_FILL) >= 4.5


def test_sex_is_never_blue_red_or_pink() -> None:
    female, male = (look("Sex", heading(code, code)).colour for code in "FM")
    assert female != male
    assert not {female, male} & {palette.BLUE, palette.SKY, palette.PLUM}


def test_not_recorded_is_grey_everywhere() -> None:
    for label in ("Sex", "Age group", "Form of exploitation", "Nationality"):
        assert look(label, heading("NR", "Not recorded")).colour == palette.GREY


def test_a_group_is_grey_and_told_from_what_is_not_recorded() -> None:
    group = look("Nationality", Heading(("_T+",), "Other nationalities (9)", HeadingKind.REST))
    not_recorded = look("Nationality", heading("NR", "Not recorded"))
    assert group.colour == palette.GREY
    assert (group.dash, group.symbol) != (not_recorded.dash, not_recorded.symbol)


def test_the_same_code_of_another_dimension_is_another_category() -> None:
    assert look("Sector", heading("F", "Construction")).colour == palette.BLUE
    assert look("Sex", heading("F", "Female")).colour != palette.BLUE


@pytest.mark.parametrize("name", ["form_of_exploitation", "age_group", "sex"])
def test_no_two_categories_of_a_dimension_look_the_same(name: str) -> None:
    """Every code of the reference lists has a look of its own: colour, dash and marker together."""
    dimension = STRUCTURES["victims"].dimension(name)
    looks = [look(dimension.label, heading(code, code)) for code in dimension.codelist(REFERENCE).reportable]
    assert len(set(looks)) == len(looks)
