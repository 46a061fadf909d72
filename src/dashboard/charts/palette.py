"""Every colour of every chart, and which category wears which.

A category keeps its look whatever else is shown. Sex is never blue, red or pink. Colour is never the
only sign: lines also differ in dash and marker, withheld numbers are hatched.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.datasets import STRUCTURES
from dashboard.views.model import Heading, HeadingKind

BLUE, ORANGE, SKY, GREEN, PLUM = "#0033A0", "#D9730D", "#4A90D9", "#0B7A5B", "#8E2A6B"
SERIES = (BLUE, ORANGE, SKY, GREEN, PLUM)
GREY = "#6B7280"
"""Not recorded, the rest, and the hatch of withheld numbers."""

_BLACK = "#000000"
TEXT, NOTE, AXIS, GRID, PAPER = "#1B2430", "#59636F", "#9AA3B0", "#E3E7EE", "#FFFFFF"
TOTAL_FILL, NO_RETURN_FILL = "#F1F3F6", "#E3E7EE"
SEQUENTIAL = ((0.0, "#F3F6FC"), (0.5, "#4A7AC8"), (1.0, "#0033A0"))


@dataclass(frozen=True, slots=True)
class Look:
    """How a category is drawn: its colour, and for a line its dash and its marker."""

    colour: str
    dash: str = "solid"
    symbol: str = "circle"


_PLAIN = Look(BLUE)
_GREY = Look(GREY, "dash", "x-thin")
_REST = Look(GREY, "longdash", "star")
"""A group of codes, or several rows together: told from "not recorded" by more than its colour."""

_NO_CATEGORY = {HeadingKind.NOT_RECORDED: _GREY, HeadingKind.REST: _REST}

_LOOKS: Mapping[str, Mapping[str, Look]] = {
    "form_of_exploitation": {
        "FORCED_LABOUR": Look(BLUE),
        "SEXUAL_EXPLOITATION": Look(PLUM, "solid", "square"),
        "CHILD_LABOUR": Look(ORANGE, "solid", "diamond"),
        "FORCED_MARRIAGE": Look(GREEN, "solid", "triangle-up"),
        "SERVITUDE": Look(SKY, "solid", "triangle-down"),
        "FORCED_MILITARY": Look(BLUE, "dash", "square"),
        "ORGAN_REMOVAL": Look(PLUM, "dash", "diamond"),
        "FORCED_BEGGING": Look(ORANGE, "dash", "triangle-up"),
        "FORCED_ADOPTION": Look(GREEN, "dash", "triangle-down"),
        "SURROGACY": Look(SKY, "dash", "circle"),
        "FORCED_CRIMINALITY": Look(BLUE, "longdash", "diamond"),
        "OTHER": Look(GREEN, "longdash", "circle"),
        "MULTIPLE": Look(PLUM, "longdash", "triangle-up"),
    },
    "age_group": {"0-17": Look(ORANGE, "solid", "diamond"), "18+": Look(BLUE)},
    "sex": {"F": Look(ORANGE), "M": Look(GREEN, "solid", "square"), "O": Look(PLUM, "dash", "diamond")},
    "status": {"PRESUMED": Look(SKY, "dash", "square"), "IDENTIFIED": Look(BLUE)},
    "movement": {"CROSS_BORDER": Look(BLUE), "INTERNAL": Look(SKY, "dash", "square")},
    "origin": {
        "BGD": Look(BLUE),
        "IND": Look(ORANGE),
        "LKA": Look(GREEN),
        "NPL": Look(PLUM),
        "MDV": Look(SKY),
    },
}

_NAMES = {
    dimension.label: dimension.name
    for structure in STRUCTURES.values()
    for dimension in (*structure.dimensions, *structure.derived)
}


def look(dimension_label: str, heading: Heading) -> Look:
    """The look of a category of a dimension; one that no entry names is plain blue."""
    if heading.kind in _NO_CATEGORY:
        return _NO_CATEGORY[heading.kind]
    return _LOOKS.get(_NAMES.get(dimension_label, ""), {}).get(heading.code, _PLAIN)


def origin_colour(code: str) -> str:
    """The colour of a country of origin: the four most frequent ones, the country itself, else grey."""
    known = _LOOKS["origin"].get(code)
    return known.colour if known else GREY


def mixed(colour: str, share: float) -> str:
    """A colour with so much of it left (0 to 1) on white, e.g. the fill of a provisional bar."""
    channels = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - channel) * share):02X}" for channel in channels)


def on_scale(share: float) -> str:
    """The colour at a place (0 to 1) of the sequential scale."""
    for (low, first), (high, second) in zip(SEQUENTIAL, SEQUENTIAL[1:], strict=False):
        if share <= high:
            return _between(first, second, (share - low) / (high - low))
    return SEQUENTIAL[-1][1]


def _between(first: str, second: str, share: float) -> str:
    pairs = ((int(first[at : at + 2], 16), int(second[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(low + (high - low) * share):02X}" for low, high in pairs)


def contrast(colour: str, background: str = PAPER) -> float:
    """The contrast of two colours as WCAG counts it, 1 to 21."""
    light, dark = sorted((_luminance(colour), _luminance(background)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def text_on(background: str) -> str:
    """The text colour where it reads well on a background, else white, else black: one of them always does."""
    return next(colour for colour in (TEXT, PAPER, _BLACK) if colour == _BLACK or contrast(colour, background) >= 4.5)
