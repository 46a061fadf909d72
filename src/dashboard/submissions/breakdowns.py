"""Several breakdowns of the same people in one file: one is imported, the others check it.

The source prints, for one country, year and indicator, the total, and the same people again by sex
and age, by form, by citizenship. To add any two of these would count people twice. So for each group
one breakdown is taken: the first in the profile's order that adds up to the stated total and leaves
at most a stated share of it unknown; without a stated total, the first there is. A breakdown that
names the same cell twice is not taken, because nobody can say whether the two are parts or repeats.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dashboard.submissions.layouts import Breakdown, Cut
from dashboard.submissions.mapping import SourceRow
from dashboard.validation import Row, Standing, StatedSum, normal

Pair = tuple[SourceRow, Row]
_Parts = Mapping[str, Sequence[Pair]]
"""The rows of a group by the name of their cut, in the profile's order of cuts."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows with their standing, in the order of the file, and the sums to check."""

    rows: tuple[Row, ...]
    sums: tuple[StatedSum, ...]


def choose(pairs: Iterable[Pair], breakdown: Breakdown) -> Chosen:
    """Take one breakdown of each group as leaves and set the other rows aside, each with its reason."""
    groups: dict[tuple[str, ...], list[Pair]] = defaultdict(list)
    rows: list[Row] = []
    sums: list[StatedSum] = []
    for source, row in pairs:
        if breakdown.never and source.meets(breakdown.never):
            rows.append(_aside(row, breakdown.never_reason))
        else:
            groups[tuple(normal(source.text(column)) for column in breakdown.people)].append((source, row))
    for group in groups.values():
        chosen = _choose_in(group, breakdown)
        rows.extend(chosen.rows)
        sums.extend(chosen.sums)
    return Chosen(tuple(sorted(rows, key=lambda row: row.number)), tuple(sums))


def _choose_in(group: Sequence[Pair], breakdown: Breakdown) -> Chosen:
    parts, strangers = _cut_up(group, breakdown)
    total = _stated_total(parts, breakdown)
    taken = next((name for name in parts if _may_be_taken(parts[name], total, breakdown)), None)
    # Set aside: the people are imported from other rows. Left out: nobody else counts them.
    standing = Standing.SET_ASIDE if taken else Standing.LEFT_OUT
    rows = [_aside(row, "The row belongs to no breakdown of this layout.", standing) for _, row in strangers]
    for name, pairs in parts.items():
        reason = _reason(name, taken, parts, breakdown)
        rows.extend(row if name == taken else _aside(row, reason, standing) for _, row in pairs)
    return Chosen(tuple(rows), tuple(_sums(parts, total)))


def _cut_up(group: Sequence[Pair], breakdown: Breakdown) -> tuple[_Parts, Sequence[Pair]]:
    found: dict[str, list[Pair]] = {cut.name: [] for cut in breakdown.cuts}
    strangers: list[Pair] = []
    for pair in group:
        name = next((cut.name for cut in breakdown.cuts if _belongs(pair[0], cut, breakdown)), None)
        (found[name] if name else strangers).append(pair)
    return {name: pairs for name, pairs in found.items() if pairs}, strangers


def _belongs(source: SourceRow, cut: Cut, breakdown: Breakdown) -> bool:
    split = {column for column in breakdown.total_columns if normal(source.text(column)) != breakdown.total}
    return split == cut.split and source.meets(cut.when)


def _stated_total(parts: _Parts, breakdown: Breakdown) -> Row | None:
    """The one row that is a total over everything; two different ones state nothing."""
    names = [cut.name for cut in breakdown.cuts if not cut.split and cut.name in parts]
    rows = [row for name in names for _, row in parts[name]]
    return rows[0] if len(rows) == 1 and rows[0].count.fault is None else None


def _may_be_taken(pairs: Sequence[Pair], total: Row | None, breakdown: Breakdown) -> bool:
    if _names_a_cell_twice(pairs, breakdown):
        return False
    if total is None:
        return True
    stated = StatedSum(total, "", _bounds([total]), _bounds(row for _, row in pairs))
    unknown = stated.parts[1] - stated.parts[0]
    allowed = max(stated.stated[1] - stated.stated[0], breakdown.unknown_share_at_most * total.count.low)
    return stated.agrees and unknown <= allowed


def _names_a_cell_twice(pairs: Sequence[Pair], breakdown: Breakdown) -> bool:
    cells = [tuple(normal(source.text(column)) for column in breakdown.total_columns) for source, _ in pairs]
    return len(set(cells)) < len(cells)


def _sums(parts: _Parts, total: Row | None) -> Iterable[StatedSum]:
    """Every breakdown held against the stated total."""
    if total is None:
        return
    for name, pairs in parts.items():
        if all(row.count.is_number for _, row in pairs) and pairs[0][1] is not total:
            what = f'Breakdown "{name}" (number of rows: {len(pairs)}, the first is row {pairs[0][1].number})'
            yield StatedSum(total, what, _bounds([total]), _bounds(row for _, row in pairs))


def _reason(name: str, taken: str | None, parts: _Parts, breakdown: Breakdown) -> str:
    if taken:
        return f'The same people are imported from their breakdown "{taken}"; this row ("{name}") only checks it.'
    if _names_a_cell_twice(parts[name], breakdown):
        return f'The breakdown "{name}" names a cell twice, and it cannot be said whether the two are to be added.'
    return f'The breakdown "{name}" does not fit the stated total.'


def _aside(row: Row, reason: str, standing: Standing = Standing.SET_ASIDE) -> Row:
    return replace(row, standing=standing, reason=reason)


def _bounds(rows: Iterable[Row]) -> tuple[int, int]:
    counts = [row.count for row in rows]
    return sum(count.low for count in counts), sum(count.high for count in counts)
