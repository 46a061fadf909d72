"""Fixtures of the browser tests: two running dashboards, and a window for whoever looks at them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.browser import running
from tests.browser.find_chromium import find_chromium
from tests.browser.running import SIZES, Server

expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser last: it is slow, and while it is open no other test could start an event loop."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@dataclass(frozen=True)
class Dashboard:
    """A running dashboard in which one person a role is signed in."""

    server: Server
    browser: Browser
    cookies: dict[str, Path]

    def as_(self, role: str, size: tuple[int, int] = SIZES["laptop"]) -> AbstractContextManager[Page]:
        """A window of somebody who is signed in."""
        return running.visit(self.browser, self.server, cookies=self.cookies[role], size=size)

    def as_nobody(self) -> AbstractContextManager[Page]:
        """A window of somebody who is not."""
        return running.visit(self.browser, self.server)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = find_chromium()
    if program is None:
        pytest.skip("No Chromium, Chrome or Edge. `make test` installs one; DASHBOARD_CHROMIUM names one.")
    with sync_playwright() as playwright:
        opened = running.launch(playwright, program)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def sample_app(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The dashboard as it comes: with the invented figures. Tests only read it."""
    yield from _dashboard(browser, tmp_path_factory.mktemp("sample_app"), sample=True)


@pytest.fixture(scope="session")
def empty_app(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The dashboard without invented figures, for the path of a real return."""
    yield from _dashboard(browser, tmp_path_factory.mktemp("empty_app"), sample=False)


def _dashboard(browser: Browser, folder: Path, *, sample: bool) -> Iterator[Dashboard]:
    with running.running(folder, sample=sample) as server:
        yield Dashboard(server, browser, running.accounts_through_the_screens(browser, server, folder))


@pytest.fixture
def fresh_app(browser: Browser, tmp_path: Path) -> Iterator[Dashboard]:
    """A dashboard that nobody has set up."""
    with running.running(tmp_path / "fresh_app", sample=False) as server:
        yield Dashboard(server, browser, {})
