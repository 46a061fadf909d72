"""What is refused to somebody who is signed in leaves one line in the log: what, and to which account.

Never what was sent along: an address, a name or a text may hold a figure, or tell of a person.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.accounts import Account, ConfirmFirst
from dashboard.errors import NotPermitted

_LOG = logging.getLogger("dashboard")


def note(what: str, account: Account) -> None:
    """Note a refusal. What is refused is said in words of ours."""
    _LOG.warning("refused: %s to account %s", what, account.id)


@contextmanager
def noted(what: str, account: Account) -> Iterator[None]:
    """Note it where the account may not do what is done within. To be asked for the password is no refusal."""
    try:
        yield
    except ConfirmFirst:
        raise
    except NotPermitted:
        note(what, account)
        raise
