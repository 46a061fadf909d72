"""Readers: any bytes give sheets or a sentence."""

import contextlib
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.submissions.files import csv_file, workbook

from dashboard.submissions import readers
from dashboard.submissions.readers import READERS, Unreadable, read_csv, read_xlsx

SMALL = workbook({"S": [("a", 1), ("b", 2)]})


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_that_of_the_header(delimiter: str) -> None:
    (sheet,) = read_csv(csv_file(("a", "b"), ("1", "x, y; z"), delimiter=delimiter))
    assert sheet.rows == (("a", "b"), ("1", "x, y; z"))


def test_utf8_with_a_mark_is_read_without_it() -> None:
    (sheet,) = read_csv("\ufeffa,é\n".encode())
    assert (sheet.rows, sheet.remarks) == ((("a", "é"),), ())


def test_windows_text_is_read_with_a_remark() -> None:
    (sheet,) = read_csv("a,Côte d’Ivoire\n".encode("cp1252"))
    assert sheet.rows == (("a", "Côte d’Ivoire"),)
    assert "Windows-1252" in sheet.remarks[0]


def test_blank_rows_keep_their_number_and_trailing_ones_go() -> None:
    (sheet,) = read_csv(b"a,b\n\n1,2\n,\n\n")
    assert sheet.rows == (("a", "b"), (), ("1", "2"))


def test_cells_of_a_workbook_are_text() -> None:
    (sheet,) = read_xlsx(workbook({"S": [("n", 12, 12.0, 3.5, None, " two \n lines ", True, None)]}))
    assert sheet == readers.Sheet("S", (("n", "12", "12", "3.5", "", "two lines", "True"),))


def test_invisible_characters_are_dropped() -> None:
    assert read_csv("a,\u200bb\x01\x1b\ufeff,\u200f\n".encode())[0].rows == (("a", "b"),)


def test_the_text_namibia_is_not_missing() -> None:
    assert read_csv(b"a,b\nNA,NULL\n")[0].rows[1] == ("NA", "NULL")


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"a,b\n" + b"1,2\n" * (readers.ROWS_AT_MOST + 1), "more than 200,000 rows"),
        (b"," * 200 + b"x\n", "more than 200 columns"),
        ("a,b\n".encode("utf-16"), "not a text file"),
        (b"\x81\x8d\xff", "cannot be decoded"),
        (b'"' + b"a" * 200_000, "cannot be split"),
    ],
)
def test_what_cannot_be_read_says_so(content: bytes, trouble: str) -> None:
    with pytest.raises(Unreadable, match=trouble):
        read_csv(content)


def test_the_headings_are_not_counted_among_the_rows() -> None:
    (sheet,) = read_csv(b"a,b\n" + b"1,2\n" * readers.ROWS_AT_MOST)
    assert len(sheet.rows) == readers.ROWS_AT_MOST + 1


def test_a_short_text_referred_to_often_runs_out_of_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "CHARACTERS_AT_MOST", 1_000)
    with pytest.raises(Unreadable, match="too much text"):
        read_xlsx(workbook({"S": [["x" * 30] * 10] * 10}))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_sheets_or_a_sentence(content: bytes) -> None:
    for read in READERS.values():
        with contextlib.suppress(Unreadable):
            sheets = read(content)
            assert all(isinstance(cell, str) for sheet in sheets for row in sheet.rows for cell in row)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_damage_to_a_workbook_gives_sheets_or_a_sentence(data: st.DataObject) -> None:
    content = bytearray(SMALL)
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=20)):
        content[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Unreadable):
        read_xlsx(bytes(content))


_CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=8)


@settings(deadline=None)
@given(st.lists(st.lists(_CELLS, min_size=2, max_size=5), min_size=1, max_size=8))
def test_what_was_written_comes_back(rows: list[list[str]]) -> None:
    text = io.StringIO()
    header = ["first,", *rows[0]]  # a comma in the first line decides the delimiter
    text.write(csv_file(header, *rows).decode())
    kept = read_csv(text.getvalue().encode())[0].rows
    expected = [header, *rows]
    for number, row in enumerate(kept):
        filled = list(expected[number])
        while filled and not filled[-1]:
            filled.pop()
        assert list(row) == filled
