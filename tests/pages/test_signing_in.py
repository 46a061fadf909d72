"""The steps between the right password and the dashboard, on screen."""

from datetime import timedelta

import pyotp
import pytest
from streamlit.testing.v1 import AppTest
from tests.pages.conftest import PASSWORD, Screen

from dashboard.accounts import Account, Role, store
from dashboard.accounts.passwords import fits
from dashboard.database import Database
from dashboard.sessions import second_factor
from dashboard.sessions import store as session_store
from dashboard.ui import clause, installation, sign_in_steps

OWN = "four blue herons wait"


def type_password(screen: Screen, role: Role, password: str = PASSWORD) -> AppTest:
    shown = screen(None, "figures/overview")
    shown.text_input[0].input(role.value)
    shown.text_input[1].input(password)
    return shown.button[0].click().run()


def step(shown: AppTest) -> str:
    return shown.subheader[0].value if shown.subheader else ""


def press(shown: AppTest, label: str) -> AppTest:
    return next(button for button in shown.button if button.label == label).click().run()


def account(installed: Database, role: Role) -> Account:
    with installed.read() as connection:
        found = store.find_account(connection, role.value)
    assert found is not None
    return found


def promise(shown: AppTest) -> AppTest:
    assert step(shown) == "What every reader promises"
    shown.checkbox[0].check()
    return press(shown, "Go on")


def is_welcome(shown: AppTest) -> bool:
    return any("Welcome" in item.value for item in shown.success)


def test_the_first_time_a_member_promises_and_gets_in(screen: Screen, installed: Database) -> None:
    shown = type_password(screen, Role.MEMBER)
    shown = press(shown, "Go on")
    assert "Tick the box" in shown.error[0].value
    assert is_welcome(promise(shown))
    with installed.read() as connection:
        assert session_store.has_accepted(connection, account(installed, Role.MEMBER), clause.version())
    assert is_welcome(type_password(screen, Role.MEMBER)), "the second time nothing is left to do"


def test_a_temporary_password_is_replaced_first(screen: Screen, installed: Database) -> None:
    member = account(installed, Role.MEMBER)
    with installed.write() as connection:
        store.make_temporary(connection, member, until=installation.now() + timedelta(minutes=5))
    shown = type_password(screen, Role.MEMBER)
    assert step(shown) == "Choose your own password"
    for first, second, says in (
        (OWN, "another", "differ"),
        (PASSWORD, PASSWORD, "temporary"),
        ("short", "short", "short"),
    ):
        shown.text_input[0].input(first)
        shown.text_input[1].input(second)
        shown = press(shown, "Keep this password")
        assert says in shown.error[0].value
    shown.text_input[0].input(OWN)
    shown.text_input[1].input(OWN)
    assert is_welcome(promise(press(shown, "Keep this password")))


def test_a_password_is_typed_unseen(screen: Screen, installed: Database) -> None:
    """On the form, and where a new one is chosen."""

    def hidden(shown: AppTest) -> list[bool]:
        return [one.proto.type == one.proto.PASSWORD for one in shown.text_input]

    form = screen(None, "figures/overview")
    assert [one.label for one in form.text_input] == ["Username", "Password"]
    assert hidden(form) == [False, True]
    with installed.write() as connection:
        member = account(installed, Role.MEMBER)
        store.make_temporary(connection, member, until=installation.now() + timedelta(minutes=5))
    chosen = type_password(screen, Role.MEMBER)
    assert hidden(chosen) == [True, True]


def test_a_temporary_password_that_ran_out_is_no_password(screen: Screen, installed: Database) -> None:
    with installed.write() as connection:
        store.make_temporary(connection, account(installed, Role.MEMBER), until=installation.now())
    shown = type_password(screen, Role.MEMBER)
    assert step(shown) == "Sign in"
    assert shown.error


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SECRETARIAT])
def test_a_phone_is_set_up_and_asked_for_from_then_on(
    screen: Screen, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = installation.now()
    monkeypatch.setattr(installation, "now", lambda: at)  # the half minute must not end in between
    shown = type_password(screen, role)
    assert step(shown) == "Set up your phone as a second key"
    secret = shown.code[0].value.replace(" ", "")
    phone = pyotp.TOTP(secret)
    shown.text_input[0].input("12345")
    shown = press(shown, "Set up")
    assert "does not fit" in shown.error[0].value
    assert shown.code[0].value.replace(" ", "") == secret, "the picture stays the same after a wrong code"
    shown.text_input[0].input(phone.at(at))
    shown = press(shown, "Set up")
    codes = shown.code[0].value.split()
    assert len(codes) == 10
    assert is_welcome(promise(press(shown, "I have kept them")))

    shown = type_password(screen, role)
    assert step(shown) == "Code from your phone"
    shown.text_input[0].input(phone.at(at))  # used up by the set-up
    shown = press(shown, "Go on")
    assert "does not fit" in shown.error[0].value
    shown.text_input[0].input(codes[0])
    assert is_welcome(press(shown, "Go on"))


def test_codes_can_not_be_guessed_without_end(screen: Screen, installed: Database) -> None:
    chair = account(installed, Role.CHAIR)
    with installed.write() as connection:
        session_store.add_acceptance(connection, chair, clause.version(), at=installation.now())
        session_store.set_second_factor(connection, chair, _encrypted(), ["aaaaa-bbbbb"], step=0, at=installation.now())
    shown = type_password(screen, Role.CHAIR)
    for _ in range(5):
        shown.text_input[0].input("ccccc-ddddd")
        shown = press(shown, "Go on")
    shown.text_input[0].input("aaaaa-bbbbb")
    shown = press(shown, "Go on")
    assert "too many tries" in shown.error[0].value
    with installed.read() as connection:
        assert session_store.recovery_codes_left(connection, chair) == 1, "a code is not used up while it has to wait"


def _encrypted() -> str:
    return second_factor._cipher(installation.key()).encrypt(second_factor.new_secret().encode()).decode()


def test_who_is_on_the_way_can_go_back(screen: Screen) -> None:
    shown = press(type_password(screen, Role.MEMBER), "Back to the sign-in form")
    assert step(shown) == "Sign in"


def test_a_password_given_a_quarter_of_an_hour_ago_counts_no_more(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = type_password(screen, Role.MEMBER)
    later = installation.now() + sign_in_steps._LONGEST + timedelta(seconds=5)
    monkeypatch.setattr(installation, "now", lambda: later)
    assert step(shown.run()) == "Sign in"


def test_an_account_closed_on_the_way_is_back_at_the_form(screen: Screen, installed: Database) -> None:
    shown = type_password(screen, Role.MEMBER)
    with installed.write() as connection:
        store.set_active(connection, account(installed, Role.MEMBER), False, at=installation.now())
    assert step(shown.run()) == "Sign in"


def test_while_the_dashboard_is_closed_members_are_told_so(screen: Screen, installed: Database) -> None:
    with installed.write() as connection:
        chair = store.find_account(connection, Role.CHAIR.value)
        assert chair is not None
        session_store.add_closure(connection, closed=True, reason="A test.", by=chair, at=installation.now())
    shown = promise(type_password(screen, Role.MEMBER))
    assert "closed for the time being" in shown.error[0].value
    assert not is_welcome(shown)


def test_a_temporary_password_opens_one_way_only(screen: Screen, installed: Database) -> None:
    """Two windows with the same one: the owner's and a thief's."""
    with installed.write() as connection:
        member = store.find_account(connection, Role.MEMBER.value)
        assert member is not None
        store.make_temporary(connection, member, until=installation.now() + timedelta(minutes=5))
    owner, thief = type_password(screen, Role.MEMBER), type_password(screen, Role.MEMBER)
    for field in owner.text_input:
        field.input(OWN)
    assert is_welcome(promise(press(owner, "Keep this password")))
    for field in thief.text_input:
        field.input("another sentence of the thief")
    thief = press(thief, "Keep this password")
    assert step(thief) == "Sign in"
    assert "changed meanwhile" in " ".join(item.value for item in (*thief.info, *thief.error))
    with installed.read() as connection:
        kept = store.password_hash(connection, Role.MEMBER.value, at=installation.now())
    assert kept is not None
    assert fits(OWN, kept)


@pytest.mark.parametrize("change", ["another password", "another role", "no second factor", "closed and opened"])
def test_what_was_proved_is_void_once_the_account_is_changed(screen: Screen, installed: Database, change: str) -> None:
    chair, at = account(installed, Role.CHAIR), installation.now()
    with installed.write() as connection:
        session_store.set_second_factor(connection, chair, _encrypted(), ["aaaaa-bbbbb"], step=0, at=at)
    shown = type_password(screen, Role.CHAIR)
    shown.text_input[0].input("aaaaa-bbbbb")
    assert step(press(shown, "Go on")) == "What every reader promises"
    with installed.write() as connection:
        if change == "another password":
            store.set_password(connection, chair, "another hash")
        elif change == "another role":
            store.set_role(connection, chair, Role.SECRETARIAT)
        elif change == "no second factor":
            session_store.remove_second_factor(connection, chair)
        else:
            store.set_active(connection, chair, False, at=at)
            store.set_active(connection, chair, True, at=at)
    shown = shown.run()
    assert step(shown) == "Sign in"
    assert "changed meanwhile" in shown.info[0].value


def test_the_next_person_at_the_screen_sees_nothing_of_the_one_before(screen: Screen) -> None:
    shown = type_password(screen, Role.ADMINISTRATOR)
    first = shown.code[0].value.replace(" ", "")
    shown.text_input[0].input(pyotp.TOTP(first).at(installation.now()))
    shown = press(shown, "Set up")
    codes = shown.code[0].value.split()
    later = installation.now() + sign_in_steps._LONGEST + timedelta(seconds=5)
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(installation, "now", lambda: later)
        shown = shown.run()
        assert "quarter of an hour" in shown.info[0].value
        shown.text_input[0].input(Role.SECRETARIAT.value)
        shown.text_input[1].input(PASSWORD)
        shown = shown.button[0].click().run()
        second = shown.code[0].value.replace(" ", "")
        assert step(shown) == "Set up your phone as a second key"
        assert second != first
        assert not set(codes) & set(second.split())
        shown = press(shown, "Back to the sign-in form")
        assert step(shown) == "Sign in"
        shown.text_input[0].input(Role.ADMINISTRATOR.value)
        shown.text_input[1].input(PASSWORD)
        assert step(shown.button[0].click().run()) == "Code from your phone"
