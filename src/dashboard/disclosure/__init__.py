"""Disclosure control: plan, policy, grouping, suppression with proof. Pure: no database, no screen."""

from dashboard.disclosure.plan import Plan, PlannedTable, load_plan
from dashboard.disclosure.policy import GROUP, WIDER, DisclosurePolicy, load_policy
from dashboard.disclosure.protection import (
    ConfidentialityStatus,
    Earlier,
    ProtectedTable,
    Protection,
    protect,
)

__all__ = [
    "GROUP",
    "WIDER",
    "ConfidentialityStatus",
    "DisclosurePolicy",
    "Earlier",
    "Plan",
    "PlannedTable",
    "ProtectedTable",
    "Protection",
    "load_plan",
    "load_policy",
    "protect",
]
