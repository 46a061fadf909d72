"""Tables drawn as text: read, and drawn again, so that a before and an after can be compared by eye.

The first line holds the columns. Every other line holds a row's code and its cells. Blanks in any
number separate; the layout of what is read does not matter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

WITHHELD = "c"


@dataclass(frozen=True)
class Drawing:
    """Texts by row and column, both in the order drawn."""

    columns: tuple[str, ...]
    rows: Mapping[str, tuple[str, ...]]

    def __str__(self) -> str:
        first = max(map(len, self.rows), default=0)
        lines = [" " * first + "".join(f"{column:>12}" for column in self.columns)]
        lines += [f"{row:<{first}}" + "".join(f"{cell:>12}" for cell in cells) for row, cells in self.rows.items()]
        return "\n".join(lines)

    def numbers(self) -> Iterable[tuple[str, str, int]]:
        """Row, column and number of each cell."""
        for row, cells in self.rows.items():
            for column, cell in zip(self.columns, cells, strict=True):
                yield row, column, int(cell)


def read(drawn: str) -> Drawing:
    """Read a drawing. Raises ValueError when a row has more or fewer cells than there are columns."""
    first, *others = [line.split() for line in drawn.strip("\n").splitlines() if line.strip()]
    rows = {row: tuple(cells) for row, *cells in others}
    odd = [row for row, cells in rows.items() if len(cells) != len(first)]
    if odd or len(rows) != len(others):
        raise ValueError(f"Row {odd or 'names'} does not fit the {len(first)} columns")
    return Drawing(tuple(first), rows)


def draw(columns: Iterable[str], rows: Iterable[str], cells: Mapping[tuple[str, str], int | None]) -> Drawing:
    """Draw cells by (row, column): None is withheld, and a cell that is not there is 0."""
    order = tuple(columns)
    return Drawing(order, {row: tuple(_text(cells.get((row, column), 0)) for column in order) for row in rows})


def _text(value: int | None) -> str:
    return WITHHELD if value is None else str(value)
