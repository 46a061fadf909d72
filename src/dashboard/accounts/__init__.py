"""Who: accounts, roles, permissions, organisations, sign-in sessions."""

from dashboard.accounts.model import Account, Organisation, Permission, Role, require

__all__ = ["Account", "Organisation", "Permission", "Role", "require"]
