"""The triggers that keep written rows as they are."""

from sqlalchemy import Connection, text

from dashboard.database import tables


def create(connection: Connection) -> None:
    """Refuse every change of the tables that only grow."""
    for statement in _expected().values():
        connection.execute(text(statement))


def changed(connection: Connection) -> tuple[str, ...]:
    """Names of triggers that are missing, that do something else, or that we did not make."""
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    found = {row.name: row.sql for row in rows}
    expected = _expected()
    return tuple(sorted(name for name in {*found, *expected} if found.get(name) != expected.get(name)))


def _expected() -> dict[str, str]:
    refusals = (_refusal(table.name, change) for table in tables.NEVER_CHANGED for change in ("UPDATE", "DELETE"))
    return {**dict(refusals), "erasure_needs_two": _SECOND_PERSON}


def _refusal(table: str, change: str) -> tuple[str, str]:
    name, exception = f"{table}_refuses_{change.lower()}", tables.ERASABLE.get((table, change))
    when = f"WHEN NOT ({exception}) " if exception else ""
    return name, (
        f"CREATE TRIGGER {name} BEFORE {change} ON {table} "
        f"{when}BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


_SECOND_PERSON = (
    f"CREATE TRIGGER erasure_needs_two BEFORE INSERT ON erasure_events WHEN {tables.SECOND_PERSON} "
    "BEGIN SELECT RAISE(ABORT, 'an erasure is approved by a second person'); END"
)
