"""From the rows that were understood to datasets: the end of reading."""

from collections.abc import Iterable

from dashboard.datasets import STRUCTURES, Dataset, Observation, ObservationStatus
from dashboard.validation import MappedReturn, Row, SameKey
from dashboard.validation.cells import LARGEST_COUNT

_Key = tuple[object, ...]


def datasets(returned: MappedReturn) -> tuple[Dataset, ...]:
    """One dataset for each structure that has rows, its observations in the order of the file."""
    rows: dict[str, list[Observation]] = {}
    for row in returned.understood():
        rows.setdefault(row.structure.name, []).append(_observation(row))
    add = returned.same_key is SameKey.ADD
    return tuple(Dataset(STRUCTURES[name], _added_up(found) if add else tuple(found)) for name, found in rows.items())


def _observation(row: Row) -> Observation:
    return Observation(
        period=row.period.code or "",
        agency=row.agency.code or "",
        codes=tuple(cell.code or "" for cell in row.codes),
        value=row.count.value,
        status=ObservationStatus(row.status.code or ""),
        censored_below=row.count.censored_below,
    )


def _added_up(observations: Iterable[Observation]) -> tuple[Observation, ...]:
    """Add known counts of the same key. Withheld ones stay apart: "26 and fewer than 5" is no single count.

    Nor does a sum grow beyond the largest count: it would no longer fit the database.
    """
    found: dict[_Key, Observation] = {}
    for number, one in enumerate(observations):
        key: _Key = (one.period, one.agency, one.codes, one.status)
        earlier = found.get(key)
        total = (one.value or 0) + (earlier.value or 0 if earlier else 0)
        if one.value is None or total > LARGEST_COUNT:
            found[number,] = one
        else:
            found[key] = Observation(one.period, one.agency, one.codes, total, one.status)
    return tuple(found.values())
