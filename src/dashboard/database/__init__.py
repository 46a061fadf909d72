"""The one database: its tables and the two engines on it."""

from dashboard.database.engines import Database, open_database
from dashboard.database.installed import audit_key, open_installed

__all__ = ["Database", "audit_key", "open_database", "open_installed"]
