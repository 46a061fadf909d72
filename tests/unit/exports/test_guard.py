"""Nothing in a download runs as a formula."""

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.exports import guard

TRIGGERS = "=+-@|%\t\r\n"
FULL_WIDTH = "\uff1d\uff0b\uff0d\uff20\uff5c\uff05"
BLANKS = " \t\r\n\x0b\x0c\x00\x1f\x85\u00a0\u200b\u200e\u2028\u3000\ufeff"


def is_number(text: str) -> bool:
    return text.isascii() and text.strip() == text and "_" not in text and _parses(text.replace(",", ""))


def _parses(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def runs(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula: told in another way than the guard tells it."""
    if is_number(text):
        return False
    return text[:1] in set("\t\r\n") or text.lstrip(BLANKS)[:1] in set(TRIGGERS + FULL_WIDTH)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+A1", "-A1", "@SUM(A1)", "|calc", "%x", "\tx", "\r=x", "\n=x", "  =1", "\ufeff=1", "\u200b@x",
     "\uff1d1", "\uff0b1", "=cmd|'/c calc'!A0", "-1+1", "+44 20 7946", "--1", "\x00=1", "\u00a0=1"],
)  # fmt: skip
def test_formulas_get_an_apostrophe(text: str) -> None:
    assert guard(text).startswith("'")


@pytest.mark.parametrize(
    "text",
    ["", "c", "no return", "Bangladesh", "-5", "+3.5", "-1,234", "12", "Male' region", "1=1", "a@b", "'=1", " x"],
)
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert guard(text) == text


@given(st.text(alphabet=st.one_of(st.sampled_from(TRIGGERS + FULL_WIDTH + BLANKS + "019.,aA'"), st.characters())))
@example("=")
def test_no_guarded_text_runs(text: str) -> None:
    assert not runs(guard(text))


@given(st.text())
def test_guarding_twice_is_guarding_once(text: str) -> None:
    assert guard(guard(text)) == guard(text)


def test_twenty_thousand_generated_texts() -> None:
    chance = random.Random(20_000)
    signs = TRIGGERS + FULL_WIDTH + BLANKS + "0123456789.,abcXYZ()!'\"; \u00e9\u4e2d"
    for _ in range(20_000):
        text = "".join(chance.choices(signs, k=chance.randint(0, 8)))
        assert not runs(guard(text)), repr(text)
