"""A figure as a PNG or SVG file, drawn by the Chromium of this machine. No request leaves it.

The letters travel in the file: an SVG holds the typeface, so that it looks the same everywhere, and the
PNG is a photograph of that SVG. Everything is imported on first use; a machine without a browser runs.
"""

import asyncio
import shutil
from base64 import b64decode, b64encode
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import plotly.graph_objects as go

from dashboard.errors import DashboardError
from dashboard.settings import ROOT

Kind = Literal["png", "svg"]
WIDTH, HEIGHT, SCALE = 1200, 675, 2
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge")
_FONTS = {400: "lato-latin-400-normal.woff2", 700: "lato-latin-700-normal.woff2"}
_SECONDS = 60


class NoPictureEngine(DashboardError):
    """This machine has no browser that could draw a picture."""

    def __init__(self) -> None:
        super().__init__(
            "Pictures can't be made here: there is no Chromium or Chrome on this machine that starts. "
            "Use the camera button above the chart, or ask your administrator to install Chromium."
        )


def picture(figure: go.Figure, kind: Kind) -> bytes:
    """One figure as a file. Raises NoPictureEngine where there is no browser."""
    return pictures((figure,), kind)[0]


def pictures(figures: Sequence[go.Figure], kind: Kind) -> tuple[bytes, ...]:
    """Several figures with one start of the browser, which takes most of the time."""
    with ThreadPoolExecutor(1) as thread:  # a caller may have an event loop of its own
        return thread.submit(asyncio.run, _drawn(figures, kind)).result()


async def _drawn(figures: Sequence[go.Figure], kind: Kind) -> tuple[bytes, ...]:
    from choreographer.errors import BrowserFailedError, ChromeNotFoundError
    from kaleido import Kaleido

    try:
        # A root account in a container has no sandbox; the page it opens is our own.
        async with Kaleido(path=_browser(), page_generator=_page(), timeout=_SECONDS) as engine:
            return tuple([await _one(engine, figure, kind) for figure in figures])
    except (ChromeNotFoundError, BrowserFailedError, TimeoutError) as error:
        raise NoPictureEngine from error


def _browser() -> str | None:
    """The browser's program; None leaves the search to the engine, which knows more places."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


async def _one(engine: Any, figure: go.Figure, kind: Kind) -> bytes:
    height = max(HEIGHT, int(figure.layout.height or 0))
    options = {"format": "svg", "width": WIDTH, "height": height}
    drawing = _with_fonts(await engine.calc_fig(figure.to_dict(), opts=options))
    return drawing if kind == "svg" else await _photographed(engine, drawing, height)


async def _photographed(engine: Any, drawing: bytes, height: int) -> bytes:
    address = f"data:image/svg+xml;base64,{b64encode(drawing).decode()}"
    tab = await engine.create_tab(address)
    await _loaded(tab)
    clip = {"x": 0, "y": 0, "width": WIDTH, "height": height, "scale": SCALE}
    answer = await tab.send_command(
        "Page.captureScreenshot", {"format": "png", "clip": clip, "captureBeyondViewport": True}
    )
    await engine.close_tab(tab.target_id)
    return b64decode(answer["result"]["data"])


async def _loaded(tab: Any) -> None:
    script = {"expression": "document.fonts.ready.then(() => true)", "awaitPromise": True}
    await tab.send_command("Runtime.evaluate", script)


@lru_cache(maxsize=1)
def _faces() -> str:
    """The typeface as style rules; none where its files are missing, then the machine's own is taken."""
    files = {weight: ROOT / "static" / "fonts" / name for weight, name in _FONTS.items()}
    return "".join(_face(weight, file) for weight, file in files.items() if file.is_file())


def _face(weight: int, file: Path) -> str:
    source = b64encode(file.read_bytes()).decode()
    return (
        f"@font-face{{font-family:Lato;font-weight:{weight};src:url(data:font/woff2;base64,{source}) format('woff2')}}"
    )


def _with_fonts(drawing: bytes) -> bytes:
    head, rest = drawing.split(b">", 1)
    return head + f"><style>{_faces()}</style>".encode() + rest


def _page() -> Any:
    """The page figures are laid out on: Plotly from its package, and letters loaded before any is measured."""
    from kaleido import PageGenerator

    page = PageGenerator(mathjax=False)
    ready = "".join(f"document.fonts.load('{weight} 16px Lato');" for weight in _FONTS)
    page.header += f"<style>{_faces()}</style><script>{ready}</script>"
    return page
