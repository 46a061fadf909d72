"""What most tests stand on: the reference files, a fresh database, and an account for each role."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.examples import NOW, REFERENCE

from dashboard.accounts import Account, Organisation, Role
from dashboard.accounts.store import add_account, add_organisations
from dashboard.administration.first_start import read_organisations
from dashboard.database import Database, open_database

HOMES = {Role.SECRETARIAT: "IOM", Role.MEMBER: "MPS", Role.OFFICIAL: "MFA"}
"""Where the accounts of the tests sit; the others sit in the ministry's office."""


@pytest.fixture(scope="session")
def reference_dir() -> Path:
    return REFERENCE


@pytest.fixture(scope="session")
def organisations(reference_dir: Path) -> tuple[Organisation, ...]:
    """Every organisation of the reference file."""
    return read_organisations(reference_dir)


@pytest.fixture
def database(tmp_path: Path, organisations: tuple[Organisation, ...]) -> Iterator[Database]:
    """A database that nobody used before, with the organisations in it."""
    opened = open_database(f"sqlite:///{tmp_path / 'state' / 'dashboard.sqlite'}")
    with opened.write() as connection:
        add_organisations(connection, organisations)
    yield opened
    opened.restricted.dispose()
    opened.published.dispose()


@pytest.fixture
def accounts(database: Database) -> Mapping[Role, Account]:
    """One account a role, written to the database. Nobody can sign in with them: the hash is none."""
    with database.write() as connection:
        return {
            role: add_account(
                connection,
                username=role.value,
                display_name=f"{role.label} of the tests",
                password_hash="no hash",
                role=role,
                organisation=HOMES.get(role, "ATO"),
                at=NOW,
            )
            for role in Role
        }
