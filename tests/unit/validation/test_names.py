"""What is kept of the name of a file: enough to know it again, and nothing that does anything."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.validation.names import LONGEST, harmless

HOSTILE = {
    "../../etc/passwd.csv": "passwd.csv",
    "..\\..\\boot.ini.csv": "boot.ini.csv",
    "C:\\returns\\2024.xlsx": "2024.xlsx",
    "/etc/cron.d/x.csv": "x.csv",
    "..": "return",
    "": "return",
    "\x00\r\n": "return",
    "a\x00b\x1b[31m.csv": "ab[31m.csv",
    "two\nlines.csv": "twolines.csv",
    "return\u202evsc.xlsx": "returnvsc.xlsx",
    "zero\u200bwidth\ufeff.csv": "zerowidth.csv",
    "<img src=x>.csv": "-img src=x-.csv",
    'a"; filename="b.csv': "a-; filename=-b.csv",
    " . hidden.csv . ": "hidden.csv",
}
KNOWN_AGAIN = (
    "MPS_victims.csv",
    "Return of 2024 (second).xlsx",
    "\u078a\u07aa\u078d\u07aa\u0790\u07b0.csv",
    "\u00e9t\u00e9.csv",
)
"""Names as people give them, in Thaana too."""


@pytest.mark.parametrize(("filename", "kept"), HOSTILE.items())
def test_of_a_hostile_name_a_harmless_one_is_left(filename: str, kept: str) -> None:
    assert harmless(filename) == kept


@pytest.mark.parametrize("filename", KNOWN_AGAIN)
def test_an_honest_name_stays(filename: str) -> None:
    assert harmless(filename) == filename


def test_a_long_name_keeps_its_ending() -> None:
    assert harmless(f"{'x' * 300}.xlsx") == f"{'x' * (LONGEST - 5)}.xlsx"
    assert harmless("x" * 300) == "x" * LONGEST
    assert harmless("." + "x" * 300) == "x" * LONGEST


@given(
    st.text(alphabet=st.one_of(st.sampled_from('/\\.: \x00\u202e\u2067\u200d\r\n"<>x'), st.characters()), max_size=300)
)
def test_no_name_does_anything(filename: str) -> None:
    kept = harmless(filename)
    assert 0 < len(kept) <= LONGEST
    assert not set(kept) & set('/\\<>:"|?*')
    assert not [sign for sign in kept if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert kept == kept.strip(". ")
    assert harmless(kept) == kept
