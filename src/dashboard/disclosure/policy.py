"""The disclosure policy: how small a count must be to be withheld, for whom. A file that a manager can read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from dashboard.datasets import STRUCTURES
from dashboard.datasets.reference_files import read_settings, read_table
from dashboard.disclosure.plan import PERIOD
from dashboard.errors import ConfigurationError

FILE = "disclosure_policy.toml"
SECRETARIAT, GROUP, WIDER = "secretariat", "group", "wider"
ZEROS = "shown, and withheld where that protects a small count"
"""The one rule for zeros that the method can keep."""

_KEYS: Mapping[str, tuple[str, ...]] = {
    "": (
        "version",
        "decided",
        "zeros",
        "hub",
        "hub_weight",
        "circulations",
        "thresholds",
        "grouping",
        "periods",
        "contributor",
    ),
    "circulations": ("name", "description"),
    "grouping": ("dimensions", "smallest_group"),
    "periods": ("shown_share",),
    "contributor": ("organisation",),
}
_OPTIONAL = ("contributor",)


@dataclass(frozen=True, slots=True)
class Circulation:
    """A circle of readers, and in one sentence who they are."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Grouping:
    """The dimensions whose small codes may be shown together, and the fewest codes that may be."""

    dimensions: tuple[str, ...]
    smallest_group: int


@dataclass(frozen=True, slots=True)
class DisclosurePolicy:
    """Thresholds by circulation and structure: a count from 1 to threshold - 1 is withheld.

    circulations stand in the order of trust. Cells along the hub alone are hub_weight times as dear to withhold.
    contributor is the code of an organisation that is assumed to subtract its own records, or "". fingerprint is
    the sha256 of the file: where it changes, the chair has to approve.
    """

    version: str
    decided: str
    circulations: tuple[Circulation, ...]
    thresholds: Mapping[str, Mapping[str, int]]
    hub: tuple[str, ...]
    hub_weight: float
    grouping: Grouping
    shown_share: float
    contributor: str
    fingerprint: str

    def threshold(self, circulation: str, structure: str) -> int:
        """The smallest count that is shown; 1 shows every count."""
        try:
            return self.thresholds[circulation][structure]
        except KeyError:
            raise ConfigurationError(
                f"{FILE} has no threshold for {structure} in the circulation {circulation}. Add it."
            ) from None

    @property
    def published(self) -> tuple[str, ...]:
        """The circulations that something is withheld from, most trusted first: each gets publications of its own."""
        return tuple(one.name for one in self.circulations if max(self.thresholds[one.name].values()) > 1)


def load_policy(reference_dir: Path) -> DisclosurePolicy:
    """Read and check the policy file. Raises ConfigurationError naming the entry and the mend."""
    file = reference_dir / FILE
    content = read_settings(file)
    _check_keys("", content)
    if content["zeros"] != ZEROS:
        raise ConfigurationError(f'{FILE}: zeros can only be "{ZEROS}". Write it so.')
    circulations = _circulations(content["circulations"])
    return DisclosurePolicy(
        version=_text("version", content["version"]),
        decided=_text("decided", content["decided"]),
        circulations=circulations,
        thresholds=_thresholds(content["thresholds"], [one.name for one in circulations]),
        hub=_dimensions("hub", content["hub"], {PERIOD, *_reported()}),
        hub_weight=_number("hub_weight", content["hub_weight"], at_least=1),
        grouping=_grouping(content["grouping"]),
        shown_share=_shown_share(content["periods"]),
        contributor=_contributor(content.get("contributor", {"organisation": ""}), reference_dir),
        # As text: the line ends of a Windows checkout are no change.
        fingerprint=sha256(file.read_text(encoding="utf-8").encode()).hexdigest(),
    )


def _check_keys(section: str, content: Any) -> None:
    """Every key there, and none that nobody reads: a slip of the pen would pass for a decision."""
    place = f"{FILE}, {section}" if section else FILE
    known = _KEYS[section]
    if not isinstance(content, Mapping):
        raise ConfigurationError(f"{place} must be a section with the keys {', '.join(known)}. Write it so.")
    for key in content:
        if key not in known:
            raise ConfigurationError(f"{place}: {key} is unknown. Choose among {', '.join(known)}.")
    for key in known:
        if key not in content and key not in _OPTIONAL:
            raise ConfigurationError(f"{place}: {key} is missing. Add it.")


def _circulations(entries: Any) -> tuple[Circulation, ...]:
    if type(entries) is not list:
        raise ConfigurationError(f"{FILE}: circulations must be a list. Begin each one with [[circulations]].")
    for entry in entries:
        _check_keys("circulations", entry)
    found = tuple(Circulation(_text("name", one["name"]), _text("description", one["description"])) for one in entries)
    if not found or len({one.name for one in found}) != len(found):
        raise ConfigurationError(f"{FILE}: circulations must name each circulation once. Mend the list.")
    return found


def _thresholds(content: Any, circulations: list[str]) -> dict[str, dict[str, int]]:
    """Whole numbers for every circulation and confidential structure, not falling from trusted to wider."""
    structures = [structure.name for structure in STRUCTURES.values() if structure.confidential]
    _check_names("thresholds", content, circulations)
    for circulation in circulations:
        _check_names(f"the thresholds of {circulation}", content[circulation], structures)
        for structure, threshold in content[circulation].items():
            # type() and not isinstance(): `victims = true` would count as 1 and show every count.
            if type(threshold) is not int or threshold < 1:
                raise ConfigurationError(
                    f"{FILE}: the threshold of {structure} for {circulation} must be a whole number from 1 on."
                )
    for trusted, wider in pairwise(circulations):
        for structure in structures:
            if content[wider][structure] < content[trusted][structure]:
                raise ConfigurationError(
                    f"{FILE}: the threshold of {structure} is lower for {wider} than for {trusted}, who are trusted "
                    f"more. Raise it to {content[trusted][structure]} or more."
                )
    return {circulation: dict(content[circulation]) for circulation in circulations}


def _check_names(place: str, content: Any, names: list[str]) -> None:
    if not isinstance(content, Mapping):
        raise ConfigurationError(f"{FILE}: {place} must be a section with {', '.join(names)}. Write it so.")
    for name in content:
        if name not in names:
            raise ConfigurationError(f"{FILE}: {place} name {name}. Choose among {', '.join(names)}.")
    for name in names:
        if name not in content:
            raise ConfigurationError(f"{FILE}: {place} leave out {name}. Add it.")


def _grouping(content: Any) -> Grouping:
    _check_keys("grouping", content)
    smallest = content["smallest_group"]
    if type(smallest) is not int or smallest < 2:
        raise ConfigurationError(f"{FILE}, grouping: smallest_group must be a whole number from 2 on.")
    # Codes that can't be added up can't stand together either.
    addable = {name for name, total in _reported().items() if total}
    return Grouping(_dimensions("grouping", content["dimensions"], addable), smallest)


def _reported() -> dict[str, bool]:
    """Every dimension of a confidential structure, and whether its codes can be added up."""
    return {
        dimension.name: dimension.total
        for structure in STRUCTURES.values()
        if structure.confidential
        for dimension in structure.dimensions
    }


def _dimensions(place: str, names: Any, known: Iterable[str]) -> tuple[str, ...]:
    if type(names) is not list:
        raise ConfigurationError(f'{FILE}: {place} must be a list of dimensions, as in ["period"]. Write it so.')
    for name in names:
        if name not in set(known):
            raise ConfigurationError(f"{FILE}: {place} names {name}. Choose among {', '.join(sorted(known))}.")
    return tuple(names)


def _shown_share(content: Any) -> float:
    _check_keys("periods", content)
    return _number("periods, shown_share", content["shown_share"], at_least=0, at_most=1)


def _contributor(content: Any, reference_dir: Path) -> str:
    """An organisation that is misspelt would protect nobody and say nothing."""
    _check_keys("contributor", content)
    organisation = _text("contributor, organisation", content["organisation"])
    if organisation and organisation not in {row["code"] for row in read_table(reference_dir / "organisations.csv")}:
        raise ConfigurationError(f"{FILE}: contributor names {organisation}. Use a code of organisations.csv.")
    return organisation


def _text(place: str, value: Any) -> str:
    if type(value) is not str:
        raise ConfigurationError(f"{FILE}: {place} must be text in quotes. Write it so.")
    return value


def _number(place: str, value: Any, *, at_least: float, at_most: float = 1_000_000) -> float:
    if type(value) not in (int, float) or not at_least <= value <= at_most:
        raise ConfigurationError(f"{FILE}: {place} must be a number from {at_least:g} to {at_most:,.0f}.")
    return float(value)
