"""A return as the rules see it: each row with its place in the file, its text and how it was understood."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from dashboard.datasets import TOTAL, Dataset, Structure
from dashboard.validation.choices import Choices


class Standing(StrEnum):
    """What a row is for. Only leaves are imported; totals and rows set aside check them."""

    LEAF = "leaf"
    TOTAL = "total"
    SET_ASIDE = "set aside"
    LEFT_OUT = "left out"


class Fault(StrEnum):
    """Why the text of a count is no count."""

    EMPTY = "empty"
    TEXT = "text"
    NEGATIVE = "negative"
    FRACTION = "fraction"
    HUGE = "huge"


class SameKey(StrEnum):
    """What it means that two rows have the same period and codes: an error, or parts to be added."""

    REFUSE = "refuse"
    ADD = "add"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as written and as understood. code is None where it was not.

    assumed: the text is unknown, and the profile declares that it is then counted under this code.
    """

    column: str
    text: str
    code: str | None
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """The cell with the number: a value, or "fewer than censored_below", or a fault."""

    column: str
    text: str
    value: int | None = None
    censored_below: int | None = None
    fault: Fault | None = None

    @property
    def is_number(self) -> bool:
        """Whether there is a number or a bound to reckon with, though it may be too large to import."""
        return self.value is not None or self.censored_below is not None

    @property
    def low(self) -> int:
        """The least the count can be."""
        return self.value or 0

    @property
    def high(self) -> int:
        """The most the count can be."""
        return self.low if self.censored_below is None else self.censored_below - 1


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; codes stand in the order of the structure's dimensions."""

    sheet: str
    number: int
    structure: Structure
    period: Cell
    agency: Cell
    codes: tuple[Cell, ...]
    status: Cell
    count: Count
    standing: Standing = Standing.LEAF
    reason: str = ""

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell that must name a code."""
        return (self.period, self.agency, *self.codes, self.status)

    @property
    def key(self) -> tuple[str | None, ...]:
        """What the row counts, in codes. Two leaves with the same key count the same people."""
        return (self.structure.name, self.agency.code, self.period.code, *(cell.code for cell in self.codes))

    @property
    def understood(self) -> bool:
        """Whether every cell names a code and the count is one."""
        return self.count.fault is None and all(cell.code is not None for cell in self.cells)

    @property
    def totalled(self) -> frozenset[int]:
        """The positions in `key` over which the row is a sum."""
        return frozenset(index for index, code in enumerate(self.key) if code == TOTAL)


@dataclass(frozen=True, slots=True)
class Rival:
    """A larger structure that the rows of a sheet may as well belong to, and the columns it lacks there. All labels."""

    read_as: str
    larger: str
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet as it came (all text): its header, and every row from the sheet's first.

    missing and unknown name columns; with missing ones nothing of the sheet is imported. expected is the
    name of the layout it was read as; empty where it was not read. ignored: the layout has it for other ends.
    """

    name: str
    header_row: int
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    expected: str = ""
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    ignored: bool = False
    hidden: bool = False
    rival: Rival | None = None


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A row that belongs to no structure, and the cell that says so."""

    sheet: str
    number: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class StatedSum:
    """A total that the return states and what its parts add up to, as ranges where cells are censored."""

    row: Row
    what: str
    stated: tuple[int, int]
    parts: tuple[int, int]

    @property
    def agrees(self) -> bool:
        """Whether some true numbers could satisfy both."""
        return self.parts[0] <= self.stated[1] and self.stated[0] <= self.parts[1]


@dataclass(frozen=True)
class MappedReturn:
    """All that the rules may look at. previous: structure name to what the agency's newest return says."""

    tables: tuple[Table, ...]
    today: date
    rows: tuple[Row, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    sums: tuple[StatedSum, ...] = ()
    choices: Mapping[str, Choices] = field(default_factory=dict)
    same_key: SameKey = SameKey.REFUSE
    totals_expected: bool = False
    previous: Mapping[str, Dataset] = field(default_factory=dict)
    remarks: tuple[tuple[str, str], ...] = ()

    def leaves(self) -> Iterator[Row]:
        """The rows that are imported, in the order of the file."""
        return (row for row in self.rows if row.standing is Standing.LEAF)

    def understood(self) -> Iterator[Row]:
        """The leaves that have nothing unknown in them."""
        return (row for row in self.leaves() if row.understood)
