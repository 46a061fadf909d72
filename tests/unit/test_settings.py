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
    assert settings.attachments_dir == tmp_path / "attachments"
    assert not settings.load_sample


def test_attachments_may_lie_elsewhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "papers"
    assert Settings.from_environ({"DASHBOARD_ATTACHMENTS_DIR": str(elsewhere)}).attachments_dir == elsewhere


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


PROVIDER = {
    "DASHBOARD_OIDC_ISSUER": "https://login.example.org/tenant",
    "DASHBOARD_OIDC_CLIENT_ID": "dashboard",
    "DASHBOARD_OIDC_CLIENT_SECRET": "not to be shown",  # pragma: allowlist secret
    "DASHBOARD_OIDC_NAME": "IOM account",
}


def test_single_sign_on_is_all_or_nothing() -> None:
    assert Settings.from_environ({}).single_sign_on is None
    found = Settings.from_environ(PROVIDER).single_sign_on
    assert found is not None
    assert (found.issuer, found.name) == ("https://login.example.org/tenant", "IOM account")
    assert found.callback == "http://127.0.0.1:8501/oidc/callback"
    assert "not to be shown" not in repr(found)
    for left_out in PROVIDER:
        with pytest.raises(ConfigurationError, match=f"needs {left_out} too"):
            Settings.from_environ({name: value for name, value in PROVIDER.items() if name != left_out})
    with pytest.raises(ConfigurationError, match="DASHBOARD_OIDC_ISSUER"):
        Settings.from_environ({"DASHBOARD_OIDC_REDIRECT": "https://tip.example.gov.mv"})


@pytest.mark.parametrize("variable", ["DASHBOARD_OIDC_ISSUER", "DASHBOARD_OIDC_REDIRECT"])
@pytest.mark.parametrize(
    "address",
    [
        "http://login.example.org",
        "ftp://login.example.org",
        "login.example.org",
        "https://",
        "https://[::1",
        "https://a:b@login.example.org",
        "https://login.example.org?x=1",
        "https://login.example.org#x",
        "http://127.0.0.1.example.org",
    ],
)
def test_an_address_that_others_could_read_along_is_refused(variable: str, address: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{variable} is .*begins with https://"):
        Settings.from_environ({**PROVIDER, variable: address})


@pytest.mark.parametrize("address", ["https://tip.example.gov.mv", "http://localhost:8501", "http://[::1]:8501/"])
def test_https_or_this_machine_is_taken(address: str) -> None:
    """The control of the one above."""
    assert Settings.from_environ({**PROVIDER, "DASHBOARD_OIDC_ISSUER": address}).single_sign_on
    found = Settings.from_environ({**PROVIDER, "DASHBOARD_OIDC_REDIRECT": address}).single_sign_on
    assert found
    assert found.callback == f"{address.rstrip('/')}/oidc/callback"
    assert found.host == address.partition("//")[2].rstrip("/")


def test_the_address_of_the_dashboard_names_no_page() -> None:
    with pytest.raises(ConfigurationError, match="without a page"):
        Settings.from_environ({**PROVIDER, "DASHBOARD_OIDC_REDIRECT": "https://tip.example.gov.mv/overview"})
