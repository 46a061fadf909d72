"""Rules on a return: each finding names the cell, why, and the next step. Pure: no database, no screen."""

from dashboard.validation.choices import Choices, choices, normal
from dashboard.validation.model import Finding, Severity
from dashboard.validation.records import (
    Cell,
    Count,
    Fault,
    MappedReturn,
    Rival,
    Row,
    SameKey,
    Standing,
    StatedSum,
    Table,
    Unplaced,
)
from dashboard.validation.rules import RULES, Rule, check, refusals

__all__ = [
    "RULES",
    "Cell",
    "Choices",
    "Count",
    "Fault",
    "Finding",
    "MappedReturn",
    "Rival",
    "Row",
    "Rule",
    "SameKey",
    "Severity",
    "Standing",
    "StatedSum",
    "Table",
    "Unplaced",
    "check",
    "choices",
    "normal",
    "refusals",
]
