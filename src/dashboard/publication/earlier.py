"""An earlier publication, as later ones have to be protected together with it: also after its returns were erased."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Connection

from dashboard.datasets import Dataset, Observation
from dashboard.disclosure import Earlier
from dashboard.publication import store
from dashboard.published_tables import Publication, publication_list
from dashboard.releases import datasets
from dashboard.releases import store as release_store


def as_earlier(connection: Connection, publication: Publication) -> Earlier:
    """The publication with its true counts: those of its release, or those kept when a return of it was erased."""
    kept = store.kept_counts(connection, publication.id)
    if kept is not None:
        return store.earlier(connection, publication, kept)
    release = release_store.find(connection, publication.release_id)
    return store.earlier(connection, publication, datasets(connection, release))


def keep_counts(connection: Connection, submission_id: str) -> None:
    """Before a return is erased: keep what later publications need of those that were made of it.

    Without it nothing could be published any more: a new figure beside an old one might give a person away.
    """
    for publication in publication_list(connection):
        held = submission_id in release_store.submission_ids(connection, publication.release_id)
        if held and store.kept_counts(connection, publication.id) is None:
            release = release_store.find(connection, publication.release_id)
            store.add_kept_counts(connection, publication.id, without_agencies(datasets(connection, release)))


def without_agencies(content: Mapping[str, Dataset]) -> dict[str, Dataset]:
    """The same counts summed over the organisations: protection does not need to know who reported what."""
    return {name: Dataset(dataset.structure, _summed(dataset)) for name, dataset in content.items()}


def _summed(dataset: Dataset) -> tuple[Observation, ...]:
    counts: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for one in dataset.observations:
        if one.value is not None:
            counts[one.period, one.codes] += one.value
    doubtful = {(one.period, one.codes, one.censored_below) for one in dataset.observations if one.value is None}
    return (
        *(Observation(period, "", codes, value) for (period, codes), value in sorted(counts.items())),
        *(
            Observation(period, "", codes, None, censored_below=below)
            for period, codes, below in sorted(doubtful, key=repr)
        ),
    )
