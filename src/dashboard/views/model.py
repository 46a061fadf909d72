"""What a view is, what a reader selects in it, and the table it gives: labels and numbers, ready to be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dashboard.datasets import TOTAL, periods
from dashboard.published_tables import PERIOD, Circulation


@dataclass(frozen=True, slots=True)
class View:
    """One figure: which cells of which published table, laid out how.

    title may hold `{measure}`: the words for what is counted under the reader's choice ("Identified
    victims"), and of a series `{by}`: the level of its periods ("by quarter"). question stands under the head
    of the view's page.

    rows and columns name dimensions of the table; several row dimensions make one row a combination
    (a route). Without columns the table has one column, the period, and a second for comparison.
    splits are dimensions a reader may choose as columns instead. filters are the dimensions a reader
    may set to one code; all others stand at their total. fixed holds dimensions at one code. period_levels
    are those a reader may choose among where the publication shows them; the first stands by default. own_level
    is for a companion with other levels than its page has: its card asks for one.
    """

    name: str
    title: str
    table: str
    rows: tuple[str, ...]
    chart: str
    question: str = ""
    columns: str | None = None
    splits: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)
    row_levels: tuple[str, ...] = ()
    period_levels: tuple[str, ...] = (periods.YEAR, periods.FIVE_YEARS)
    own_level: bool = False
    ranked: bool = False
    events: bool = False
    comparable: bool = False
    caveat: str = ""
    companions: tuple["View", ...] = ()
    kpis: tuple["Kpi", ...] = ()

    @property
    def heading(self) -> str:
        """What the menu and the head of its page call the view."""
        return self.name.replace("_", " ").capitalize()

    @property
    def is_series(self) -> bool:
        """Whether the rows are periods: then a reader chooses a level of periods, not one period."""
        return self.rows == (PERIOD,)


@dataclass(frozen=True, slots=True)
class Kpi:
    """One headline number: a cell of a table for a period. codes are its coordinates, others at total."""

    label: str
    table: str
    codes: Mapping[str, str]
    help: str


@dataclass(frozen=True, slots=True)
class Selection:
    """What a reader has chosen. None means the view's default."""

    period: str | None = None
    compare: str | None = None
    level: str | None = None
    split: str | None = None
    codes: tuple[tuple[str, str], ...] = ()

    def code(self, dimension: str) -> str | None:
        """The chosen code of a dimension."""
        return dict(self.codes).get(dimension)


class CellState(StrEnum):
    """The five looks of a cell."""

    NUMBER = "number"
    PROVISIONAL = "provisional"
    WITHHELD = "withheld"
    ZERO = "zero"
    NO_RETURN = "no_return"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number that may be shown, or the reason why there is none. Nothing else is known about it."""

    state: CellState
    value: int | None = None

    @property
    def text(self) -> str:
        """What stands in a printed table."""
        if self.state is CellState.WITHHELD:
            return "c"
        if self.state is CellState.NO_RETURN:
            return "no return"
        return f"{self.value:,}"

    @property
    def is_number(self) -> bool:
        """Whether the cell holds a true number, zero included."""
        return self.value is not None


WITHHELD = Cell(CellState.WITHHELD)
ZERO = Cell(CellState.ZERO, 0)
NO_RETURN = Cell(CellState.NO_RETURN)


class HeadingKind(StrEnum):
    """What a row or column stands for, which decides its place and colour."""

    CODE = "code"
    REST = "rest"
    NOT_RECORDED = "not_recorded"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Heading:
    """A row or column: its codes (several for a route), its label, and what it stands for.

    parts are the labels of a combination, grouped the places of its codes that are groups of codes.
    """

    codes: tuple[str, ...]
    label: str
    kind: HeadingKind = HeadingKind.CODE
    parts: tuple[str, ...] = ()
    grouped: tuple[int, ...] = ()

    @property
    def code(self) -> str:
        """The code of a heading that stands for one."""
        return self.codes[0]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, to be marked in a series; a break means: do not compare across it."""

    period: str
    label: str
    is_break: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many organisations returned the structure for the periods shown, and which did not."""

    returned: int
    expected: int
    missing: tuple[str, ...]
    provisional: bool

    @property
    def sentence(self) -> str:
        """For the line above the figure."""
        return f"{self.returned} of {self.expected} organisations reported"


@dataclass(frozen=True, slots=True)
class TableView:
    """A table to be read: every number in it may be shown, together with all the others.

    cells[i][j] belongs to rows[i] and columns[j]. total_row and total_column stand apart from the
    body so that a chart can't take them for one more category. groups says what each group of codes holds;
    withdrawn says that a newer publication was withdrawn, and quotes what a person typed.
    """

    view: str
    chart: str
    title: str
    subtitle: str
    unit: str
    row_label: str
    column_label: str
    rows: tuple[Heading, ...]
    columns: tuple[Heading, ...]
    cells: tuple[tuple[Cell, ...], ...]
    total_row: tuple[Cell, ...]
    total_column: tuple[Cell, ...]
    notes: tuple[str, ...]
    source: str
    as_of: str
    publication_id: str
    invented: bool
    coverage: Coverage
    filters: tuple[tuple[str, str], ...]
    events: tuple[Event, ...] = ()
    period: str = TOTAL
    comparison: str = ""
    groups: tuple[str, ...] = ()
    circulation: Circulation = Circulation.GROUP
    withdrawn: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nobody returned anything of it: not even a zero."""
        cells = [*(cell for row in self.cells for cell in row), *self.total_row, *self.total_column]
        return all(cell.state is CellState.NO_RETURN for cell in cells)

    @property
    def withheld(self) -> int:
        """How many cells of the body are withheld."""
        return sum(cell.state is CellState.WITHHELD for row in self.cells for cell in row)
