"""The tools of `make check` and `make sbom` do notice what they are for: each is tried on something planted."""

import json
import re
import subprocess
import sys
from pathlib import Path
from shutil import copyfile

import pytest

ROOT = Path(__file__).parents[2]
PLANTED = "aws_secret_access_key = '" + "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYzzzzzzzzKEY'\n"
HARMLESS = "places = 'Male, Addu City and Kulhudhuffushi'\n"


def run(module: str, *arguments: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
    """One of the tools, as the Makefile calls it."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, input=text, capture_output=True, check=False, text=True)


@pytest.mark.parametrize(("text", "refused"), [(PLANTED, True), (HARMLESS, False)])
def test_a_secret_that_somebody_commits_is_noticed(tmp_path: Path, text: str, refused: bool) -> None:
    file = tmp_path / "settings_of_somebody.py"
    file.write_text(text, encoding="utf-8")
    baseline = Path(copyfile(ROOT / ".secrets.baseline", tmp_path / "baseline"))  # Git has to know the real one
    found = run("detect_secrets.pre_commit_hook", "--no-verify", "--baseline", baseline, file)
    assert (found.returncode != 0, "Secret Keyword" in found.stdout) == (refused, refused)


def test_no_finding_is_hidden_in_the_baseline() -> None:
    results = json.loads((ROOT / ".secrets.baseline").read_text(encoding="utf-8"))["results"]
    open_ = [
        f"{name}:{one['line_number']}" for name, ones in results.items() for one in ones if one.get("is_secret", 1)
    ]
    assert open_ == [], 'Look at it; set "is_secret" to false, or take the secret out'


@pytest.mark.parametrize(
    ("text", "refused"),
    [("import subprocess\nsubprocess.run(input(), shell=True)\n", True), ("import hashlib\nhashlib.sha256()\n", False)],
)
def test_dangerous_source_is_noticed(tmp_path: Path, text: str, refused: bool) -> None:
    file = tmp_path / "planted.py"
    file.write_text(text, encoding="utf-8")
    options = ("--quiet", "--configfile", "pyproject.toml", "--severity-level", "medium")
    assert (run("bandit", *options, file).returncode != 0) == refused


def test_every_skip_of_bandit_says_why() -> None:
    block = re.search(
        r"^\[tool\.bandit\]\nskips = \[\n(.*?)^\]", (ROOT / "pyproject.toml").read_text("utf-8"), re.M | re.S
    )
    assert block
    assert all(re.search(r'"B\d{3}",\s+# \S', line) for line in block[1].splitlines())


def test_the_list_of_parts_names_every_package_that_is_installed(tmp_path: Path) -> None:
    lines = [line for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines() if not line.startswith("-e")]
    options = ("requirements", "--pyproject", "pyproject.toml", "--output-reproducible", "--output-file")
    done = run("cyclonedx_py", *options, tmp_path / "sbom.json", "-", text="\n".join(lines))
    assert done.returncode == 0, done.stderr
    parts = json.loads((tmp_path / "sbom.json").read_text("utf-8"))
    pins = [re.match(r"([\w.-]+)==([\w.]+)", line) for line in lines]
    wanted = {(pin[1].lower(), pin[2]) for pin in pins if pin}
    assert len(wanted) > 40
    assert {(part["name"].lower(), part["version"]) for part in parts["components"]} == wanted
    assert not {"serialNumber", "timestamp"} & {*parts, *parts["metadata"]}, "the same packages give the same file"
    recipe = (ROOT / "Makefile").read_text("utf-8")
    assert f"cyclonedx_py {' '.join(options)} sbom.json -" in recipe, "this is what `make sbom` does"
