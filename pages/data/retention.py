"""Retention: returns past the time they are kept, erased by two persons."""

from dashboard.accounts import Permission
from dashboard.ui import layout, retention_screen, session

account = session.require(Permission.SEE_RETENTION)
layout.page_head("Retention", "Returns that were kept as long as was said: erased when two people agree.")
retention_screen.spans()
retention_screen.review(account)
