"""How long a refusal takes tells nobody whether an account is there."""

import time
from statistics import median

import pytest
from streamlit.testing.v1 import AppTest
from tests.pages.conftest import Screen

from dashboard.accounts import Role
from dashboard.database import Database
from dashboard.database.tables import failed_sign_ins
from dashboard.sessions import Refused
from dashboard.ui import sign_in

PAIRS, ROUNDS = 12, 4
"""A busy machine needs more tries until the noise has gone; what is really different stays so."""
MOST = 0.10


def seconds(form: AppTest, installed: Database, username: str) -> float:
    """The time that one refusal takes. Failures are forgotten first, so that nobody has to wait."""
    with installed.write() as connection:
        connection.execute(failed_sign_ins.delete())
    form.text_input[0].input(username)
    form.text_input[1].input("not the password of anybody")
    started = time.perf_counter()
    form.button[0].click().run()
    taken = time.perf_counter() - started
    assert [item.value for item in form.error] == [str(Refused())]
    return taken


def difference(form: AppTest, installed: Database, pairs: int) -> float:
    """How much longer an unknown username takes, as a share: the median of pairs, each first in half of them."""
    ratios = []
    for number in range(pairs):
        names = [Role.MEMBER.value, f"nobody{number}"]
        taken = {name: seconds(form, installed, name) for name in (names if number % 2 else names[::-1])}
        ratios.append(taken[names[1]] / taken[names[0]])
    return median(ratios) - 1


def told_apart(form: AppTest, installed: Database) -> float:
    """The smallest difference of some rounds; it ends with the first that is small enough."""
    found = 1.0
    for round_ in range(1, ROUNDS + 1):
        found = min(found, difference(form, installed, PAIRS * round_), key=abs)
        if abs(found) < MOST:
            break
    return found


def test_an_unknown_account_takes_as_long_as_a_known_one(screen: Screen, installed: Database) -> None:
    form = screen(None, "figures/overview")
    seconds(form, installed, "nobody")
    assert abs(told_apart(form, installed)) < MOST


def test_without_the_dummy_hash_they_are_told_apart(
    screen: Screen, installed: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: unknown usernames are not looked up, as streamlit-authenticator does by itself."""
    monkeypatch.setattr(
        sign_in._Credentials, "__contains__", lambda _, username: username == Role.MEMBER.value, raising=True
    )
    form = screen(None, "figures/overview")
    assert difference(form, installed, 3) < -0.5
