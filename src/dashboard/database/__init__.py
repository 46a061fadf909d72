"""The one database: its tables and the two engines on it."""

from dashboard.database.engines import Database, open_database

__all__ = ["Database", "open_database"]
