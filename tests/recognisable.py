"""An invented publication in which every number is recognisable: none below 10,000, hardly two alike.

With thresholds of 50,000 and 100,000 a withheld count has five digits or more, so that one which turns up anywhere it
does not belong can be no row number, no year and no pixel.
"""

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from shutil import copytree
from typing import TypeAlias

from tests.examples import NOW, REFERENCE, accepted, count, dataset

from dashboard import publication, releases
from dashboard.accounts import Account, Role
from dashboard.accounts.passwords import hash_password
from dashboard.accounts.store import add_account, add_organisations
from dashboard.administration.first_start import read_organisations
from dashboard.database import Database, open_installed
from dashboard.datasets import STRUCTURES, Dataset
from dashboard.disclosure import GROUP, WIDER, Key, Protection, load_plan
from dashboard.disclosure.grouping import classify
from dashboard.disclosure.tabulation import cells, reported_leaves
from dashboard.settings import Settings

PASSWORD = "correct horse battery staple"
THRESHOLDS = {GROUP: 50_000, WIDER: 100_000}
LEAST, MOST = 10_000, 80_000
"""Between these lies every reported count: most stand below the thresholds, and many sums above."""
SEED = 1

Codes: TypeAlias = Mapping[str, Sequence[str]]

_FORMS = ("FORCED_LABOUR", "SEXUAL_EXPLOITATION", "FORCED_CRIMINALITY")
_STAGES = ("RECORDED", "INVESTIGATED", "PROSECUTED", "CONVICTED")
_MANY = ("BGD", "IND", "LKA", "NPL", "PAK", "BTN", "IRN", "IDN", "PHL", "THA", "VNM", "MMR", "KHM", "MYS")
_FEW = ("AFG", "MDV", "LAO", "SGP")
_ROUTES = {"BGD": "LKA", "IND": "NONE", "IDN": "NONE"}
_QUARTERS = tuple(f"{year}-Q{quarter}" for year in (2022, 2023, 2024) for quarter in (1, 2, 3, 4))


@dataclass(frozen=True)
class Cells:
    """The cells of one table for one circulation: true counts, and which of them are withheld."""

    counts: Mapping[Key, int]
    withheld: frozenset[Key]

    @property
    def shown(self) -> set[int]:
        """Every number that may be read here, but for zeros."""
        return {number for key, number in self.counts.items() if number and key not in self.withheld}


@dataclass(frozen=True)
class Recognisable:
    """A state folder in which the release lies, the reference files it goes with, and what must stay unknown.

    cells is by circulation and table. reported holds every count that was reported or follows from the reported codes
    and periods, published or not.
    """

    folder: Path
    reference_dir: Path
    reported: frozenset[int]
    cells: Mapping[str, Mapping[str, Cells]] = field(default_factory=dict)

    def shown(self, circulation: str) -> frozenset[int]:
        """Every number of the publication that its readers may see."""
        return frozenset().union(*(table.shown for table in self.cells[circulation].values()))

    def withheld(self, circulation: str) -> frozenset[int]:
        """The true counts of the withheld cells."""
        return frozenset(table.counts[key] for table in self.cells[circulation].values() for key in table.withheld) - {
            0
        }

    def forbidden(self, circulation: str) -> frozenset[int]:
        """Numbers that readers must not receive in any form: withheld or not published, and shown nowhere."""
        unknown = (self.withheld(circulation) | self.reported) - self.shown(circulation)
        return frozenset(filter(is_unusual, unknown))


def reference_copy(folder: Path) -> Path:
    """The reference files with the thresholds of this module."""
    copytree(REFERENCE, folder)
    policy = folder / "disclosure_policy.toml"
    head, *sections = re.split(r"(?m)^(?=\[)", policy.read_text(encoding="utf-8"))
    for circulation, threshold in THRESHOLDS.items():
        sections = [
            re.sub(r"(?m)= \d+$", f"= {threshold}", one) if one.startswith(f"[thresholds.{circulation}]") else one
            for one in sections
        ]
    policy.write_text("".join([head, *sections]), encoding="utf-8")
    return folder


# The invented counts ----------------------------------------------------------------------------


def is_unusual(number: int) -> bool:
    """Whether nothing else is likely to look like it: it is not round, and in bytes neither letters nor an address."""
    low, high, *rest = number.to_bytes(8, "little")
    letters = not any(rest) and all(0x20 <= byte < 0x7F for byte in (low, high))
    return number >= LEAST and bool(number % 10) and bool(low) and bool(high) and not letters


def _unusual(chance: random.Random) -> Iterator[int]:
    """Different unusual numbers."""
    return filter(is_unusual, chance.sample(range(LEAST, MOST), MOST - LEAST))


def everything() -> tuple[Dataset, ...]:
    """All five structures: nationalities of two sub-regions, some too few to stand alone, three years in quarters."""
    chance = random.Random(SEED)
    numbers = _unusual(chance)
    victims = [*_victims(chance, _MANY, 70), *_victims(chance, _FEW, 4)]
    return (
        dataset("victims", *(count("victims", next(numbers), period, **codes) for period, codes in victims)),
        *_smaller(chance, numbers),
    )


def less() -> tuple[Dataset, ...]:
    """Without victims: protected in a second."""
    chance = random.Random(SEED)
    return tuple(_smaller(chance, _unusual(chance)))


def _victims(chance: random.Random, nationalities: Sequence[str], rows: int) -> list[tuple[str, dict[str, str]]]:
    found: dict[str, tuple[str, dict[str, str]]] = {}
    while len(found) < rows:
        nationality = nationalities[len(found) % len(nationalities)]
        period = chance.choice(_QUARTERS)
        codes = {
            "status": chance.choice(("IDENTIFIED", "IDENTIFIED", "PRESUMED")),
            "nationality": nationality,
            "sex": chance.choice("MMF"),
            "age_group": chance.choice(("18+", "18+", "0-17")),
            "form_of_exploitation": chance.choice((_FORMS[0], *_FORMS[:2])),
            "sector": chance.choice("FFIA"),
            "origin": nationality if nationality in _ROUTES else "MDV",
            "transit": _ROUTES.get(nationality, "NONE"),
            "destination": chance.choice(("MV_MALE", "MV_MALE", "MV_RESORTS")),
        }
        found[f"{period} {codes}"] = (period, codes)
    return list(found.values())


def _smaller(chance: random.Random, numbers: Iterator[int]) -> Iterator[Dataset]:
    sexes, ages = ("F", "M"), ("0-17", "18+")
    offered: dict[str, tuple[int, Codes]] = {
        "cases": (30, {"stage": _STAGES, "form_of_exploitation": _FORMS}),
        "persons": (
            30,
            {"stage": _STAGES, "form_of_exploitation": _FORMS, "sex": sexes, "nationality": ("MDV", "BGD")},
        ),
        "assistance": (
            30,
            {
                "assistance_type": ("SHELTER", "FOOD", "LEGAL_AID"),
                "nationality": ("BGD", "IND"),
                "sex": sexes,
                "age_group": ages,
            },
        ),
        "prevention": (
            20,
            {
                "prevention_measure": ("EVENTS", "PARTICIPANTS"),
                "activity": ("TRAINING", "AWARENESS"),
                "audience": ("OFFICIALS", "PUBLIC"),
                "pillar": ("TRAINING", "ADVOCACY"),
            },
        ),
    }
    for structure, (rows, codes) in offered.items():
        combinations = list(product(_QUARTERS, *codes.values()))
        chosen = chance.sample(combinations, rows)
        yield dataset(
            structure,
            *(count(structure, next(numbers), one[0], **dict(zip(codes, one[1:], strict=True))) for one in chosen),
        )


# Into a state folder ----------------------------------------------------------------------------


def make(folder: Path, content: Iterable[Dataset], *, publish: bool = True) -> Recognisable:
    """A state folder with an account a role and the release approved, and published if that is wanted."""
    datasets = tuple(content)
    reference_dir = reference_copy(folder / "reference")
    database = open_installed(Settings.from_environ({"DASHBOARD_STATE_DIR": str(folder / "state")}))
    with database.write() as connection:
        add_organisations(connection, read_organisations(reference_dir))
    people = _people(database)
    with database.write() as connection:
        accepted(connection, *datasets, by=people[Role.SECRETARIAT])
        release = releases.freeze(connection, by=people[Role.SECRETARIAT], at=NOW)
        release = releases.approve(connection, release, by=people[Role.CHAIR], at=NOW)
        chair = people[Role.CHAIR]
        policy, _ = publication.policy_in_force(connection, by=chair, reference_dir=reference_dir)
        publication.approve_policy(connection, policy, reason="For the tests.", by=chair, at=NOW)
        content = publication.unprotected(connection, release, by=chair, at=NOW)
        prepared = publication.prepare(content, by=chair, reference_dir=reference_dir)
        if publish:
            publication.publish(connection, prepared, reason="For the tests.", by=chair, at=NOW)
    # The last connection to close writes everything into the one file, which can be copied then.
    database.published.dispose()
    database.restricted.dispose()
    reported = frozenset(_reported(datasets, reference_dir))
    return Recognisable(folder, reference_dir, reported, _cells(prepared.protection))


def _people(database: Database) -> dict[Role, Account]:
    hashed = hash_password(PASSWORD, Role.ADMINISTRATOR)
    with database.write() as connection:
        return {
            role: add_account(
                connection,
                username=role.value,
                display_name=f"Test {role.label}",
                password_hash=hashed,
                role=role,
                organisation="MPS" if role is Role.MEMBER else "IOM",
                at=datetime.now(UTC),  # an account that nobody used for half a year is closed
            )
            for role in Role
        }


def _cells(protection: Protection) -> dict[str, dict[str, Cells]]:
    return {
        circulation: {
            table.table.name: Cells(
                dict(table.counts), frozenset(key for key in table.statuses if table.shown(key) is None)
            )
            for table in tables
        }
        for circulation, tables in protection.tables.items()
    }


def _reported(datasets: Iterable[Dataset], reference_dir: Path) -> Iterator[int]:
    """Each reported count, and each cell of the plan as it would be without groups and with every level of periods."""
    planned = load_plan(reference_dir).tables.values()
    for one in datasets:
        yield from (observation.value or 0 for observation in one.observations)
        for table in planned:
            if table.structure is STRUCTURES[one.structure.name] and table.structure.confidential:
                leaves, _ = reported_leaves(one, one.observations, table.dimensions, reference_dir)
                paths = classify(table, one, table.levels["period"], {}, reference_dir)
                yield from leaves.values()
                yield from cells(leaves, [paths[name] for name in table.dimensions]).values()
