"""What the environment decides. The only place that reads environment variables."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import available_timezones

from dashboard.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things lie and what this installation is called.

    state_dir holds everything that is written (the embedded database); reference_dir holds the
    codelists, plan and policy, which another country's group replaces by its own.
    """

    state_dir: Path
    reference_dir: Path
    sample_dir: Path
    database_url: str
    load_sample: bool
    group_name: str
    time_zone: str

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
        )
