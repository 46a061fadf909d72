"""Data coverage: which organisation has returned what, and what was expected of it."""

from collections.abc import Iterable, Iterator, Mapping

from dashboard.accounts import Organisation
from dashboard.datasets import Dataset, ObservationStatus, periods
from dashboard.published_tables import CoverageEntry, ReturnStatus


def coverage(
    datasets: Mapping[str, Dataset], organisations: Iterable[Organisation]
) -> Iterator[tuple[str, CoverageEntry]]:
    """Pairs of structure name and entry, for every quarter from the first to the last in the data.

    An organisation counts when it is expected to report the structure or did report it. A structure
    that nobody reported has no entry: a view of it says "no return", never zero.
    """
    by_code = {organisation.code: organisation for organisation in organisations}
    for name, dataset in datasets.items():
        statuses = _statuses(dataset)
        expected = {code for code, organisation in by_code.items() if name in organisation.returns}
        reported = {agency for agency, _ in statuses}
        # Invented or foreign data comes from other organisations: expecting ours there would be noise.
        counted = expected | reported if reported & expected else reported
        for code in sorted(counted):
            for period in _periods(period for _, period in statuses):
                status = statuses.get((code, period), ReturnStatus.MISSING)
                yield (
                    name,
                    CoverageEntry(code, by_code[code].name if code in by_code else code, period, status),
                )


def _statuses(dataset: Dataset) -> dict[tuple[str, str], ReturnStatus]:
    statuses: dict[tuple[str, str], ReturnStatus] = {}
    for observation in dataset.observations:
        place = (observation.agency, periods.finest(observation.period))
        if observation.status is ObservationStatus.PROVISIONAL:
            statuses[place] = ReturnStatus.PROVISIONAL
        else:
            statuses.setdefault(place, ReturnStatus.RETURNED)
    return statuses


def _periods(found: Iterable[str]) -> tuple[str, ...]:
    known = set(found)
    quarters = sorted(period for period in known if not period.endswith("X"))
    span = periods.quarters(quarters[0], quarters[-1]) if quarters else ()
    return tuple(sorted(known | set(span)))
