"""docs/security.md says what the program does: its numbers and words are those of the code."""

import re
from datetime import timedelta

import pytest
from tests.architecture.test_docs import DOCS, chapter, code, text_of
from tests.architecture.test_house import ROOMS

from dashboard.accounts import passwords
from dashboard.accounts.model import CONFIRMED_FOR
from dashboard.sessions import lock_out
from dashboard.sessions.model import IDLE, LONGEST_SESSION, Step
from dashboard.sessions.second_factor import STEP
from dashboard.sessions.single_sign_on.id_token import ALGORITHMS

PAGE = text_of(DOCS / "security.md")
TEXT = re.sub(r"\s+", " ", PAGE)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

SAID = {
    "steps": "; ".join(step.value for step in Step if step is not Step.READY),
    "tries": f"After {lock_out.TRIES} failures in a row a username waits",
    "first wait": f"waits {lock_out.SHORTEST_DELAY // MINUTE} minute, then twice as long",
    "longest wait": f"{lock_out.LONGEST_DELAY // MINUTE} minutes at most",
    "addresses": f"in the same way after {lock_out.TRIES_FROM_ADDRESS}.",
    "forgotten": f"forgotten after {lock_out.FORGOTTEN_AFTER // HOUR} hours",
    "length": f"At least {passwords.SHORTEST} characters, {passwords.SHORTEST_FOR_ADMINISTRATORS} for administrators, "
    f"{passwords.LONGEST_BYTES} bytes at most; a temporary one stands for {passwords.TEMPORARY_FOR // HOUR} hours",
    "words": ", ".join(passwords._OF_THE_GROUP),
    "idle": f"ends after {IDLE // MINUTE} minutes without a click, and after {LONGEST_SESSION // HOUR} hours",
    "confirmed": f"more than {CONFIRMED_FOR // MINUTE} minutes ago",
    "bcrypt": f"bcrypt, cost {int(passwords.DUMMY_HASH.split('$')[2])}",
    "algorithms": ", ".join(ALGORITHMS),
}


@pytest.mark.parametrize("what", SAID)
def test_the_page_says_what_the_program_does(what: str) -> None:
    assert SAID[what] in TEXT
    assert SAID[what] + "0" not in TEXT


def test_a_code_of_the_phone_stands_for_half_a_minute() -> None:
    assert STEP == 30
    assert "six figures each half minute" in TEXT


def test_every_line_that_is_logged_stands_on_the_page() -> None:
    """By its first word; the one about the anchor begins with a sentence."""
    logged = {found[1] for file in ROOMS for found in re.finditer(r'_LOG\.\w+\(\s*f?"([^"]*?)[ :]*%s', text_of(file))}
    assert {"incident", "refused", "single sign-on"} <= logged, "the expression finds them"
    told = {*code(chapter(PAGE, "What is logged")), "The anchor of the audit trail"}
    assert logged <= told, "Give it a row in docs/security.md"
