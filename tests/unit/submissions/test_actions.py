"""Receiving and deciding: whose figures, which file, who was first."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from tests.examples import NOW, accepted, count, dataset

from dashboard import submissions
from dashboard.accounts import Account, Role
from dashboard.database import Database
from dashboard.datasets import Dataset
from dashboard.errors import Conflict, DashboardError, NotPermitted
from dashboard.submissions import Receipt, Return, SubmissionStatus
from dashboard.validation.model import Finding, Severity

Accounts = Mapping[Role, Account]
ERROR = Finding(Severity.ERROR, "codes", "Unknown nationality.", "Have it added as an alias.")
WARNING = Finding(Severity.WARNING, "jump", "Far from before.", "Check the count.")


def send(
    database: Database, by: Account, *content: Dataset, organisation: str = "MPS", findings: tuple[Finding, ...] = ()
) -> Receipt:
    with database.write() as connection:
        returned = Return("own_template", content, findings)
        return submissions.receive(
            connection, b"the bytes", "return.csv", returned, organisation=organisation, by=by, at=NOW
        )


def victims(agency: str = "MPS") -> Dataset:
    return dataset("victims", count("victims", 7, "2024-Q1", agency))


def test_a_member_sends_for_the_own_organisation_only(database: Database, accounts: Accounts) -> None:
    member = accounts[Role.MEMBER]
    assert send(database, member, victims()).submission.organisation == "MPS"
    with pytest.raises(NotPermitted, match="own organisation only"):
        send(database, member, victims("MI"), organisation="MI")


@pytest.mark.parametrize("role", [Role.MEMBER, Role.SECRETARIAT])
def test_a_file_with_figures_of_another_organisation_is_refused(
    database: Database, accounts: Accounts, role: Role
) -> None:
    with pytest.raises(Conflict, match="holds figures of GBR_HO"):
        send(database, accounts[role], victims("GBR_HO"))


def test_an_organisation_may_report_for_its_parts(database: Database, accounts: Accounts) -> None:
    by = accounts[Role.SECRETARIAT]
    receipt = send(database, by, victims("UNODC_LKA"), victims("UNODC_NPL"), organisation="UNODC")
    assert receipt.submission.observations == 2


def test_the_same_file_twice_is_one_submission(database: Database, accounts: Accounts) -> None:
    by = accounts[Role.SECRETARIAT]
    first, second = send(database, by, victims()), send(database, by, victims())
    assert (first.already_known, second.already_known) == (False, True)
    assert second.submission == first.submission


def test_a_file_that_had_errors_is_read_anew_once_they_are_mended(database: Database, accounts: Accounts) -> None:
    by = accounts[Role.SECRETARIAT]
    first = send(database, by, findings=(ERROR,))
    again = send(database, by, victims())
    assert not again.already_known
    assert (again.submission.attempt, again.submission.errors) == (2, 0)
    assert again.submission.id != first.submission.id
    assert send(database, by, victims()).submission == again.submission


def test_errors_stop_and_warnings_need_a_reason(database: Database, accounts: Accounts) -> None:
    by = accounts[Role.SECRETARIAT]
    with_error = send(database, by, victims(), findings=(ERROR,)).submission
    with database.write() as connection, pytest.raises(Conflict, match="1 errors"):
        submissions.accept(connection, with_error, reason="All right.", by=by, at=NOW)
    with_warning = send(database, by, victims(), findings=(WARNING,)).submission
    with database.write() as connection:
        with pytest.raises(DashboardError, match="Say in a sentence"):
            submissions.accept(connection, with_warning, reason=" ", by=by, at=NOW)
        done = submissions.accept(connection, with_warning, reason="Checked by phone.", by=by, at=NOW)
    assert (done.status, done.reason) == (SubmissionStatus.ACCEPTED, "Checked by phone.")


def test_who_decides_on_what_somebody_else_has_decided_is_told(database: Database, accounts: Accounts) -> None:
    by = accounts[Role.SECRETARIAT]
    seen = send(database, by, victims()).submission
    with database.write() as connection:
        submissions.accept(connection, seen, reason="", by=by, at=NOW)
        with pytest.raises(Conflict, match="decided meanwhile: the return is accepted"):
            submissions.refuse(connection, seen, reason="Too late.", by=by, at=NOW)


def test_a_new_return_is_compared_with_reported_figures_of_each_structure(
    database: Database, accounts: Accounts
) -> None:
    by = accounts[Role.SECRETARIAT]
    cases = dataset("cases", count("cases", 9, "2023-Q4"))
    with database.write() as connection:
        accepted(connection, victims(), by=by, invented=True)
        assert submissions.previous(connection, "MPS", by=by) == {}
        accepted(connection, victims(), cases, by=by, at=NOW + timedelta(days=1))
        newer = dataset("victims", count("victims", 8, "2024-Q2"))
        accepted(connection, newer, by=by, at=NOW + timedelta(days=2))
        assert submissions.previous(connection, "MPS", by=by) == {"victims": newer, "cases": cases}
