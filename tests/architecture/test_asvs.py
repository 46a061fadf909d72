"""The list of security requirements: every test that it names exists, and every exception has a date and a reason."""

import re
from datetime import UTC, datetime

import pytest
from tests.architecture.test_docs import DOCS, code, is_test, rows, text_of

PAGE = text_of(DOCS / "asvs.md")
CHAPTERS = dict(re.findall(r"^## (V\d+ .+?)\n(.*?)(?=^## |\Z)", PAGE, flags=re.MULTILINE | re.DOTALL))
REQUIREMENTS = [row for part in CHAPTERS.values() for row in rows(part)]
SHORTEST_REASON = 20


def fault(requirement: str, asks: str, status: str, shown: str) -> str:
    """What is wrong with a row; nothing if it is right."""
    if not re.fullmatch(r"v5\.0\.0-\d+\.\d+\.\d+", requirement) or not asks:
        return "a requirement is named like v5.0.0-6.2.1, and says what it asks for"
    if status == "held":
        missing = [test for test in code(shown) if not is_test(test)]
        return f"there is no {missing}" if missing or not code(shown) else ""
    if status == "pending":
        return "" if shown else "say what it waits for"
    dated = re.fullmatch(r"exception of (\d+ \w+ \d{4})", status)
    if not dated or datetime.strptime(dated[1], "%d %B %Y").replace(tzinfo=UTC) > datetime.now(UTC):
        return "a status is held, pending, or exception of a day that has been"
    return "" if len(shown) >= SHORTEST_REASON else "an exception needs its reason"


def test_the_list_is_long_and_names_each_requirement_once() -> None:
    named = [row[0] for row in REQUIREMENTS]
    assert len(named) >= 90
    assert len(set(named)) == len(named)
    assert [chapter.split()[0] for chapter in CHAPTERS] == [f"V{number}" for number in range(1, 17)]
    assert "No WebRTC" in PAGE


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_requirement_stands_in_its_chapter(chapter: str) -> None:
    number = chapter.split()[0].removeprefix("V")
    assert {row[0].split("-")[1].split(".")[0] for row in rows(CHAPTERS[chapter])} == {number}


@pytest.mark.parametrize("row", REQUIREMENTS, ids=[row[0] for row in REQUIREMENTS])
def test_a_requirement_is_shown_by_a_test_or_says_why_not(row: tuple[str, ...]) -> None:
    assert fault(*row) == ""


@pytest.mark.parametrize(
    "row",
    [
        ("6.2.1", "x", "held", "`tests/architecture/test_asvs.py::fault`"),
        ("v5.0.0-6.2.1", "x", "held", "`tests/architecture/test_asvs.py::test_that_nobody_wrote`"),
        ("v5.0.0-6.2.1", "x", "held", "no test"),
        ("v5.0.0-6.2.1", "x", "pending", ""),
        ("v5.0.0-6.2.1", "x", "exception", "A reason that is long enough."),
        ("v5.0.0-6.2.1", "x", "exception of 1 January 2999", "A reason that is long enough."),
        ("v5.0.0-6.2.1", "x", "exception of 1 January 2020", "Because."),
        ("v5.0.0-6.2.1", "x", "perhaps", "A reason that is long enough."),
    ],
)
def test_a_row_that_proves_nothing_is_noticed(row: tuple[str, str, str, str]) -> None:
    """Negative control."""
    assert fault(*row)
