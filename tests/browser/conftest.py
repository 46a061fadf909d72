"""Fixtures of the browser tests: two running dashboards, and a window for whoever looks at them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from tests.browser import running
from tests.browser.find_chromium import find_chromium
from tests.browser.running import Dashboard

expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser last: it is slow, and while it is open no other test could start an event loop."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


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
    with running.running(tmp_path_factory.mktemp("sample_app"), sample=True) as server:
        yield Dashboard(server, browser, ("member", "official"))


@pytest.fixture(scope="session")
def empty_app(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The dashboard without invented figures, for the path of a real return."""
    with running.running(tmp_path_factory.mktemp("empty_app"), sample=False) as server:
        yield Dashboard(server, browser, ("secretariat", "chair", "member"))


@pytest.fixture
def fresh_app(browser: Browser, tmp_path: Path) -> Iterator[Dashboard]:
    """A dashboard that nobody has set up."""
    with running.running(tmp_path / "fresh_app", sample=False) as server:
        yield Dashboard(server, browser, ())
