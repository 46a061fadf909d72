"""A way back in for an administrator who lost password or phone: `python -m dashboard.administration USERNAME`."""

import sys
from datetime import UTC, datetime

from dashboard.administration.first_start import rescue
from dashboard.database import open_installed
from dashboard.errors import ConfigurationError, DashboardError
from dashboard.settings import Settings


def main(arguments: list[str]) -> int:
    """Print a temporary password; 0 when there is one."""
    if len(arguments) != 1 or not arguments[0]:
        sys.stdout.write("Say for whom: make rescue USERNAME=the administrator's username\n")
        return 2
    try:
        settings = Settings.from_environ()
        if not settings.key_file.exists():
            raise ConfigurationError(
                f"There is no dashboard in {settings.state_dir}. Run this where it runs, with its DASHBOARD_ variables."
            )
        with open_installed(settings).write() as connection:
            password = rescue(connection, arguments[0], at=datetime.now(UTC))
    except DashboardError as error:
        sys.stdout.write(f"{error}\n")
        return 1
    sys.stdout.write(f"Temporary password, for one sign-in within 24 hours:  {password}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
