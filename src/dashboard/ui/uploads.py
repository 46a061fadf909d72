"""Whose page an upload belongs to, as Streamlit knows it."""

import re

from streamlit.runtime import Runtime

from dashboard.ui.session import identity

_UPLOAD = re.compile(r"/_stcore/upload_file/([0-9a-f-]{36})/[0-9a-f-]{36}")


def is_own(path: str, token: str) -> bool:
    """Whether an address takes a file for a page that is open now in this very session.

    Streamlit asks only whether the page is open, and the ids of pages stand in such addresses. Runtime and its
    sessions are internal to Streamlit: tests/browser/test_uploads.py fails where another version changes them.
    """
    found = _UPLOAD.fullmatch(path)
    page = Runtime.instance().get_app_session(found[1]) if found else None
    return page is not None and page.matches_user_info({"session": identity(token)})
