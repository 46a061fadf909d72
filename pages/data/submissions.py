"""Returns of the organisations: send in, check, accept or refuse."""

from dashboard.accounts import Permission
from dashboard.ui import layout, session, submissions_screen

account = session.require(Permission.SEND_SUBMISSIONS)
layout.page_head("Returns", "What organisations report: sent in, checked, accepted for the next release.")
submissions_screen.send_in(account)
submissions_screen.review(account)
