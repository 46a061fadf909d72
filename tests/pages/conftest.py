"""The app without a browser: an installation with the invented sample, and one signed-in screen a role."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.accounts import Account, Role, store
from dashboard.accounts.passwords import hash_password
from dashboard.administration import prepare
from dashboard.database import Database, open_installed
from dashboard.sessions.store import start_session
from dashboard.settings import ROOT, Settings
from dashboard.ui import installation, session
from dashboard.ui.gate import Gate
from dashboard.ui.start import FRAME

PASSWORD = "correct horse battery staple"

Screen = Callable[[Role | None, str], AppTest]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with the sample published and one account a role; copied for every test."""
    folder = tmp_path_factory.mktemp("prepared")
    settings = Settings.from_environ({"DASHBOARD_STATE_DIR": str(folder)})
    database = open_installed(settings)
    prepare(database, settings, at=datetime.now(UTC))
    with database.write() as connection:
        for role in Role:
            add_person(connection, role)
    database.restricted.dispose()
    return folder


def add_person(connection, role: Role) -> Account:  # type: ignore[no-untyped-def]
    """An account of that role with PASSWORD, named after it."""
    return store.add_account(
        connection,
        username=role.value,
        display_name=f"Test {role.label}",
        password_hash=hash_password(PASSWORD, role),
        role=role,
        organisation="MPS" if role is Role.MEMBER else "IOM",
        at=datetime.now(UTC),
    )


@pytest.fixture
def installed(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The running installation of one test, reset afterwards."""
    state = tmp_path / "state"
    shutil.copytree(prepared, state)
    monkeypatch.setenv("DASHBOARD_STATE_DIR", str(state))
    monkeypatch.setattr(session, "cookie", lambda: None)
    monkeypatch.setattr(Gate, "standing", True)
    installation.settings.cache_clear()
    installation.key.cache_clear()
    installation.database.cache_clear()
    yield installation.database()
    installation.database().restricted.dispose()
    installation.database().published.dispose()
    installation.settings.cache_clear()
    installation.key.cache_clear()
    installation.database.cache_clear()


@pytest.fixture
def screen(installed: Database, monkeypatch: pytest.MonkeyPatch) -> Screen:
    """Open a page ("figures/route") as a role, or as nobody. AppTest has no browser that could send a cookie."""

    def open_page(role: Role | None, page: str) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=30)
        if role is not None:
            with installed.write() as connection:
                account = store.find_account(connection, role.value)
                token = start_session(connection, account, at=datetime.now(UTC))
            monkeypatch.setattr(session, "cookie", lambda: token)
        app.run()
        return app.switch_page(str(Path("../../..") / (ROOT / "pages" / f"{page}.py").relative_to(ROOT))).run()

    return open_page
