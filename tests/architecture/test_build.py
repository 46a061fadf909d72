"""The frame of the project: pins, comments, doors and targets."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[\w.]+)( ; .+)?")

# Put together here, so that this file does not hold what it forbids.
REGISTRIES = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
    ]
]
MACHINE_PATH = re.compile(r"(?<![\w.}/)*-])/(work|tmp|root|home)/\w")


def test_every_package_is_pinned() -> None:
    runtime = _pins("requirements.txt")
    development = _pins("requirements-dev.txt")
    assert runtime.keys() >= {_name(line) for line in _declared("dependencies")}
    assert development.keys() >= {_name(line) for line in _declared("test") + _declared("check")}


def test_both_files_pin_shared_packages_alike() -> None:
    runtime = _pins("requirements.txt")
    development = _pins("requirements-dev.txt")
    shared = runtime.keys() & development.keys()
    assert {name: runtime[name] for name in shared} == {name: development[name] for name in shared}


def test_requirements_install_the_dashboard_itself() -> None:
    assert _lines("requirements.txt")[-1] == "-e ."


@pytest.mark.parametrize("array", ["dependencies", "test", "check"])
def test_every_dependency_says_where_it_is_used(array: str) -> None:
    silent = [line for line in _declared(array) if not re.search(r'",?\s+# \S', line)]
    assert not silent, "Add a comment that says which rooms use it"


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in _project_files()
        for number, line in enumerate(_text(path).splitlines(), start=1)
        if any(host in line for host in REGISTRIES) or MACHINE_PATH.search(line)
    ]
    assert not found, "\n".join(found)


def test_nothing_lies_directly_in_pages() -> None:
    flat = [path.name for path in (ROOT / "pages").glob("*") if path.is_file()]
    assert not flat, "A flat page can be opened without app.py, so without signing in: move it into pages/<section>/"


def test_pages_are_doors() -> None:
    long = {
        str(path.relative_to(ROOT)): length
        for path in (ROOT / "pages").rglob("*.py")
        if (length := len(_text(path).splitlines())) > 40
    }
    assert not long, "A page holds at most 40 lines: what it decides belongs into a room of src/dashboard"


def test_readme_names_targets_that_exist() -> None:
    readme = ROOT / "README.md"
    if not readme.exists():
        pytest.skip("README.md has not been written yet")
    targets = set(re.findall(r"^([a-z-]+):", _text(ROOT / "Makefile"), flags=re.MULTILINE))
    code = re.findall(r"^```.*?^```|`[^`\n]+`", _text(readme), flags=re.MULTILINE | re.DOTALL)
    named = {target for text in code for target in re.findall(r"\bmake ([a-z-]+)", text)}
    assert named <= targets


def _pins(name: str) -> dict[str, str]:
    lines = [line.split(" #")[0].strip() for line in _lines(name)]
    pins = {line: PIN.fullmatch(line) for line in lines if line and line[0] != "#" and line != "-e ."}
    loose = [line for line, pin in pins.items() if pin is None]
    assert not loose, f"{name} does not pin {loose}: run `make lock`"
    return {pin["name"]: pin["version"] for pin in pins.values() if pin is not None}


def _declared(array: str) -> list[str]:
    """The lines of an array in pyproject.toml with their comments, which a TOML reader drops."""
    source = _text(ROOT / "pyproject.toml")
    block = re.search(rf"^{array} = \[\n(.*?)^\]", source, flags=re.MULTILINE | re.DOTALL)
    lines = [line for line in block[1].splitlines() if line.lstrip().startswith('"')] if block else []
    project = tomllib.loads(source)["project"]
    declared = {**project["optional-dependencies"], "dependencies": project["dependencies"]}[array]
    assert len(lines) == len(declared), f"Write each entry of {array} on a line of its own"
    return lines


def _name(requirement: str) -> str:
    found = re.search(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return re.sub(r"[._-]+", "-", found[0]).lower()


def _project_files() -> list[Path]:
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def _text(path: Path) -> str:
    """What can be read of a file; a font or a picture gives nothing."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", errors="replace")


def _lines(name: str) -> list[str]:
    return _text(ROOT / name).splitlines()
