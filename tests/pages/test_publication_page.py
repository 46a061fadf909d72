"""The publication page: what the chair looks at, approves and publishes."""

from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest
from tests.examples import accepted, count, dataset
from tests.pages.conftest import Screen

from dashboard import published_tables, releases
from dashboard.accounts import Role, store
from dashboard.database import Database
from dashboard.releases import Release

PAGE = "data/publication"


@pytest.fixture
def waiting(installed: Database) -> Release:
    """An approved release of reported figures."""
    now = datetime.now(UTC)
    rows = dataset("cases", count("cases", 9), count("cases", 3, stage="PROSECUTED"))
    with installed.write() as connection:
        secretariat, chair = (store.find_account(connection, role.value) for role in (Role.SECRETARIAT, Role.CHAIR))
        accepted(connection, rows, by=secretariat, at=now)
        release = releases.freeze(connection, by=secretariat, at=now)
        return releases.approve(connection, release, by=chair, at=now)


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [one for one in app.button if one.label == label]
    return button.click().run(timeout=60)


def fill(app: AppTest, label: str, text: str) -> AppTest:
    (field,) = [one for one in app.text_input if one.label == label]
    field.input(text)
    return app


def said(app: AppTest) -> str:
    shown = (*app.markdown, *app.error, *app.warning, *app.success, *app.info)
    return " ".join(str(one.value) for one in shown).replace("\\", "")


def test_the_chair_approves_the_policy_and_publishes(screen: Screen, installed: Database, waiting: Release) -> None:
    app = screen(Role.CHAIR, PAGE)
    app = press(fill(app, "Why this release is published now", "Quarter closed."), "Publish")
    assert "The chair has not approved the disclosure policy as it stands." in said(app)
    app = press(app, "Approve the policy")
    assert "Say in a sentence who decided" in said(app)
    app = press(fill(app, "Who decided on this policy, and when", "The group, in May."), "Approve the policy")
    assert "Approved by the chair as it stands." in said(app)
    app = press(fill(app, "Why this release is published now", "Quarter closed."), "Publish")
    with installed.read_published() as connection:
        current = published_tables.current(connection)
    assert current is not None
    assert (current.release_id, current.reason, current.invented) == (waiting.id, "Quarter closed.", False)


def test_publishing_without_a_reason_says_so(screen: Screen, waiting: Release) -> None:
    app = press(screen(Role.CHAIR, PAGE), "Publish")
    assert "Say in a sentence why this release is published now." in said(app)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What readers get", "Cases by stage"),
        ("Compare thresholds", "From 10 on"),
        ("What earlier publications cost", "Nothing was published before."),
    ],
)
def test_what_the_chair_can_look_at_first(screen: Screen, waiting: Release, question: str, answer: str) -> None:
    app = press(screen(Role.CHAIR, PAGE), question)
    tables = " ".join(frame.value.to_string() for frame in (*app.table, *app.dataframe))
    assert answer in said(app) + tables
    assert not app.exception


def test_others_see_the_policy_and_can_do_nothing(screen: Screen, waiting: Release) -> None:
    app = screen(Role.SECRETARIAT, PAGE)
    assert "Not approved yet" in said(app)
    assert not {"Approve the policy", "Publish", "What readers get"} & {one.label for one in app.button}
