"""The disclosure policy: how small a count must be to be withheld, for whom. A file that a manager can read."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dashboard.datasets.reference_files import read_settings
from dashboard.errors import ConfigurationError

GROUP = "group"


@dataclass(frozen=True, slots=True)
class DisclosurePolicy:
    """Thresholds by circulation and structure: a count from 1 to threshold - 1 is withheld."""

    version: str
    decided: str
    thresholds: Mapping[str, Mapping[str, int]]

    def threshold(self, circulation: str, structure: str) -> int:
        """The smallest count that is shown; 1 shows every count."""
        try:
            return self.thresholds[circulation][structure]
        except KeyError:
            raise ConfigurationError(
                f"disclosure_policy.toml has no threshold for {structure} in the circulation {circulation}. Add it."
            ) from None


def load_policy(reference_dir: Path) -> DisclosurePolicy:
    """Read and check the policy file."""
    file = reference_dir / "disclosure_policy.toml"
    content = read_settings(file)
    thresholds = content.get("thresholds", {})
    for circulation, by_structure in thresholds.items():
        for structure, threshold in by_structure.items():
            # type() and not isinstance(): `victims = true` would count as 1 and show every count.
            if type(threshold) is not int or threshold < 1:
                raise ConfigurationError(
                    f"{file.name}: the threshold of {structure} for {circulation} must be a whole number from 1 on."
                )
    return DisclosurePolicy(str(content.get("version", "")), str(content.get("decided", "")), thresholds)
