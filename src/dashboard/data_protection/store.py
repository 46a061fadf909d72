"""Where the steps to an erasure lie. What is erased lies with the submissions."""

from datetime import datetime

from sqlalchemy import Connection, select

from dashboard.accounts import Account
from dashboard.data_protection.model import Erasure, ErasureStatus
from dashboard.database.tables import erasure_events


def newest_events(connection: Connection) -> dict[str, Erasure]:
    """The last step of each submission that had one, by its id."""
    rows = connection.execute(select(erasure_events).order_by(erasure_events.c.number))
    return {
        row.submission_id: Erasure(ErasureStatus(row.status), row.at, row.by_id, row.by_name, row.reason)
        for row in rows
    }


def add_event(
    connection: Connection, submission_id: str, status: ErasureStatus, *, reason: str, by: Account, at: datetime
) -> None:
    """Note a step. The database refuses an approval that does not follow the proposal of somebody else."""
    connection.execute(
        erasure_events.insert().values(
            submission_id=submission_id, status=status.value, at=at, by_name=by.display_name, by_id=by.id, reason=reason
        )
    )
