"""A real public file from upload to figure, through the screens, with every sum checked against the raw file."""

import csv
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine
from tests.browser.running import Dashboard, choose, expect_page, open_page, wait_idle
from tests.browser.test_figures import card, table

from dashboard import releases
from dashboard.datasets import Dataset
from dashboard.releases import store as release_store

pytestmark = pytest.mark.browser

NRM = "uk_nrm_leaf_cells_2022Q2_2023Q2.csv"
GLOTIP = "unodc_glotip_southern_asia.csv"
CTDC = "ctdc_kanon_2021_raw_format_sample.csv"
SENDER = "Home Office (United Kingdom)"
THRESHOLD = 5
PROTECTING = 240_000
"""Milliseconds in which both circulations are protected, with time to spare for a busy machine."""
QUARTER = re.compile(r"Q([1-4]) (\d{4})")
FORMS = {
    "Labour": "Forced labour",
    "Domestic": "Servitude",
    "Criminal": "Forced criminality",
    "Sexual": "Sexual exploitation",
    "Organ Harvesting": "Organ removal",
    "Not specified or unknown": "Not recorded",
}


@pytest.fixture(scope="module")
def raw(real_data: Path) -> list[dict[str, str]]:
    with (real_data / NRM).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def published(empty_app: Dashboard, real_data: Path) -> Dashboard:
    """The Home Office's file, sent in, accepted, frozen, approved and published by the people who may."""
    with empty_app.as_("secretariat") as page:
        send_in(page, SENDER, real_data / NRM)
        expect(page.get_by_text(f"{NRM} was received. See below what the checks found.")).to_be_visible()
        expect(page.get_by_text("0 errors, 0 warnings.")).to_be_visible()
        # The list of findings is drawn on a canvas, with a table in it for screen readers.
        expect(page.locator('canvas [role="gridcell"]', has_text="4,993 rows were added up")).to_be_attached()
        send_in(page, SENDER, real_data / NRM)
        expect(page.get_by_text(re.compile("^This very file was received on .*: nothing was added"))).to_be_visible()
        assert rows_in(empty_app, "submissions") == 1
        page.get_by_role("button", name="Accept", exact=True).click()
        expect(page.get_by_text("The return is accepted.")).to_be_visible()

        open_page(page, "/releases", "Releases")
        page.get_by_role("button", name="Freeze", exact=True).click()
        expect(page.get_by_text("The release is frozen. A second person has to approve it.")).to_be_visible()
        expect(page.get_by_text("You froze this release. A second person has to approve it.")).to_be_visible()
        expect(page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)

    with empty_app.as_("chair") as page:
        open_page(page, "/releases", "Releases")
        page.get_by_role("button", name="Approve", exact=True).click()
        expect(page.get_by_text("The release is approved and can be published.")).to_be_visible()
        open_page(page, "/publication", "Publication")
        page.get_by_role("button", name="What readers get").click()
        members, others = (page.locator(f".st-key-table_effects_{circulation}") for circulation in ("group", "wider"))
        for readers in (members, others):
            row = readers.get_by_role("row", name=re.compile(r"^Victims by nationality \d"))
            expect(row).to_be_visible(timeout=PROTECTING)
        wait_idle(page)
        publish(page, "First figures of the Home Office.")
        not_yet = page.get_by_text("The chair has not approved the disclosure policy as it stands.")
        expect(not_yet).to_be_visible(timeout=PROTECTING)
        page.get_by_label("Who decided on this policy, and when", exact=True).fill("The group, on 1 March.")
        page.get_by_role("button", name="Approve the policy").click()
        expect(page.get_by_text("The policy is approved. It holds for the next publication.")).to_be_visible()
        publish(page, "First figures of the Home Office.")
        said = page.get_by_text("Published. Every figure page shows the new figures from now on.")
        expect(said).to_be_visible(timeout=PROTECTING)
    return empty_app


def send_in(page: Page, organisation: str, file: Path) -> None:
    """Choose sender and file on Returns, check and send."""
    open_page(page, "/submissions", "Returns")
    choose(page, "Return of", organisation)
    page.locator('input[type="file"]').set_input_files(file)
    expect(page.get_by_role("button", name="Check and send in")).to_be_enabled()
    wait_idle(page)
    page.get_by_role("button", name="Check and send in").click()


def publish(page: Page, reason: str) -> None:
    page.get_by_label("Why this release is published now", exact=True).fill(reason)
    page.get_by_role("button", name="Publish", exact=True).click()


def rows_in(dashboard: Dashboard, name: str) -> int:
    """How many rows a table of the database has, counted from outside."""
    connection = sqlite3.connect(f"file:{dashboard.server.database}?mode=ro", uri=True)
    try:
        return int(connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0])  # noqa: S608
    finally:
        connection.close()


def test_records_of_persons_are_refused_and_leave_nothing(empty_app: Dashboard, real_data: Path) -> None:
    before = {name: rows_in(empty_app, name) for name in ("submissions", "observations", "findings")}
    with empty_app.as_("secretariat") as page:
        send_in(page, SENDER, real_data / CTDC)
        expect(page.get_by_text(re.compile("single persons.*Nothing of this file was kept", re.DOTALL))).to_be_visible()
        assert "Case Management" not in page.locator("body").inner_text()
        open_page(page, "/submissions", "Returns")
        expect(page.get_by_text(CTDC)).to_have_count(0)
    assert {name: rows_in(empty_app, name) for name in before} == before


@pytest.fixture(scope="module")
def datasets(published: Dashboard) -> Iterator[Mapping[str, Dataset]]:
    """What the release holds before protection, read from the database file without the dashboard."""
    engine = create_engine(f"sqlite:///file:{published.server.database}?mode=ro&uri=true")
    with engine.connect() as connection:
        (release,) = release_store.newest(connection)
        yield releases.datasets(connection, release)
    engine.dispose()


def sums(dataset: Dataset, dimension: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in dataset.observations:
        code = one.period if dimension == "period" else one.codes[dataset.structure.position(dimension)]
        found[code] += one.value or 0
    return found


def test_before_protection_every_sum_is_that_of_the_file(
    datasets: Mapping[str, Dataset], raw: list[dict[str, str]], reference_dir: Path
) -> None:
    (victims,) = datasets.values()
    assert victims.total == sum(int(row["people"]) for row in raw) == 16_984
    assert sums(victims, "period") == summed(raw, lambda row: row["period"])
    assert sums(victims, "nationality") == by_nationality(raw, reference_dir)
    labels = labels_of(reference_dir, "form_of_exploitation")
    forms: Counter[str] = Counter()
    for code, people in sums(victims, "form_of_exploitation").items():
        forms[labels[code]] += people
    assert forms == summed(raw, form)


def summed(raw, key) -> Counter[str]:  # type: ignore[no-untyped-def]
    found: Counter[str] = Counter()
    for row in raw:
        found[key(row)] += int(row["people"])
    return found


def form(row: dict[str, str]) -> str:
    """The form of exploitation in our words; two joined by an ampersand are more than one form."""
    named = row["exploitation_type"]
    return "More than one form" if " & " in named else FORMS[named]


def by_nationality(raw: list[dict[str, str]], reference_dir: Path) -> Counter[str]:
    """People by code of nationality: a code stands as it is, a name is looked up in the table of aliases."""
    with (reference_dir / "aliases" / "nationality.csv").open(encoding="utf-8", newline="") as lines:
        aliases = {row["alias"].casefold(): row["code"] for row in csv.DictReader(lines)}
    countries = labels_of(reference_dir, "country")

    def code(row: dict[str, str]) -> str:
        text = row["nationality"].strip()
        return text.upper() if text.upper() in countries else aliases[text.casefold()]

    return summed(raw, code)


def labels_of(reference_dir: Path, *names: str) -> dict[str, str]:
    labels = {}
    for name in names:
        with (reference_dir / "codelists" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            labels |= {row["code"]: row["label"] for row in csv.DictReader(lines)}
    return labels


def assert_protected(shown: Mapping[str, str], true: Mapping[str, int]) -> None:
    """What is shown is the true sum, and no sum below the threshold is shown; small codes may stand in a group."""
    grouped = set(true) - set(shown)
    assert all(true[label] < THRESHOLD for label in grouped)
    assert all(label.startswith("Other ") for label in set(shown) - set(true))
    for label, people in true.items():
        if label in grouped:
            continue
        assert shown[label] in ("c", f"{people:,}"), label
        assert people == 0 or people >= THRESHOLD or shown[label] == "c", f"{label}: {people} is shown"
    assert sum(text != "c" for text in shown.values()) > len(true) / 3


@pytest.mark.parametrize("period", ["All periods", "2022", "2023"])
def test_the_nationalities_shown_are_those_of_the_file(
    period: str, published: Dashboard, raw: list[dict[str, str]], reference_dir: Path
) -> None:
    with published.as_("member") as page:
        open_page(page, "/nationality", "Nationality")
        expect(page.locator(".st-key-invented")).to_have_count(0)
        if period != "All periods":
            choose(page, "Period", period)
        expect(card(page, "nationality").locator("svg.main-svg").first).to_be_visible()
        header, *rows = table(card(page, "nationality"))
    assert header == ["Nationality", period]
    kept = [row for row in raw if period == "All periods" or row["period"].startswith(period)]
    labels = labels_of(reference_dir, "country", "nationality_other")
    true = {labels[code]: people for code, people in by_nationality(kept, reference_dir).items()}
    assert rows.pop() == ["Total", f"{sum(true.values()):,}"]
    assert_protected(dict(rows), true)  # type: ignore[arg-type]


def test_the_forms_of_exploitation_shown_are_those_of_the_file(published: Dashboard, raw: list[dict[str, str]]) -> None:
    with published.as_("member") as page:
        open_page(page, "/sector", "Sector")
        expect(card(page, "form_ranking").locator("svg.main-svg").first).to_be_visible()
        _, *rows = table(card(page, "form_ranking"))
    assert rows.pop() == ["Total", "16,984"]
    assert_protected(dict(rows), summed(raw, form))  # type: ignore[arg-type]


def test_the_quarters_shown_are_those_of_the_file(published: Dashboard, raw: list[dict[str, str]]) -> None:
    with published.as_("member") as page:
        open_page(page, "/trend", "Trend")
        quarters = card(page, "trend_by_quarter")
        expect(quarters.locator("svg.main-svg").first).to_be_visible()
        _, *rows = table(quarters)
    shown = {QUARTER.sub(r"\2-Q\1", label): text for label, text in rows}
    assert_protected(shown, summed(raw, lambda row: row["period"]))


def test_a_file_with_many_findings_is_received_and_explained(published: Dashboard, real_data: Path) -> None:
    with published.as_("secretariat") as page:
        send_in(page, "United Nations Office on Drugs and Crime", real_data / GLOTIP)
        expect(page.get_by_text(f"{GLOTIP} was received. See below what the checks found.")).to_be_visible()
        expect_page(page, "Returns")
        expect(page.get_by_text(re.compile(r"counts read, 0 errors, [1-9]\d* warnings\."))).to_be_visible()
        expect(page.get_by_role("button", name="Accept", exact=True)).to_be_disabled()
