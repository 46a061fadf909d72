"""Disclosure control: plan, policy, grouping, suppression with proof. Pure: no database, no screen."""

from dashboard.disclosure.editions import Key
from dashboard.disclosure.effects import TableEffect, effects, withheld_cells
from dashboard.disclosure.grouping import Classification
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
    "Classification",
    "ConfidentialityStatus",
    "DisclosurePolicy",
    "Earlier",
    "Key",
    "Plan",
    "PlannedTable",
    "ProtectedTable",
    "Protection",
    "TableEffect",
    "effects",
    "load_plan",
    "load_policy",
    "protect",
    "withheld_cells",
]
