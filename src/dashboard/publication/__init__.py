"""The one door through the wall: a release becomes protected, published tables."""

from dashboard.publication.actions import (
    Prepared,
    Unprotected,
    approve_policy,
    lost_to_earlier,
    policy_in_force,
    prepare,
    publish,
    unprotected,
    what_if,
    withdraw,
)

__all__ = [
    "Prepared",
    "Unprotected",
    "approve_policy",
    "lost_to_earlier",
    "policy_in_force",
    "prepare",
    "publish",
    "unprotected",
    "what_if",
    "withdraw",
]
