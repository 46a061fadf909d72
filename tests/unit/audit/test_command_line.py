"""`make verify-audit`: an answer in plain words, an exit code, and no name."""

import os
import subprocess
import sys
from pathlib import Path

from tests.examples import NOW
from tests.unit.audit import tampering

from dashboard import audit
from dashboard.accounts import Account, Role
from dashboard.database import open_installed
from dashboard.settings import ROOT, Settings

NAME = "Aminath Shareef"


def verify(state: Path) -> tuple[int, str]:
    ran = subprocess.run(
        [sys.executable, "-m", "dashboard.audit"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "DASHBOARD_STATE_DIR": str(state)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in ran.stderr
    return ran.returncode, ran.stdout + ran.stderr


def test_it_says_what_is_wrong_from_which_event_on_and_what_to_do(tmp_path: Path) -> None:
    state = tmp_path / "state"
    code, said = verify(state)
    assert (code, "There is no database" in said, state.exists()) == (1, True, False)
    database = open_installed(Settings.from_environ({"DASHBOARD_STATE_DIR": str(state)}))
    by = Account("a1", "chair", NAME, Role.CHAIR, "ATO")
    for number in range(5):
        with database.write() as connection:
            audit.record(connection, "releases.approved", str(number), by=by, at=NOW, reason="Agreed by all.")
    database.restricted.dispose()
    assert verify(state) == (0, "The audit trail is verified up to event 5.\n")
    tampering.run(state / "dashboard.sqlite", ("UPDATE audit_events SET verb = 'x' WHERE number = 3", ()))
    code, said = verify(state)
    assert code == 1
    assert said.startswith("The audit trail does not verify, from event 3 on.\n\nEvent 3 is not as it was written")
    assert "have whoever looks after the installation compare them" in said
    assert NAME not in said
    assert "Agreed" not in said
    Settings.from_environ({"DASHBOARD_STATE_DIR": str(state)}).key_file.unlink()
    code, said = verify(state)
    assert code == 1
    assert "Restore it from the backup" in said
