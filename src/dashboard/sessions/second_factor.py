"""The second factor: six figures that a phone works out anew every half minute (TOTP, RFC 6238), and recovery codes.

The phone's secret lies in the database under a key that does not: who copies the database can't work codes out.
"""

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Connection

from dashboard.accounts import Account
from dashboard.accounts.passwords import typeable
from dashboard.errors import ConfigurationError
from dashboard.sessions import store

STEP = 30
"""Seconds for which a code stands."""
RECOVERY_CODES = 10

_DRIFT = (0, -1, 1)
"""Half minutes by which a phone's clock may be off."""


def new_secret() -> str:
    """A secret for a phone: 160 bits, as letters and figures."""
    return pyotp.random_base32()


def address(secret: str, username: str, group: str) -> str:
    """What the picture says that a phone reads to take the secret over."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=group)


def new_recovery_codes() -> tuple[str, ...]:
    """Codes to print and keep, each for one sign-in without the phone: 50 bits of chance each."""
    return tuple(typeable(groups=2, each=5) for _ in range(RECOVERY_CODES))


def step_of(secret: str, code: str, *, at: datetime) -> int | None:
    """The half minute, counted from 1970, whose code this is; None where it is none of those around now."""
    typed = re.sub(r"\s", "", code)
    now = int(at.timestamp()) // STEP
    totp = pyotp.TOTP(secret)
    for step in (now + drift for drift in _DRIFT):
        if hmac.compare_digest(totp.at(datetime.fromtimestamp(step * STEP, UTC)).encode(), typed.encode()):
            return step
    return None


def set_up(
    connection: Connection, account: Account, secret: str, code: str, *, key: bytes, at: datetime
) -> tuple[str, ...] | None:
    """Keep a secret if the code shows that the phone has it. The recovery codes, to be shown once, or None."""
    step = step_of(secret, code, at=at)
    if step is None:
        return None
    codes = new_recovery_codes()
    kept = _cipher(key).encrypt(secret.encode()).decode()
    store.set_second_factor(connection, account, kept, codes, step=step, at=at)
    return codes


def fits(connection: Connection, account: Account, code: str, *, key: bytes, at: datetime) -> bool:
    """Whether this is a code of the account's phone that was not used yet, or one of its recovery codes; uses it up."""
    kept = store.second_factor(connection, account)
    if kept is None:
        return False
    step = step_of(_opened(kept, key), code, at=at)
    if step is not None:
        return store.use_step(connection, account, step)
    return store.use_recovery_code(connection, account, code.strip().lower())


def _opened(kept: str, key: bytes) -> str:
    try:
        return _cipher(key).decrypt(kept.encode()).decode()
    except InvalidToken:
        raise ConfigurationError(
            "The second factor was kept under another key of the installation. Restore the key file from the backup, "
            "or set second factors up anew."
        ) from None


def _cipher(key: bytes) -> Fernet:
    derived = hmac.new(key, b"second factor", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(derived))
