"""What a release holds: for each organisation, structure and period, the newest accepted return."""

import hashlib
from collections.abc import Iterable, Mapping

from dashboard.datasets import STRUCTURES, Dataset, Observation, periods


def newest_of_each(
    returns: Iterable[tuple[str, Mapping[str, Dataset]]],
) -> tuple[frozenset[str], dict[str, Dataset]]:
    """Choose among accepted returns, given newest first as (submission id, datasets by structure).

    A return speaks for every (structure, agency, period) it holds a count for, and an older one that
    speaks for the same is left out whole for it: late corrections replace, they never add. A return for
    a whole year and returns for its quarters count the same people, so the newest of them decides which
    of the two stays. Returns the submissions that are used and the chosen observations by structure.
    """
    taken: dict[tuple[str, str, str], str] = {}
    grain: dict[tuple[str, str, str], str] = {}
    chosen: dict[str, list[Observation]] = {}
    for submission_id, datasets in returns:
        for name, dataset in datasets.items():
            for observation in dataset.observations:
                year, level = (name, observation.agency, observation.period[:4]), periods.level_of(observation.period)
                if grain.setdefault(year, level) != level:
                    continue
                place = (name, observation.agency, observation.period)
                if taken.setdefault(place, submission_id) == submission_id:
                    chosen.setdefault(name, []).append(observation)
    return frozenset(taken.values()), {
        name: Dataset(STRUCTURES[name], tuple(sorted(observations, key=_line)))
        for name, observations in sorted(chosen.items())
    }


def content_hash(datasets: Mapping[str, Dataset], *, invented: bool) -> str:
    """sha256 over the sorted observations: the same content gives the same release, however it came."""
    digest = hashlib.sha256(b"invented\n" if invented else b"reported\n")
    for name, dataset in sorted(datasets.items()):
        for observation in dataset.observations:
            digest.update(f"{name}\t{_line(observation)}\n".encode())
    return digest.hexdigest()


def _line(observation: Observation) -> str:
    value = f"<{observation.censored_below}" if observation.value is None else str(observation.value)
    return "\t".join((observation.period, observation.agency, *observation.codes, value, observation.status.value))


def yearly_totals_of(datasets: Mapping[str, Dataset]) -> dict[str, dict[str, int]]:
    """Sums by what is counted and by year: `Victims, identified` to {"2024": 12}.

    Only kinds that can be added up are added: each stage, status or measure stands apart.
    """
    totals: dict[str, dict[str, int]] = {}
    for dataset in datasets.values():
        apart = [place for place, dimension in enumerate(dataset.structure.dimensions) if not dimension.total]
        for observation in dataset.observations:
            kinds = (observation.codes[place].lower().replace("_", " ") for place in apart)
            by_year = totals.setdefault(", ".join((dataset.structure.label, *kinds)), {})
            year = observation.period[:4]
            by_year[year] = by_year.get(year, 0) + (observation.value or 0)
    return dict(sorted(totals.items()))
