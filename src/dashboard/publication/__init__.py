"""The one door through the wall: a release becomes protected, published tables."""

from dashboard.publication.actions import Prepared, prepare, publish, withdraw

__all__ = ["Prepared", "prepare", "publish", "withdraw"]
