"""Opening the database of an installation: its key and its anchor have to be there."""

from pathlib import Path

import pytest

from dashboard.database import audit_key, open_installed
from dashboard.database.engines import AUDIT_KEY
from dashboard.errors import ConfigurationError
from dashboard.settings import Settings


def settings(tmp_path: Path, **environ: str) -> Settings:
    return Settings.from_environ({"DASHBOARD_STATE_DIR": str(tmp_path / "state"), **environ})


def test_the_trail_has_a_key_of_its_own_that_stays_the_same(tmp_path: Path) -> None:
    first = open_installed(settings(tmp_path))
    again = open_installed(settings(tmp_path))
    secret = bytes.fromhex(settings(tmp_path).key_file.read_text(encoding="ascii"))
    keys = {one.restricted.get_execution_options()[AUDIT_KEY] for one in (first, again)}
    assert keys == {audit_key(secret)}
    assert secret not in keys
    for one in (first, again):
        assert AUDIT_KEY not in one.published.get_execution_options(), "who only reads figures has none"
        one.restricted.dispose()


def test_a_database_without_its_key_is_not_gone_on_with(tmp_path: Path) -> None:
    open_installed(settings(tmp_path)).restricted.dispose()
    settings(tmp_path).key_file.rename(tmp_path / "elsewhere.key")
    with pytest.raises(ConfigurationError, match="the key of its installation .* is not"):
        open_installed(settings(tmp_path))
    assert not settings(tmp_path).key_file.exists(), "no new one is made"
    open_installed(settings(tmp_path, DASHBOARD_KEY_FILE=str(tmp_path / "elsewhere.key"))).restricted.dispose()


@pytest.mark.parametrize("name", ["DASHBOARD_ANCHOR_FILE", "DASHBOARD_KEY_FILE"])
def test_a_file_that_can_not_be_written_is_named_at_the_start(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match=f"can't be written.*{name}"):
        open_installed(settings(tmp_path, **{name: str(tmp_path / "file" / "inside")}))
