"""A picture of every screen in every size: `make screenshots`. With --docs also those that the documentation shows."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # started as a program, this file knows its own folder only

from tests.browser.find_chromium import find_chromium  # noqa: E402
from tests.browser.running import PEOPLE, SIZES, Dashboard, launch, open_page, running, wait_idle  # noqa: E402

from dashboard.ui.menu import SCREENS  # noqa: E402

PICTURES = ROOT / "screenshots"
FOR_THE_DOCUMENTATION = ROOT / "docs" / "images"
IN_THE_DOCUMENTATION = ("overview",)
WHO = {"submissions": "secretariat", "administration": "administrator"}
"""Who looks at a screen, by its name or its folder; at all others the chair."""

_TALLEST = 12_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", action="store_true", help="also renew the pictures in docs/images")
    arguments = parser.parse_args()
    program = find_chromium()
    if program is None:
        print("No Chromium, Chrome or Edge was found. Set DASHBOARD_CHROMIUM to its program file.", file=sys.stderr)
        return 1
    shutil.rmtree(PICTURES, ignore_errors=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = launch(playwright, program)
        for name, size in _every_screen(browser, Path(folder)):
            print(f"{name} {size}", flush=True)
    if arguments.docs:
        _renew_documentation()
    return 0


def _every_screen(browser: Browser, folder: Path) -> Iterator[tuple[str, str]]:
    with running(folder, sample=True) as server:
        nobody = Dashboard(server, browser, ())
        yield from _form(nobody, "set_up", "Set up the first account")
        dashboard = Dashboard(server, browser, tuple(name for name in PEOPLE if name != "administrator"))
        yield from _form(nobody, "sign_in", "Sign in")
        for screen in SCREENS:
            person = WHO.get(screen.name, WHO.get(screen.folder, "chair"))
            with dashboard.as_(person) as page:
                address = "/" if screen is SCREENS[0] else f"/{screen.name}"
                for size in SIZES:
                    page.set_viewport_size(_viewport(size))
                    open_page(page, address, screen.title)
                    yield from _picture(page, screen.name, size)


def _form(dashboard: Dashboard, name: str, heading: str) -> Iterator[tuple[str, str]]:
    for size in SIZES:
        with dashboard.as_nobody(SIZES[size]) as page:
            page.goto("/")
            expect(page.get_by_role("heading", name=heading)).to_be_visible()
            wait_idle(page)
            yield from _picture(page, name, size)


def _viewport(size: str, height: int | None = None) -> dict[str, int]:
    return {"width": SIZES[size][0], "height": height or SIZES[size][1]}


def _picture(page: Page, name: str, size: str) -> Iterator[tuple[str, str]]:
    """The whole page: Streamlit scrolls inside of it, so the window is made as high as what it holds."""
    height = page.evaluate("""() => document.querySelector('[data-testid="stMain"]').scrollHeight""")
    page.set_viewport_size(_viewport(size, min(max(height, SIZES[size][1]), _TALLEST)))
    wait_idle(page)
    page.screenshot(path=_file(name, size), animations="disabled", caret="hide")
    yield name, size


def _file(name: str, size: str) -> Path:
    width, height = SIZES[size]
    return PICTURES / f"{name}_{width}x{height}.png"


def _renew_documentation() -> None:
    FOR_THE_DOCUMENTATION.mkdir(parents=True, exist_ok=True)
    for name in IN_THE_DOCUMENTATION:
        shutil.copyfile(_file(name, "laptop"), FOR_THE_DOCUMENTATION / f"{name}.png")


if __name__ == "__main__":
    sys.exit(main())
