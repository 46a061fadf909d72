"""What is refused to somebody who is signed in stands in the log: to whom, and nothing of what was sent along."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest
from tests.asking import ask
from tests.pages.conftest import Screen
from tests.pages.test_downloads import TEMPLATE, account, address, token_of

from dashboard.accounts import Account, Role
from dashboard.database import Database
from dashboard.sessions.store import end_session
from dashboard.ui import installation

SENT = "Ahmed-Ali-17"
"""What nobody should find in a log."""


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.INFO, logger="dashboard"):
        yield caplog


def refused(log: pytest.LogCaptureFixture) -> list[str]:
    """What was refused since it was asked for last."""
    lines = [record.getMessage() for record in log.records if record.name == "dashboard"]
    log.clear()
    return [line.removeprefix("refused: ") for line in lines if line.startswith("refused: ")]


# Requests ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "method", "place"),
    [
        (f"media/{SENT}.csv?name={SENT}", "GET", "/media/ (404)"),
        (f"_stcore/upload_file/{SENT}/{SENT}", "GET", "/_stcore/upload_file/ (404)"),
        (f"_stcore/metrics?{SENT}", "GET", "/_stcore/ (404)"),
        (f"{SENT}/x\n2026 refused: forged", "GET", "another address (404)"),
        (f"download/{SENT}", "GET", "/download/ (404)"),
        (f"download/figure.csv?view={SENT}", "GET", "/download/ (404)"),
        ("sign-out", "POST", "/sign-out (403)"),
    ],
)
def test_a_request_of_somebody_signed_in_is_noted(
    installed: Database, log: pytest.LogCaptureFixture, path: str, method: str, place: str
) -> None:
    token = token_of(installed, Role.MEMBER)
    assert f"({ask(path, token, method).status})" in place
    assert refused(log) == [f"{place} to account {account(installed, Role.MEMBER).id}"]
    assert SENT not in log.text


def test_a_file_that_the_role_may_not_take_is_noted(installed: Database, log: pytest.LogCaptureFixture) -> None:
    assert ask(TEMPLATE, token_of(installed, Role.OFFICIAL)).status == 403
    assert refused(log) == [f"/download/ (403) to account {account(installed, Role.OFFICIAL).id}"]


def test_what_is_handed_out_and_what_strangers_try_is_not(installed: Database, log: pytest.LogCaptureFixture) -> None:
    """Negative control. Strangers could fill the disk; and whoever was signed out only has an old page open."""
    token, left = token_of(installed, Role.MEMBER), token_of(installed, Role.MEMBER)
    with installed.write() as connection:
        end_session(connection, left, at=installation.now())
    older = address(installed, changed={"publication": "earlier"})
    answers = [ask(address(installed), token), ask("sign-out"), ask(older, token)]
    answers += [ask(f"media/{SENT}", one) for one in (None, "guessed", left)]
    answers += [ask("sign-out", one, "POST") for one in (None, "guessed", left)]
    assert [answer.status for answer in answers] == [200, 405, 409, 401, 401, 401, 403, 403, 403]
    assert refused(log) == []


# Screens and verbs ------------------------------------------------------------------------------


def test_a_page_of_another_role_is_noted_and_an_own_one_is_not(
    screen: Screen, installed: Database, log: pytest.LogCaptureFixture
) -> None:
    screen(Role.MEMBER, "data/submissions")
    assert refused(log) == []
    screen(Role.MEMBER, "administration/accounts")
    (line,) = refused(log)
    assert line.endswith(f"to account {account(installed, Role.MEMBER).id}")


def closing(by: Account) -> AppTest:
    """Press the button of a page that closes the chair's account; nothing there asks before the verb does."""

    def page() -> None:
        import streamlit as st

        from dashboard import administration
        from dashboard.ui import verbs

        if st.button("Close"):
            verbs.perform(administration.close_account, st.session_state.chair, by=st.session_state.by, said="Closed.")

    app = AppTest.from_function(page)
    app.session_state.by, app.session_state.chair = by, account(installation.database(), Role.CHAIR)
    return app.run().button[0].click().run()


def test_a_verb_that_is_refused_is_noted(installed: Database, log: pytest.LogCaptureFixture) -> None:
    member = account(installed, Role.MEMBER)
    shown = closing(member)
    assert "does not include" in shown.error[0].value
    assert refused(log) == [f"administration.close_account to account {member.id}"]
    assert account(installed, Role.CHAIR).active


def test_a_verb_that_is_done_and_one_that_waits_for_the_password_are_not(
    installed: Database, log: pytest.LogCaptureFixture
) -> None:
    """Negative control."""
    by = account(installed, Role.ADMINISTRATOR)
    closing(replace(by, confirmed_at=None))
    assert account(installed, Role.CHAIR).active
    closing(replace(by, confirmed_at=installation.now()))
    assert not account(installed, Role.CHAIR).active
    assert refused(log) == []
