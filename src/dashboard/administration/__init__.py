"""Running the installation: accounts, organisations, first start."""

from dashboard.administration.actions import (
    HOUSEKEEPING,
    LISTED_UNUSED_AFTER,
    add_organisation,
    all_accounts,
    all_organisations,
    change_organisation,
    change_role,
    close_account,
    close_unused,
    forget_second_factor,
    invite,
    invite_anew,
    let_try_again,
    reopen_account,
)
from dashboard.administration.first_start import prepare, rescue, set_up_first_account

__all__ = [
    "HOUSEKEEPING",
    "LISTED_UNUSED_AFTER",
    "add_organisation",
    "all_accounts",
    "all_organisations",
    "change_organisation",
    "change_role",
    "close_account",
    "close_unused",
    "forget_second_factor",
    "invite",
    "invite_anew",
    "let_try_again",
    "prepare",
    "reopen_account",
    "rescue",
    "set_up_first_account",
]
