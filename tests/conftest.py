"""What most tests stand on: the reference files, a fresh database, and an account for each role."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from shutil import copyfile

import pytest
from tests.examples import NOW, REFERENCE, opened
from tests.recognisable import Recognisable, everything, make

from dashboard.accounts import Account, Organisation, Role
from dashboard.accounts.store import add_account, add_organisations
from dashboard.administration.first_start import read_organisations
from dashboard.database import Database

HOMES = {Role.SECRETARIAT: "IOM", Role.MEMBER: "MPS", Role.OFFICIAL: "MFA"}
"""Where the accounts of the tests sit; the others sit in the ministry's office."""


@pytest.fixture(scope="session")
def reference_dir() -> Path:
    return REFERENCE


@pytest.fixture(scope="session")
def organisations(reference_dir: Path) -> tuple[Organisation, ...]:
    """Every organisation of the reference file."""
    return read_organisations(reference_dir)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real public files, which are no part of the project; without it the tests on them are skipped."""
    default = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("DASHBOARD_TEST_DATA", default))
    if not folder.is_dir():
        pytest.skip("No real public files. Set DASHBOARD_TEST_DATA to their folder; docs/data-formats.md names them.")
    return folder


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory, organisations: tuple[Organisation, ...]) -> Path:
    """The file of a database with the organisations in it, made once: a copy is ten times as fast."""
    file = tmp_path_factory.mktemp("new") / "dashboard.sqlite"
    made = opened(file)
    with made.write() as connection:
        add_organisations(connection, organisations)
    made.restricted.dispose()  # the last connection to close writes everything into the one file
    return file


@pytest.fixture(scope="session")
def recognisable(tmp_path_factory: pytest.TempPathFactory) -> Recognisable:
    """A publication in which every number is recognisable. Copy its state before anything is written to it."""
    return make(tmp_path_factory.mktemp("recognisable"), everything())


@pytest.fixture
def database(tmp_path: Path, new_database: Path) -> Iterator[Database]:
    """A database that nobody used before, with the organisations in it."""
    file = tmp_path / "state" / "dashboard.sqlite"
    file.parent.mkdir()
    copyfile(new_database, file)
    fresh = opened(file)
    yield fresh
    fresh.restricted.dispose()
    fresh.published.dispose()


@pytest.fixture
def accounts(database: Database) -> Mapping[Role, Account]:
    """One account a role, as if it had just signed in. Nobody can sign in with them: the hash is none."""
    with database.write() as connection:
        return {
            role: replace(
                add_account(
                    connection,
                    username=role.value,
                    display_name=f"{role.label} of the tests",
                    password_hash="no hash",
                    role=role,
                    organisation=HOMES.get(role, "ATO"),
                    at=NOW,
                ),
                confirmed_at=NOW,
            )
            for role in Role
        }
