"""The independent audit of a publication: what a reader can work out about each withheld count."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from dashboard.disclosure import Key
from dashboard.disclosure.audit import intervals
from dashboard.disclosure.history import history
from dashboard.publication.earlier import as_earlier
from dashboard.published_tables import Publication, publication_list


@dataclass(frozen=True, slots=True)
class Audited:
    """What readers of a circulation can work out of one withheld cell, or of its change since an earlier publication.

    lower and upper are the least and the largest count (or change) that agree with everything shown, None where there
    is no limit. breach: a small count is known to be small.
    """

    circulation: str
    table: str
    cell: Key
    since: int | None
    lower: int | None
    upper: int | None
    breach: bool


def audit(connection: Connection, publication: Publication, reference_dir: Path) -> Iterator[Audited]:
    """Every withheld cell of a publication, as its readers and those of earlier ones can narrow it down.

    For an operator at the machine: nobody signs in for it, and it tells no count.
    """
    known = sorted(
        (one for one in publication_list(connection) if one.invented == publication.invented),
        key=lambda one: one.number,
    )
    known = [one for one in known if one.number <= publication.number]
    stored = [as_earlier(connection, one) for one in known]
    for structure, dataset in stored[-1].datasets.items():
        if dataset.structure.confidential:
            having = [one for one in stored if structure in one.datasets]
            for circulation in stored[-1].cells:
                editions = history([one.published(structure, circulation) for one in having], reference_dir).editions
                threshold = publication.threshold(circulation, structure)
                for found in intervals(editions, threshold):
                    since = None if found.since is None else having[found.since].number
                    yield Audited(circulation, found.table, found.cell, since, found.lower, found.upper, found.breach)
