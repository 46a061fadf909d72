"""The second factor: which codes are taken, each once, and that the phone's secret can't be read in the database."""

import base64
import math
from collections.abc import Iterator, Mapping
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import Connection
from tests.examples import NOW

from dashboard.accounts import Account, Role
from dashboard.database import Database
from dashboard.errors import ConfigurationError
from dashboard.sessions import second_factor, store

KEY, ANOTHER_KEY = b"k" * 32, b"l" * 32
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # pragma: allowlist secret
HALF_MINUTE = timedelta(seconds=second_factor.STEP)


@pytest.fixture
def connection(accounts: Mapping[Role, Account], database: Database) -> Iterator[Connection]:
    with database.write() as opened:
        yield opened


@pytest.fixture
def chair(accounts: Mapping[Role, Account]) -> Account:
    return accounts[Role.CHAIR]


def code(half_minutes: int = 0) -> str:
    """What the phone shows so many half minutes from NOW."""
    return pyotp.TOTP(SECRET).at(NOW + half_minutes * HALF_MINUTE)


def fits(connection: Connection, account: Account, typed: str, half_minutes: int = 0, key: bytes = KEY) -> bool:
    return second_factor.fits(connection, account, typed, key=key, at=NOW + half_minutes * HALF_MINUTE)


def set_up(connection: Connection, account: Account) -> tuple[str, ...]:
    codes = second_factor.set_up(connection, account, SECRET, code(), key=KEY, at=NOW)
    assert codes is not None
    return codes


@pytest.mark.parametrize(("drift", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phone_may_be_half_a_minute_off(drift: int, taken: bool) -> None:
    assert (second_factor.step_of(SECRET, code(drift), at=NOW) is not None) == taken


@pytest.mark.parametrize("typed", ["", "000000", "abcdef", "1234567", "\u0661\u0662\u0663\u0664\u0665\u0666"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert second_factor.step_of(SECRET, typed, at=NOW) is None


def test_blanks_in_a_code_do_not_matter() -> None:
    assert second_factor.step_of(SECRET, f" {code()[:3]} {code()[3:]} ", at=NOW) is not None


def test_a_wrong_code_sets_nothing_up(connection: Connection, chair: Account) -> None:
    wrong = "000000" if code() != "000000" else "000001"
    assert second_factor.set_up(connection, chair, SECRET, wrong, key=KEY, at=NOW) is None
    assert store.second_factor(connection, chair) is None


def test_each_code_is_taken_once_and_no_earlier_one_after_it(connection: Connection, chair: Account) -> None:
    set_up(connection, chair)
    assert not fits(connection, chair, code(0)), "the code that set the phone up"
    assert fits(connection, chair, code(1))
    assert not fits(connection, chair, code(1), 1)
    assert not fits(connection, chair, code(0), 1)
    assert fits(connection, chair, code(2), 2)


def test_a_code_of_another_account_is_none(
    connection: Connection, chair: Account, accounts: Mapping[Role, Account]
) -> None:
    codes = set_up(connection, chair)
    second_factor.set_up(connection, accounts[Role.MEMBER], pyotp.random_base32(), "", key=KEY, at=NOW)
    assert not fits(connection, accounts[Role.MEMBER], code(1))
    assert not fits(connection, accounts[Role.MEMBER], codes[0])
    assert fits(connection, chair, codes[0])


def test_each_recovery_code_opens_once(connection: Connection, chair: Account) -> None:
    codes = set_up(connection, chair)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert fits(connection, chair, f" {codes[3].upper()} ")
    assert not fits(connection, chair, codes[3])
    assert store.recovery_codes_left(connection, chair) == second_factor.RECOVERY_CODES - 1


def test_the_secret_is_kept_under_the_key_of_the_installation(connection: Connection, chair: Account) -> None:
    set_up(connection, chair)
    kept = store.second_factor(connection, chair)
    assert kept is not None
    assert SECRET not in kept
    with pytest.raises(ConfigurationError, match="another key"):
        fits(connection, chair, code(1), key=ANOTHER_KEY)


@pytest.mark.parametrize("place", [0, 1, 20, 60, -30, -2])
def test_a_kept_secret_that_was_changed_is_noticed(connection: Connection, chair: Account, place: int) -> None:
    set_up(connection, chair)
    kept = bytearray(base64.urlsafe_b64decode(store.second_factor(connection, chair) or ""))
    for flip, taken in ((0, True), (1, False)):
        kept[place] ^= flip
        changed = base64.urlsafe_b64encode(bytes(kept)).decode()
        store.set_second_factor(connection, chair, changed, [f"code {flip}"], step=0, at=NOW)
        if taken:
            assert fits(connection, chair, code()), "the control: kept anew as it was"
        else:
            with pytest.raises(ConfigurationError, match="another key"):
                fits(connection, chair, code(1))


def test_recovery_codes_and_secrets_are_made_by_chance() -> None:
    codes = [code for _ in range(20) for code in second_factor.new_recovery_codes()]
    assert len(set(codes)) == len(codes)
    signs = set("".join(codes)) - {"-"}
    assert {len(code.replace("-", "")) for code in codes} == {10}
    assert 10 * math.log2(len(signs)) > 49
    assert len({second_factor.new_secret() for _ in range(20)}) == 20
    assert {len(base64.b32decode(second_factor.new_secret())) for _ in range(20)} == {20}


def test_the_picture_names_group_and_username() -> None:
    address = second_factor.address(SECRET, "a.waheed", "Working Group")
    assert pyotp.parse_uri(address).secret == SECRET
    assert "Working%20Group:a.waheed" in address
