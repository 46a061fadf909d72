"""Passwords: what is refused, and that the hash fits the password and nothing else."""

import pytest
from streamlit_authenticator.utilities.hasher import Hasher

from dashboard.accounts import Role
from dashboard.accounts.passwords import LONGEST_BYTES, WeakPassword, dummy_hash, hash_password

GOOD = "four blue herons wait"


@pytest.mark.parametrize(
    ("password", "role", "rule"),
    [
        ("eleven chars"[:11], Role.MEMBER, "at least 12"),
        ("fourteen chars", Role.ADMINISTRATOR, "at least 15"),
        (f" {GOOD}", Role.MEMBER, "blank"),
        (f"{GOOD} ", Role.MEMBER, "blank"),
        ("ab1" * (LONGEST_BYTES // 3) + GOOD, Role.MEMBER, "too long"),
        ("ރ" * (LONGEST_BYTES // 2 + 1), Role.MEMBER, "too long"),
        ("abcabcabcabcabc", Role.MEMBER, "same few characters"),
        ("", Role.OFFICIAL, "too short"),
    ],
)
def test_a_weak_password_is_refused_by_the_rule_it_breaks(password: str, role: Role, rule: str) -> None:
    with pytest.raises(WeakPassword, match=rule) as refused:
        hash_password(password, role)
    assert not password or password not in str(refused.value)


def test_the_hash_fits_the_password_only() -> None:
    hashed = hash_password(GOOD, Role.MEMBER)
    assert GOOD not in hashed
    assert Hasher.check_pw(GOOD, hashed)
    assert not Hasher.check_pw(f"{GOOD}s", hashed)


def test_the_dummy_costs_as_much_as_a_real_hash() -> None:
    """bcrypt writes its cost into the hash: the two must agree, or the time tells unknown usernames."""
    hashed = dummy_hash()
    assert hashed.split("$")[2] == hash_password(GOOD, Role.MEMBER).split("$")[2]
    assert len(hashed) == 60
