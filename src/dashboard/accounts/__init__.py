"""Who: accounts, roles, permissions, organisations."""

from dashboard.accounts.model import (
    Account,
    ConfirmFirst,
    Organisation,
    Permission,
    Role,
    Standing,
    require,
    require_confirmed,
)

__all__ = ["Account", "ConfirmFirst", "Organisation", "Permission", "Role", "Standing", "require", "require_confirmed"]
