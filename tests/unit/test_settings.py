"""Settings: defaults that work on a laptop, and a plain word when a value is wrong."""

from pathlib import Path

import pytest

from dashboard.errors import ConfigurationError
from dashboard.settings import ROOT, Settings, installation_key


def test_an_empty_environment_is_enough() -> None:
    settings = Settings.from_environ({})
    assert settings.reference_dir == ROOT / "data" / "reference"
    assert settings.database_url == f"sqlite:///{ROOT / 'state' / 'dashboard.sqlite'}"
    assert settings.load_sample


def test_the_database_follows_the_state_folder(tmp_path: Path) -> None:
    settings = Settings.from_environ({"DASHBOARD_STATE_DIR": str(tmp_path), "DASHBOARD_SAMPLE": "no"})
    assert settings.database_url == f"sqlite:///{tmp_path / 'dashboard.sqlite'}"
    assert not settings.load_sample


def test_a_wrong_value_names_the_setting_and_what_it_may_be() -> None:
    with pytest.raises(ConfigurationError, match='DASHBOARD_SAMPLE is "perhaps".*"yes" or "no"'):
        Settings.from_environ({"DASHBOARD_SAMPLE": "perhaps"})


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "state" / "installation.key"
    key = installation_key(file)
    assert len(key) == 32
    assert installation_key(file) == key
    assert installation_key(tmp_path / "other") != key
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "abc", "z" * 64, "ab" * 31, "\u00e9" * 64])
def test_a_damaged_key_is_named_and_never_replaced(tmp_path: Path, content: str) -> None:
    file = tmp_path / "installation.key"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="is not the key of an installation.*Restore it"):
        installation_key(file)
    assert file.read_text(encoding="utf-8") == content
