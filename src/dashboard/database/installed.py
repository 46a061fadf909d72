"""Opening the database of an installation, with the key of its audit trail."""

import hashlib
import hmac
from pathlib import Path

from dashboard.database.engines import Database, file_of, open_database
from dashboard.errors import ConfigurationError
from dashboard.settings import Settings, installation_key


def open_installed(settings: Settings) -> Database:
    """The database that the settings name. Raises ConfigurationError where it, the key or the anchor can't be used."""
    if Path(file_of(settings.database_url)).exists() and not settings.key_file.exists():
        # A new key would go on with a trail that fits neither key.
        raise ConfigurationError(
            f"The database is there, but the key of its installation {settings.key_file} is not. "
            "Restore it from the backup, or name its place in DASHBOARD_KEY_FILE."
        )
    return open_database(
        settings.database_url,
        audit_key=audit_key(installation_key(settings.key_file)),
        anchor_file=settings.anchor_file,
    )


def audit_key(key: bytes) -> bytes:
    """The key of the audit trail, derived: who sees this one can do nothing else with it."""
    return hmac.new(key, b"audit trail", hashlib.sha256).digest()
