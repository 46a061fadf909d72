"""`make audit PUBLICATION=3`: the independent audit of a publication, on the terminal and as a file."""

import csv
import sys
from pathlib import Path

from dashboard.database import open_installed
from dashboard.errors import DashboardError, NotFound
from dashboard.publication.intervals import Audited, audit
from dashboard.published_tables import publication_list
from dashboard.settings import Settings

COLUMNS = ("circulation", "table", "cell", "change since publication", "least", "largest", "breach")


def main(number: str) -> int:
    """Audit the publication of that number; 1 where a small count is known to be small."""
    settings = Settings.from_environ()
    with open_installed(settings).read() as connection:
        found = [one for one in publication_list(connection) if str(one.number) == number]
        if not found:
            raise NotFound(f"There is no publication {number}. Data, Publication lists their numbers.")
        rows = sorted(audit(connection, found[0], settings.reference_dir), key=lambda row: (not row.breach, _line(row)))
    file = settings.state_dir / f"audit-of-publication-{number}.csv"
    _write(file, rows)
    breaches = sum(row.breach for row in rows)
    for row in rows:
        _say("\t".join(_line(row)))
    _say(f"{len(rows)} withheld cells and small changes, {breaches} breaches. Also in {file}")
    return 1 if breaches else 0


def _line(row: Audited) -> tuple[str, ...]:
    limits = ("no limit" if limit is None else str(limit) for limit in (row.lower, row.upper))
    since = "" if row.since is None else str(row.since)
    return (row.circulation, row.table, " ".join(row.cell), since, *limits, "BREACH" if row.breach else "")


def _write(file: Path, rows: list[Audited]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([COLUMNS, *map(_line, rows)])


def _say(text: str) -> None:
    # To the operator who asked, not to a log: the dashboard itself prints nothing.
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
    except DashboardError as error:
        sys.exit(str(error))
