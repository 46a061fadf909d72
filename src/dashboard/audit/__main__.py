"""`make verify-audit`: whether the audit trail is as it was written, on the terminal. It tells no figure, no name."""

import sys
from pathlib import Path

from dashboard.audit import verification
from dashboard.database import open_installed
from dashboard.database.engines import file_of
from dashboard.errors import DashboardError, NotFound
from dashboard.settings import Settings


def main() -> int:
    """Verify the trail of this installation; 1 where something is wrong."""
    settings = Settings.from_environ()
    if not Path(file_of(settings.database_url)).exists():
        raise NotFound("There is no database. Name its place in DASHBOARD_STATE_DIR or DASHBOARD_DATABASE_URL.")
    with open_installed(settings).read() as connection:
        found = verification.verify(connection)
    _say(found.sentence)
    for problem in found.problems:
        _say(f"\n{problem.sentence}\n{problem.next_step}")
    return 0 if found.sound else 1


def _say(text: str) -> None:
    # To the operator who asked, not to a log: the dashboard itself prints nothing.
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except DashboardError as error:
        sys.exit(str(error))
