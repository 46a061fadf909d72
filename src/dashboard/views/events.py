"""Reference events (laws, accessions, breaks in series, TIP tiers): a table, `data/reference/events.csv`."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dashboard.datasets import periods
from dashboard.datasets.reference_files import read_table
from dashboard.views.model import Event


@dataclass(frozen=True, slots=True)
class ReferenceEvent:
    """One row of the table. date is `2013`, `2013-12` or `2013-12-08`."""

    date: str
    kind: str
    label: str
    is_break: bool
    source: str

    def period(self, level: str) -> str | None:
        """The period of a level the event falls into, or None where its date is too coarse for it."""
        year, month = int(self.date[:4]), int(self.date[5:7] or 0)
        if level in (periods.YEAR, periods.FIVE_YEARS):
            return periods.at_levels(str(year), (level,))[0]
        if not month or level not in periods.LEVELS:
            return None
        quarter = f"{year}-Q{(month - 1) // 3 + 1}"
        return quarter if level == periods.QUARTER else periods.report_year_of(quarter)


@lru_cache(maxsize=8)
def reference_events(reference_dir: Path) -> tuple[ReferenceEvent, ...]:
    """All events of the table, in its order."""
    rows = read_table(reference_dir / "events.csv")
    return tuple(
        ReferenceEvent(row["date"], row["kind"], row["label"], row["break_in_series"] == "yes", row["source"])
        for row in rows
    )


def break_between(reference_dir: Path, earlier: str, later: str) -> str:
    """The label of a break in the series after `earlier` began and up to `later`; empty where there is none.

    Both are periods of one level. Numbers on the two sides of a break count different things.
    """
    level = periods.level_of(later)
    for event in reference_events(reference_dir):
        first_after = event.period(level) if event.is_break else None
        if first_after and periods.sort_key(earlier) < periods.sort_key(first_after) <= periods.sort_key(later):
            return event.label
    return ""


def events_in(reference_dir: Path, level: str, shown: tuple[str, ...]) -> tuple[Event, ...]:
    """The events other than TIP tiers that fall into one of the periods shown."""
    found = []
    for event in reference_events(reference_dir):
        period = event.period(level)
        if event.kind != "tier" and period in shown:
            found.append(Event(period, event.label, event.is_break))
    return tuple(found)
