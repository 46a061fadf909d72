"""Settings: defaults that work on a laptop, and a plain word when a value is wrong."""

from pathlib import Path

import pytest

from dashboard.errors import ConfigurationError
from dashboard.settings import ROOT, Settings


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
