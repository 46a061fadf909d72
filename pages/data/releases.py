"""Releases: freeze accepted returns, have a second person approve them."""

from dashboard.accounts import Permission
from dashboard.ui import layout, releases_screen, session

account = session.require(Permission.APPROVE_RELEASES)
layout.page_head("Releases", "Accepted returns of all organisations, frozen at one moment and approved by two people.")
releases_screen.freeze(account)
releases_screen.review(account)
