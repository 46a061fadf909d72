"""What a person typed is shown as typed: nothing of it is obeyed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest
from tests.xss import XSS

from dashboard.ui.plain import plain

JOINER = "\u2060"
NASTY = (
    "![beacon](http://example.org/x.png)",
    "[click](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "http://example.org www.example.org a@example.org",
    ":red[loud] :material/home: :smile: $x^2$ `code` **bold** ~~gone~~",
    "# heading\n- item\n1. one\n> quote\n| a | b |\n|---|---|",
    "&lt;b&gt; \\*not\\*",
)


@pytest.mark.parametrize("text", NASTY)
def test_no_sign_of_markup_is_left_unescaped(text: str) -> None:
    escaped = plain(text)
    bare = escaped.replace("\\\\", "")
    for sign in "*_`[]()<>#!|:$~@&":
        assert bare.count(sign) == bare.count(f"\\{sign}")
    assert "\n" not in escaped


@given(st.text())
def test_nothing_is_lost_but_white_space(text: str) -> None:
    unescaped, letters = "", iter(plain(text))
    for letter in letters:
        unescaped += next(letters) if letter == "\\" else letter
    assert unescaped.replace(JOINER, "") == " ".join(text.split()).replace(JOINER, "")


LINKED = re.compile(r"(?i)(https?://|www(?=\.))[-.\w]+|[-.\w+]+@[-\w]+(\.[-\w]+)+", re.ASCII)
"""What Streamlit's Markdown makes a link of, also where every sign of it was escaped."""


@pytest.mark.parametrize(
    "text", ["http://example.org", "see HTTPS://example.org/x.", "www.example.org", "(a@example.org)"]
)
def test_an_address_is_no_link(text: str) -> None:
    shown = plain(text).replace("\\", "")
    assert LINKED.search(text), "the control"
    assert not LINKED.search(shown)
    assert shown.replace(JOINER, "") == text


@pytest.mark.parametrize("text", XSS)
def test_none_of_the_texts_that_attack_holds_a_link(text: str) -> None:
    assert not LINKED.search(plain(text).replace("\\", ""))


def test_a_table_shows_the_text_and_no_link() -> None:
    def script(text: str) -> None:
        import pandas as pd

        from dashboard.ui import layout

        layout.text_table(pd.DataFrame({"Why": [text]}), "A table")

    shown = AppTest.from_function(script, args=(NASTY[0],)).run()
    assert not shown.exception
    assert shown.table[0].value.iloc[0, 0] == plain(NASTY[0])
