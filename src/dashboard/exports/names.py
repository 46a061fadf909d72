"""Names of downloaded files: what, for when, as of when."""

import re
import unicodedata

from dashboard.datasets import TOTAL
from dashboard.views.model import TableView

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DATE = re.compile(rf"([0-9]{{1,2}}) ({'|'.join(_MONTHS)}) ([0-9]{{4}})")
_LONGEST = 80


def filename(table: TableView, extension: str) -> str:
    """`identified-victims-by-nationality_2024_only-children_for-the-working-group_as-of-2025-12-31.xlsx`."""
    only = table.subtitle.partition("; only ")[2]
    parts = [slug(table.title), slug(_period(table)), *([f"only-{slug(only)}"] if only else [])]
    parts.append(f"for-{slug(table.circulation.label)}")
    return f"{'_'.join(parts)}_as-of-{_date(table.as_of)}.{extension.lstrip('.')}"


def slug(text: str) -> str:
    """Small letters, digits and hyphens: a name that every system takes."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:_LONGEST].rstrip("-") or "table"


def _period(table: TableView) -> str:
    """The period, the two compared ones, or the first and the last of a series."""
    if table.row_label == "Period" and table.rows and table.rows[0].code != TOTAL:
        return f"{table.rows[0].code} to {table.rows[-1].code}"
    if table.column_label == "Period" and len(table.columns) > 1:
        return " and ".join(column.code for column in table.columns)
    return "all periods" if table.period == TOTAL else table.period


def _date(as_of: str) -> str:
    """A date that sorts; a text that is none stays as it is."""
    match = _DATE.fullmatch(as_of)
    if not match:
        return slug(as_of)
    return f"{match[3]}-{_MONTHS.index(match[2]) + 1:02}-{int(match[1]):02}"
