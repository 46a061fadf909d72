"""Which arguments of verbs are words that a person typed: each is scanned, or it is said why not."""

import inspect
from typing import get_type_hints

import pytest
from tests.architecture.test_house import WRITING

from dashboard.ui.verbs import FREE_TEXTS

NOT_SCANNED = {
    "organisation": "a code",
    "filename": "what the sender's file is called",
    "username": "names the person whose account it is",
    "display_name": "names the person whose account it is",
    "password": "never written",  # pragma: allowlist secret
    "current": "a password",
    "new": "a password",
    "kind": "a file format",
    "verb": "ours",
    "text": "an incident is never held up by a question",
    "version": "a hash",
    "token": "a secret",
    "secret": "a secret",  # pragma: allowlist secret
    "code": "used up",
    "session_id": "ours",
    "attachment_id": "ours",
    "kept": "ours",
}


@pytest.mark.parametrize("name", WRITING)
def test_every_text_that_a_verb_takes_is_scanned_or_says_why_not(name: str) -> None:
    hints = get_type_hints(WRITING[name])
    texts = {key for key in inspect.signature(WRITING[name]).parameters if hints.get(key) is str}
    assert texts <= {*FREE_TEXTS, *NOT_SCANNED}, "Add it to FREE_TEXTS in ui/verbs.py, or here with the reason"


def test_nothing_is_named_that_no_verb_takes() -> None:
    taken = {key for verb in WRITING.values() for key in inspect.signature(verb).parameters}
    assert set(FREE_TEXTS) <= taken
    assert set(NOT_SCANNED) <= taken
