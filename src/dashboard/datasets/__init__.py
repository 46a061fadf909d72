"""The currency: codelists, reference periods, structures and datasets of observations. Knows nothing else."""

from dashboard.datasets.codelists import NOT_RECORDED, TOTAL, Code, Codelist
from dashboard.datasets.dataset import Dataset, Observation, ObservationStatus, join
from dashboard.datasets.structures import STRUCTURES, Dimension, Structure

__all__ = [
    "NOT_RECORDED",
    "STRUCTURES",
    "TOTAL",
    "Code",
    "Codelist",
    "Dataset",
    "Dimension",
    "Observation",
    "ObservationStatus",
    "Structure",
    "join",
]
