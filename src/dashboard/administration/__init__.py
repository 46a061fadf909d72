"""Running the installation: accounts, organisations, first start."""

from dashboard.administration.actions import (
    all_accounts,
    all_organisations,
    change_own_password,
    close_account,
    let_try_again,
    open_account,
    reopen_account,
)
from dashboard.administration.first_start import prepare, set_up_first_account

__all__ = [
    "all_accounts",
    "all_organisations",
    "change_own_password",
    "close_account",
    "let_try_again",
    "open_account",
    "prepare",
    "reopen_account",
    "set_up_first_account",
]
