"""What the chair is told that protection does."""

from tests.examples import REFERENCE, count, dataset

from dashboard.disclosure import GROUP, WIDER, effects, load_plan, load_policy, protect, withheld_cells
from dashboard.disclosure.protection import Protection


def protected(*counts: tuple[str, int]) -> Protection:
    rows = [count("victims", number, nationality=code, origin=code) for code, number in counts]
    content = {"victims": dataset("victims", *rows)}
    return protect(content, load_plan(REFERENCE), load_policy(REFERENCE), REFERENCE)


def test_everybody_is_counted_once_though_regions_and_countries_are_shown() -> None:
    found = {one.table: one for one in effects(protected(("BGD", 30), ("IND", 20)), GROUP)}
    assert (found["victims_by_nationality"].persons, found["victims_by_nationality"].persons_shown) == (50, 50)
    assert found["victims_by_nationality"].withheld == 0


def test_codes_shown_together_are_counted_and_whom_a_reader_does_not_see() -> None:
    found = {one.table: one for one in effects(protected(("BGD", 30), ("IND", 20), ("NPL", 3)), GROUP)}
    table = found["victims_by_nationality"]
    assert table.persons == 53
    assert table.persons_shown < 50, "with the small group one of the large ones is withheld"
    assert table.grouped > 0


def test_a_wider_circulation_gets_less() -> None:
    both = protected(("BGD", 30), ("IND", 7))
    shown = {name: sum(one.shown for one in effects(both, name)) for name in (GROUP, WIDER)}
    assert shown[GROUP] > shown[WIDER]
    members, others = (withheld_cells(both, name)["victims_by_nationality"] for name in (GROUP, WIDER))
    assert members <= others
