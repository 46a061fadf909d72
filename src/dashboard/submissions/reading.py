"""Read a return: from the bytes an agency sent to datasets and findings. One way, nothing kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dashboard.datasets import Dataset
from dashboard.errors import DashboardError
from dashboard.submissions.breakdowns import Chosen, choose
from dashboard.submissions.child import read_file
from dashboard.submissions.described import described, unmapped
from dashboard.submissions.layouts import Profile, TableSource, headings
from dashboard.submissions.mapping import Reference, SourceRow, map_row, source_rows
from dashboard.submissions.observations import datasets
from dashboard.submissions.profiles import load_profiles, recognise
from dashboard.submissions.readers import Sheet
from dashboard.validation import Finding, MappedReturn, Unplaced, check, normal, refusals


class PersonRecords(DashboardError):
    """The file looks like records of single persons. The caller must not keep its bytes."""


@dataclass(frozen=True, slots=True)
class Return:
    """What was read.

    datasets: one for each structure that has rows, and only from rows that were understood.
    findings: errors first; with an error among them the return cannot be accepted.
    imported_rows: sheet and row number behind the datasets; every other row is named in a finding.
    """

    profile: str
    datasets: tuple[Dataset, ...]
    findings: tuple[Finding, ...]
    imported_rows: tuple[tuple[str, int], ...] = ()


def read_return(
    content: bytes,
    filename: str,
    *,
    agency: str,
    reference_dir: Path,
    previous: Mapping[str, Dataset],
    today: date,
) -> Return:
    """Read and check a return.

    agency: the sender's code. previous: structure name to what the agency's newest accepted return of
    that structure says; older ones are not asked.
    Raises UnreadableFile, PersonRecords, UnknownLayout (each says what to do next) or
    ConfigurationError; whatever the bytes are, nothing else.
    """
    sheets = read_file(content, filename)
    _refuse_person_records(sheets, today)
    profile = recognise(sheets, load_profiles(reference_dir))
    returned = _mapped(sheets, profile, Reference(reference_dir), agency, previous, today)
    return Return(
        profile=profile.name,
        datasets=datasets(returned),
        findings=check(returned),
        imported_rows=tuple((row.sheet, row.number) for row in returned.understood()),
    )


def _refuse_person_records(sheets: tuple[Sheet, ...], today: date) -> None:
    for finding in refusals(MappedReturn(tuple(map(unmapped, sheets)), today)):
        raise PersonRecords(f"{finding.message} {finding.next_step}")


def _mapped(
    sheets: tuple[Sheet, ...],
    profile: Profile,
    reference: Reference,
    agency: str,
    previous: Mapping[str, Dataset],
    today: date,
) -> MappedReturn:
    sources = tuple(_sources(sheets, profile))
    pairs = [(row, map_row(row, table, profile, reference, agency)) for row, table in sources if table]
    chosen = choose(pairs, profile.breakdown) if profile.breakdown else Chosen(tuple(row for _, row in pairs), ())
    return MappedReturn(
        tables=tuple(described(sheet, profile) for sheet in sheets),
        today=today,
        rows=chosen.rows,
        unplaced=tuple(_unplaced(row, profile) for row, table in sources if table is None),
        sums=chosen.sums,
        choices=reference.choices,
        same_key=profile.same_key,
        totals_expected=profile.totals_expected,
        previous=previous,
        remarks=tuple((sheet.name, remark) for sheet in sheets for remark in sheet.remarks),
    )


def _sources(sheets: tuple[Sheet, ...], profile: Profile) -> Iterator[tuple[SourceRow, TableSource | None]]:
    """Every filled row of the sheets that are read, with the table it belongs to."""
    for sheet in sheets:
        found = None if normal(sheet.name) in profile.other_sheets else headings(sheet, profile)
        if found:
            for row in source_rows(sheet, found):
                yield row, next((table for table in found.tables if row.meets(table.when)), None)


def _unplaced(row: SourceRow, profile: Profile) -> Unplaced:
    """The first condition that every table makes and the row does not meet, to show why."""
    conditions = [(column, texts) for table in profile.tables for column, texts in table.when.items()]
    failed = [column for column, texts in conditions if not row.meets({column: texts})]
    column = max(failed, key=failed.count, default=profile.count_column)
    return Unplaced(row.sheet, row.number, column, row.text(column))
