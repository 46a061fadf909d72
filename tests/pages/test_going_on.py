"""A typed text that may tell who somebody is: asked about first, kept as it was typed, noted when it goes on."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest
from tests.examples import count, dataset, received
from tests.pages.conftest import Screen

from dashboard.accounts import Role, store
from dashboard.database import Database, tables
from dashboard.submissions import Submission
from dashboard.submissions import store as submission_store

PAGE = "data/submissions"
TELLING = "The victim Ahmed Ali, A123456, was counted twice"
HARMLESS = "Police return for 2024 Q3 corrected; publication 12 withdrawn"


@pytest.fixture
def waiting(installed: Database) -> Submission:
    """A return that nobody has decided on."""
    with installed.write() as connection:
        member = store.find_account(connection, Role.MEMBER.value)
        return received(connection, [dataset("cases", count("cases", 9))], by=member, at=datetime.now(UTC))


@pytest.fixture
def page(screen: Screen, waiting: Submission) -> AppTest:
    app = screen(Role.SECRETARIAT, PAGE)
    (box,) = [one for one in app.selectbox if one.label == "Look at"]
    return box.set_value(waiting.id).run()


def refuse(app: AppTest, reason: str) -> AppTest:
    (field,) = [one for one in app.text_input if one.label == "Reason"]
    field.input(reason)
    return press(app, "Refuse")


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [one for one in app.button if one.label == label]
    return button.click().run()


def go_on(app: AppTest, why: str) -> AppTest:
    app.text_input(key="going_on").input(why)
    return press(app, "Go on")


def status(database: Database, submission: Submission) -> str:
    with database.read() as connection:
        return submission_store.find(connection, submission.id).status.value


def events(database: Database, verb: str) -> list:  # type: ignore[type-arg]
    with database.read() as connection:
        return list(connection.execute(select(tables.audit_events).where(tables.audit_events.c.verb == verb)))


def asks(app: AppTest) -> bool:
    return any(button.label == "Go on" for button in app.button)


def test_nothing_is_done_before_an_answer(page: AppTest, installed: Database, waiting: Submission) -> None:
    app = refuse(page, TELLING)
    assert not app.exception
    assert asks(app)
    said = " ".join(one.value for one in app.markdown).replace("\\", "")
    assert "what may be the name of a person: **victim Ahmed Ali**" in said
    assert "the number of a document: **A123456**" in said
    assert status(installed, waiting) == "received"
    assert not events(installed, "submissions.refused")


def test_an_ordinary_reason_is_not_asked_about(page: AppTest, installed: Database, waiting: Submission) -> None:
    """Negative control."""
    app = refuse(page, HARMLESS)
    assert not asks(app)
    assert status(installed, waiting) == "refused"
    assert not events(installed, "data_protection.went_on")


def test_mending_keeps_what_was_typed(page: AppTest, installed: Database, waiting: Submission) -> None:
    app = press(refuse(page, TELLING), "Mend the text")
    assert not asks(app)
    (field,) = [one for one in app.text_input if one.label == "Reason"]
    assert field.value == TELLING
    assert next(one for one in app.selectbox if one.label == "Look at").value == waiting.id
    app = refuse(app, HARMLESS)
    assert status(installed, waiting) == "refused"
    assert not events(installed, "data_protection.went_on")


def test_with_a_reason_it_goes_on_and_the_trace_holds_kinds_and_never_the_text(
    page: AppTest, installed: Database, waiting: Submission
) -> None:
    app = go_on(refuse(page, TELLING), "It is the name of a ship.")
    assert not app.exception
    assert not asks(app)
    assert "The return is refused." in [one.value.replace("\\", "") for one in app.success]
    assert status(installed, waiting) == "refused"
    (event,) = events(installed, "data_protection.went_on")
    (refused,) = events(installed, "submissions.refused")
    assert event.details == {"kinds": ["document", "name"], "reason": "It is the name of a ship."}
    assert (event.subject, event.account_name, event.at) == ("submissions.refuse", "Test Secretariat", refused.at)


@pytest.mark.parametrize(
    ("why", "says"), [("  ", "Say in a sentence"), ("It is Ms Aishath Naseem.", "may itself tell who somebody is")]
)
def test_the_reason_to_go_on_must_be_one(
    page: AppTest, installed: Database, waiting: Submission, why: str, says: str
) -> None:
    app = go_on(refuse(page, TELLING), why)
    assert says in " ".join(one.value for one in app.error)
    assert asks(app)
    assert status(installed, waiting) == "received"


def test_the_verb_and_its_note_are_written_together_or_not_at_all(
    page: AppTest, installed: Database, waiting: Submission
) -> None:
    """Somebody else has decided meanwhile: the verb is refused, and nothing says that it went on."""
    app = refuse(page, TELLING)
    with installed.write() as connection:
        secretariat = store.find_account(connection, Role.SECRETARIAT.value)
        at = datetime.now(UTC)
        submission_store.add_event(connection, waiting.id, waiting.status.ACCEPTED, by=secretariat, at=at)
    app = go_on(app, "It is the name of a ship.")
    assert any("Somebody else has decided meanwhile" in one.value for one in app.error)
    assert status(installed, waiting) == "accepted"
    assert not events(installed, "data_protection.went_on")


def test_who_was_closed_meanwhile_does_not_go_on(page: AppTest, installed: Database, waiting: Submission) -> None:
    app = refuse(page, TELLING)
    with installed.write() as connection:
        account = store.find_account(connection, Role.SECRETARIAT.value)
        store.set_active(connection, account, False, at=datetime.now(UTC))
    app.text_input(key="going_on").input("It is the name of a ship.")
    press(app, "Go on")
    assert status(installed, waiting) == "received"
