"""Passwords: what is refused, and that the hash fits the password and nothing else."""

import pytest
from streamlit_authenticator.utilities.hasher import Hasher

from dashboard.accounts import Role
from dashboard.accounts.passwords import (
    DUMMY_HASH,
    LONGEST_BYTES,
    NO_PASSWORD,
    WeakPassword,
    fits,
    hash_password,
    temporary_password,
)

GOOD = "four blue herons wait"
ABOUT = ("a.waheed", "Aminath Waheed", "Maldives Police Service")


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
        ("qwerty123456789", Role.MEMBER, "tries first"),
        ("P@ssw0rd2026!!", Role.MEMBER, "tries first"),
        ("dragon dragon dragon", Role.ADMINISTRATOR, "tries first"),
        ("liverpool 2026 !!", Role.MEMBER, "tries first"),
        ("maldives-2026-maldives", Role.MEMBER, "everybody here knows"),
        ("aminath.waheed.2026", Role.MEMBER, "everybody here knows"),
        ("Police of the Maldives", Role.MEMBER, "everybody here knows"),
    ],
)
def test_a_weak_password_is_refused_by_the_rule_it_breaks(password: str, role: Role, rule: str) -> None:
    with pytest.raises(WeakPassword, match=rule) as refused:
        hash_password(password, role, about=ABOUT)
    assert not password or password not in str(refused.value)


def test_the_hash_fits_the_password_only() -> None:
    hashed = hash_password(GOOD, Role.MEMBER)
    assert GOOD not in hashed
    assert Hasher.check_pw(GOOD, hashed)
    assert not Hasher.check_pw(f"{GOOD}s", hashed)


def test_the_dummy_costs_as_much_as_a_real_hash() -> None:
    """bcrypt writes its cost into the hash: the two must agree, or the time tells unknown usernames."""
    hashed = DUMMY_HASH
    assert hashed.split("$")[2] == hash_password(GOOD, Role.MEMBER).split("$")[2]
    assert len(hashed) == 60


@pytest.mark.parametrize(
    "password", [GOOD, "the police of my island", "waheed sails at daybreak", "correct horse battery staple"]
)
def test_a_sentence_is_taken_even_with_a_known_word_in_it(password: str) -> None:
    assert fits(password, hash_password(password, Role.ADMINISTRATOR, about=ABOUT))


@pytest.mark.parametrize(("letters", "taken"), [(64, True), (LONGEST_BYTES, True), (LONGEST_BYTES + 1, False)])
def test_a_password_may_be_long_and_every_letter_counts(letters: int, taken: bool) -> None:
    password = "".join(chr(ord("a") + 7 * number % 26) for number in range(letters))
    if not taken:
        with pytest.raises(WeakPassword, match="too long"):
            hash_password(password, Role.MEMBER)
        return
    hashed = hash_password(password, Role.MEMBER)
    assert fits(password, hashed)
    assert not fits(f"{password[:-1]}?", hashed)


def test_temporary_passwords_differ_and_would_pass_every_rule() -> None:
    made = [temporary_password() for _ in range(3)]
    assert len({password for password, _ in made}) == 3
    for password, hashed in made:
        assert fits(password, hashed)
        hash_password(password, Role.ADMINISTRATOR, about=ABOUT)


def test_no_password_fits_none() -> None:
    assert not fits("", NO_PASSWORD)
    assert not fits(NO_PASSWORD, NO_PASSWORD)


def test_a_password_that_is_too_long_fits_nothing_and_breaks_nothing() -> None:
    hashed = hash_password(GOOD, Role.MEMBER)
    assert not fits(GOOD + "x" * LONGEST_BYTES, hashed)
