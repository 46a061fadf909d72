"""What a new installation needs: organisations, the first account, invented figures to look at."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from dashboard import audit, publication, releases, submissions
from dashboard.accounts import Account, Organisation, Role, store
from dashboard.accounts.passwords import TEMPORARY_FOR, hash_password, temporary_password
from dashboard.administration.actions import HOUSEKEEPING
from dashboard.database import Database
from dashboard.datasets.reference_files import read_table
from dashboard.errors import ConfigurationError, DashboardError, NotFound
from dashboard.published_tables import publication_list
from dashboard.sessions import lock_out
from dashboard.sessions import store as session_store
from dashboard.settings import Settings
from dashboard.submissions import Submission, read_return

SAMPLE_SENDER = Account("sample-sender", "", "Invented sample", Role.SECRETARIAT, "IOM")
SAMPLE_CHAIR = Account("sample-chair", "", "Invented sample (second person)", Role.CHAIR, "IOM")
"""Nobody can sign in as these two: they exist only while the sample is loaded."""


def prepare(database: Database, settings: Settings, *, at: datetime) -> str | None:
    """Bring a database to the point where somebody can sign in; what is there stays.

    Returns the one-time setup code for the first account, or None when an account exists.
    """
    with database.write() as connection:
        store.add_organisations(connection, read_organisations(settings.reference_dir))
        empty = not publication_list(connection) and not submissions.visible(connection, by=SAMPLE_SENDER)
        code = None if store.any_account(connection) else store.new_setup_code(connection, at=at)
    if empty and settings.load_sample:
        load_sample(database, settings, at=at)
    return code


def read_organisations(reference_dir: Path) -> tuple[Organisation, ...]:
    """The organisations of the reference table `organisations.csv`."""
    rows = read_table(reference_dir / "organisations.csv")
    return tuple(
        Organisation(
            row["code"],
            row["name"],
            row["kind"],
            row["country"],
            row["valid_from"],
            row["valid_until"],
            tuple(row["returns"].split()),
        )
        for row in rows
    )


def load_sample(database: Database, settings: Settings, *, at: datetime) -> None:
    """Send the invented returns along the whole path, from file to publication, marked as invented."""
    files = sorted(settings.sample_dir.glob("*.csv"))
    if not files:
        raise ConfigurationError(f"No sample lies in {settings.sample_dir}. Make one, or set DASHBOARD_SAMPLE=no.")
    with database.read() as connection:
        known = {organisation.code for organisation in store.list_organisations(connection)}
    strangers = sorted({_organisation(file) for file in files} - known)
    if strangers:
        raise ConfigurationError(
            f"The sample holds returns of {strangers[0]}, which is not in organisations.csv. "
            "Start with DASHBOARD_SAMPLE=no, or make a sample of your own."
        )
    read = [(file, _read_sample(file, settings, at)) for file in files]
    with database.write() as connection:
        for file, returned in read:
            receipt = submissions.receive(
                connection,
                file.read_bytes(),
                file.name,
                returned,
                organisation=_organisation(file),
                by=SAMPLE_SENDER,
                at=at,
                invented=True,
            )
            _accept(connection, receipt.submission, at)
        release = releases.freeze(connection, by=SAMPLE_SENDER, at=at)
        release = releases.approve(connection, release, by=SAMPLE_CHAIR, at=at)
        content = publication.unprotected(connection, release, by=SAMPLE_CHAIR, at=at)
        prepared = publication.prepare(content, by=SAMPLE_CHAIR, reference_dir=settings.reference_dir)
        reason = "Invented figures, to show how the dashboard works."
        publication.publish(connection, prepared, reason=reason, by=SAMPLE_CHAIR, at=at)


def _read_sample(file: Path, settings: Settings, at: datetime) -> submissions.Return:
    return read_return(
        file.read_bytes(),
        file.name,
        agency=_organisation(file),
        reference_dir=settings.reference_dir,
        previous={},
        today=at.date(),
    )


def _organisation(file: Path) -> str:
    """`NGO_SHELTER_victims.csv` holds the return of NGO_SHELTER."""
    return file.stem.rpartition("_")[0]


def _accept(connection: Connection, submission: Submission, at: datetime) -> None:
    submissions.accept(connection, submission, reason="Invented sample.", by=SAMPLE_SENDER, at=at)


def set_up_first_account(
    connection: Connection,
    *,
    code: str,
    username: str,
    display_name: str,
    password: str,
    organisation: str,
    at: datetime,
) -> Account:
    """Open the first account, an administrator, with the code that the first start printed."""
    if not username.strip() or not display_name.strip():
        raise DashboardError("Give the account a username and your name.")
    password_hash = hash_password(password, Role.ADMINISTRATOR, about=(username, display_name, organisation))
    if store.any_account(connection) or not store.use_setup_code(connection, code, at=at):
        raise DashboardError("The setup code does not fit. It stands in the window in which the dashboard was started.")
    account = store.add_account(
        connection,
        username=username,
        display_name=display_name,
        password_hash=password_hash,
        role=Role.ADMINISTRATOR,
        organisation=organisation,
        at=at,
    )
    audit.record(connection, "administration.set_up_first_account", account.id, by=account, at=at)
    return account


def rescue(connection: Connection, username: str, *, at: datetime) -> str:
    """A temporary password for an administrator who can't sign in any more, and no second factor.

    For the person at the machine itself, who could read the database anyway; the audit trail keeps it.
    Raises NotFound for an account that is no administrator's.
    """
    account = store.find_account(connection, username)
    if account is None or account.role is not Role.ADMINISTRATOR:
        raise NotFound(f'"{username}" is not the username of an administrator.')
    password, hashed = temporary_password()
    store.set_password(connection, account, hashed, temporary_until=at + TEMPORARY_FOR)
    # It may have been closed for being long unused.
    store.set_active(connection, account, True, at=at)
    lock_out.forget_failures(connection, username)
    session_store.remove_second_factor(connection, account)
    session_store.end_all_sessions(connection, account, at=at)
    audit.record(connection, "administration.rescue", account.id, by=HOUSEKEEPING, at=at)
    return password
