"""The words around a table: what it counts, for when, and what a reader has to know."""

from collections.abc import Mapping

from dashboard.datasets import STRUCTURES, TOTAL, periods
from dashboard.published_tables import PublishedTable
from dashboard.views.choices import NO_COMPARISON
from dashboard.views.model import PERIOD, View
from dashboard.views.published import Published


def measure(standing: Mapping[str, str], table: PublishedTable, published: Published) -> str:
    """What is counted, in words: `Identified victims`, `Participants`, `Cases`.

    A dimension whose codes can't be added up says what kind of count it is; it stands at one code here.
    """
    structure = STRUCTURES[table.structure]
    for dimension in structure.dimensions:
        if not dimension.total and dimension.name in standing:
            label = published.codelist(table, dimension.name).label(standing[dimension.name])
            return label if label.endswith("s") else f"{label}s"
    return structure.label


def subtitle(
    view: View, choice: Mapping[str, str], standing: Mapping[str, str], table: PublishedTable, published: Published
) -> str:
    """Period, unit and filters in one line: `All periods, persons; only children`."""
    structure = STRUCTURES[table.structure]
    when = _when(view, choice)
    parts = [
        published.codelist(table, name).label(code).lower()
        for name, code in standing.items()
        if code != TOTAL and structure.dimension(name).total
    ]
    unit = [] if structure.name == "prevention" else [structure.unit]
    line = ", ".join([f"{when[:1].upper()}{when[1:]}", *unit])
    return f"{line}; only {', '.join(parts)}" if parts else line


def _when(view: View, choice: Mapping[str, str]) -> str:
    if view.is_series:
        return {
            "year": "by year",
            "quarter": "by quarter",
            "report_year": "by TIP-report year (1 April to 31 March)",
        }[choice["level"]]
    text = _inline(choice[PERIOD])
    compare = choice.get("compare", NO_COMPARISON)
    return text if compare in (NO_COMPARISON, choice[PERIOD]) else f"{text} compared with {_inline(compare)}"


def _inline(period: str) -> str:
    return "all periods" if period == TOTAL else periods.label(period)


def notes(view: View, table: PublishedTable, published: Published, shown: tuple[str, ...]) -> tuple[str, ...]:
    """What stands under every copy of the table: the sign for withheld numbers, gaps, the caveat."""
    found = (withheld_note(table, published), _incomplete(table, published, shown), view.caveat)
    return tuple(note for note in found if note)


def _incomplete(table: PublishedTable, published: Published, shown: tuple[str, ...]) -> str:
    """A year with quarters to come must not be read as a fall."""
    gaps = [(period, published.quarters_missing(table.structure, period)) for period in shown]
    parts = [f"{periods.label(period)} ({4 - missing} of 4 quarters)" for period, missing in gaps if missing]
    return f"Not complete: {', '.join(parts)}." if parts else ""


def withheld_note(table: PublishedTable, published: Published) -> str:
    """The legend of the sign `c` under the policy of this publication; empty where nothing is withheld."""
    threshold = published.publication.policy["thresholds"].get(table.structure, 1)
    if threshold <= 1:
        return ""
    small = "1" if threshold == 2 else f"a number from 1 to {threshold - 1}"
    return f"c: {small}, or a number withheld so that a small one cannot be worked out."
