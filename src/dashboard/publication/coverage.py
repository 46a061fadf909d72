"""Data coverage: which organisation has returned what, and what was expected of it."""

from collections.abc import Iterable, Iterator, Mapping

from dashboard.accounts import Organisation
from dashboard.datasets import Dataset, ObservationStatus, periods
from dashboard.published_tables import CoverageEntry, ReturnStatus


def coverage(
    datasets: Mapping[str, Dataset], organisations: Iterable[Organisation]
) -> Iterator[tuple[str, CoverageEntry]]:
    """Pairs of structure name and entry, for every quarter from the first to the last in the data.

    An organisation counts when it is expected to report the structure or did report it. One that reported
    a whole year has an entry for each of its quarters, and one for "quarter not recorded". A structure
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
            full_name = by_code[code].name if code in by_code else code
            quarters = _quarters(period for _, period in statuses)
            whole_years = (period for agency, period in statuses if agency == code and period.endswith("X"))
            for period in sorted({*quarters, *whole_years}):
                status = statuses.get((code, period), ReturnStatus.MISSING)
                yield name, CoverageEntry(code, full_name, period, status)


def _statuses(dataset: Dataset) -> dict[tuple[str, str], ReturnStatus]:
    statuses: dict[tuple[str, str], ReturnStatus] = {}
    for observation in dataset.observations:
        period = periods.finest(observation.period)
        if observation.status is ObservationStatus.PROVISIONAL:
            statuses[observation.agency, period] = ReturnStatus.PROVISIONAL
        else:
            statuses.setdefault((observation.agency, period), ReturnStatus.RETURNED)
        if period.endswith("X"):
            for quarter in periods.quarters_of(int(period[:4])):
                statuses.setdefault((observation.agency, quarter), ReturnStatus.WHOLE_YEAR)
    return statuses


def _quarters(found: Iterable[str]) -> tuple[str, ...]:
    known = sorted(period for period in found if not period.endswith("X"))
    return periods.quarters(known[0], known[-1]) if known else ()
