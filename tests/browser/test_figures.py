"""The figure pages as a member sees them: charts, tables, filters, links, downloads, sizes."""

import csv
import io
import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.running import SIZES, Dashboard, box, choose, choose_by_keyboard, expect_page, open_page, wait_idle

from dashboard.charts.camera import PROGRAMS
from dashboard.views import catalogue

pytestmark = pytest.mark.browser

INVENTED = "Invented figures. They show how the dashboard works; no number here is about a real person."
SENTENCE = re.compile(
    r"^In all: (\d+ (more|fewer) than|As many as) in 2023 \(\d+\): (a (clear|possible) change|within chance)\.$"
)

# page; what the mouse chooses; what the keyboard chooses
FILTERS = (
    ("nationality", ("Status", "Presumed victim"), ("Form of exploitation", "Forced labour")),
    ("sector", ("Status", "Presumed victim"), ("Period", "2024")),
    ("route", ("Period", "2020\u20132024"), ("Status", "Presumed victim")),
    ("trend", ("Status", "Presumed victim"), ("Split by", "Age group")),
)


def card(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-card_{name}")


def chart_text(page: Page, name: str) -> str:
    """Everything a chart says in letters."""
    return " ".join(card(page, name).locator("svg.main-svg").all_text_contents())


def table(where: Locator) -> list[list[str]]:
    """The table of a card as it stands on the screen, header first."""
    script = "table => [...table.rows].map(row => [...row.cells].map(cell => cell.textContent.trim()))"
    found: list[list[str]] = where.locator("table").first.evaluate(script)
    return found


@pytest.mark.parametrize("view", catalogue.PAGES, ids=lambda view: view.name)
def test_a_figure_page_is_complete_and_fits_every_screen(view: catalogue.View, sample_app: Dashboard) -> None:
    with sample_app.as_("member") as page:
        # The first page of the menu has no address of its own.
        open_page(page, "/" if view is catalogue.PAGES[0] else f"/{view.name}", view.heading)
        expect(page.locator(".st-key-invented")).to_contain_text(INVENTED)
        for part in (view, *view.companions):
            expect(card(page, part.name).locator("svg.main-svg").first).to_be_visible()
            assert "Invented figures" in chart_text(page, part.name)
            assert "Source:" in chart_text(page, part.name)
            header, *rows = table(card(page, part.name))
            assert len(header) >= 2
            assert rows
            assert all(cell == "c" or cell == "no return" or re.fullmatch(r"[\d,]*", cell) for cell in rows[0][1:])
        for size in SIZES.values():
            assert_fits(page, size)


def assert_fits(page: Page, size: tuple[int, int]) -> None:
    """Nothing is wider than the screen: neither the document nor the part of it that scrolls."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    wait_idle(page)
    too_wide = page.evaluate(
        """() => [document.scrollingElement, document.querySelector('[data-testid="stMain"]')]
            .filter(part => part.scrollWidth > part.clientWidth)
            .map(part => `${part.tagName}: ${part.scrollWidth} > ${part.clientWidth}`)"""
    )
    assert not too_wide, f"wider than a screen of {size[0]} x {size[1]}: {too_wide}"


@pytest.mark.parametrize(("name", "by_mouse", "by_keyboard"), FILTERS, ids=[name for name, _, _ in FILTERS])
def test_filters_change_address_and_chart_and_the_address_brings_them_back(
    name: str, by_mouse: tuple[str, str], by_keyboard: tuple[str, str], sample_app: Dashboard
) -> None:
    with sample_app.as_("member") as page:
        open_page(page, f"/{name}", name.capitalize())
        seen = [(page.url, chart_text(page, name))]
        choose(page, *by_mouse)
        seen.append((page.url, chart_text(page, name)))
        choose_by_keyboard(page, *by_keyboard)
        seen.append((page.url, chart_text(page, name)))
        assert len({url for url, _ in seen}) == 3, "the address does not change with each choice"
        assert len({text for _, text in seen}) == 3, "the chart does not change with each choice"

        other = page.context.new_page()
        other.goto(page.url)
        expect_page(other, name.capitalize())
        for label, option in (by_mouse, by_keyboard):
            expect(box(other, label)).to_have_value(option)
        assert other.url == page.url
        assert chart_text(other, name) == chart_text(page, name)
        assert table(card(other, name)) == table(card(page, name))


def test_clearing_the_filters_brings_the_whole_picture_back(sample_app: Dashboard) -> None:
    with sample_app.as_("member") as page:
        open_page(page, "/nationality", "Nationality")
        address, text = page.url, chart_text(page, "nationality")
        choose(page, "Period", "2024")
        expect(page.locator(".st-key-chips")).to_contain_text("Period: 2024")
        page.get_by_role("button", name="Clear filters").click()
        expect(box(page, "Period")).to_have_value("All periods")
        wait_idle(page)
        assert page.url == address
        assert chart_text(page, "nationality") == text


def test_a_comparison_is_said_in_words(sample_app: Dashboard) -> None:
    with sample_app.as_("member") as page:
        open_page(page, "/nationality", "Nationality")
        choose(page, "Period", "2024")
        choose(page, "Compare with", "2023")
        said = card(page, "nationality").get_by_text(re.compile("^In all: "))
        expect(said).to_have_text(SENTENCE)
        header, *rows = table(card(page, "nationality"))
        assert header == ["Nationality", "2024", "2023"]
        now, before = (int(number) for number in rows[-1][1:])
        assert f"({before})" in said.inner_text()
        assert str(abs(now - before)) in said.inner_text() or now == before


def test_the_csv_file_holds_what_the_table_shows(sample_app: Dashboard, tmp_path: Path) -> None:
    with sample_app.as_("member") as page:
        open_page(page, "/nationality?period=2024", "Nationality")
        shown = table(card(page, "nationality"))
        file = download(page, "nationality", "CSV", tmp_path)
    name = r"identified-victims-by-nationality_2024_for-the-working-group_as-of-\d{4}-\d{2}-\d{2}\.csv"
    assert re.fullmatch(name, file.name)
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert_explains_itself({row[0]: row[1] for row in rows if len(row) == 2})
    start = rows.index([]) + 1
    assert [[cell.lstrip("'") for cell in row] for row in rows[start:]] == without_commas(shown)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_the_excel_file_holds_what_the_table_shows_and_no_formula(sample_app: Dashboard, tmp_path: Path) -> None:
    with sample_app.as_("member") as page:
        open_page(page, "/nationality?period=2024", "Nationality")
        shown = table(card(page, "nationality"))
        file = download(page, "nationality", "Excel", tmp_path)
    assert file.suffix == ".xlsx"
    workbook = openpyxl.load_workbook(file)
    about, sheet = workbook.worksheets
    assert_explains_itself({str(row[0]): str(row[1]) for row in about.iter_rows(max_col=2, values_only=True)})
    assert not [
        cell for page in workbook.worksheets for row in page.iter_rows() for cell in row if cell.data_type == "f"
    ]
    rows = [["" if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    start = next(number for number, row in enumerate(rows) if row[0] == "Nationality")
    assert [row[: len(shown[0])] for row in rows[start : start + len(shown)]] == without_commas(shown)
    numbers = [
        cell for row in sheet.iter_rows(min_row=start + 2, max_row=start + len(shown), min_col=2) for cell in row
    ]
    assert all(cell.data_type == "n" or cell.value in ("c", "no return") for cell in numbers if cell.value is not None)


def assert_explains_itself(facts: dict[str, str]) -> None:
    """Title, source and date are in the file."""
    assert facts["Title"] == "Identified victims by nationality"
    assert "Maldives" in facts["Source"]
    assert re.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4}", facts["As of"])
    assert "Invented figures" in facts


def without_commas(rows: list[list[str]]) -> list[list[str]]:
    return [[cell.replace(",", "") if re.fullmatch(r"[\d,]+", cell) else cell for cell in row] for row in rows]


def download(page: Page, view: str, kind: str, folder: Path) -> Path:
    with page.expect_download() as started:
        card(page, view).get_by_role("link", name=kind, exact=True).click()
    file = folder / started.value.suggested_filename
    started.value.save_as(file)
    return file


@pytest.mark.parametrize("kind", ["PNG", "SVG"])
def test_a_picture_explains_itself(kind: str, sample_app: Dashboard, tmp_path: Path) -> None:
    if not any(map(shutil.which, PROGRAMS)):
        pytest.skip("No picture engine: the server looks for Chromium or Chrome on the PATH.")
    with sample_app.as_("member") as page:
        open_page(page, "/nationality", "Nationality")
        content = download(page, "nationality", kind, tmp_path).read_bytes()
    if kind == "PNG":
        assert content.startswith(b"\x89PNG\r\n\x1a\n")
        assert int.from_bytes(content[16:20], "big") >= 2000
        return
    text = content.decode()
    assert "<svg" in text[:200]
    for words in ("Identified victims by nationality", "Invented figures", "Source:", "As of"):
        assert words in text.replace("\u00a0", " ")
    assert not re.search(r"(href|src)=.https?:", text)
