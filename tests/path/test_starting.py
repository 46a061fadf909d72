"""Starting the app: ready in the documented way, or one clear line and no traceback."""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from dashboard.settings import ROOT, installation_key


def start(state: Path, **environ: str) -> tuple[subprocess.Popen[str], int]:
    """`streamlit run app.py` on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port)]
    env = {**os.environ, "DASHBOARD_STATE_DIR": str(state), **environ}
    running = subprocess.Popen(command, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return running, port


def read_until_ready(running: subprocess.Popen[str], port: int) -> None:
    """Wait until the health address answers, or fail after a minute."""
    for _ in range(600):
        if running.poll() is not None:
            raise AssertionError("It ended before it was ready.")
        try:
            with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("It was not ready within a minute.")


def stopped(running: subprocess.Popen[str]) -> str:
    """End it and give what it printed."""
    running.terminate()
    return running.communicate(timeout=20)[0]


def test_the_first_start_prints_a_code_and_a_later_one_keeps_everything(tmp_path: Path) -> None:
    running, port = start(tmp_path / "state")
    read_until_ready(running, port)
    first = stopped(running)
    assert re.search(r"one-time code:\s+([0-9a-f]{4}-){3}[0-9a-f]{4}", first)
    database = tmp_path / "state" / "dashboard.sqlite"
    assert oct(database.stat().st_mode)[-3:] == "600"

    running, port = start(tmp_path / "state")
    read_until_ready(running, port)
    second = stopped(running)
    assert "Ready: http://127.0.0.1:" in second
    assert "Traceback" not in first + second


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"DASHBOARD_SAMPLE": "perhaps"}, 'Set it to "yes" or "no"'),
        ({"DASHBOARD_TIME_ZONE": "Male"}, "Give a name like Indian/Maldives"),
        ({"DASHBOARD_DATABASE_URL": "nonsense"}, "DASHBOARD_DATABASE_URL can't be read"),
        ({"DASHBOARD_REFERENCE_DIR": "/nowhere"}, "publication_plan.toml is missing"),
    ],
)
def test_what_stops_the_start_is_said_in_one_line(environ: dict[str, str], says: str, tmp_path: Path) -> None:
    running, _ = start(tmp_path / "state", **environ)
    printed = running.communicate(timeout=60)[0]
    assert running.returncode != 0
    assert says in printed
    assert "Traceback" not in printed


def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    installation_key(state / "installation.key")
    (state / "dashboard.sqlite").write_text("This is no database, it is a letter. " * 50, encoding="utf-8")
    running, _ = start(state)
    printed = running.communicate(timeout=60)[0]
    assert "is no database, or it is damaged" in printed
    assert "Traceback" not in printed
