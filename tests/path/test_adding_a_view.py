"""A new view is one entry in the catalogue and one door. Proved on a copy of the project."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from dashboard.settings import ROOT

ENTRY = """
TOY = View(
    name="children",
    title="{measure} by age group",
    question="How many children were recorded?",
    table="victims_over_time",
    rows=("age_group",),
    filters=("status",),
    chart="ranked_bars",
    ranked=True,
)
PAGES = (*PAGES, TOY)
"""
DOOR = '''"""How many children were recorded?"""

from dashboard.ui import figure_page
from dashboard.views import catalogue

figure_page.show(catalogue.TOY)
'''
OPEN_IT = """
import sys
from datetime import UTC, datetime
from streamlit.testing.v1 import AppTest
from dashboard.accounts import Account, Role, store
from dashboard.sessions.store import start_session
from dashboard.administration import prepare
from dashboard.settings import ROOT
from dashboard.ui import installation, session
from dashboard.ui.gate import Gate
from dashboard.ui.start import FRAME

assert str(ROOT) == sys.argv[1], ROOT
at = datetime.now(UTC)
database = installation.database()
prepare(database, installation.settings(), at=at)
with database.write() as connection:
    account = store.add_account(connection, username="official", display_name="Official", password_hash="none",
                                role=Role.OFFICIAL, organisation="MFA", at=at)
    token = start_session(connection, account, at=at)
session.cookie, Gate.standing = lambda: token, True
app = AppTest.from_file(str(FRAME), default_timeout=60)
app.run()
app.switch_page("../../../pages/figures/children.py").run()
assert not app.exception, app.exception
print("TITLE", app.title[0].value)
print("CHARTS", len(app.get("plotly_chart")))
print("TABLE", list(app.table[0].value.index))
"""


def test_a_toy_view_needs_its_entry_and_its_door_only(tmp_path: Path) -> None:
    copy = tmp_path / "project"
    for folder in ("src", "pages", "data", "static"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    catalogue = copy / "src/dashboard/views/catalogue.py"
    text = catalogue.read_text(encoding="utf-8")
    marker = "\ndef every_view("
    assert marker in text
    catalogue.write_text(text.replace(marker, f"{ENTRY}\n{marker}", 1), encoding="utf-8")
    (copy / "pages/figures/children.py").write_text(DOOR, encoding="utf-8")

    environ = {**os.environ, "PYTHONPATH": str(copy / "src"), "DASHBOARD_STATE_DIR": str(tmp_path / "state")}
    done = subprocess.run(
        [sys.executable, "-c", OPEN_IT, str(copy)], env=environ, cwd=copy, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "TITLE Children" in done.stdout
    assert "CHARTS 1" in done.stdout
    assert r"Children \\(0\\-17\\)" in done.stdout, "escaped: nothing in a table is read as markup"
