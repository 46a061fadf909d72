"""Seven ways to tamper with a trail, by somebody with the database file in hand. Each is drawn by chance."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from dashboard.accounts import Account
from dashboard.audit import AuditEvent, chain, record
from dashboard.database import Database

Tampering = Callable[[Path, Random], None]

VERBS = ("submissions.accepted", "releases.approved", "publication.publish", "administration.close_account")
COLUMNS = ("number", "at", "account_id", "account_name", "verb", "subject", "details", "mac")
INSERT = "INSERT INTO audit_events (number, at, account_id, account_name, verb, subject, details, mac) " + (
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
EDIT = {
    "at": "UPDATE audit_events SET at = ? WHERE number = ?",
    "account_id": "UPDATE audit_events SET account_id = ? WHERE number = ?",
    "account_name": "UPDATE audit_events SET account_name = ? WHERE number = ?",
    "verb": "UPDATE audit_events SET verb = ? WHERE number = ?",
    "subject": "UPDATE audit_events SET subject = ? WHERE number = ?",
    "details": "UPDATE audit_events SET details = ? WHERE number = ?",
    "mac": "UPDATE audit_events SET mac = ? WHERE number = ?",
}


def write_events(database: Database, by: Account, chance: Random, events: int, *, at: datetime) -> None:
    """So many events, some of them several in one transaction."""
    while events > 0:
        together = min(events, chance.randint(1, 3))
        events -= together
        with database.write() as connection:
            for _ in range(together):
                subject, reason = str(chance.randrange(10**6)), f"Because of {chance.randrange(10**6)}."
                record(connection, chance.choice(VERBS), subject, by=by, at=at, reason=reason)


def raw(file: Path) -> sqlite3.Connection:
    """The file itself, past the program."""
    return sqlite3.connect(file, isolation_level=None)


def run(file: Path, *statements: tuple[str, tuple[object, ...]]) -> None:
    """Take the triggers away, change, and put them back as if nothing had been."""
    with closing(raw(file)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement, values in statements:
            connection.execute(statement, values)
        for _, sql in triggers:
            connection.execute(sql)


def rows(file: Path) -> list[tuple[object, ...]]:
    with closing(raw(file)) as connection:
        connection.row_factory = sqlite3.Row
        found = connection.execute("SELECT * FROM audit_events ORDER BY number").fetchall()
    return [tuple(row[name] for name in COLUMNS) for row in found]


def edit(file: Path, chance: Random) -> None:
    """One field of one event."""
    found = rows(file)
    number, field = chance.randint(1, len(found)), chance.choice(list(EDIT))
    old = str(found[number - 1][COLUMNS.index(field)])
    place = chance.randrange(len(old))
    new = old[:place] + chr(33 + (ord(old[place]) - 33 + chance.randint(1, 90)) % 94) + old[place + 1 :]
    run(file, (EDIT[field], (new, number)))


def delete(file: Path, chance: Random) -> None:
    """One event that is not the last."""
    number = chance.randint(1, len(rows(file)) - 1)
    run(file, ("DELETE FROM audit_events WHERE number = ?", (number,)))


def insert(file: Path, chance: Random) -> None:
    """A copy of an event, with another subject, in a place of its own: all after it move on by one."""
    found = rows(file)
    place, model = chance.randint(1, len(found)), list(chance.choice(found))
    model[COLUMNS.index("number")], model[COLUMNS.index("subject")] = place, "nobody"
    run(
        file,
        # Two steps: while they move, no two may have one number.
        ("UPDATE audit_events SET number = -number WHERE number >= ?", (place,)),
        ("UPDATE audit_events SET number = 1 - number WHERE number < 0", ()),
        (INSERT, tuple(model)),
    )


def swap(file: Path, chance: Random) -> None:
    """Two events change places."""
    one, other = chance.sample(range(1, len(rows(file)) + 1), 2)
    change = "UPDATE audit_events SET number = ? WHERE number = ?"
    run(file, (change, (-1, one)), (change, (one, other)), (change, (other, -1)))


def cut(file: Path, chance: Random) -> None:
    """The last events, without a trace in the database."""
    found = len(rows(file))
    run(file, ("DELETE FROM audit_events WHERE number > ?", (found - chance.randint(1, found),)))


def rewrite(file: Path, chance: Random) -> None:
    """An edit, and everything from there on sealed anew, with another key: the program is no secret."""
    number = chance.randint(1, len(rows(file)))
    run(file, ("UPDATE audit_events SET account_name = 'Somebody else' WHERE number = ?", (number,)))
    reseal(file, number, chance.randbytes(32))


def reseal(file: Path, since: int, key: bytes) -> None:
    found = rows(file)
    previous = str(found[since - 2][-1]) if since > 1 else chain.BEGINNING
    changes: list[tuple[str, tuple[object, ...]]] = []
    for row in found[since - 1 :]:
        previous = chain.seal(key, previous, event_of(dict(zip(COLUMNS, row, strict=True))))
        changes.append(("UPDATE audit_events SET mac = ? WHERE number = ?", (previous, row[0])))
    run(file, *changes)


def event_of(row: Mapping[str, object]) -> AuditEvent:
    texts = {name: str(row[name]) for name in ("account_id", "account_name", "verb", "subject")}
    at = datetime.fromisoformat(str(row["at"])).replace(tzinfo=UTC)
    return AuditEvent(number=int(str(row["number"])), at=at, details=json.loads(str(row["details"])), **texts)


class Fork:
    """An older copy of the database is brought back, and the dashboard goes on with it."""

    def __init__(self, open_it: Callable[[Path], Database], by: Account, at: datetime) -> None:
        self.open_it, self.by, self.at = open_it, by, at

    def __call__(self, file: Path, chance: Random) -> None:
        older, keep = file.with_name("older.sqlite"), chance.randint(0, len(rows(file)) - 1)
        shutil.copyfile(file, older)
        run(older, ("DELETE FROM audit_events WHERE number > ?", (keep,)))
        shutil.move(older, file)
        database = self.open_it(file)
        write_events(database, self.by, chance, chance.randint(1, 30), at=self.at)
        database.restricted.dispose()
        database.published.dispose()


# What a chain without a key would see -----------------------------------------------------------


def plain_seals(events: list[AuditEvent]) -> list[str]:
    """The same chain by sha256 alone, as many programs have it."""
    seals, previous = [], chain.BEGINNING
    for event in events:
        previous = hashlib.sha256(previous.encode() + chain.canonical(event)).hexdigest()
        seals.append(previous)
    return seals
