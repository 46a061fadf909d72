"""The one database: its tables and the two engines on it."""

from dashboard.database.engines import Database, leave_no_trace, open_database

__all__ = ["Database", "leave_no_trace", "open_database"]
