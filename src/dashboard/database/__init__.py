"""Where everything lies: tables, and the two engines that may see more or less of them."""

from dashboard.database.engines import Database, leave_no_trace, open_database
from dashboard.database.installed import audit_key, open_installed

__all__ = ["Database", "audit_key", "leave_no_trace", "open_database", "open_installed"]
