"""The page about the dashboard: true for every role, and made from what the program goes by."""

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest
from tests.examples import REFERENCE
from tests.pages.conftest import Screen

from dashboard.accounts import Permission, Role
from dashboard.database import Database, tables
from dashboard.datasets import STRUCTURES
from dashboard.datasets.data_protection import load_data_protection
from dashboard.disclosure import load_policy
from dashboard.ui.markdown import safe_html
from dashboard.validation.free_text import Kind

PAGE = "about/about"


def said(app: AppTest) -> str:
    texts = [one.value for one in app.markdown]
    pages = [one.proto.body for one in app.get("html")]
    frames = [frame.value.to_string() for frame in app.table]
    return " ".join([*texts, *pages, *frames]).replace("\\", "")


@pytest.mark.parametrize("role", list(Role))
def test_everybody_may_read_it(role: Role, screen: Screen) -> None:
    app = screen(role, PAGE)
    assert not app.exception
    assert [one.value for one in app.title] == ["About this dashboard"]
    assert f"{role.label} (you)" in said(app)


def test_it_says_what_is_held_why_from_whom_and_whom_to_ask(screen: Screen) -> None:
    page, known = said(screen(Role.OFFICIAL, PAGE)), load_data_protection(REFERENCE)
    assert all(f"**{one.label}.** {one.definition}" in page for one in STRUCTURES.values())
    assert all(kind.value in page for kind in Kind)
    for statement in known.statements.values():
        assert safe_html(statement.purpose) in page
        assert safe_html(statement.source) in page
    for text in (known.controller, known.contact, known.incident):
        assert safe_html(text) in page
    assert "the group has not yet decided" in page


def test_thresholds_and_permissions_are_those_in_force(screen: Screen) -> None:
    app = screen(Role.MEMBER, PAGE)
    policy = load_policy(REFERENCE)
    smallest, _, matrix = (frame.value for frame in app.table)
    for circulation in policy.circulations:
        for structure, threshold in policy.thresholds[circulation.name].items():
            shown = smallest.loc[circulation.name.capitalize(), structure.capitalize()]
            assert shown == ("exact" if threshold == 1 else str(threshold))
    assert list(matrix.index) == [permission.sentence.replace("-", "\\-") for permission in Permission]
    for role in Role:
        held = [permission in role.permissions for permission in Permission]
        assert [cell == "yes" for cell in matrix[role.label]] == held


def test_looking_at_a_figure_is_not_noted_as_the_page_says(screen: Screen, installed: Database) -> None:
    assert "Looking at a published figure is not noted." in said(screen(Role.MEMBER, PAGE))
    counted = select(func.count()).select_from(tables.audit_events)
    with installed.read() as connection:
        before = connection.scalar(counted)
    screen(Role.MEMBER, "figures/nationality")
    with installed.read() as connection:
        assert connection.scalar(counted) == before
