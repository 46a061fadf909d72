"""Of streamlit-authenticator only the form and the hasher are used, and its cookie, files and other forms never."""

import ast
from collections.abc import Iterator

import pytest
import streamlit_authenticator
from tests.architecture.test_house import DOORS, ROOMS

ALLOWED = {"login", "authentication_controller"}
"""What may be asked of the object that draws the form: the form, and the place where credentials are put."""
CONFINED = {"cookie_expiry_days": 0, "auto_hash": False, "api_key": None, "login_sleep_time": 0}


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Every time that the form is made."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Authenticate":
            yield node


def imported(tree: ast.Module) -> Iterator[str]:
    """What is taken from the package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("streamlit_authenticator"):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("streamlit_authenticator"))


def faults(tree: ast.Module) -> list[str]:
    """What of the package may not be used, but is."""
    forms = {name for name in dir(streamlit_authenticator.Authenticate) if not name.startswith("_")} - ALLOWED
    used = [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in forms]
    found = [f".{name}" for name in used] if list(calls(tree)) else []
    for call in calls(tree):
        given = {word.arg: word.value for word in call.keywords}
        said = {name: given[name].value for name in CONFINED if isinstance(given.get(name), ast.Constant)}
        if said != CONFINED or len(call.args) != 1 or not isinstance(call.args[0], ast.Dict):
            found.append("Authenticate(...)")
    return found


def test_it_is_imported_for_the_form_and_the_hasher_only() -> None:
    taken = {name for file in (*ROOMS, *DOORS) for name in imported(ast.parse(file.read_text(encoding="utf-8")))}
    assert taken == {"streamlit_authenticator.Authenticate", "streamlit_authenticator.utilities.hasher.Hasher"}


def test_the_form_is_made_once_and_within_its_bounds() -> None:
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in (*ROOMS, *DOORS)]
    assert sum(len(list(calls(tree))) for tree in trees) == 1
    assert [fault for tree in trees for fault in faults(tree)] == []


@pytest.mark.parametrize(
    "line",
    [
        "Authenticate('config.yaml', cookie_expiry_days=0, auto_hash=False, api_key=None, login_sleep_time=0)",
        "Authenticate({}, cookie_expiry_days=30, auto_hash=False, api_key=None, login_sleep_time=0)",
        "Authenticate({}, cookie_expiry_days=0, auto_hash=False, login_sleep_time=0)",
        "Authenticate({}, cookie_expiry_days=0, auto_hash=True, api_key=None, login_sleep_time=0)",
        *(
            "a = Authenticate({}, cookie_expiry_days=0, auto_hash=False, api_key=None, login_sleep_time=0)\n"
            f"a.{form}()"
            for form in (
                "register_user",
                "forgot_password",
                "experimental_guest_login",
                "update_user_details",
                "logout",
            )
        ),
    ],
)
def test_what_is_forbidden_is_noticed(line: str) -> None:
    """Negative control."""
    assert faults(ast.parse(line))
