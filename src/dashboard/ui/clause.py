"""What every reader of the figures promises at the first sign-in, and again when its wording changes."""

import hashlib

from dashboard.errors import ConfigurationError
from dashboard.ui import installation

_FILE = "clause.md"


def text() -> str:
    """The wording, from the reference folder. Raises ConfigurationError where there is none."""
    file = installation.settings().reference_dir / _FILE
    try:
        found = file.read_text(encoding="utf-8").strip()
    except OSError:
        found = ""
    if not found:
        raise ConfigurationError(f"{file} is missing or empty. Write there what readers of the figures promise.")
    return found


def version() -> str:
    """Names the wording: an acceptance of another one does not count."""
    return hashlib.sha256(text().encode()).hexdigest()
