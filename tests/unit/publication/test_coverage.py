"""Coverage: who was expected, who returned what, and that a missing return is never a zero."""

from tests.examples import count, dataset

from dashboard.accounts import Organisation
from dashboard.datasets import Observation, ObservationStatus
from dashboard.publication.coverage import coverage
from dashboard.published_tables import ReturnStatus

SIX = ("IOM", "LRA", "MI", "MPS", "MSFD", "NGO_SHELTER")


def statuses(organisations: tuple[Organisation, ...], *rows: Observation) -> dict[tuple[str, str], ReturnStatus]:
    entries = coverage({"victims": dataset("victims", *rows)}, organisations)
    return {(entry.organisation, entry.period): entry.status for _, entry in entries}


def test_four_of_six_agencies(organisations: tuple[Organisation, ...]) -> None:
    full = [count("victims", 1, "2024-Q1", agency) for agency in SIX]
    part = [count("victims", 0, "2024-Q2", agency) for agency in SIX[:4]]
    found = statuses(organisations, *full, *part)
    assert {agency for agency, _ in found} == set(SIX)
    assert all(found[agency, "2024-Q1"] is ReturnStatus.RETURNED for agency in SIX)
    missing = {agency for agency in SIX if found[agency, "2024-Q2"] is ReturnStatus.MISSING}
    assert missing == {"MSFD", "NGO_SHELTER"}


def test_a_return_of_zero_is_a_return(organisations: tuple[Organisation, ...]) -> None:
    assert statuses(organisations, count("victims", 0))["MPS", "2024-Q1"] is ReturnStatus.RETURNED


def test_one_provisional_row_makes_the_quarter_provisional_in_whatever_order(
    organisations: tuple[Organisation, ...],
) -> None:
    rows = (
        count("victims", 1),
        count("victims", 1, sex="F", observation_status=ObservationStatus.PROVISIONAL),
    )
    for order in (rows, rows[::-1]):
        assert statuses(organisations, *order)["MPS", "2024-Q1"] is ReturnStatus.PROVISIONAL


def test_a_quarter_that_nobody_returned_is_missing_for_all(organisations: tuple[Organisation, ...]) -> None:
    found = statuses(organisations, count("victims", 1, "2023-Q4"), count("victims", 1, "2024-Q2"))
    assert {status for (_, period), status in found.items() if period == "2024-Q1"} == {ReturnStatus.MISSING}


def test_an_organisation_that_was_not_expected_counts_when_it_reports(
    organisations: tuple[Organisation, ...],
) -> None:
    rows = [count("victims", 1), count("victims", 1, agency="MOT"), count("victims", 1, agency="ELSEWHERE")]
    found = {agency for agency, _ in statuses(organisations, *rows)}
    assert found == {*SIX, "MOT", "ELSEWHERE"}


def test_figures_from_elsewhere_are_not_measured_against_our_agencies(
    organisations: tuple[Organisation, ...],
) -> None:
    assert {agency for agency, _ in statuses(organisations, count("victims", 1, agency="GBR_HO"))} == {"GBR_HO"}


def test_a_structure_that_nobody_reported_has_no_entry(organisations: tuple[Organisation, ...]) -> None:
    assert list(coverage({}, organisations)) == []
