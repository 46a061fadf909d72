"""Pictures: made by the browser of this machine, with our letters in them and no outside address."""

import re
import struct

import pytest
from choreographer.errors import ChromeNotFoundError
from tests.browser.find_chromium import find_chromium
from tests.unit.charts.tables import nationalities, routes

from dashboard.charts import NoPictureEngine, draw, picture, pictures

needs_browser = pytest.mark.skipif(
    find_chromium() is None, reason="no Chromium on this machine: pictures can't be drawn"
)


@needs_browser
def test_a_png_is_twice_1200_by_675() -> None:
    content = picture(draw(routes(), 1200), "png")
    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">II", content[16:24]) == (2400, 1350)


@needs_browser
def test_an_svg_carries_its_letters_and_no_address() -> None:
    first, second = pictures((draw(nationalities(), 1200), draw(routes(), 1200)), "svg")
    for content in (first, second):
        assert b"@font-face{font-family:Lato" in content
        assert set(re.findall(rb"https?://[^/\"']+", content)) <= {b"http://www.w3.org"}
    assert b"Bangladesh" in first


def test_without_a_browser_the_next_step_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ChromeNotFoundError

    monkeypatch.setattr("kaleido.Kaleido.__init__", missing)
    with pytest.raises(NoPictureEngine, match="camera button above the chart"):
        picture(draw(nationalities()), "png")
