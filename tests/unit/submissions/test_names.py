"""The name of a returned file is made harmless before it is kept or shown."""

from collections.abc import Mapping

import pytest
from tests.examples import NOW, count, dataset
from tests.unit.validation.test_names import HOSTILE

from dashboard import submissions
from dashboard.accounts import Account, Role
from dashboard.database import Database
from dashboard.submissions import Return
from dashboard.submissions.child import read_file


@pytest.mark.parametrize("filename", [name for name in HOSTILE if name.endswith("csv")])
def test_neither_the_return_nor_its_sheet_keeps_the_name_as_it_came(
    filename: str, database: Database, accounts: Mapping[Role, Account]
) -> None:
    returned = Return("own_template", (dataset("victims", count("victims", 7, "2024-Q1", "MPS")),), ())
    with database.write() as connection:
        receipt = submissions.receive(
            connection, b"bytes", filename, returned, organisation="MPS", by=accounts[Role.MEMBER], at=NOW
        )
    assert receipt.submission.filename == HOSTILE[filename]
    (sheet,) = read_file(b"Period,Count\n2024-Q1,7\n", filename)
    assert f"{sheet.name}.csv" == HOSTILE[filename]
