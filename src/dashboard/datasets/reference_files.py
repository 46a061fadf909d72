"""Reading the files that a group may replace by its own: tables (CSV) and settings (TOML)."""

import csv
import tomllib
from pathlib import Path
from typing import Any

from dashboard.errors import ConfigurationError


def read_table(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by column name. Raises ConfigurationError where it is missing."""
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))
    except FileNotFoundError:
        raise ConfigurationError(f"{file.name} is missing. Put it into {file.parent}.") from None


def read_settings(file: Path) -> dict[str, Any]:
    """The content of a TOML file. Raises ConfigurationError where it is missing or can't be read."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"{file.name} is missing. Put it into {file.parent}.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{file.name} can't be read: {error}. Mend the line it names.") from None
