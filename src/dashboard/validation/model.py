"""What a check has to say about one place in a return."""

from dataclasses import dataclass
from enum import StrEnum

LONGEST_VALUE = 80


class Severity(StrEnum):
    """What follows from a finding: an error stops, a warning needs a tick with a reason, a note informs."""

    ERROR = "ERROR"
    WARNING = "WARNING"
    NOTE = "NOTE"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: what is wrong, where, and the next step.

    row counts as the spreadsheet does (the first line is 1); 0 means the whole sheet, an empty sheet
    the whole return. value is the text of the cell, cut to 80 characters, and empty where the cell
    may hold something about a person.
    """

    severity: Severity
    rule: str
    message: str
    next_step: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    value: str = ""

    def __post_init__(self) -> None:
        # Cut here, so that no rule can forget it: a cell may hold a whole letter.
        object.__setattr__(self, "value", shortened(self.value))
        object.__setattr__(self, "sheet", shortened(self.sheet))
        object.__setattr__(self, "column", shortened(self.column))


def shortened(text: str) -> str:
    """At most 80 characters, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_VALUE else f"{line[: LONGEST_VALUE - 1]}…"
