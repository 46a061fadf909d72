"""A download leaves a trace, and figures for the group go to its readers only."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from tests.examples import NOW, events
from tests.unit.charts.tables import nationalities

from dashboard.accounts import Account, Role
from dashboard.database import Database
from dashboard.errors import NotPermitted
from dashboard.exports import record_download
from dashboard.published_tables import Circulation


@pytest.mark.parametrize("circulation", Circulation)
def test_a_download_is_noted_with_its_circulation(
    circulation: Circulation, database: Database, accounts: Mapping[Role, Account]
) -> None:
    table = replace(nationalities(), circulation=circulation)
    with database.write() as connection:
        record_download(connection, table, "csv", by=accounts[Role.MEMBER], at=NOW)
        (event,) = [one for one in events(connection) if one.verb == "exports.record_download"]
    assert event.details["circulation"] == circulation.value


def test_an_account_that_reads_the_wider_figures_takes_none_of_the_group(
    database: Database, accounts: Mapping[Role, Account]
) -> None:
    """A page that was open when the account got another role still holds the old table."""
    with database.write() as connection:
        record_download(
            connection,
            replace(nationalities(), circulation=Circulation.WIDER),
            "csv",
            by=accounts[Role.OFFICIAL],
            at=NOW,
        )
        with pytest.raises(NotPermitted, match="Open the page again"):
            record_download(connection, nationalities(), "csv", by=accounts[Role.OFFICIAL], at=NOW)
