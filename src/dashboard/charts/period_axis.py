"""Periods along the bottom of a figure: as many labels as fit, none turned."""

from collections.abc import Sequence

from dashboard.charts.frame import Spec
from dashboard.charts.palette import AXIS
from dashboard.charts.template import LABEL_SIZE
from dashboard.charts.text import plain, widest, width_of
from dashboard.datasets import periods
from dashboard.views.model import Heading

_LINE = 19


def without_quarter(code: str) -> bool:
    """Whether a period is "quarter not recorded": it is no point in time, so no line runs through it."""
    return code.endswith("-QX")


def period_axis(rows: Sequence[Heading], slot: float) -> tuple[Spec, float]:
    """The axis for periods that are slot pixels apart, and the pixels its labels need."""
    labels = _labels(rows, slot)
    lines = max((label.count("<br>") + 1 for label in labels), default=1)
    axis: Spec = {
        "range": [-0.5, len(rows) - 0.5],
        "tickvals": [index for index, label in enumerate(labels) if label],
        "ticktext": [label for label in labels if label],
        "tickangle": 0,
        "ticks": "outside",
        "ticklen": 4,
        "showline": True,
        "linecolor": AXIS,
    }
    return axis, lines * _LINE + 8


def _labels(rows: Sequence[Heading], slot: float) -> list[str]:
    codes = [row.code for row in rows]
    if codes and periods.level_of(codes[0]) == periods.QUARTER:
        return _quarters(codes, slot)
    texts = [_short(row, slot) for row in rows]
    room = max(38, widest(texts, LABEL_SIZE))
    every = 1 if slot >= room else max(2, -(-int(room) // max(1, int(slot))))
    last = len(rows) - 1
    return [texts[index] if (last - index) % every == 0 else "" for index in range(len(rows))]


def _short(row: Heading, slot: float) -> str:
    """`2024`, `TIP` above `2024`, `2020-2024` on one line or two."""
    if periods.level_of(row.code) == periods.REPORT_YEAR:
        return f"TIP<br>{row.code.removeprefix('TIP-')}"
    if periods.level_of(row.code) == periods.FIVE_YEARS and width_of(row.label, LABEL_SIZE) + 8 > slot:
        return plain(row.label).replace("\u2013", "\u2013<br>")
    return plain(row.label)


def _quarters(codes: list[str], slot: float) -> list[str]:
    """Quarters above their year; where they don't fit, the years alone at their first quarter."""
    firsts = [index for index, code in enumerate(codes) if index == 0 or code[:4] != codes[index - 1][:4]]
    if slot >= 26:
        names = ["year<br>only" if without_quarter(code) else code[5:] for code in codes]
        return [f"{name}<br>{codes[index][:4]}" if index in firsts else name for index, name in enumerate(names)]
    apart = slot * max(1, len(codes) / max(1, len(firsts)))
    every = 1 if apart >= 38 else 2
    kept = set(firsts[::every])
    return [code[:4] if index in kept else "" for index, code in enumerate(codes)]
