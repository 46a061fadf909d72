"""The currency of the path: observations, and a dataset of them under one structure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from dashboard.datasets.structures import Structure


class ObservationStatus(StrEnum):
    """What a number is (SDMX CL_OBS_STATUS, the part of it we use)."""

    NORMAL = "NORMAL"
    PROVISIONAL = "PROVISIONAL"


@dataclass(frozen=True, slots=True)
class Observation:
    """One counted cell of a return.

    codes stand in the order of the structure's dimensions. value is a whole number, or None where
    the source itself withheld it ("<5"): then the true number lies in 0..censored_below - 1.
    """

    period: str
    agency: str
    codes: tuple[str, ...]
    value: int | None
    status: ObservationStatus = ObservationStatus.NORMAL
    censored_below: int | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """Observations under one structure."""

    structure: Structure
    observations: tuple[Observation, ...]

    @property
    def total(self) -> int:
        """The sum of all known values. For structures whose codes overlap this only checks transport."""
        return sum(observation.value or 0 for observation in self.observations)


def join(structure: Structure, parts: Iterable[Dataset]) -> Dataset:
    """One dataset out of several of the same structure, in the order given."""
    return Dataset(structure, tuple(observation for part in parts for observation in part.observations))
