"""Accounts, organisations, safety and the own account on screen: each button does what it says, for whom it should."""

from datetime import timedelta

import pyotp
import pytest
from streamlit.testing.v1 import AppTest
from tests.pages.conftest import Screen

from dashboard.accounts import Account, Role, store
from dashboard.accounts.passwords import fits
from dashboard.database import Database
from dashboard.sessions import store as session_store
from dashboard.ui import installation, session


def press(shown: AppTest, label: str) -> AppTest:
    return next(button for button in shown.button if button.label == label).click().run()


def field(shown: AppTest, label: str):  # type: ignore[no-untyped-def]
    return next(one for one in shown.text_input if one.label == label)


def account(installed: Database, username: str) -> Account | None:
    with installed.read() as connection:
        return store.find_account(connection, username)


def said(shown: AppTest) -> str:
    return " ".join(item.value for item in shown.success)


def forget_confirmation(installed: Database) -> None:
    """As if the person had signed in an hour ago."""
    with installed.write() as connection:
        token = session.cookie() or ""
        session_store.confirm_session(connection, token, at=installation.now() - timedelta(hours=1))


def invite(shown: AppTest, username: str = "new.member") -> AppTest:
    field(shown, "Name of the person").input("Hussain Zahir")
    field(shown, "Username").input(username)
    next(one for one in shown.selectbox if one.label == "Organisation").select("MPS")
    return press(shown, "Open the account")


def test_an_invitation_shows_its_temporary_password_until_it_is_passed_on(screen: Screen, installed: Database) -> None:
    shown = invite(screen(Role.ADMINISTRATOR, "administration/accounts"))
    assert "Hussain Zahir is open" in said(shown)
    assert field(shown, "Username").value == "", "the form is empty for the next person"
    password = shown.code[0].value
    with installed.read() as connection:
        kept = store.password_hash(connection, "new.member", at=installation.now())
    assert kept is not None
    assert fits(password, kept)
    shown = press(shown.run(), "It is passed on")
    assert not shown.code
    shown = invite(shown)
    assert "is taken" in shown.error[0].value
    assert field(shown, "Username").value == "new.member", "nothing that was typed is lost"


def test_an_unattended_screen_opens_no_account(screen: Screen, installed: Database) -> None:
    """The password is asked for; that the dialog then does it is tried in a real browser."""
    shown = screen(Role.ADMINISTRATOR, "administration/accounts")
    forget_confirmation(installed)
    shown = invite(shown.run())
    assert field(shown, "Current password")
    assert account(installed, "new.member") is None


@pytest.mark.parametrize(
    ("button", "active"),
    [("Close the account", False), ("New temporary password", True), ("Change the role", True)],
)
def test_what_is_done_to_an_account_ends_its_sessions(
    screen: Screen, installed: Database, button: str, active: bool
) -> None:
    member = account(installed, Role.MEMBER.value)
    assert member is not None
    with installed.write() as connection:
        token = session_store.start_session(connection, member, at=installation.now())
    shown = screen(Role.ADMINISTRATOR, "administration/accounts")
    shown.selectbox(key="account").select(member.id).run()
    shown.selectbox(key=f"role_{member.id}").select(Role.OFFICIAL.value).run()
    shown = press(shown, button)
    assert said(shown)
    with installed.read() as connection:
        assert session_store.session_account(connection, token, at=installation.now()) is None
    now = account(installed, Role.MEMBER.value)
    assert now is not None
    assert now.active == active


def test_an_organisation_is_added_and_changed(screen: Screen, installed: Database) -> None:
    shown = screen(Role.ADMINISTRATOR, "administration/organisations")
    field(shown, "Code").input("HC_NZL")
    field(shown, "Name").input("High Commission of New Zealand")
    shown = press(shown, "Keep")
    assert "is kept" in said(shown)
    shown.selectbox(key="organisation").select("HC_NZL").run()
    field(shown, "Until").input("2026-12-31")
    shown = press(shown, "Keep")
    assert "is kept" in said(shown)
    with installed.read() as connection:
        found = next(one for one in store.list_organisations(connection) if one.code == "HC_NZL")
    assert found.valid_until == "2026-12-31"


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SECRETARIAT, Role.CHAIR])
def test_the_switch_closes_the_dashboard(screen: Screen, installed: Database, role: Role) -> None:
    member = account(installed, Role.MEMBER.value)
    assert member is not None
    with installed.write() as connection:
        token = session_store.start_session(connection, member, at=installation.now())
        session_store.add_incident(connection, "A laptop was stolen.", by=member, at=installation.now())
    shown = screen(role, "administration/safety")
    assert any("A laptop was stolen" in item.value for item in shown.markdown)
    field(shown, "What has happened").input("A laptop was stolen.")
    shown = press(shown, "Close the dashboard now")
    assert "Tick the box" in shown.error[0].value
    shown.checkbox[0].check()
    shown = press(shown, "Close the dashboard now")
    with installed.read() as connection:
        assert session_store.session_account(connection, token, at=installation.now()) is None
    if role is not Role.ADMINISTRATOR:
        assert [item.value for item in shown.subheader] == ["Sign in"]
        return
    field(shown, "Why it is safe to open it again").input("It was found.")
    shown = press(shown, "Open the dashboard again")
    assert "open again" in said(shown)


def test_a_person_sees_and_ends_own_sessions(screen: Screen, installed: Database) -> None:
    shown = screen(Role.MEMBER, "own/account")
    member = account(installed, Role.MEMBER.value)
    assert member is not None
    with installed.write() as connection:
        elsewhere = session_store.start_session(connection, member, at=installation.now(), browser="Firefox on Windows")
    shown = shown.run()
    assert any("Firefox on Windows" in item.value for item in shown.markdown)
    shown = press(shown, "Sign out there")
    assert "Firefox on Windows" in said(shown)
    with installed.read() as connection:
        assert session_store.session_account(connection, elsewhere, at=installation.now()) is None
    assert not any("Firefox on Windows" in item.value for item in shown.markdown)


def test_a_member_sets_a_phone_up_renews_codes_and_does_without(screen: Screen, installed: Database) -> None:
    shown = screen(Role.MEMBER, "own/account")
    phone = pyotp.TOTP(shown.code[0].value.replace(" ", ""))
    field(shown, "2. Six-digit code that the app shows").input(phone.at(installation.now()))
    shown = press(shown, "Set up")
    first = shown.code[0].value.split()
    shown = press(press(shown, "I have kept them"), "New recovery codes")
    renewed = shown.code[0].value.split()
    assert not set(first) & set(renewed)
    shown = press(press(shown, "I have kept them"), "Do without")
    member = account(installed, Role.MEMBER.value)
    assert member is not None
    with installed.read() as connection:
        assert session_store.second_factor(connection, member) is None
