"""Find the browser that tests drive: `python tests/browser/find_chromium.py [--install]` prints its path."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "msedge",
    "chrome",
)
MAC_APPLICATIONS = ("Google Chrome", "Chromium", "Microsoft Edge")
WINDOWS_PROGRAMS = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")


def find_chromium() -> Path | None:
    """The browser named by DASHBOARD_CHROMIUM, else the first installed one that starts."""
    if named := os.environ.get("DASHBOARD_CHROMIUM"):
        return Path(named) if Path(named).is_file() else None
    return next((path for path in _installed() if path.is_file() and _starts(path)), None)


def install_chromium() -> None:
    """Debian's package where root may install it, else the build that Playwright fetches."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and _has_debian_package():
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=True, env=quiet, stdout=sys.stderr)
    else:
        with_libraries = ["--with-deps"] if root and shutil.which("apt-get") else []
        subprocess.run([sys.executable, "-m", "playwright", "install", *with_libraries, "chromium"], check=True)


def _installed() -> Iterator[Path]:
    yield from (Path(found) for name in NAMES if (found := shutil.which(name)))
    yield from (Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in MAC_APPLICATIONS)
    folders = (os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"))
    yield from (Path(folder) / program for folder in folders if folder for program in WINDOWS_PROGRAMS)
    yield from _playwrights_own()


def _playwrights_own() -> Iterator[Path]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return
    with sync_playwright() as playwright:
        yield Path(playwright.chromium.executable_path)


def _starts(path: Path) -> bool:
    """Ubuntu's chromium-browser may be a stub that asks for a snap. On Windows asking would open a window."""
    if platform.system() == "Windows":
        return True
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _has_debian_package() -> bool:
    """Ubuntu's package of that name installs a snap, which needs a running snap service: not that one."""
    try:
        system = platform.freedesktop_os_release()
    except OSError:
        return False
    family = {system["ID"], *system.get("ID_LIKE", "").split()}
    return shutil.which("apt-get") is not None and "debian" in family and "ubuntu" not in family


def main() -> int:
    path = find_chromium()
    if path is None and "--install" in sys.argv[1:] and "DASHBOARD_CHROMIUM" not in os.environ:
        print("No browser found: installing Chromium (once) ...", file=sys.stderr)
        try:
            install_chromium()
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"That failed: {error}", file=sys.stderr)
        path = find_chromium()
    if path is None:
        print(
            "No Chromium, Chrome or Edge that starts was found. "
            "Install one, or set DASHBOARD_CHROMIUM to its program file.",
            file=sys.stderr,
        )
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
