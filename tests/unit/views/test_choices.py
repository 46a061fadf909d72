"""What an address may ask of a view: what is on offer there, and nothing else."""

import pytest
from tests.published import Written
from tests.unit.views.conftest import Opened

from dashboard.errors import NotFound
from dashboard.views import Selection, asked_for, catalogue, chosen

TABLE = Written(
    "victims_by_nationality",
    "victims",
    ("period", "status", "form_of_exploitation", "nationality"),
    {f"{period} IDENTIFIED {form} BGD": 9 for period in ("_T", "2024") for form in ("_T", "FORCED_LABOUR")},
    counted={"status": {"2024": ("IDENTIFIED",)}},
)
OFFERED = {"period": "2024", "compare": "none", "form_of_exploitation": "FORCED_LABOUR"}


def test_what_is_offered_is_selected(opened: Opened) -> None:
    published = opened(TABLE, quarters=("2024-Q1",))
    selection = asked_for(catalogue.NATIONALITY, OFFERED, published)
    assert (selection.period, selection.compare) == ("2024", "none")
    assert selection.code("form_of_exploitation") == "FORCED_LABOUR"
    assert asked_for(catalogue.NATIONALITY, {}, published) == Selection()


@pytest.mark.parametrize(
    "part",
    [
        ("period", "2023"),
        ("period", ""),
        ("form_of_exploitation", "DEBT"),
        ("nationality", "BGD"),
        ("x", "_T"),
        ("", ""),
    ],
)
def test_what_is_not_offered_is_not_there(part: tuple[str, str], opened: Opened) -> None:
    published = opened(TABLE, quarters=("2024-Q1",))
    with pytest.raises(NotFound, match="not offered here"):
        asked_for(catalogue.NATIONALITY, OFFERED | dict([part]), published)


def test_what_was_chosen_is_asked_for_in_full(opened: Opened) -> None:
    """Every choice by name; a quarter that is not shown by itself is its year, and a filter of another page is none."""
    published = opened(TABLE, quarters=("2024-Q1",))
    selection = Selection(period="2024-Q1", codes=(("form_of_exploitation", "FORCED_LABOUR"), ("sector", "F")))
    named = chosen(catalogue.NATIONALITY, selection, published)
    assert OFFERED.items() <= named.items()
    assert "sector" not in named
