"""Where accounts and organisations lie."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, not_, or_, select

from dashboard.accounts.model import Account, Organisation, Role, Standing
from dashboard.accounts.passwords import NO_PASSWORD
from dashboard.database.tables import accounts, organisations, setup_codes

CLOSED_AFTER = timedelta(days=180)
"""An account that nobody used for so long can't sign in: whoever held it may have left."""


def digest(secret: str) -> str:
    """What is kept of a random secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def account_of(row: Row[tuple[object, ...]], *, confirmed_at: datetime | None = None) -> Account:
    """The account of a row that holds all columns of its table."""
    return Account(row.id, row.username, row.display_name, Role(row.role), row.organisation, row.active, confirmed_at)


def _organisation(row: Row[tuple[object, ...]]) -> Organisation:
    return Organisation(
        row.code, row.name, row.kind, row.country, row.valid_from, row.valid_until, tuple(row.returns.split())
    )


def any_account(connection: Connection) -> bool:
    """Whether there is an account, closed or not: only where there is none the first one is set up."""
    return bool(connection.scalar(select(exists(select(accounts.c.id)))))


def add_account(
    connection: Connection,
    *,
    username: str,
    display_name: str,
    password_hash: str,
    role: Role,
    organisation: str,
    at: datetime,
    temporary_until: datetime | None = None,
) -> Account:
    """Write a new account; the username is kept in lower case, as the sign-in form sends it."""
    account = Account(str(uuid4()), username.strip().lower(), display_name.strip(), role, organisation)
    connection.execute(
        accounts.insert().values(
            id=account.id,
            username=account.username,
            display_name=account.display_name,
            password_hash=password_hash,
            role=role.value,
            organisation=organisation,
            active=True,
            created_at=at,
            temporary_until=temporary_until,
        )
    )
    return account


def set_active(connection: Connection, account: Account, active: bool, *, at: datetime) -> None:
    """Close or open an account."""
    changed = {"active": active} | ({"reopened_at": at} if active else {})
    connection.execute(accounts.update().where(accounts.c.id == account.id).values(**changed))


def set_role(connection: Connection, account: Account, role: Role) -> None:
    """Give an account another role."""
    connection.execute(accounts.update().where(accounts.c.id == account.id).values(role=role.value))


def set_password(
    connection: Connection, account: Account, password_hash: str, *, temporary_until: datetime | None = None
) -> None:
    """Write a new hash; with temporary_until it is one that somebody else chose, and lives so long."""
    connection.execute(
        accounts.update()
        .where(accounts.c.id == account.id)
        .values(password_hash=password_hash, temporary_until=temporary_until)
    )


def make_temporary(connection: Connection, account: Account, *, until: datetime) -> None:
    """Let the present password, where there is one, serve so long only, and once: to choose another one."""
    connection.execute(
        accounts.update()
        .where(accounts.c.id == account.id, accounts.c.password_hash != NO_PASSWORD)
        .values(temporary_until=until)
    )


def has_password(connection: Connection, account: Account) -> bool:
    """Whether the account can be signed in to with a password at all."""
    kept = connection.scalar(select(accounts.c.password_hash).where(accounts.c.id == account.id))
    return kept not in (None, NO_PASSWORD)


def find_account(connection: Connection, username: str) -> Account | None:
    """The account of that username, active or not."""
    row = connection.execute(select(accounts).where(accounts.c.username == username.strip().lower())).first()
    return account_of(row) if row else None


def get_account(connection: Connection, account_id: str) -> Account | None:
    """The account of that id, active or not."""
    row = connection.execute(select(accounts).where(accounts.c.id == account_id)).first()
    return account_of(row) if row else None


def _unused_since(moment: datetime) -> ColumnElement[bool]:
    """Neither opened, nor reopened, nor signed in to after that moment."""
    used = (accounts.c.created_at, accounts.c.reopened_at, accounts.c.last_sign_in_at)
    return and_(*(or_(column.is_(None), column <= moment) for column in used))


def password_hash(connection: Connection, username: str, *, at: datetime) -> str | None:
    """The stored hash of an account that may sign in: not closed, not long unused, no temporary one too old."""
    return connection.scalar(
        select(accounts.c.password_hash).where(
            accounts.c.username == username.strip().lower(),
            accounts.c.active,
            accounts.c.password_hash != NO_PASSWORD,
            not_(_unused_since(at - CLOSED_AFTER)),
            or_(accounts.c.temporary_until.is_(None), accounts.c.temporary_until > at),
        )
    )


def temporary_until(connection: Connection, account: Account) -> datetime | None:
    """Until when the password may be used, where it is a temporary one."""
    return connection.scalar(select(accounts.c.temporary_until).where(accounts.c.id == account.id))


def unused(connection: Connection, *, since: datetime) -> tuple[Account, ...]:
    """Open accounts that nobody has used since then."""
    rows = connection.execute(select(accounts).where(accounts.c.active, _unused_since(since)))
    return tuple(map(account_of, rows))


def active_accounts(connection: Connection) -> tuple[Account, ...]:
    """Every account that is not closed."""
    return tuple(map(account_of, connection.execute(select(accounts).where(accounts.c.active))))


def list_accounts(connection: Connection) -> tuple[Standing, ...]:
    """Every account by name, and how it stands."""
    rows = connection.execute(select(accounts).order_by(accounts.c.display_name))
    return tuple(
        Standing(
            account_of(row),
            row.last_sign_in_at,
            max(filter(None, (row.created_at, row.reopened_at, row.last_sign_in_at))),
            row.temporary_until,
        )
        for row in rows
    )


def list_organisations(connection: Connection) -> tuple[Organisation, ...]:
    """Every organisation by name."""
    return tuple(map(_organisation, connection.execute(select(organisations).order_by(organisations.c.name))))


def add_organisations(connection: Connection, new: Iterable[Organisation]) -> None:
    """Write organisations that are not there yet; known codes stay as they are."""
    known = set(connection.scalars(select(organisations.c.code)))
    rows = [_columns(organisation) for organisation in new if organisation.code not in known]
    if rows:
        connection.execute(organisations.insert(), rows)


def set_organisation(connection: Connection, changed: Organisation) -> None:
    """Write an organisation that is there already anew."""
    connection.execute(organisations.update().where(organisations.c.code == changed.code).values(_columns(changed)))


def _columns(organisation: Organisation) -> dict[str, str]:
    return {
        "code": organisation.code,
        "name": organisation.name,
        "kind": organisation.kind,
        "country": organisation.country,
        "valid_from": organisation.valid_from,
        "valid_until": organisation.valid_until,
        "returns": " ".join(organisation.returns),
    }


def new_setup_code(connection: Connection, *, at: datetime) -> str:
    """A one-time code for the first account; an older unused one stops working."""
    code = "-".join(secrets.token_hex(2) for _ in range(4))
    connection.execute(setup_codes.delete().where(setup_codes.c.used_at.is_(None)))
    connection.execute(setup_codes.insert().values(code_sha256=digest(code), created_at=at))
    return code


def use_setup_code(connection: Connection, code: str, *, at: datetime) -> bool:
    """Use the code up; False where it is wrong or was used."""
    used = connection.execute(
        setup_codes.update()
        .where(setup_codes.c.code_sha256 == digest(code.strip().lower()), setup_codes.c.used_at.is_(None))
        .values(used_at=at)
    )
    return used.rowcount == 1
