"""About this dashboard: what is held, why, who sees it, how long, and whom to ask."""

from dashboard.accounts import Permission
from dashboard.ui import about_screen, layout, session

account = session.require(Permission.KEEP_OWN_ACCOUNT)
layout.page_head(
    "About this dashboard", "What is held here and what is not, who sees it, for how long, and whom to ask."
)
about_screen.holdings()
about_screen.statements()
about_screen.protection()
about_screen.readers()
about_screen.roles(account)
