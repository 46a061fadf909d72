"""What the environment decides. The only place that reads environment variables."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from dashboard.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[2]

_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """The identity provider with whose accounts people may sign in, and what it knows the dashboard by.

    name says on the button whose account is meant; address is the dashboard's own, as its readers type it.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    address: str

    @property
    def callback(self) -> str:
        """Where the provider sends people back to: registered there, letter by letter."""
        return f"{self.address}/oidc/callback"

    @property
    def host(self) -> str:
        """The Host that a browser sends when it has opened the dashboard at its address."""
        return urlsplit(self.address).netloc


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things lie and what this installation is called.

    state_dir holds everything that is written (the embedded database); reference_dir holds the
    codelists, plan and policy, which another country's group replaces by its own. key_file holds the
    secret of the installation, anchor_file the heads of the audit trail: both are best kept elsewhere
    than the database, so that who can write to one can't write to the others. attachments_dir holds the
    files that people attached.
    """

    state_dir: Path
    reference_dir: Path
    sample_dir: Path
    database_url: str
    load_sample: bool
    group_name: str
    time_zone: str
    key_file: Path
    anchor_file: Path
    attachments_dir: Path
    single_sign_on: SingleSignOn | None

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read DASHBOARD_* variables; every one has a default that works on a laptop.

        Raises ConfigurationError for a value that can't be used, with the values that can.
        """
        env = os.environ if environ is None else environ
        state_dir = Path(env.get("DASHBOARD_STATE_DIR", str(ROOT / "state"))).resolve()
        sample = env.get("DASHBOARD_SAMPLE", "yes")
        if sample not in {"yes", "no"}:
            raise ConfigurationError(f'DASHBOARD_SAMPLE is "{sample}". Set it to "yes" or "no".')
        time_zone = env.get("DASHBOARD_TIME_ZONE", "Indian/Maldives")
        if time_zone not in available_timezones():
            raise ConfigurationError(f'DASHBOARD_TIME_ZONE is "{time_zone}". Give a name like Indian/Maldives.')
        return cls(
            state_dir=state_dir,
            reference_dir=Path(env.get("DASHBOARD_REFERENCE_DIR", str(ROOT / "data" / "reference"))).resolve(),
            sample_dir=Path(env.get("DASHBOARD_SAMPLE_DIR", str(ROOT / "data" / "sample"))).resolve(),
            database_url=env.get("DASHBOARD_DATABASE_URL", f"sqlite:///{state_dir / 'dashboard.sqlite'}"),
            load_sample=sample == "yes",
            group_name=env.get("DASHBOARD_GROUP_NAME", "Consular Working Group on Trafficking in Persons"),
            time_zone=time_zone,
            key_file=Path(env.get("DASHBOARD_KEY_FILE", str(state_dir / "installation.key"))).resolve(),
            anchor_file=Path(env.get("DASHBOARD_ANCHOR_FILE", str(state_dir / "audit_anchor.txt"))).resolve(),
            attachments_dir=Path(env.get("DASHBOARD_ATTACHMENTS_DIR", str(state_dir / "attachments"))).resolve(),
            single_sign_on=_single_sign_on(env),
        )


def _single_sign_on(env: Mapping[str, str]) -> SingleSignOn | None:
    asked = ("DASHBOARD_OIDC_ISSUER", "DASHBOARD_OIDC_CLIENT_ID", "DASHBOARD_OIDC_CLIENT_SECRET", "DASHBOARD_OIDC_NAME")
    address = env.get("DASHBOARD_OIDC_REDIRECT", "")
    given = [env.get(name, "").strip() for name in asked]
    if not any(given) and not address:
        return None
    missing = [name for name, value in zip(asked, given, strict=True) if not value]
    if missing:
        raise ConfigurationError(f"Single sign-on needs {', '.join(missing)} too. Set all of it, or nothing.")
    issuer, client_id, client_secret, name = given
    _require_safe("DASHBOARD_OIDC_ISSUER", issuer)
    address = (address or "http://127.0.0.1:8501").rstrip("/")
    if _require_safe("DASHBOARD_OIDC_REDIRECT", address):
        raise ConfigurationError(
            f'DASHBOARD_OIDC_REDIRECT is "{address}". Give the address of the dashboard without a page: https://its.name'
        )
    return SingleSignOn(issuer, client_id, client_secret, name, address)


def _require_safe(variable: str, address: str) -> str:
    """Refuse an address that others on the way could read or change; gives its path."""
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)
    if not safe or not parts.hostname or parts.username is not None or parts.query or parts.fragment:
        raise ConfigurationError(
            f'{variable} is "{address}". Give an address that begins with https://, without ? and #; '
            "http:// is for this machine only."
        )
    return parts.path


def installation_key(file: Path) -> bytes:
    """The 32 secret bytes of the installation; made at the first start, readable by its owner only.

    Raises ConfigurationError for a file that holds something else, or can't be written.
    """
    try:
        if not file.exists():
            _make_key(file)
    except OSError as error:
        raise ConfigurationError(
            f"The key of the installation {file} can't be written: {error.strerror}. "
            "Name another folder in DASHBOARD_STATE_DIR, or another file in DASHBOARD_KEY_FILE."
        ) from None
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        key = b""
    if len(key) != 32:
        raise ConfigurationError(
            f"{file} is not the key of an installation: 64 signs 0-9 a-f. Restore it from the backup; "
            "without it the audit trail can't be verified, and second factors have to be set up anew."
        )
    return key


def _make_key(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    made = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    made.touch(mode=0o600)
    made.write_text(secrets.token_hex(32), encoding="ascii")
    # Two processes may start at once: the first to give it its name decides, and nobody reads half a key.
    with suppress(FileExistsError):
        file.hardlink_to(made)
    made.unlink()
