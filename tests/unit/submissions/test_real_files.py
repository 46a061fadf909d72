"""The importer against real public files. Sums are computed here from the raw file, by other means."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest
from tests.unit.submissions.files import read, said

from dashboard.datasets import Dataset, ObservationStatus
from dashboard.submissions.reading import PersonRecords, Return
from dashboard.validation import Severity

NRM = "uk_nrm_leaf_cells_2022Q2_2023Q2.csv"
GLOTIP = "unodc_glotip_southern_asia.csv"


def raw(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / name).read_text(encoding="utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def nrm(real_data: Path) -> Return:
    return read((real_data / NRM).read_bytes(), NRM)


@pytest.fixture(scope="module")
def glotip(real_data: Path) -> Return:
    return read((real_data / GLOTIP).read_bytes(), GLOTIP)


def sums(dataset: Dataset, dimension: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in dataset.observations:
        code = one.period if dimension == "period" else one.codes[dataset.structure.position(dimension)]
        found[code] += one.value or 0
    return found


def test_nrm_total_and_periods(nrm: Return, real_data: Path) -> None:
    expected: Counter[str] = Counter()
    for row in raw(real_data, NRM):
        expected[row["period"]] += int(row["people"])
    (victims,) = nrm.datasets
    assert victims.total == 16_984
    assert sums(victims, "period") == expected
    assert all(one.status is ObservationStatus.NORMAL and one.agency == "GBR_HO" for one in victims.observations)


def test_nrm_nationalities(nrm: Return, real_data: Path, reference_dir: Path) -> None:
    with (reference_dir / "aliases" / "nationality.csv").open(encoding="utf-8", newline="") as lines:
        codes = {row["alias"].casefold(): row["code"] for row in csv.DictReader(lines)}
    with (reference_dir / "codelists" / "country.csv").open(encoding="utf-8", newline="") as lines:
        countries = {row["code"] for row in csv.DictReader(lines)}
    expected: Counter[str] = Counter()
    for row in raw(real_data, NRM):
        text = row["nationality"].strip()
        expected[text.upper() if text.upper() in countries else codes[text.casefold()]] += int(row["people"])
    assert sums(nrm.datasets[0], "nationality") == expected
    assert expected["NAM"] > 0  # Namibian, not missing
    assert len(expected) > 100


def test_nrm_forms_ages_and_genders(nrm: Return, real_data: Path) -> None:
    single = {"Labour": "FORCED_LABOUR", "Domestic": "SERVITUDE", "Criminal": "FORCED_CRIMINALITY"}
    single |= {"Sexual": "SEXUAL_EXPLOITATION", "Organ Harvesting": "ORGAN_REMOVAL", "Not specified or unknown": "NR"}
    forms: Counter[str] = Counter()
    ages: Counter[str] = Counter()
    genders: Counter[str] = Counter()
    for row in raw(real_data, NRM):
        people = int(row["people"])
        forms[single.get(row["exploitation_type"], "MULTIPLE")] += people
        ages[{"A": "18+", "C": "0-17", "N": "NR"}[row["age_at_exploitation"][0]]] += people
        genders[row["gender"][0] if row["gender"] != "Not Recorded" else "NR"] += people
    assert sums(nrm.datasets[0], "form_of_exploitation") == forms
    assert sums(nrm.datasets[0], "age_group") == ages
    assert sums(nrm.datasets[0], "sex") == genders


def test_nrm_has_one_note_and_every_row(nrm: Return) -> None:
    (note,) = nrm.findings
    assert (note.severity, note.rule) == (Severity.NOTE, "added_up")
    assert "4,993 rows" in note.message
    assert [number for _, number in nrm.imported_rows] == list(range(2, 4_995))


def test_every_glotip_row_is_imported_or_named(glotip: Return, real_data: Path) -> None:
    every = set(range(2, 1_289 + 2))
    assert len(raw(real_data, GLOTIP)) == len(every)
    imported = {number for _, number in glotip.imported_rows}
    named = {finding.row for finding in said(glotip, "set_aside")}
    assert imported | named == every
    assert not imported & named


def test_glotip_takes_one_breakdown_for_each_country_year_and_indicator(glotip: Return, real_data: Path) -> None:
    rows = dict(enumerate(raw(real_data, GLOTIP), 2))
    cuts: dict[tuple[str, ...], set[tuple[str, bool, bool]]] = {}
    for _, number in glotip.imported_rows:
        row = rows[number]
        cut = (row["Dimension"], row["Sex"] == "Total", row["Age"] == "Total")
        cuts.setdefault((row["Iso3_code"], row["Year"], row["Indicator"]), set()).add(cut)
    assert all(len(one) == 1 for one in cuts.values())
    groups = {
        (r["Iso3_code"], r["Year"], r["Indicator"]) for r in rows.values() if "repatriation" not in r["Dimension"]
    }
    assert set(cuts) == groups


def test_glotip_imports_no_more_people_than_it_states(glotip: Return, real_data: Path) -> None:
    stated = {
        (f"UNODC_{row['Iso3_code']}", row["Year"]): int(row["txtVALUE"].replace(",", ""))
        for row in raw(real_data, GLOTIP)
        if row["Indicator"].startswith("Detected")
        and {row["Dimension"], row["Sex"], row["Age"]} == {"Total"}
        and "<" not in row["txtVALUE"]
    }
    victims = next(dataset for dataset in glotip.datasets if dataset.structure.name == "victims")
    low: Counter[tuple[str, str]] = Counter()
    high: Counter[tuple[str, str]] = Counter()
    for one in victims.observations:
        low[one.agency, one.period] += one.value or 0
        high[one.agency, one.period] += one.value if one.value is not None else (one.censored_below or 0) - 1
    assert all(low[key] <= total <= high[key] for key, total in stated.items())


def test_glotip_withheld_counts_are_never_numbers(glotip: Return, real_data: Path) -> None:
    imported = {number for _, number in glotip.imported_rows}
    withheld = sum(
        row["txtVALUE"] == "<5" for number, row in enumerate(raw(real_data, GLOTIP), 2) if number in imported
    )
    observations = [one for dataset in glotip.datasets for one in dataset.observations]
    assert Counter(one.censored_below for one in observations if one.value is None) == {5: withheld}
    assert all(one.value is not None or one.censored_below == 5 for one in observations)


def test_glotip_of_the_maldives_in_2016(glotip: Return) -> None:
    found = {
        (dataset.structure.name, one.codes[0], one.codes[1], one.value, one.censored_below)
        for dataset in glotip.datasets
        for one in dataset.observations
        if (one.agency, one.period) == ("UNODC_MDV", "2016")
    }
    assert found == {
        ("victims", "IDENTIFIED", "BGD", 10, None),
        ("victims", "IDENTIFIED", "KEN", None, 5),
        ("cases", "RECORDED", "NR", 8, None),
        ("persons", "INVESTIGATED", "NR", 17, None),
        ("persons", "PROSECUTED", "NR", 10, None),
        ("persons", "CONVICTED", "NR", None, 5),
    }


def test_glotip_has_no_error_and_names_unknown_nationalities(glotip: Return) -> None:
    assert not [finding for finding in glotip.findings if finding.severity is Severity.ERROR]
    assert {finding.value for finding in said(glotip, "codes", Severity.WARNING)} == {"Nationals"}


def test_the_ctdc_sample_is_refused_as_person_records(real_data: Path) -> None:
    content = (real_data / "ctdc_kanon_2021_raw_format_sample.csv").read_bytes()
    with pytest.raises(PersonRecords, match="single persons") as raised:
        read(content, "ctdc.csv")
    assert "Nothing of this file was kept" in str(raised.value)
    for text in ("Case Management", "18--20", "Prostitution"):
        assert text not in str(raised.value)
