"""Two processes that write at the same time make one chain."""

import os
import subprocess
import sys
from pathlib import Path

from tests.examples import anchor_of

from dashboard.audit import verification
from dashboard.database import Database, anchor
from dashboard.settings import ROOT

EACH = 200
WRITER = """
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tests.examples import opened
from dashboard import audit
from dashboard.accounts import Account, Role

by = Account(sys.argv[2], sys.argv[2], sys.argv[2], Role.CHAIR, "ATO")
database = opened(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    with database.write() as connection:
        audit.record(connection, "releases.approved", str(number), by=by, at=datetime.now(UTC))
    time.sleep(0.001)  # lets the other one in
"""


def test_two_processes_at_once_make_one_chain(database: Database) -> None:
    file = Path(str(database.restricted.url.database))
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(file), name, str(EACH)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "other")
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")  # type: ignore[union-attr]
        writer.stdin.flush()  # type: ignore[union-attr]
    for writer in writers:
        writer.communicate(timeout=120)
        assert writer.returncode == 0
    with database.read() as connection:
        found = verification.verify(connection)
        names = [event.account_name for _, _, event in verification.store.rows(connection) if event]
    assert (found.last, found.problems, found.unanchored) == (2 * EACH, (), 0)
    assert len(anchor.lines(anchor_of(file))) == 2 * EACH
    changes = sum(one != other for one, other in zip(names, names[1:], strict=False))
    assert changes > 10, "they did write at the same time"
