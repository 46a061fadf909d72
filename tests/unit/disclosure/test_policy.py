"""The disclosure policy: a file a manager can read, refused when a word or a number in it is none."""

from pathlib import Path

import pytest
from tests.examples import REFERENCE

from dashboard.datasets import STRUCTURES
from dashboard.disclosure import GROUP, load_policy
from dashboard.disclosure.policy import SECRETARIAT, WIDER, Circulation, Grouping
from dashboard.errors import ConfigurationError

SOUND = """
version = "3"
decided = "by the group"
zeros = "shown, and withheld where that protects a small count"
hub = ["period", "form_of_exploitation"]
hub_weight = 2.5
[[circulations]]
name = "group"
description = "Members."
[[circulations]]
name = "wider"
description = "All others."
[thresholds.group]
victims = 5
cases = 1
persons = 3
assistance = 3
[thresholds.wider]
victims = 10
cases = 2
persons = 3
assistance = 11
[grouping]
dimensions = ["nationality"]
smallest_group = 3
[periods]
shown_share = 0.25
"""


def write(folder: Path, content: str) -> Path:
    (folder / "disclosure_policy.toml").write_text(content, encoding="utf-8")
    return folder


def test_a_sound_policy_is_read(tmp_path: Path) -> None:
    policy = load_policy(write(tmp_path, SOUND))
    assert (policy.version, policy.decided) == ("3", "by the group")
    assert policy.circulations == (Circulation(GROUP, "Members."), Circulation(WIDER, "All others."))
    assert (policy.threshold(GROUP, "victims"), policy.threshold(GROUP, "cases")) == (5, 1)
    assert (policy.hub, policy.hub_weight) == (("period", "form_of_exploitation"), 2.5)
    assert (policy.grouping, policy.shown_share, policy.contributor) == (Grouping(("nationality",), 3), 0.25, "")


@pytest.mark.parametrize(("circulation", "structure"), [(GROUP, "prevention"), ("public", "victims")])
def test_no_threshold_is_an_error_and_never_a_default(tmp_path: Path, circulation: str, structure: str) -> None:
    policy = load_policy(write(tmp_path, SOUND))
    with pytest.raises(ConfigurationError, match=f"no threshold for {structure} in the circulation {circulation}"):
        policy.threshold(circulation, structure)


@pytest.mark.parametrize("threshold", ["0", "-5", "4.5", '"5"', "true", "[5]"])
def test_a_threshold_is_a_whole_number_from_1_on(tmp_path: Path, threshold: str) -> None:
    with pytest.raises(ConfigurationError, match="threshold of victims for group must be a whole number from 1 on"):
        load_policy(write(tmp_path, SOUND.replace("victims = 5", f"victims = {threshold}")))


@pytest.mark.parametrize(
    ("right", "wrong", "mend"),
    [
        (
            "victims = 10",
            "victims = 4",
            "victims is lower for wider than for group, who are trusted more. Raise it to 5",
        ),
        ("assistance = 11\n", "", "the thresholds of wider leave out assistance. Add it"),
        ("assistance = 11", "assistance = 11\nprevention = 5", "the thresholds of wider name prevention. Choose among"),
        ("[thresholds.wider]", "[thresholds.public]", "thresholds name public. Choose among group, wider"),
        ('name = "wider"', 'name = "group"', "circulations must name each circulation once"),
        ('description = "Members."\n', "", "circulations: description is missing. Add it"),
        (" a small count", " us", "zeros can only be"),
        ("hub_weight", "hub_wait", "hub_wait is unknown. Choose among"),
        ("hub_weight = 2.5\n", "", "hub_weight is missing. Add it"),
        ("2.5", "0.5", "hub_weight must be a number from 1"),
        ("2.5", "true", "hub_weight must be a number from 1"),
        ('["period", ', '["quarter", ', "hub names quarter. Choose among"),
        ('["nationality"]', '["colour"]', "grouping names colour. Choose among"),
        ('["nationality"]', '["status"]', "grouping names status. Choose among"),
        ('["nationality"]', '"nationality"', "grouping must be a list of dimensions"),
        ("group = 3", "group = 1", "smallest_group must be a whole number from 2 on"),
        ("group = 3", "group = true", "smallest_group must be a whole number from 2 on"),
        ("0.25", "25", "shown_share must be a number from 0 to 1"),
        ("0.25", "nan", "shown_share must be a number from 0 to 1"),
        ("[periods]", "[period]", "period is unknown"),
        ('version = "3"', "version = 3", "version must be text in quotes"),
        ("[grouping]", '[contributor]\norganization = "MPS"\n[grouping]', "organization is unknown"),
    ],
)
def test_a_wrong_policy_is_refused_with_its_mend(tmp_path: Path, right: str, wrong: str, mend: str) -> None:
    assert right in SOUND
    with pytest.raises(ConfigurationError, match="disclosure_policy.toml") as refused:
        load_policy(write(tmp_path, SOUND.replace(right, wrong, 1)))
    assert mend in str(refused.value)


def test_a_contributor_is_an_organisation_of_the_list(tmp_path: Path) -> None:
    (tmp_path / "organisations.csv").symlink_to(REFERENCE / "organisations.csv")
    contributor = SOUND + '[contributor]\norganisation = "MPS"'
    assert load_policy(write(tmp_path, contributor)).contributor == "MPS"
    with pytest.raises(ConfigurationError, match="contributor names MSP. Use a code of organisations.csv"):
        load_policy(write(tmp_path, contributor.replace("MPS", "MSP")))


def test_any_change_of_the_file_changes_its_fingerprint(tmp_path: Path) -> None:
    before = load_policy(write(tmp_path, SOUND)).fingerprint
    assert load_policy(write(tmp_path, SOUND + "# decided in a hurry")).fingerprint != before
    (tmp_path / "disclosure_policy.toml").write_bytes(SOUND.replace("\n", "\r\n").encode())
    assert load_policy(tmp_path).fingerprint == before, "line ends are no change"


def test_a_circulation_that_sees_every_count_gets_no_publication(tmp_path: Path) -> None:
    everything = SOUND.replace("victims = 5", "victims = 1").replace("= 3\nassistance = 3", "= 1\nassistance = 1")
    assert load_policy(write(tmp_path, everything)).published == (WIDER,)
    assert load_policy(write(tmp_path, SOUND)).published == (GROUP, WIDER)


def test_a_file_that_is_missing_or_broken_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"disclosure_policy.toml is missing. Put it into"):
        load_policy(tmp_path)
    with pytest.raises(ConfigurationError, match="can't be read"):
        load_policy(write(tmp_path, "victims = "))


def test_the_policy_of_the_group_protects_every_confidential_structure(reference_dir: Path) -> None:
    policy = load_policy(reference_dir)
    thresholds = {name: policy.threshold(GROUP, name) for name, one in STRUCTURES.items() if one.confidential}
    assert all(threshold >= 3 for threshold in thresholds.values())
    assert [one.name for one in policy.circulations] == [SECRETARIAT, GROUP, WIDER]
    assert policy.published == (GROUP, WIDER)
