"""Drawn tables under protection: from a drawing of counts to what a reader sees, with the proof checked on the way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tests.spec.drawing import Drawing, draw, read

from dashboard.datasets import TOTAL
from dashboard.disclosure.audit import intervals
from dashboard.disclosure.checker import check
from dashboard.disclosure.editions import Contributor, Edition, Key, LinkedTable
from dashboard.disclosure.secondary import protect, usual_price
from dashboard.disclosure.tabulation import cells

Steps = Mapping[str, Sequence[str]]
"""Where a code is counted beside itself, for codes of which that is more than the total, or less."""
HEADLINE = 10
"""How much dearer a total is to withhold than another cell, as in disclosure_policy.toml."""


def table(
    drawn: str,
    *,
    rows: Steps | None = None,
    columns: Steps | None = None,
    name: str = "drawn",
    dimensions: tuple[str, str] = ("nationality", "year"),
    uncertain: Iterable[Key] = (),
) -> LinkedTable:
    """The table of a drawing of inner cells. A code is counted in itself and in the total, unless it has steps."""
    drawing = read(drawn)
    paths = {
        dimension: {code: (code, *(steps or {}).get(code, (TOTAL,))) for code in codes}
        for dimension, codes, steps in zip(dimensions, (drawing.rows, drawing.columns), (rows, columns), strict=True)
    }
    counts = {(row, column): number for row, column, number in drawing.numbers() if number}
    return LinkedTable(name, dimensions, paths, counts, frozenset(uncertain))


def edition(*tables: LinkedTable, withheld: Mapping[str, Iterable[Key]] | None = None, threshold: int = 0) -> Edition:
    """A publication of these tables, with nothing withheld or what is named."""
    hidden = {name: frozenset(keys) for name, keys in (withheld or {}).items()}
    return Edition({one.name: one for one in tables}, hidden, threshold)


def protected(
    *history: Edition, threshold: int = 5, contributors: Sequence[Contributor] = (), known: Iterable[Key] = ()
) -> Edition:
    """The last edition, protected together with the earlier ones; the checker and the audit have agreed to it.

    known are small counts that readers have seen before, and that can't be taken back.
    """
    found = protect(history, threshold, contributors=contributors, price=_price)
    made = replace(history[-1], withheld=found.withheld, threshold=threshold)
    assert check([*history[:-1], made], threshold, found.witnesses, contributors) == ()
    assert given_away(*history[:-1], made, threshold=threshold) == set(known)
    return made


def given_away(*history: Edition, threshold: int = 5) -> set[Key]:
    """The small counts, and small changes, that a reader of all editions knows to be small: what the audit finds."""
    return {found.cell for found in intervals(history, threshold) if found.breach}


def _price(table: str, key: Key, count: int) -> float:
    return usual_price(table, key, count) * (HEADLINE if key.count(TOTAL) >= len(key) - 1 else 1)


def seen(shown: Edition, like: str, name: str = "drawn") -> Drawing:
    """What a reader sees of one table, with the rows and columns of another drawing."""
    expected = read(like)
    drawn = shown.tables[name]
    counts = cells(drawn.counts, [drawn.paths[dimension] for dimension in drawn.dimensions])
    numbers: dict[tuple[str, str], int | None] = {(key[0], key[1]): count for key, count in counts.items()}
    numbers |= dict.fromkeys(((key[0], key[1]) for key in shown.withheld.get(name, ())), None)
    return draw(expected.columns, expected.rows, numbers)


def agrees(shown: Edition, published: str, name: str = "drawn") -> None:
    """Fail, with both drawings, where a reader sees something else."""
    assert str(seen(shown, published, name)) == str(read(published))
