"""The one door through the wall: a release becomes protected, published tables."""

from dashboard.publication.actions import prepare, publish, withdraw

__all__ = ["prepare", "publish", "withdraw"]
