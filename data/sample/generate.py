"""Write the invented sample: what the agencies of one country might return in six years.

No row stands for a person. Every figure comes from the chances below and a fixed seed, so that each
run writes the same bytes; `make sample` writes them anew after a change here. The chances were
chosen to look like a small country's returns (few victims a year, most cells below any threshold),
not to match any real return.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

from dashboard.datasets import NOT_RECORDED, STRUCTURES, periods

FOLDER = Path(__file__).parent
SEED = 7
QUARTERS = periods.quarters("2020-Q1", "2025-Q4")
PROVISIONAL = QUARTERS[-1]
YEARS = tuple(dict.fromkeys(quarter[:4] for quarter in QUARTERS))

RETURNS = {
    "victims": ("MPS", "MI", "LRA", "MSFD", "NGO_SHELTER", "IOM"),
    "cases": ("MPS", "PGO"),
    "persons": ("MPS", "PGO"),
    "assistance": ("MSFD", "NGO_SHELTER", "IOM"),
    "prevention": ("IOM", "ATO"),
}
MISSING = {("LRA", "2021-Q2"), ("LRA", "2021-Q3"), ("MI", PROVISIONAL), ("NGO_SHELTER", PROVISIONAL)}
"""Agency and quarter without a return, of whatever structure."""

IDENTIFIED = (6, 7, 8, 10, 12, 14)
PRESUMED = (27, 31, 34, 42, 50, 56)
RECORDED = (5, 7, 8, 10, 12, 14)
"""What a year brings, give or take chance: 2020 to 2025."""

Chances = Mapping[str, float]
Row = tuple[str, ...]

WHO_IDENTIFIES: Chances = {"MPS": 50, "MI": 17, "LRA": 12, "MSFD": 9, "NGO_SHELTER": 4, "IOM": 8}
WHO_PRESUMES: Chances = {"MPS": 22, "MI": 26, "LRA": 25, "MSFD": 7, "NGO_SHELTER": 9, "IOM": 11}

NATIONALITIES: Chances = {
    "BGD": 48, "IND": 12, "LKA": 8, "NPL": 6, "PHL": 5, "THA": 4, "KEN": 3, "MDV": 6,
    "PAK": 2, "IDN": 2, "MMR": 1, "UGA": 1, "UZB": 1, "VNM": 1, "NR": 1,
}  # fmt: skip
FORMS_BY_NATIONALITY: Mapping[str, Chances] = {
    "THA": {"SEXUAL_EXPLOITATION": 8, "FORCED_LABOUR": 2},
    "UZB": {"SEXUAL_EXPLOITATION": 9, "FORCED_LABOUR": 1},
    "VNM": {"SEXUAL_EXPLOITATION": 7, "FORCED_LABOUR": 3},
    "KEN": {"SEXUAL_EXPLOITATION": 4, "FORCED_LABOUR": 4, "SERVITUDE": 2},
    "PHL": {"SEXUAL_EXPLOITATION": 3, "FORCED_LABOUR": 5, "SERVITUDE": 2},
    "MDV": {"SEXUAL_EXPLOITATION": 7, "CHILD_LABOUR": 2, "SERVITUDE": 1},
}
FORMS: Chances = {"FORCED_LABOUR": 88, "SEXUAL_EXPLOITATION": 4, "SERVITUDE": 3, "MULTIPLE": 2, "NR": 3}
SECTORS: Mapping[str, Chances] = {
    "FORCED_LABOUR": {"F": 42, "A": 18, "I": 18, "T": 7, "G": 6, "N": 4, "NR": 5},
    "SERVITUDE": {"T": 1},
    "CHILD_LABOUR": {"T": 2, "G": 1},
    "MULTIPLE": {"I": 1, "T": 1},
    "NR": {"NR": 1},
}
NO_SECTOR: Chances = {"NA_SECTOR": 1}
FEMALE = {"SEXUAL_EXPLOITATION": 0.93, "SERVITUDE": 0.9, "MULTIPLE": 0.5}
WORKERS_FEMALE = {"T": 0.9, "I": 0.3, "N": 0.3}
CHILDREN = {"CHILD_LABOUR": 1.0, "SEXUAL_EXPLOITATION": 0.08}
TRANSIT: Chances = {"NONE": 74, "LKA": 12, "IND": 5, "ARE": 5, "NR": 4}
DESTINATIONS: Mapping[str, Chances] = {
    "A": {"MV_ATOLLS": 8, "MV_MALE": 2},
    "I": {"MV_RESORTS": 6, "MV_MALE": 3, "MV_ATOLLS": 1},
    "F": {"MV_MALE": 7, "MV_ATOLLS": 2, "MV_RESORTS": 1},
}
USUAL_DESTINATION: Chances = {"MV_MALE": 8, "MV_ATOLLS": 1, "MV_NR": 1}

SUSPECTS: Chances = {"MDV": 48, "BGD": 34, "IND": 8, "LKA": 5, "THA": 3, "NR": 2}
ASSISTANCE: Mapping[str, float] = {
    "SHELTER": 0.5, "FOOD": 0.7, "COUNSELLING": 0.55, "HEALTHCARE": 0.35, "LEGAL_AID": 0.3,
    "REFERRAL": 0.4, "EMPLOYMENT": 0.15, "RETURN": 0.35, "FAMILY": 0.06, "EDUCATION": 0.05, "REINTEGRATION": 0.08,
}  # fmt: skip
"""The share of those assisted who receive each type."""

EVENTS: Mapping[tuple[str, str, str], float] = {
    ("TRAINING", "LAW_ENFORCEMENT", "TRAINING"): 20,
    ("TRAINING", "OFFICIALS", "TRAINING"): 14,
    ("TRAINING", "OFFICIALS", "JUSTICE"): 8,
    ("TRAINING", "HEALTH_SOCIAL", "DIRECT_ASSISTANCE"): 8,
    ("AWARENESS", "MIGRANT_WORKERS", "ADVOCACY"): 16,
    ("AWARENESS", "SCHOOLS_YOUTH", "ADVOCACY"): 12,
    ("AWARENESS", "PUBLIC", "ADVOCACY"): 8,
    ("AWARENESS", "EMPLOYERS", "CONVENING"): 7,
    ("RESEARCH", "OFFICIALS", "DATA"): 3,
    ("GUIDANCE", "OFFICIALS", "GUIDANCE"): 4,
}
"""Activity, audience and pillar of an event."""
SMALLEST_AND_LARGEST = {"AWARENESS": (40, 320), "TRAINING": (12, 45)}


def pick(random: Random, chances: Mapping[Row, float] | Chances) -> str | Row:
    """One of the keys, by its chance."""
    return random.choices(list(chances), list(chances.values()))[0]


def code(random: Random, chances: Chances) -> str:
    return str(pick(random, chances))


def reporters(quarter: str, chances: Chances) -> Chances:
    """Those who sent a return for the quarter: what nobody reported is in nobody's figures."""
    return {agency: chance for agency, chance in chances.items() if (agency, quarter) not in MISSING}


def spread(random: Random, by_year: Sequence[int], give_or_take: int) -> Iterator[str]:
    """A quarter for each event of every year."""
    for year, usual in zip(YEARS, by_year, strict=True):
        for _ in range(usual + random.randint(-give_or_take, give_or_take)):
            yield f"{year}-Q{random.randint(1, 4)}"


def victim(random: Random) -> tuple[str, ...]:
    """Nationality, sex, age group, form, sector, origin, transit, destination: the order of the structure."""
    nationality = code(random, NATIONALITIES)
    form = code(random, FORMS_BY_NATIONALITY.get(nationality, FORMS))
    sector = code(random, SECTORS.get(form, NO_SECTOR))
    female = FEMALE.get(form, WORKERS_FEMALE.get(sector, 0.03))
    sex = "F" if random.random() < female else "M"
    local_child = nationality == "MDV" and random.random() < 0.6
    child = local_child or random.random() < CHILDREN.get(form, 0.02)
    age = "0-17" if child else code(random, {"18+": 97, NOT_RECORDED: 3})
    transit = "NONE" if nationality == "MDV" else code(random, TRANSIT)
    # A route that ends where it passed through would be two routes.
    transit = "NONE" if transit == nationality else transit
    destination = "MV_MALE" if nationality == "MDV" else code(random, DESTINATIONS.get(sector, USUAL_DESTINATION))
    return nationality, sex, age, form, sector, nationality, transit, destination


def victims(random: Random) -> Iterator[tuple[str, str, Row, int]]:
    """Agency, quarter, codes, count; the same shape from every function below."""
    plans = (("IDENTIFIED", IDENTIFIED, 1, WHO_IDENTIFIES), ("PRESUMED", PRESUMED, 3, WHO_PRESUMES))
    for status, by_year, give_or_take, who in plans:
        for quarter in spread(random, by_year, give_or_take):
            yield code(random, reporters(quarter, who)), quarter, (status, *victim(random)), 1


def case_form(random: Random) -> str:
    return code(random, {"FORCED_LABOUR": 60, "SEXUAL_EXPLOITATION": 34, "CHILD_LABOUR": 3, NOT_RECORDED: 3})


def justice(random: Random) -> Iterator[tuple[str, str, str, str]]:
    """Agency, quarter, stage and form of each case, as it goes on from quarter to quarter."""
    for recorded in spread(random, RECORDED, 1):
        form = case_form(random)
        yield "MPS", recorded, "RECORDED", form
        place = QUARTERS.index(recorded)
        goes_on = (("MPS", "INVESTIGATED", 0.85, 0, 1), ("PGO", "PROSECUTED", 0.45, 1, 3), ("PGO", "", 0.7, 2, 5))
        for agency, stage, chance, soonest, latest in goes_on:
            place += random.randint(soonest, latest)
            if random.random() > chance or place >= len(QUARTERS):
                break
            ending = code(random, {"CONVICTED": 3, "ACQUITTED": 3, "DISMISSED": 4})
            yield agency, QUARTERS[place], stage or ending, form


def cases_and_persons(random: Random) -> tuple[list[tuple[str, str, Row, int]], list[tuple[str, str, Row, int]]]:
    """Cases, and the one to three persons in each of them."""
    cases, persons = [], []
    for agency, quarter, stage, form in justice(random):
        cases.append((agency, quarter, (stage, form), 1))
        for _ in range(random.choices((1, 2, 3), (60, 30, 10))[0]):
            sex = code(random, {"M": 84, "F": 15, NOT_RECORDED: 1})
            persons.append((agency, quarter, (stage, form, sex, code(random, SUSPECTS)), 1))
    return cases, persons


def assistance(random: Random) -> Iterator[tuple[str, str, Row, int]]:
    """Those assisted in a quarter, each with the types received."""
    for quarter in spread(random, tuple(20 + 4 * place for place in range(len(YEARS))), 3):
        agency = code(random, reporters(quarter, {"MSFD": 35, "NGO_SHELTER": 30, "IOM": 35}))
        nationality, sex, age, *_ = victim(random)
        for assistance_type, share in ASSISTANCE.items():
            if random.random() < share:
                yield agency, quarter, (assistance_type, nationality, sex, age), 1


def prevention(random: Random) -> Iterator[tuple[str, str, Row, int]]:
    """Events, and how many took part in each. A study or a guidance document has no participants."""
    for quarter in spread(random, (9, 12, 17, 22, 26, 28), 3):
        agency = code(random, {"IOM": 55, "ATO": 45})
        event = pick(random, EVENTS)
        yield agency, quarter, ("EVENTS", *event), 1
        if event[0] in SMALLEST_AND_LARGEST:
            yield agency, quarter, ("PARTICIPANTS", *event), random.randint(*SMALLEST_AND_LARGEST[event[0]])


def nothing_to_report(agency: str, structure: str) -> Row:
    """The codes of the row with which an agency says: nothing in this quarter."""
    if structure == "prevention":
        return "EVENTS", "TRAINING", NOT_RECORDED, "TRAINING"
    first = {"victims": "IDENTIFIED", "assistance": "SHELTER"}
    stage = "PROSECUTED" if agency == "PGO" else "RECORDED"
    rest = len(STRUCTURES[structure].dimensions) - 1
    return (first.get(structure, stage), *(NOT_RECORDED,) * rest)


def write_return(file: Path, structure: str, counts: Mapping[tuple[str, Row], int]) -> None:
    """One agency's counts of one structure, in the columns of the dashboard's template."""
    labels = (dimension.label for dimension in STRUCTURES[structure].dimensions)
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(("Period", *labels, "Count", "Observation status"))
        for (quarter, codes), count in sorted(counts.items()):
            status = "Provisional" if quarter == PROVISIONAL else "Normal"
            writer.writerow((quarter, *codes, count, status))


def write(folder: Path) -> None:
    """Write every file of the sample into the folder."""
    random = Random(SEED)
    cases, persons = cases_and_persons(random)
    drawn = {
        "victims": victims(random),
        "cases": cases,
        "persons": persons,
        "assistance": assistance(random),
        "prevention": prevention(random),
    }
    for structure, rows in drawn.items():
        by_agency: defaultdict[str, Counter[tuple[str, Row]]] = defaultdict(Counter)
        for agency, quarter, codes, count in rows:
            by_agency[agency][quarter, codes] += count
        for agency in RETURNS[structure]:
            counts = by_agency[agency]
            returned = {quarter for quarter, _ in counts}
            for quarter in QUARTERS:
                if quarter not in returned and (agency, quarter) not in MISSING:
                    counts[quarter, nothing_to_report(agency, structure)] = 0
            write_return(folder / f"{agency}_{structure}.csv", structure, counts)


if __name__ == "__main__":
    write(FOLDER)
