"""Publication: protect an approved release, publish it, withdraw it."""

from dashboard.accounts import Permission
from dashboard.ui import layout, publication_screen, session

account = session.require(Permission.SEE_UNPROTECTED_TOTALS)
layout.page_head("Publication", "What readers get to see: a release after disclosure control under the group's policy.")
publication_screen.policy(account)
publication_screen.publish(account)
publication_screen.history(account)
