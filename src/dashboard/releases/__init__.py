"""Frozen content of accepted returns, approved by a second person."""

from dashboard.releases.actions import all_releases, approve, datasets, freeze, ready, reject, yearly_totals
from dashboard.releases.model import Release, ReleaseStatus

__all__ = [
    "Release",
    "ReleaseStatus",
    "all_releases",
    "approve",
    "datasets",
    "freeze",
    "ready",
    "reject",
    "yearly_totals",
]
