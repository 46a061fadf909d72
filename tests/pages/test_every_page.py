"""Every page, for every role and for nobody: it opens, or says why not; it never breaks."""

from datetime import UTC, datetime

import pytest
from tests.pages.conftest import Screen

from dashboard.accounts import Role, store
from dashboard.settings import ROOT
from dashboard.ui.menu import SCREENS
from dashboard.views import catalogue

PAGES = [f"{screen.folder}/{screen.name}" for screen in SCREENS]


def test_the_menu_and_the_doors_on_disk_are_the_same() -> None:
    on_disk = {str(file.relative_to(ROOT / "pages").with_suffix("")) for file in (ROOT / "pages").rglob("*.py")}
    missing = set(PAGES) - on_disk
    assert not missing, f"Add pages/{sorted(missing)[0]}.py: a door of a few lines, like pages/figures/route.py."
    strangers = on_disk - set(PAGES)
    assert not strangers, f"pages/{sorted(strangers)[0]}.py is not in the menu: add its view to PAGES or a Screen."


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", list(Role))
def test_a_page_opens_for_whom_it_is_meant_and_for_nobody_else(page: str, role: Role, screen: Screen) -> None:
    permission = next(item.permission for item in SCREENS if f"{item.folder}/{item.name}" == page)
    shown = screen(role, page)
    assert not shown.exception
    titles = [title.value for title in shown.title]
    assert len(titles) == 1
    assert (titles[0] == "Not open to your role") == (permission not in role.permissions)


@pytest.mark.parametrize("page", PAGES)
def test_nobody_sees_anything_but_the_sign_in_form(page: str, screen: Screen) -> None:
    shown = screen(None, page)
    assert not shown.exception
    assert [item.value for item in shown.subheader] == ["Sign in"]
    assert not shown.title
    assert not shown.get("plotly_chart")
    assert not shown.table


@pytest.mark.parametrize("view", catalogue.PAGES, ids=lambda view: view.name)
def test_a_figure_page_shows_its_figures_and_says_that_they_are_invented(view, screen: Screen) -> None:
    shown = screen(Role.MEMBER, f"figures/{view.name}")
    assert len(shown.get("plotly_chart")) == 1 + len(view.companions)
    assert any("Invented figures" in item.value for item in shown.markdown)
    assert any("of 6 organisations reported" in item.value for item in shown.markdown) or view.name in {
        "justice",
        "assistance",
        "prevention",
    }
    assert any("For: the working group" in item.value for item in shown.markdown)
    assert not any("Margins may reveal" in item.value for item in shown.markdown)


def test_signing_in_with_a_wrong_and_an_unknown_name_says_the_same(screen: Screen) -> None:
    answers = []
    for username, password in ((Role.MEMBER.value, "wrong"), ("nobody", "wrong")):
        shown = screen(None, "figures/overview")
        shown.text_input[0].input(username)
        shown.text_input[1].input(password)
        shown.button[0].click().run()
        answers.append([item.value for item in shown.error])
    assert answers[0] == answers[1] != []


def test_a_closed_account_is_out_at_once(screen: Screen, installed) -> None:
    shown = screen(Role.MEMBER, "figures/overview")
    assert shown.title
    with installed.write() as connection:
        store.set_active(connection, store.find_account(connection, Role.MEMBER.value), False, at=datetime.now(UTC))
    shown.run()
    assert not shown.title
    assert [item.value for item in shown.subheader] == ["Sign in"]


def test_clearing_the_filters_brings_the_defaults_back(screen: Screen) -> None:
    shown = screen(Role.MEMBER, "figures/nationality")
    before = {box.key: box.value for box in shown.selectbox}
    shown.selectbox(key="form_of_exploitation").set_value("SEXUAL_EXPLOITATION").run()
    assert shown.selectbox(key="form_of_exploitation").value == "SEXUAL_EXPLOITATION"
    next(button for button in shown.button if button.label == "Clear filters").click().run()
    assert not shown.exception
    assert {box.key: box.value for box in shown.selectbox} == before


def test_a_filter_that_a_card_cannot_apply_is_said_beside_it(screen: Screen) -> None:
    shown = screen(Role.MEMBER, "figures/nationality")
    assert not any("Not filtered by" in item.value for item in shown.markdown)
    shown.selectbox(key="form_of_exploitation").set_value("SEXUAL_EXPLOITATION").run()
    said = [item.value for item in shown.markdown if "Not filtered by" in item.value]
    assert len(said) == 1
    assert "form of exploitation" in said[0]
