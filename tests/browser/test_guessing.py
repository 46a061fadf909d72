"""Guessing a password at two servers on one state: what is counted is counted for both, and the owner gets in again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.browser import running
from tests.browser.attacking import Place, Question, ask, place_of, pressed, typed

from dashboard.accounts import Role
from dashboard.database.tables import failed_sign_ins

pytestmark = pytest.mark.browser

REFUSED = "Username and password do not fit, or there were too many tries."
WELCOME = "Welcome, Test Member"
LONGER_THAN_ANY_DELAY = timedelta(minutes=65)


@contextmanager
def another(folder: Path, state: Path) -> Iterator[Place]:
    """One more server process on a state folder that is there."""
    folder.mkdir()
    (folder / "state").symlink_to(state, target_is_directory=True)
    with running.running(folder, sample=False) as server, place_of(server, roles=()) as found:
        yield found


def says(place: Place, password: str) -> str:
    """What a stranger reads who signs in as the member."""
    with place.socket(None) as socket:
        form = ask(socket, Question())
        states = [typed(form.widget("Username"), Role.MEMBER.value), typed(form.widget("Password"), password)]
        text = ask(socket, Question(widgets=[*states, pressed(form.widget("Sign in"))])).text
    (found,) = [answer for answer in (REFUSED, WELCOME) if answer in text]
    return found


def let_time_pass(place: Place) -> None:
    """As if the last failure had been longer ago: the clock of a running server cannot be moved."""
    with place.database.write() as connection:
        for row in connection.execute(select(failed_sign_ins)).all():
            same = failed_sign_ins.c.key == row.key
            earlier = row.last_at - LONGER_THAN_ANY_DELAY
            connection.execute(failed_sign_ins.update().where(same).values(last_at=earlier))


def test_six_bad_tries_lock_over_two_servers_and_a_restart_and_the_owner_gets_in_after_the_delay(
    tmp_path: Path,
) -> None:
    right = running.PASSWORD
    with (
        running.running(tmp_path / "first", sample=False) as server,
        place_of(server, roles=[Role.MEMBER]) as first,
        another(tmp_path / "second", server.folder / "state") as second,
    ):
        assert says(first, "not this one") == says(second, "nor this") == REFUSED
        assert says(second, right) == WELCOME, "the control: two bad tries lock nobody out"
        for number, place in enumerate((first, second, first, second, first, second)):
            assert says(place, f"try {number}") == REFUSED
        assert says(first, right) == says(second, right) == REFUSED
    with another(tmp_path / "restarted", tmp_path / "first" / "state") as restarted:
        assert says(restarted, right) == REFUSED
        let_time_pass(restarted)
        assert says(restarted, right) == WELCOME
