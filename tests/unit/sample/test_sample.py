"""The invented sample: the files are what the generator writes, and what README.md says of them."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from data.sample import generate

from dashboard.accounts import Organisation
from dashboard.datasets import STRUCTURES
from dashboard.submissions import read_return

SAMPLE = Path(generate.__file__).parent
FILES = sorted(SAMPLE.glob("*.csv"))
VICTIMS = [file for file in FILES if file.stem.endswith("_victims")]
PUBLISHED_SOURCES = re.compile(r"(?i)nrm|unodc|glotip|ctdc|ilo|home.?office|data_?until|20\d\d")


def rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def by_year(files: list[Path], **wanted: str) -> dict[str, int]:
    counts = dict.fromkeys(generate.YEARS, 0)
    for file in files:
        for row in rows(file):
            if all(row[column] == code for column, code in wanted.items()):
                counts[row["Period"][:4]] += int(row["Count"])
    return counts


def test_the_generator_writes_the_committed_bytes(tmp_path: Path) -> None:
    generate.write(tmp_path)
    written = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert written == {file.name: file.read_bytes() for file in FILES}, "Run `make sample` and commit the files"


def test_another_seed_gives_other_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the comparison above can fail."""
    monkeypatch.setattr(generate, "SEED", generate.SEED + 1)
    generate.write(tmp_path)
    assert (tmp_path / "MPS_victims.csv").read_bytes() != (SAMPLE / "MPS_victims.csv").read_bytes()


def test_files_are_those_that_the_organisations_are_expected_to_send(
    organisations: tuple[Organisation, ...],
) -> None:
    expected = {f"{one.code}_{structure}.csv" for one in organisations for structure in one.returns}
    assert {file.name for file in FILES} == expected


def test_no_file_is_named_like_real_figures() -> None:
    assert [file.name for file in SAMPLE.iterdir() if PUBLISHED_SOURCES.search(file.name)] == []
    assert PUBLISHED_SOURCES.search("uk_nrm_leaf_cells_2022Q2_2023Q2.csv")


def test_the_readme_says_that_all_is_invented() -> None:
    assert "Every figure in this folder is invented" in (SAMPLE / "README.md").read_text(encoding="utf-8")


def test_the_sample_is_small() -> None:
    assert sum(file.stat().st_size for file in SAMPLE.iterdir() if file.is_file()) < 300_000


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_code_can_be_reported(file: Path, reference_dir: Path) -> None:
    structure = STRUCTURES[file.stem.rpartition("_")[2]]
    allowed: Mapping[str, frozenset[str]] = {
        dimension.label: frozenset(dimension.codelist(reference_dir).reportable) for dimension in structure.dimensions
    }
    strangers = [
        (row["Period"], column, row[column])
        for row in rows(file)
        for column, codes in allowed.items()
        if row[column] not in codes
    ]
    assert strangers == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_key_stands_twice_and_the_last_quarter_is_provisional(file: Path) -> None:
    keys: Counter[tuple[str, ...]] = Counter()
    for row in rows(file):
        assert (row["Observation status"] == "Provisional") == (row["Period"] == generate.PROVISIONAL)
        keys[tuple(text for column, text in row.items() if column != "Count")] += 1
    assert {key: times for key, times in keys.items() if times > 1} == {}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_agency_reports_every_quarter_but_the_missing_ones(file: Path) -> None:
    agency = file.stem.rpartition("_")[0]
    missing = {quarter for who, quarter in generate.MISSING if who == agency}
    assert {row["Period"] for row in rows(file)} == set(generate.QUARTERS) - missing


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_path_reads_every_row_without_a_finding(file: Path, reference_dir: Path) -> None:
    returned = read_return(
        file.read_bytes(),
        file.name,
        agency=file.stem.rpartition("_")[0],
        reference_dir=reference_dir,
        previous={},
        today=date(2026, 2, 1),
    )
    assert returned.findings == ()
    (read,) = returned.datasets
    assert [observation.value for observation in read.observations] == [int(row["Count"]) for row in rows(file)]


def test_a_quarter_without_anybody_is_one_row_of_zero() -> None:
    for file in FILES:
        zeros = [row["Period"] for row in rows(file) if row["Count"] == "0"]
        counted = {row["Period"] for row in rows(file) if row["Count"] != "0"}
        assert len(zeros) == len(set(zeros))
        assert not counted & set(zeros)


def test_four_of_six_agencies_reported_victims_in_the_newest_quarter() -> None:
    reported = {file.stem for file in VICTIMS if any(row["Period"] == "2025-Q4" for row in rows(file))}
    assert (len(reported), len(VICTIMS)) == (4, 6)


def test_yearly_figures_are_as_small_as_the_real_ones() -> None:
    identified = by_year(VICTIMS, Status="IDENTIFIED")
    presumed = by_year(VICTIMS, Status="PRESUMED")
    recorded = by_year([SAMPLE / "MPS_cases.csv"], Stage="RECORDED")
    convicted = by_year([SAMPLE / "PGO_cases.csv"], Stage="CONVICTED")
    assert all(4 <= count <= 16 for count in identified.values())
    assert all(25 <= count <= 60 for count in presumed.values())
    assert all(0 <= count <= 3 for count in convicted.values())
    assert all(5 <= count <= 15 for count in recorded.values())


def test_some_cells_pass_the_threshold_over_all_years_and_most_do_not() -> None:
    nationalities: Counter[str] = Counter()
    for row in (row for file in VICTIMS for row in rows(file) if row["Status"] == "IDENTIFIED"):
        nationalities[row["Nationality"]] += int(row["Count"])
    assert nationalities.most_common(1)[0][0] == "BGD"
    shown = [code for code, count in nationalities.items() if count >= 5]
    assert 2 <= len(shown) < len(nationalities) / 2
    assert nationalities["MDV"] > 0
