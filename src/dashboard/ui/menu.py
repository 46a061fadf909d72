"""The menu: every screen there is, in which section, and which permission opens it.

Figure pages follow from the catalogue of views; to add a working page, add a line to WORKING_PAGES
and its door.
"""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from dashboard.accounts import Account, Permission
from dashboard.settings import ROOT
from dashboard.views import catalogue

PAGES_DIR = ROOT / "pages"


@dataclass(frozen=True, slots=True)
class Screen:
    """One page: its section in the menu ("" stands beside the sections), title, door and permission.

    One that is not listed is opened from elsewhere: the menu under the person's name.
    """

    section: str
    name: str
    title: str
    permission: Permission
    folder: str
    listed: bool = True

    @property
    def file(self) -> Path:
        """The door of the screen."""
        return PAGES_DIR / self.folder / f"{self.name}.py"


WORKING_PAGES = (
    Screen("Data", "submissions", "Returns", Permission.SEND_SUBMISSIONS, "data"),
    Screen("Data", "releases", "Releases", Permission.APPROVE_RELEASES, "data"),
    Screen("Data", "publication", "Publication", Permission.SEE_UNPROTECTED_TOTALS, "data"),
    Screen("Data", "retention", "Retention", Permission.SEE_RETENTION, "data"),
    Screen("Administration", "accounts", "Accounts", Permission.ADMINISTER_ACCOUNTS, "administration"),
    Screen("Administration", "organisations", "Organisations", Permission.ADMINISTER_ACCOUNTS, "administration"),
    Screen("Administration", "safety", "Safety", Permission.CLOSE_DASHBOARD, "administration"),
    Screen("Administration", "audit_trail", "Audit trail", Permission.READ_AUDIT_TRAIL, "administration"),
    Screen("About", "about", "About this dashboard", Permission.KEEP_OWN_ACCOUNT, "about"),
    Screen("About", "roles", "Roles", Permission.KEEP_OWN_ACCOUNT, "about"),
    Screen("", "account", "Your account", Permission.KEEP_OWN_ACCOUNT, "own", listed=False),
)

SCREENS = (
    *(Screen("", view.name, view.heading, Permission.VIEW_FIGURES, "figures") for view in catalogue.PAGES),
    *WORKING_PAGES,
)


def navigation(account: Account | None) -> Page:
    """Register every screen, show those the account may open, and give the one that was asked for.

    All are registered also before sign-in: a deep link then keeps its address. What is hidden here is
    refused again by the page's own first statement.
    """
    sections: dict[str, list[Page]] = {}
    for screen in SCREENS:
        visible = screen.listed and account is not None and account.may(screen.permission)
        page = st.Page(
            screen.file,
            title=screen.title,
            url_path=screen.name,
            default=screen is SCREENS[0],
            visibility="visible" if visible else "hidden",
        )
        sections.setdefault(screen.section, []).append(page)
    return st.navigation(sections, position="top" if account else "hidden")
