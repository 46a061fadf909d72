"""README and docs against the code: what they name is there, and what is there is named.

Of two copies one must be held by a test. Checks that look for something are also tried where it must be found.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.architecture import permissions_page
from tests.examples import REFERENCE

from dashboard.accounts import Permission, Role
from dashboard.disclosure import GROUP, WIDER, load_plan, load_policy
from dashboard.settings import ROOT, Settings

README = ROOT / "README.md"
DOCS = ROOT / "docs"
PAGES = [README, *sorted(DOCS.rglob("*.md"))]
IMAGES = DOCS / "images"
PLANNED = {"planned", "built so"}
TOP = ("src", "tests", "pages", "data", "docs", "static", ".streamlit")


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def chapter(page: str, title: str) -> str:
    """What stands under a heading of the second level."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", page, flags=re.MULTILINE | re.DOTALL)
    assert found, f'The chapter "{title}" is not there'
    return found[1]


def rows(part: str) -> list[tuple[str, ...]]:
    """The cells of all tables, without the lines of headings and of dashes."""
    lines = [line for line in part.splitlines() if line.startswith("|")]
    heads = {index for index, line in enumerate(lines[1:]) if set(line) <= set("|-")}
    kept = [line for index, line in enumerate(lines) if index not in heads and not set(line) <= set("|-")]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in kept]


def code(page: str) -> list[str]:
    """Every text between backticks on one line, blocks left out."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL))


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


README_TEXT = text_of(README)

# Settings ---------------------------------------------------------------------------------------

VARIABLE = re.compile(r"\bDASHBOARD_[A-Z_]+\b")


def test_the_table_of_settings_is_that_of_the_code() -> None:
    read = set(VARIABLE.findall(text_of(ROOT / "src" / "dashboard" / "settings.py")))
    told = {variable for row in rows(chapter(README_TEXT, "Settings")) for variable in VARIABLE.findall(row[0])}
    assert read, "the expression finds variables"
    assert read - told == set(), "Add a row to the table of settings in README.md"
    assert told - read == set(), "settings.py does not read this any more: remove the row from README.md"


def test_the_defaults_of_settings_are_those_of_the_code() -> None:
    settings = Settings.from_environ({})
    told = {row[0].strip("`"): row[1].strip("`") for row in rows(chapter(README_TEXT, "Settings"))}
    folders = {
        "DASHBOARD_STATE_DIR": settings.state_dir,
        "DASHBOARD_REFERENCE_DIR": settings.reference_dir,
        "DASHBOARD_SAMPLE_DIR": settings.sample_dir,
    }
    assert {variable: told[variable] for variable in folders} == {key: name(path) for key, path in folders.items()}
    assert told["DASHBOARD_SAMPLE"] == ("yes" if settings.load_sample else "no")
    assert told["DASHBOARD_GROUP_NAME"] == settings.group_name
    assert told["DASHBOARD_TIME_ZONE"] == settings.time_zone
    assert told["DASHBOARD_DATABASE_URL"].startswith(settings.database_url.rpartition("/")[2])


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_variable_that_is_named_is_read_somewhere(page: Path) -> None:
    sources = [*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    read = {variable for file in sources for variable in VARIABLE.findall(text_of(file))}
    assert set(VARIABLE.findall(text_of(page))) <= read


# Permissions ------------------------------------------------------------------------------------


def test_the_page_of_permissions_is_made_from_the_table_of_roles() -> None:
    shown = text_of(permissions_page.FILE) if permissions_page.FILE.exists() else ""
    assert shown == permissions_page.page(), f"Run: {permissions_page.COMMAND}"


def test_every_role_and_permission_stands_on_the_page() -> None:
    page = permissions_page.page()
    told = [row[0] for row in rows(page)]
    assert told[: len(Role) + len(Permission)] == [
        *(role.label for role in Role),
        *(permission.sentence for permission in Permission),
    ]
    assert all(role.description in page for role in Role)


def test_a_permission_that_is_left_out_is_noticed() -> None:
    """Negative control."""
    assert permissions_page.page(list(Permission)[1:]) != permissions_page.page()
    assert permissions_page.page(roles=list(Role)[1:]) != permissions_page.page()


# Make targets -----------------------------------------------------------------------------------


def targets() -> dict[str, str]:
    """Every target of the Makefile that says what it does."""
    return dict(re.findall(r"^([a-z-]+):.*?## (.+)$", text_of(ROOT / "Makefile"), flags=re.MULTILINE))


def test_the_table_of_targets_is_that_of_the_makefile() -> None:
    told = {row[0].strip("`").removeprefix("make "): row[1] for row in rows(chapter(README_TEXT, "Make targets"))}
    assert told == targets(), "Write into README.md what the Makefile says behind ##"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_target_that_is_named_exists(page: Path) -> None:
    blocks = re.findall(r"^```.*?^```", text_of(page), flags=re.MULTILINE | re.DOTALL)
    named = {target for part in [*blocks, *code(text_of(page))] for target in re.findall(r"\bmake ([a-z-]+)", part)}
    assert named <= set(targets())


# Promises ---------------------------------------------------------------------------------------

PROMISES = rows(chapter(README_TEXT, "Promises"))
KEPT = [row for row in PROMISES if row[2] not in PLANNED]


def test_promises_are_kept_or_said_to_be_planned() -> None:
    assert len(KEPT) > 5
    assert all(len(row) == 3 and all(row) for row in PROMISES)


@pytest.mark.parametrize(("promise", "kept_by", "held_by"), KEPT, ids=[row[0] for row in KEPT])
def test_a_promise_names_a_file_and_a_test_that_exist(promise: str, kept_by: str, held_by: str) -> None:
    files, tests = code(kept_by), code(held_by)
    assert files, f"{promise}: name the file that keeps it, or say planned"
    assert tests, f"{promise}: name the test that holds it, or say planned"
    assert [file for file in files if not (ROOT / file).is_file()] == []
    assert [test for test in tests if not is_test(test)] == []


def is_test(path: str) -> bool:
    """Whether `tests/a/test_b.py::test_c` is there."""
    file, _, function = path.partition("::")
    return (ROOT / file).is_file() and f"\ndef {function}(" in text_of(ROOT / file)


def test_a_test_that_is_not_there_is_noticed() -> None:
    """Negative control."""
    assert is_test("tests/architecture/test_docs.py::test_a_test_that_is_not_there_is_noticed")
    assert not is_test("tests/architecture/test_docs.py::test_that_nobody_wrote")
    assert not is_test("tests/architecture/test_nothing.py::test_a_test_that_is_not_there_is_noticed")


# Links and paths --------------------------------------------------------------------------------

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
LINKS = [(page, link) for page in PAGES for link in LINK.findall(text_of(page)) if "://" not in link]


def anchors(file: Path) -> set[str]:
    """The anchors that headings give."""
    headings = re.findall(r"^#+ (.+)$", text_of(file), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(("page", "link"), LINKS, ids=[f"{name(page)}: {link}" for page, link in LINKS])
def test_a_link_leads_somewhere(page: Path, link: str) -> None:
    path, _, anchor = link.partition("#")
    file = (page.parent / path).resolve() if path else page
    if file.parent == IMAGES and not file.exists():
        pytest.skip("Pictures are taken by `make screenshots`")
    assert file.is_file(), "Mend the link, or add the file"
    assert file.is_relative_to(ROOT)
    assert not anchor or anchor in anchors(file)


def paths(page: str) -> Iterator[str]:
    """Files and folders of the project that a text names."""
    for part in code(page):
        if part.startswith(tuple(f"{folder}/" for folder in TOP)) and " " not in part:
            yield part.partition("::")[0]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_path_that_is_named_exists(page: Path) -> None:
    assert [path for path in paths(text_of(page)) if not any(ROOT.glob(path.rstrip("/")))] == []


def test_paths_are_found_in_a_text() -> None:
    """Negative control."""
    text = "See `src/nothing.py`, `tests/a.py::test_b` and [that](docs/nothing.md); not `pip install src/x`."
    assert list(paths(text)) == ["src/nothing.py", "tests/a.py"]
    assert LINK.findall(text) == ["docs/nothing.md"]


def test_every_register_that_is_named_is_in_its_file() -> None:
    named = re.findall(r"\b([A-Z][A-Z_]{3,}) in `(src/[^`]+)`", chapter(README_TEXT, "How to add"))
    assert {register for register, _ in named} >= {"CHARTS", "READERS", "RULES", "WORKING_PAGES"}
    for register, file in named:
        assert re.search(rf"^{register}\b.* =", text_of(ROOT / file), flags=re.MULTILINE), f"{register}, {file}"


# Rooms, decisions, plan -------------------------------------------------------------------------


def test_the_table_of_rooms_is_what_lies_in_src() -> None:
    told = [part for row in rows(chapter(README_TEXT, "Rooms and floors")) for part in code(row[0])]
    inside = (ROOT / "src" / "dashboard").iterdir()
    there = {path.name for path in inside if (path / "__init__.py").is_file() or path.suffix == ".py"}
    assert sorted(told) == sorted(there - {"__init__.py"}), "Give a new room a row in README.md"


def test_every_page_is_linked_from_the_readme() -> None:
    linked = {(README.parent / link.partition("#")[0]).resolve() for page, link in LINKS if page == README}
    assert [name(page) for page in PAGES if page != README and page not in linked] == []


def test_decisions_are_numbered_and_say_what_was_rejected() -> None:
    decisions = sorted((DOCS / "decisions").glob("*.md"))
    assert [file.name[:5] for file in decisions] == [f"{number:04}-" for number in range(1, len(decisions) + 1)]
    for file in decisions:
        text = text_of(file)
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequence", "Rejected"]
        assert text.startswith(f"# {file.name[:4]} "), f"Begin {file.name} with its number"


def test_the_table_of_planned_tables_is_the_plan() -> None:
    expected = [
        (
            f"`{table.name}`",
            table.structure.name,
            ", ".join(table.dimensions[1:]),
            "; ".join(f"{dimension}: {', '.join(levels)}" for dimension, levels in table.levels.items()),
        )
        for table in load_plan(REFERENCE).tables.values()
    ]
    assert [row for row in rows(chapter(text_of(DOCS / "disclosure.md"), "What is published")) if len(row) == 4] == (
        expected
    ), "Write the tables of publication_plan.toml into docs/disclosure.md"


def test_the_table_of_thresholds_is_the_policy() -> None:
    told = [row for row in rows(chapter(text_of(DOCS / "disclosure.md"), "Who reads what")) if len(row) == 3]
    thresholds = load_policy(REFERENCE).thresholds
    assert told == [(name, str(thresholds[GROUP][name]), str(thresholds[WIDER][name])) for name in thresholds[GROUP]]
