"""What is said about each data set: why it is held, from whom, how sensitive it is, whose it is, how long it is kept.

A reference file, so that another country's group says its own. Everything in it is mandatory: figures
without such a statement are not shown at all, because the dashboard does not start.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from dashboard.datasets.reference_files import read_settings, read_table
from dashboard.datasets.structures import STRUCTURES, Structure
from dashboard.errors import ConfigurationError

FILE = "data_protection.toml"
_LONGEST = 100

_KEYS: Mapping[str, tuple[str, ...]] = {
    "": ("decided", "installation", "structures"),
    "installation": ("controller", "contact", "incident"),
    "structure": ("purpose", "source", "reference", "sensitivity", "owner", "returns_kept", "tables_kept"),
}


class Sensitivity(StrEnum):
    """How much harm a data set could do in the wrong hands."""

    PUBLIC = "public"
    RESTRICTED = "restricted"
    CONFIDENTIAL = "confidential"

    @property
    def sentence(self) -> str:
        """The class in one sentence."""
        return _SENSITIVITY[self]


_SENSITIVITY = {
    Sensitivity.PUBLIC: "counts of public activities, of no person in a sensitive situation.",
    Sensitivity.RESTRICTED: "counts for the working group, not to be passed on without its consent.",
    Sensitivity.CONFIDENTIAL: "small counts could point at single persons; they are withheld.",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said about one structure. owner is the code of an organisation; both spans are in years.

    returns_kept runs from the day a return is received, tables_kept from the day they are published.
    """

    structure: str
    purpose: str
    source: str
    reference: str
    sensitivity: Sensitivity
    owner: str
    owner_name: str
    returns_kept: int
    tables_kept: int


@dataclass(frozen=True, slots=True)
class DataProtection:
    """Who answers for the installation, whom to tell of an incident, and a statement for each structure.

    decided says who decided on it. The texts may hold Markdown.
    """

    decided: str
    controller: str
    contact: str
    incident: str
    statements: Mapping[str, Statement]

    def returns_kept(self, structures: frozenset[str]) -> int:
        """The years for which a return is kept that holds these structures: the longest of them.

        A return of which nothing could be read is kept as long as any: nobody knows what it was about.
        """
        return max(one.returns_kept for name, one in self.statements.items() if not structures or name in structures)


@lru_cache(maxsize=8)
def load_data_protection(reference_dir: Path) -> DataProtection:
    """Read and check the file, once per folder. Raises ConfigurationError naming the entry and the mend."""
    content = read_settings(reference_dir / FILE)
    _check_keys("", content, _KEYS[""])
    installation = _section("installation", content["installation"], _KEYS["installation"])
    structures = _section("structures", content["structures"], tuple(STRUCTURES))
    names = {row["code"]: row["name"] for row in read_table(reference_dir / "organisations.csv")}
    return DataProtection(
        decided=_text("", "decided", content["decided"]),
        **{key: _text("installation", key, installation[key]) for key in _KEYS["installation"]},
        statements={name: _statement(one, structures[name], names) for name, one in STRUCTURES.items()},
    )


def _statement(structure: Structure, content: Any, organisations: Mapping[str, str]) -> Statement:
    place = f"structures.{structure.name}"
    entry = _section(place, content, _KEYS["structure"])
    owner = _text(place, "owner", entry["owner"])
    if owner not in organisations:
        raise ConfigurationError(f"{FILE}, {place}: owner names {owner}. Use a code of organisations.csv.")
    return Statement(
        structure=structure.name,
        purpose=_text(place, "purpose", entry["purpose"]),
        source=_text(place, "source", entry["source"]),
        reference=_text(place, "reference", entry["reference"]),
        sensitivity=_sensitivity(place, structure, entry["sensitivity"]),
        owner=owner,
        owner_name=organisations[owner],
        returns_kept=_years(place, "returns_kept", entry["returns_kept"]),
        tables_kept=_years(place, "tables_kept", entry["tables_kept"]),
    )


def _section(place: str, content: Any, keys: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(content, Mapping):
        raise ConfigurationError(f"{FILE}: {place} must be a section. Begin it with [{place}].")
    _check_keys(place, content, keys)
    return content


def _check_keys(place: str, content: Mapping[str, Any], keys: tuple[str, ...]) -> None:
    """Every key there, and none that nobody reads: a slip of the pen would pass for a statement."""
    where = f"{FILE}, {place}" if place else FILE
    for key in content:
        if key not in keys:
            raise ConfigurationError(f"{where}: {key} is unknown. Choose among {', '.join(keys)}.")
    for key in keys:
        if key not in content:
            raise ConfigurationError(f"{where}: {key} is missing. Add it.")


def _text(place: str, key: str, value: Any) -> str:
    where = f"{FILE}, {place}" if place else FILE
    if type(value) is not str or not value.strip():
        raise ConfigurationError(
            f'{where}: {key} must be a text in quotes. Where it is not known yet, write "to be agreed by the group".'
        )
    return value.strip()


def _sensitivity(place: str, structure: Structure, value: Any) -> Sensitivity:
    known = [one.value for one in Sensitivity if not (structure.confidential and one is Sensitivity.PUBLIC)]
    if value not in known:
        raise ConfigurationError(f"{FILE}, {place}: sensitivity can't be {value!r}. Choose among {', '.join(known)}.")
    return Sensitivity(value)


def _years(place: str, key: str, value: Any) -> int:
    # type() and not isinstance(): `returns_kept = true` would count as one year.
    if type(value) is not int or not 1 <= value <= _LONGEST:
        raise ConfigurationError(f"{FILE}, {place}: {key} must be a whole number of years from 1 to {_LONGEST}.")
    return value


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
