"""A long ranking shortened for a chart says nothing that the table does not say."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from dashboard.views import Cell, CellState, Coverage, Heading, HeadingKind, TableView, shorten
from dashboard.views.model import WITHHELD, ZERO


def ranking(values: list[int | None], not_recorded: int | None = 3) -> TableView:
    """A ranked table of one column: None stands for a withheld number."""
    cells = [WITHHELD if v is None else (Cell(CellState.NUMBER, v) if v else ZERO) for v in values]
    order = sorted(range(len(values)), key=lambda i: (values[i] is None, -(values[i] or 0)))
    rows = [Heading((f"C{i:02}",), f"Country {i:02}") for i in order]
    body = [(cells[i],) for i in order]
    rows.append(Heading(("NR",), "Not recorded", HeadingKind.NOT_RECORDED))
    body.append((WITHHELD if not_recorded is None else Cell(CellState.NUMBER, not_recorded),))
    return TableView(
        "toy", "ranked_bars", "Title", "Subtitle", "persons", "Nationality", "Period", tuple(rows),
        (Heading(("2024",), "2024"),), tuple(body), (), (), (), "Source", "1 May 2025", "id", False,
        Coverage(1, 1, (), False), (),
    )  # fmt: skip


def texts(table: TableView) -> list[tuple[str, str]]:
    return [(row.label, cells[0].text) for row, cells in zip(table.rows, table.cells, strict=True)]


def test_a_short_ranking_stays_as_it_is_but_for_zeros() -> None:
    assert texts(shorten(ranking([5, 9, 0, None]))) == [
        ("Country 01", "9"),
        ("Country 00", "5"),
        ("Country 03", "c"),
        ("Not recorded", "3"),
    ]


def test_what_comes_after_ten_is_added_up_and_counted() -> None:
    found = texts(shorten(ranking(list(range(20, 5, -1)))))
    assert found[10] == ("Next 5 nationalities together", str(10 + 9 + 8 + 7 + 6))
    assert found[11] == ("Not recorded", "3")


def test_many_withheld_rows_become_one_without_a_number() -> None:
    found = texts(shorten(ranking([50, None, None, None, None])))
    assert found == [("Country 00", "50"), ("4 more nationalities", "c"), ("Not recorded", "3")]


@given(st.lists(st.one_of(st.none(), st.integers(0, 99)), max_size=40))
def test_the_sum_of_shown_numbers_is_kept_and_withheld_rows_add_nothing(values: list[int | None]) -> None:
    table = ranking(values)
    short = shorten(table)
    assert len(short.rows) <= 10 + 1 + 1 + 3 + 1

    def shown(view: TableView) -> int:
        return sum(cells[0].value or 0 for cells in view.cells)

    assert shown(short) == shown(table)


def test_a_fall_to_zero_stays_in_a_comparison() -> None:
    table = ranking([0, 9])
    before = Cell(CellState.NUMBER, 40)
    both = replace(
        table,
        columns=(*table.columns, Heading(("2023",), "2023")),
        cells=tuple(
            (*cells, before if row.label == "Country 00" else ZERO)
            for row, cells in zip(table.rows, table.cells, strict=True)
        ),
    )
    assert [row.label for row in shorten(both).rows] == ["Country 01", "Country 00", "Not recorded"]
