"""The disclosure policy: a file a manager can read, refused when a threshold is none."""

from pathlib import Path

import pytest

from dashboard.datasets import STRUCTURES
from dashboard.disclosure import GROUP, load_policy
from dashboard.errors import ConfigurationError

SOUND = """
version = "3"
decided = "by the group"
[thresholds.group]
victims = 5
cases = 1
"""


def write(folder: Path, content: str) -> Path:
    (folder / "disclosure_policy.toml").write_text(content, encoding="utf-8")
    return folder


def test_a_sound_policy_is_read(tmp_path: Path) -> None:
    policy = load_policy(write(tmp_path, SOUND))
    assert (policy.version, policy.decided) == ("3", "by the group")
    assert (policy.threshold(GROUP, "victims"), policy.threshold(GROUP, "cases")) == (5, 1)


@pytest.mark.parametrize(("circulation", "structure"), [(GROUP, "persons"), ("public", "victims")])
def test_no_threshold_is_an_error_and_never_a_default(tmp_path: Path, circulation: str, structure: str) -> None:
    policy = load_policy(write(tmp_path, SOUND))
    with pytest.raises(ConfigurationError, match=f"no threshold for {structure} in the circulation {circulation}"):
        policy.threshold(circulation, structure)


@pytest.mark.parametrize("threshold", ["0", "-5", "4.5", '"5"', "true", "[5]"])
def test_a_threshold_is_a_whole_number_from_1_on(tmp_path: Path, threshold: str) -> None:
    with pytest.raises(ConfigurationError, match="threshold of victims for group must be a whole number from 1 on"):
        load_policy(write(tmp_path, SOUND.replace("victims = 5", f"victims = {threshold}")))


def test_a_file_that_is_missing_or_broken_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"disclosure_policy.toml is missing. Put it into"):
        load_policy(tmp_path)
    with pytest.raises(ConfigurationError, match="can't be read"):
        load_policy(write(tmp_path, "victims = "))


def test_the_policy_of_the_group_protects_every_confidential_structure(reference_dir: Path) -> None:
    policy = load_policy(reference_dir)
    thresholds = {name: policy.threshold(GROUP, name) for name, one in STRUCTURES.items() if one.confidential}
    assert all(threshold >= 3 for threshold in thresholds.values())
