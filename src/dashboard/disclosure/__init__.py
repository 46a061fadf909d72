"""Disclosure control: plan, policy, counting, suppression. Pure: no database, no screen."""

from dashboard.disclosure.plan import Plan, PlannedTable, load_plan
from dashboard.disclosure.policy import GROUP, DisclosurePolicy, load_policy
from dashboard.disclosure.primary import ConfidentialityStatus, ProtectedTable
from dashboard.disclosure.protection import Protection, TableLoss, losses, protect

__all__ = [
    "GROUP",
    "ConfidentialityStatus",
    "DisclosurePolicy",
    "Plan",
    "PlannedTable",
    "ProtectedTable",
    "Protection",
    "TableLoss",
    "load_plan",
    "load_policy",
    "losses",
    "protect",
]
