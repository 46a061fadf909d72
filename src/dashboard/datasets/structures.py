"""Structures: the shape of each kind of return. The one place that says what is counted, by what.

To add a dimension or a structure, add it here; its codes are a CSV file in `data/reference/codelists`.
"""

from dataclasses import dataclass
from pathlib import Path

from dashboard.datasets.codelists import Codelist, load_codelist
from dashboard.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to break a count down.

    `total` is False where a sum over the codes means nothing (a case is recorded and later
    prosecuted: the two are not added); such a dimension is always set to one code.
    """

    name: str
    label: str
    codelist_files: tuple[str, ...]
    total: bool = True

    def codelist(self, reference_dir: Path) -> Codelist:
        """The dimension's codes, read once per folder."""
        return load_codelist(reference_dir / "codelists", self.name, self.codelist_files)


@dataclass(frozen=True, slots=True)
class Structure:
    """What one row of a return counts.

    `confidential` structures go through disclosure control. `derived` dimensions follow from the
    others when a table is counted; a return does not hold them.
    """

    name: str
    label: str
    unit: str
    dimensions: tuple[Dimension, ...]
    definition: str
    confidential: bool = True
    derived: tuple[Dimension, ...] = ()

    def dimension(self, name: str) -> Dimension:
        """The dimension of that name, derived ones too; ConfigurationError names the ones there are."""
        for dimension in (*self.dimensions, *self.derived):
            if dimension.name == name:
                return dimension
        known = ", ".join(dimension.name for dimension in (*self.dimensions, *self.derived))
        raise ConfigurationError(f'Structure {self.name} has no dimension "{name}". It has: {known}.')

    def position(self, name: str) -> int:
        """Where a reported dimension stands in an observation's codes."""
        return self.dimensions.index(self.dimension(name))


_COUNTRIES = ("subregion", "country")
_NATIONALITY = Dimension("nationality", "Nationality", (*_COUNTRIES, "nationality_other"))
_SEX = Dimension("sex", "Sex", ("sex",))
_AGE_GROUP = Dimension("age_group", "Age group", ("age_group",))
_FORM = Dimension("form_of_exploitation", "Form of exploitation", ("form_of_exploitation",))
MOVEMENT = Dimension("movement", "Movement", ("movement",))
"""Internal or cross-border."""
_STAGE = Dimension("stage", "Stage", ("justice_stage",), total=False)

VICTIMS = Structure(
    "victims",
    "Victims",
    "persons",
    (
        Dimension("status", "Status", ("victim_status",), total=False),
        _NATIONALITY,
        _SEX,
        _AGE_GROUP,
        _FORM,
        Dimension("sector", "Sector", ("sector",)),
        Dimension("origin", "Origin", (*_COUNTRIES, "place_other")),
        Dimension("transit", "Transit", (*_COUNTRIES, "transit_other")),
        Dimension("destination", "Destination", (*_COUNTRIES, "place", "place_other")),
    ),
    "Persons presumed to be victims, or formally identified as victims, of trafficking in persons in the period.",
    derived=(MOVEMENT,),
)
CASES = Structure(
    "cases",
    "Cases",
    "cases",
    (_STAGE, _FORM),
    "Criminal cases of trafficking in persons that reached the stage in the period.",
)
PERSONS = Structure(
    "persons",
    "Persons in the justice chain",
    "persons",
    (_STAGE, _FORM, _SEX, _NATIONALITY),
    "Persons suspected, prosecuted, convicted or acquitted of trafficking in persons in the period.",
)
ASSISTANCE = Structure(
    "assistance",
    "Persons assisted",
    "persons",
    (
        Dimension("assistance_type", "Type of assistance", ("assistance_type",), total=False),
        _NATIONALITY,
        _SEX,
        _AGE_GROUP,
    ),
    "Persons who received a type of assistance in the period; one person may receive several types.",
)
PREVENTION = Structure(
    "prevention",
    "Prevention",
    "events or participants",
    (
        Dimension("prevention_measure", "Measure", ("prevention_measure",), total=False),
        Dimension("activity", "Activity", ("prevention_activity",)),
        Dimension("audience", "Audience", ("prevention_audience",)),
        Dimension("pillar", "Pillar", ("pillar",)),
    ),
    "Prevention events held in the period and the people who took part in them.",
    confidential=False,
)

STRUCTURES = {structure.name: structure for structure in (VICTIMS, CASES, PERSONS, ASSISTANCE, PREVENTION)}
