"""Text in a figure: how wide it runs, where it breaks, and that it can't be markup.

A figure is drawn before anyone knows the screen, and Plotly breaks no lines: so widths are estimated.
"""

from functools import lru_cache
from html import escape

_NARROW, _WIDE = frozenset("iljtfrI.,;:'|()[]! \u00a0"), frozenset("mwMW@%\u2014\u2192")


@lru_cache(maxsize=4096)
def width_of(text: str, size: int, *, bold: bool = False) -> float:
    """About how many pixels a line takes in Lato, a little too many rather than too few."""
    ems = sum(_ems(letter) for letter in text)
    return ems * size * (1.06 if bold else 1.0)


def _ems(letter: str) -> float:
    if letter in _NARROW:
        return 0.32
    if letter in _WIDE:
        return 0.86
    return 0.68 if letter.isupper() else 0.56


def lines_of(text: str, room: float, size: int, *, bold: bool = False) -> list[str]:
    """A text broken at spaces (not at no-break ones) into lines that fit; a single longer word stays whole."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def unbroken(text: str) -> str:
    """Text that stays on one line, such as a date."""
    return text.replace(" ", "\u00a0")


def plain(text: str) -> str:
    """Text as Plotly shows it letter by letter: `<` and `&` are no markup."""
    return escape(text, quote=False)


def wrapped(text: str, room: float, size: int, *, bold: bool = False) -> str:
    """A text broken to a width, ready for a figure."""
    return "<br>".join(plain(line) for line in lines_of(text, room, size, bold=bold))


def widest(texts: list[str], size: int, *, bold: bool = False) -> float:
    """The width of the widest line among texts that may hold `<br>`."""
    lines = (line for text in texts for line in text.split("<br>"))
    return max((width_of(line, size, bold=bold) for line in lines), default=0.0)
