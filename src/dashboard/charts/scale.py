"""Axes that start at zero and end after the largest number shown. Withheld numbers have no part in them."""

from collections.abc import Iterable, Sequence
from itertools import count

from dashboard.views.model import Cell

PLACEHOLDER = 0.06
"""Length of the bar that stands for a withheld number, as a share of the axis: always the same."""


def largest(cells: Iterable[Cell]) -> int:
    """The largest number shown; 1 where none is shown, so that an axis has a length."""
    return max((cell.value for cell in cells if cell.value), default=1)


def all_cells(rows: Sequence[Sequence[Cell]]) -> list[Cell]:
    """The cells of a body, row by row."""
    return [cell for row in rows for cell in row]


def with_room(top: float, plot: float, room: float) -> float:
    """The end of an axis on which the longest bar leaves so many pixels for its label."""
    return top * plot / max(plot - room, plot * 0.4)


def ticks(top: int, limit: float, most: int = 5) -> list[int]:
    """Round whole numbers from 0 to the end of an axis."""
    steps = (step for power in count() for step in _steps(10**power))
    return list(range(0, int(limit) + 1, next(step for step in steps if top <= step * most)))


def _steps(unit: int) -> tuple[int, ...]:
    return (1, 2, 5) if unit == 1 else (unit, 2 * unit, unit * 5 // 2, 5 * unit)
