"""Linking an identity to an account, and taking the link away."""

from datetime import datetime

from sqlalchemy import Connection

from dashboard import audit
from dashboard.accounts import Account, Permission, require, require_confirmed
from dashboard.accounts import store as account_store
from dashboard.accounts.passwords import NO_PASSWORD
from dashboard.errors import Conflict, NotFound
from dashboard.sessions.single_sign_on import store
from dashboard.sessions.single_sign_on.model import Identity
from dashboard.sessions.store import end_all_sessions


def link(connection: Connection, identity: Identity, *, by: Account, at: datetime) -> None:
    """Let the identity open the own account. The screen has seen both: the identity, and a password of the account.

    Raises Conflict where either is linked already.
    """
    require(by, Permission.KEEP_OWN_ACCOUNT)
    if not store.add_identity(connection, by, identity, at=at):
        raise Conflict(
            "One of the two is linked already: this identity to an account, or your account to an identity. "
            "Ask an administrator to take the old link away."
        )
    if account_store.temporary_until(connection, by) is not None:
        # It has served: from now on the provider says who this is.
        account_store.set_password(connection, by, NO_PASSWORD)
    # The subject is personal and stands in the table of links; the trail says which provider.
    audit.record(connection, "single_sign_on.link", by.id, by=by, at=at, issuer=identity.issuer)


def unlink(connection: Connection, account: Account, identity: Identity, *, by: Account, at: datetime) -> None:
    """Let the identity open the account no more; whoever came in by it is out.

    The owner may, and an administrator. Raises NotFound where the two are not linked, and Conflict where the owner
    has no password beside it.
    """
    if account.id == by.id:
        require(by, Permission.KEEP_OWN_ACCOUNT)
    else:
        require_confirmed(by, Permission.ADMINISTER_ACCOUNTS, at=at)
    if account.id == by.id and not account_store.has_password(connection, by):
        raise Conflict(
            "Without it you could not sign in any more. Ask an administrator for a temporary password first."
        )
    if not store.remove_identity(connection, account, identity):
        raise NotFound("This identity opens this account no more. Load the page anew.")
    end_all_sessions(connection, account, at=at)
    audit.record(connection, "single_sign_on.unlink", account.id, by=by, at=at, issuer=identity.issuer)
