"""Tables as the views give them, invented: a test names only what it is about."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dashboard.datasets import NOT_RECORDED
from dashboard.views.model import (
    NO_RETURN,
    WITHHELD,
    ZERO,
    Cell,
    CellState,
    Coverage,
    Event,
    Heading,
    HeadingKind,
    TableView,
)

C, NONE = WITHHELD, NO_RETURN
C_NOTE = (
    "c: a number from 1 to 4, or a number withheld so that a small one cannot be worked out (zeros can be among them)."
)
CAVEAT = (
    "Counts depend on how many people are screened and report: a rise can mean better detection, "
    "and none recorded is not none occurring."
)
Line = Sequence[Cell | int]


def cell(value: Cell | int) -> Cell:
    """A cell from a number, or the cell itself."""
    if isinstance(value, Cell):
        return value
    return Cell(CellState.NUMBER, value) if value else ZERO


def provisional(value: int) -> Cell:
    return Cell(CellState.PROVISIONAL, value)


def heading(code: str, label: str) -> Heading:
    return Heading((code,), label, HeadingKind.NOT_RECORDED if code == NOT_RECORDED else HeadingKind.CODE)


def table(rows: dict[Heading, Line], columns: Sequence[Heading] = (), **more: Any) -> TableView:
    """A table of these rows; one column, 2024, where none is named."""
    lines = tuple(tuple(cell(value) for value in line) for line in rows.values())
    base = TableView(
        view="nationality",
        chart="ranked_bars",
        title="Victims by nationality",
        subtitle="Persons, identified victim, 2024",
        unit="persons",
        row_label="Nationality",
        column_label="Period",
        rows=tuple(rows),
        columns=tuple(columns) or (heading("2024", "2024"),),
        cells=lines,
        total_row=(),
        total_column=(),
        notes=(C_NOTE, CAVEAT),
        source="Maldives Police Service; Maldives Immigration; Labour Relations Authority and 2 more",
        as_of="31 December 2025",
        publication_id="0" * 64,
        invented=False,
        coverage=Coverage(4, 6, ("Family Protection Authority", "Ministry of Health"), provisional=False),
        filters=(("Status", "Identified victim"),),
        period="2024",
    )
    return replace(base, **more)


def named(*pairs: tuple[str, str, Cell | int]) -> dict[Heading, Line]:
    """Rows of one column: code, label, value."""
    return {heading(code, label): (value,) for code, label, value in pairs}


def nationalities() -> TableView:
    """Fourteen nationalities, five of them withheld."""
    rows = named(
        ("BGD", "Bangladesh", 46), ("IND", "India", 21), ("LKA", "Sri Lanka", 12), ("NPL", "Nepal", 9),
        ("PHL", "Philippines", 7), ("THA", "Thailand", 5), ("EGY", "Egypt", 0),
        ("GBR", "United Kingdom of Great Britain and Northern Ireland", C), ("IDN", "Indonesia", C),
        ("KEN", "Kenya", C), ("MDV", "Maldives", C), ("PAK", "Pakistan", C), ("XXA", "Stateless", 0),
        ("NR", "Not recorded", 6),
    )  # fmt: skip
    return table(rows, total_row=(cell(114),))


def compared() -> TableView:
    """Two years of nationalities, with withheld sides."""
    values: dict[str, Line] = {
        "Bangladesh": (46, 31), "India": (21, 24), "Sri Lanka": (12, 12), "Nepal": (9, C), "Philippines": (7, 5),
        "Thailand": (5, 0), "Indonesia": (C, 8), "Kenya": (C, C), "Pakistan": (C, 0),
    }  # fmt: skip
    rows = {heading(label[:3].upper(), label): line for label, line in values.items()}
    rows[heading("NR", "Not recorded")] = (6, 9)
    return table(
        rows,
        [heading("2024", "2024"), heading("2023", "2023")],
        subtitle="Persons, identified victim, 2024 compared with 2023",
    )


AGES = (heading("0-17", "Children (0-17)"), heading("18+", "Adults (18 and over)"), heading("NR", "Not recorded"))


def by_age() -> TableView:
    """Nationalities by age group."""
    values: dict[str, Line] = {
        "Bangladesh": (C, 42, C), "India": (5, 16, 0), "Sri Lanka": (0, 12, 0), "Nepal": (C, C, 0),
        "Philippines": (0, 7, 0), "Thailand": (0, 5, 0), "Indonesia": (C, C, C), "Kenya": (C, C, 0),
    }  # fmt: skip
    rows = {heading(label[:3].upper(), label): line for label, line in values.items()}
    rows[heading("NR", "Not recorded")] = (C, 5, C)
    return table(
        rows,
        AGES,
        chart="small_bars",
        title="Victims by nationality and age group",
        column_label="Age group",
        total_row=(cell(14), cell(94), C),
        total_column=tuple(map(cell, (46, 21, 12, 9, 7, 5, C, C, 6))),
    )


FORMS = (
    heading("FORCED_LABOUR", "Forced labour"), heading("SEXUAL_EXPLOITATION", "Sexual exploitation"),
    heading("CHILD_LABOUR", "Child labour"), heading("SERVITUDE", "Servitude"),
    heading("FORCED_BEGGING", "Forced begging"), heading("NR", "Not recorded"),
)  # fmt: skip


def sectors() -> TableView:
    """Ten sectors by six forms of exploitation."""
    values: dict[tuple[str, str], Line] = {
        ("F", "Construction"): (54, 0, C, 0, 0, 7), ("I", "Hotels, resorts and restaurants"): (21, 16, 0, 0, 0, C),
        ("A", "Fishing and agriculture"): (19, 0, C, 0, 0, 0), ("T", "Domestic work"): (8, C, 5, 11, 0, C),
        ("N", "Cleaning, security and support services"): (9, 0, 0, 0, 0, 0),
        ("G", "Shops, trade and vehicle repair"): (6, 0, C, 0, 0, 0),
        ("BEGGING", "Begging"): (0, 0, 0, 0, C, 0), ("H", "Transport and boats"): (C, 0, 0, 0, 0, 0),
        ("NA_SECTOR", "Not applicable"): (0, 12, 0, 0, 0, C), ("NR", "Not recorded"): (5, C, 0, 0, 0, 14),
    }  # fmt: skip
    return table(
        {heading(code, label): line for (code, label), line in values.items()},
        FORMS,
        chart="heatmap",
        title="Victims by sector and form of exploitation",
        row_label="Sector",
        column_label="Form of exploitation",
        total_row=tuple(map(cell, (124, 31, 9, 11, C, 26))),
        total_column=tuple(map(cell, (66, 39, 21, 28, 9, 8, C, C, 14, 22))),
    )


def quarters() -> TableView:
    """Twenty quarters in one column, with gaps, withheld and provisional numbers, and two events."""
    values = [7, 9, 5, C, 6, 11, 14, 12, C, C, 8, 13, NONE, NONE, 17, 22, 19, 26, provisional(24), provisional(15)]
    codes = [f"{2020 + index // 4}-Q{index % 4 + 1}" for index in range(20)]
    rows = {heading(code, f"{code[5:]} {code[:4]}"): (value,) for code, value in zip(codes, values, strict=True)}
    return series(
        rows,
        [heading("_T", "Identified victims")],
        subtitle="Persons, identified victim, by quarter",
        events=(
            Event("2021-Q2", "Second amendment of Act 12/2013: definition of trafficking widened", is_break=True),
            Event("2024-Q3", "National action plan 2024-2028 begins", is_break=False),
        ),
    )


def years_by_age() -> TableView:
    """Nine years by age group."""
    values: list[Line] = [
        (C, 12, 0), (5, 18, C), (6, 22, C), (C, 19, 0), (9, 31, C), (11, 38, 5), (14, 36, 7), (NONE, NONE, NONE),
        (provisional(16), provisional(58), C),
    ]  # fmt: skip
    rows = {heading(str(2017 + index), str(2017 + index)): line for index, line in enumerate(values)}
    return series(rows, AGES, column_label="Age group", subtitle="Persons, identified victim, by year")


def years_by_form() -> TableView:
    """Eight years by six forms: more lines than one figure can hold."""
    values: list[Line] = [
        (21, 8, C, 5, 0, C), (25, 9, C, C, 0, 5), (31, 12, 5, C, C, 6), (28, 14, C, 6, C, C),
        (42, 11, 6, 8, 0, 9), (51, 16, 7, 5, C, 8), (64, 19, C, 9, 5, 11), (58, 22, 8, 7, 6, 12),
    ]  # fmt: skip
    rows = {heading(str(2017 + index), str(2017 + index)): line for index, line in enumerate(values)}
    return series(rows, FORMS, column_label="Form of exploitation", subtitle="Persons, identified victim, by year")


def few_years() -> TableView:
    """Four years: columns."""
    rows = named(("2021", "2021", 31), ("2022", "2022", C), ("2023", "2023", 48), ("2024", "2024", provisional(39)))
    event = Event("2022", "Second amendment of Act 12/2013: definition of trafficking widened", is_break=True)
    return series(rows, [heading("_T", "Identified victims")], title="Identified victims by year", events=(event,))


def stages() -> TableView:
    """Cases by stage and TIP-report year."""
    labels = ("Recorded", "Investigated", "Prosecuted", "Convicted", "Acquitted", "Dismissed")
    values: list[Line] = [
        (12, 9, C, C, 0, 0), (16, 14, 5, C, 0, C), (NONE, NONE, NONE, NONE, NONE, NONE), (21, 17, 8, C, C, C),
        (24, 20, 11, 5, C, 6), (provisional(19), provisional(12), provisional(7), C, ZERO, C),
    ]  # fmt: skip
    rows = {heading(f"TIP-{2020 + at}", f"TIP report {2020 + at}"): line for at, line in enumerate(values)}
    return series(
        rows,
        [heading(label.upper(), label) for label in labels],
        chart="small_columns",
        title="Cases by stage",
        subtitle="Cases, by TIP-report year (1 April to 31 March)",
        unit="cases",
        column_label="Stage",
        events=(),
    )


def series(rows: dict[Heading, Line], columns: Sequence[Heading], **more: Any) -> TableView:
    """A table whose rows are periods."""
    words = {"view": "trend", "chart": "lines", "title": "Victims over time", "row_label": "Period", "period": "_T"}
    return table(rows, columns, **{**words, **more})


def route(codes: str, *parts: str) -> Heading:
    return Heading(tuple(codes.split()), " \u2192 ".join(parts), HeadingKind.CODE, parts)


def routes() -> TableView:
    """Nine routes, two of them withheld."""
    rows = {
        route("BGD NONE MV_MALE", "Bangladesh", "No transit", "Male' region"): (28,),
        route("BGD LKA MV_RESORTS", "Bangladesh", "Sri Lanka", "Resort islands"): (13,),
        route("IND NONE MV_MALE", "India", "No transit", "Male' region"): (12,),
        route("LKA NONE MV_ATOLLS", "Sri Lanka", "No transit", "Other atolls"): (9,),
        route("NPL IND MV_RESORTS", "Nepal", "India", "Resort islands"): (7,),
        route("MDV NONE MV_ATOLLS", "Maldives", "No transit", "Other atolls"): (6,),
        route("PHL NONE MV_RESORTS", "Philippines", "No transit", "Resort islands"): (5,),
        route("THA NONE MV_MALE", "Thailand", "No transit", "Male' region"): (C,),
        route("NR NR NR", "Not recorded", "Not recorded", "Not recorded"): (C,),
    }
    return table(
        rows,
        chart="sankey",
        title="Victims by route",
        row_label="Origin \u2192 Transit \u2192 Destination",
        total_row=(cell(85),),
    )


def examples() -> dict[str, TableView]:
    """One table a look, for those who want to see or test all of them."""
    return {
        "ranked_bars": nationalities(),
        "dumbbell": compared(),
        "small_bars": by_age(),
        "heatmap": sectors(),
        "quarters": quarters(),
        "lines": years_by_age(),
        "small_lines": years_by_form(),
        "columns": few_years(),
        "small_columns": stages(),
        "sankey": routes(),
    }
