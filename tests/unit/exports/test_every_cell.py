"""Wherever a text comes from, no cell of a file runs it: hostile texts in every part of a table at once."""

import csv
import io
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from tests.unit.charts.tables import heading, routes, table
from tests.unit.exports.test_guard import BLANKS, FULL_WIDTH, TRIGGERS, runs

from dashboard.exports import csv_bytes, filename, sheets, xlsx_bytes
from dashboard.exports.guard import readable
from dashboard.views.model import Coverage, TableView

TEXTS = 20_000
A_TABLE = 50
"""Texts that one table holds; each is written to both kinds of files."""
FIRST = [*TRIGGERS, *FULL_WIDTH, *BLANKS, ""]
SIGNS = [*FIRST, *"019.,aA'\";()!<&]:?*/\\[", "\u202e", "\u00e9", "\ud83d", "=cmd|", "@SUM("]


def hostile(chance: random.Random) -> TableView:
    """A table in which every text is one that a spreadsheet might run."""

    def text() -> str:
        return chance.choice(FIRST) + "".join(chance.choices(SIGNS, k=chance.randint(0, 6)))

    made = table(
        {heading("X", text()): (7,), heading("Z", text()): (8,)},
        [heading("Y", text())],
        title=text(),
        subtitle=text(),
        unit=text(),
        row_label=text(),
        column_label=text(),
        source=text(),
        as_of=text(),
        notes=tuple(text() for _ in range(20)),
        groups=tuple(text() for _ in range(8)),
        withdrawn=text(),
        filters=((text(), text()), (text(), text())),
        coverage=Coverage(1, 2, (text(), text()), True),
        publication_id=text(),
    )
    if chance.random() < 0.5:
        return made
    route = routes().rows[0]
    return replace(made, rows=tuple(replace(route, parts=(text(), text(), text())) for _ in made.rows))


def cells(made: TableView, definitions: list[tuple[str, str]]) -> Iterator[str]:
    """Every text cell of both files as a spreadsheet program gets it."""
    for row in csv.reader(io.StringIO(csv_bytes(made).decode("utf-8-sig"), newline="")):
        yield from row
    content = xlsx_bytes([made], definitions)
    for sheet in load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            assert {cell.data_type for cell in row} <= {"s", "inlineStr", "n"}
            yield from (cell.value for cell in row if isinstance(cell.value, str))
    with ZipFile(io.BytesIO(content)) as parts:
        assert not [name for name in parts.namelist() if b"<f>" in parts.read(name) or b"<f " in parts.read(name)]


def running(seed: int) -> list[str]:
    chance = random.Random(seed)
    made = hostile(chance)
    definitions = [("".join(chance.choices(SIGNS, k=4)), "".join(chance.choices(SIGNS, k=4))) for _ in range(2)]
    assert re.fullmatch(r"[a-z0-9._-]+\.csv", filename(made, "csv"))
    return [cell for cell in cells(made, definitions) if runs(cell)]


@pytest.mark.parametrize("part", range(4))
def test_no_cell_of_any_file_runs(part: int) -> None:
    """20,000 texts in all: titles, notes, definitions, labels, filters, sources, as the names of files too."""
    tables = TEXTS // A_TABLE // 4
    assert [found for seed in range(part * tables, (part + 1) * tables) for found in running(seed)] == []


def test_without_the_guard_they_would(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(sheets, "guard", readable)
    assert len([found for seed in range(20) for found in running(seed)]) > 100
