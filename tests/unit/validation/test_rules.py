"""Each rule: a return that breaks it, and the finding that says so."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.submissions.files import CASES, VICTIMS, csv_file, read, read_victims, said, victim, workbook

from dashboard.datasets import STRUCTURES, Dataset, Observation
from dashboard.submissions.mapping import read_count
from dashboard.submissions.reading import PersonRecords, Return
from dashboard.validation import RULES, Fault, Finding, Severity
from dashboard.validation.jumps import jump
from dashboard.validation.rules import ALIKE_SHOWN, ERRORS_SHOWN

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


def test_a_good_row_gives_no_finding() -> None:
    assert read_victims(victim(7)).findings == ()


@pytest.mark.parametrize(
    ("row", "rule", "severity", "column", "says"),
    [
        (victim("seven"), "types", ERROR, "Count", "not a whole number"),
        (victim(""), "types", ERROR, "Count", "empty"),
        (victim("-3"), "counts", ERROR, "Count", "negative"),
        (victim("2.5"), "counts", ERROR, "Count", "fraction"),
        (victim("12%"), "counts", ERROR, "Count", "fraction"),
        (victim("61,102,019"), "counts", ERROR, "Count", "above"),
        (victim(1, Period="March 2024"), "types", ERROR, "Period", "cannot be read"),
        (victim(1, Period="2024-Q5"), "types", ERROR, "Period", "cannot be read"),
        (victim(1, Period="1999"), "period_range", ERROR, "Period", "before 2000"),
        (victim(1, Period="2026-Q2"), "period_range", ERROR, "Period", "not begun"),
        (victim(1, Period="2026-Q1"), "period_range", WARNING, "Period", "not over"),
        (victim(1, Period="2026"), "period_range", WARNING, "Period", "not over"),
        (victim(1, Nationality="Bangladish"), "codes", ERROR, "Nationality", "Nearest: Bangladesh (BGD)"),
        (victim(1, Nationality=""), "codes", ERROR, "Nationality", "is empty"),
        (victim(1, Destination="Maldives"), "codes", ERROR, "Destination", "Other atolls"),
        (victim(1, Nationality="Southern Asia"), "codes", ERROR, "Nationality", "sum of finer codes"),
        (victim(1, Sex="Total"), "totals", WARNING, "Sex", "is a total"),
        (victim("<5"), "censored", NOTE, "Count", "withheld"),
    ],
)
def test_a_cell_that_breaks_a_rule_is_named(
    row: tuple[object, ...], rule: str, severity: Severity, column: str, says: str
) -> None:
    returned = read_victims(victim(1, Period="2023"), row)
    (finding,) = said(returned, rule)
    value = str(row[VICTIMS.index(column)])
    assert (finding.severity, finding.row, finding.column, finding.value) == (severity, 3, column, value)
    assert says in finding.message
    assert finding.next_step.endswith(".")


def test_unknown_codes_are_never_guessed() -> None:
    returned = read_victims(victim(1, Nationality="Bangladish"), victim(2))
    assert [one.value for dataset in returned.datasets for one in dataset.observations] == [2]


def test_the_same_key_twice_is_an_error_and_names_the_first() -> None:
    (finding,) = said(read_victims(victim(1), victim(2, Period="2023"), victim(3)), "duplicates")
    assert (finding.severity, finding.row) == (ERROR, 4)
    assert "row 2" in finding.message


def test_totals_are_kept_out_and_check_the_sums() -> None:
    header, total = CASES[:4], ("2024-Q1", "RECORDED", "Total", 9)
    rows = [("2024-Q1", "RECORDED", "NR", 3), ("2024-Q1", "RECORDED", "FORCED_LABOUR", 4)]
    wrong = read(csv_file(header, *rows, total))
    assert wrong.datasets[0].total == 7
    assert [finding.row for finding in said(wrong, "totals", WARNING)] == [4]
    (finding,) = said(wrong, "sums", WARNING)
    assert "add up to 7, the total says 9" in finding.message
    right = read(csv_file(header, *rows, ("2024-Q1", "RECORDED", "Total", 7)))
    assert not said(right, "sums")


def test_a_grand_total_with_blanks_is_a_total() -> None:
    rows = [("2024-Q1", "RECORDED", "NR", 3), ("Total", "", "", 4)]
    returned = read(csv_file(CASES[:4], *rows))
    assert len(said(returned, "totals")) == 1
    assert "add up to 3, the total says 4" in said(returned, "sums")[0].message


def test_a_withheld_part_makes_the_sum_a_range() -> None:
    rows = [("2024-Q1", "RECORDED", "NR", 3), ("2024-Q1", "RECORDED", "FORCED_LABOUR", "<5")]
    assert not said(read(csv_file(CASES[:4], *rows, ("2024-Q1", "RECORDED", "Total", 7))), "sums")
    (finding,) = said(read(csv_file(CASES[:4], *rows, ("2024-Q1", "RECORDED", "Total", 8))), "sums")
    assert "3 to 7" in finding.message


def cases_before(*values: int) -> dict[str, Dataset]:
    periods = [f"{2022 + number // 4}-Q{number % 4 + 1}" for number in range(len(values))]
    observations = [
        Observation(period, "MPS", ("RECORDED", "NR"), value) for period, value in zip(periods, values, strict=True)
    ]
    return {"cases": Dataset(STRUCTURES["cases"], tuple(observations))}


def jumps(value: int, *before: int, stage: str = "RECORDED") -> list[Finding]:
    content = csv_file(CASES[:4], ("2024-Q1", stage, "NR", value))
    return said(read(content, previous=cases_before(*before)), "jump")


@pytest.mark.parametrize(
    ("before", "value", "is_jump"),
    [
        ((2, 0, 1, 0), 7, False),  # many times the mean, but small counts swing
        ((2, 0, 1, 0), 11, True),
        ((20, 20, 20, 20), 60, False),  # exactly three times
        ((20, 20, 20, 20), 61, True),
        ((12, 12, 12, 12), 3, False),  # a drop, but by less than ten
        ((30, 30, 30, 30), 9, True),
        ((30, 30, 30, 30), 10, False),
        ((900, 1, 1, 1, 1), 11, True),  # only the last four count
        ((20,), 61, True),  # one earlier period is enough to compare with
        ((20,), 60, False),
        ((), 500, False),
    ],
)
def test_jumps(before: tuple[int, ...], value: int, is_jump: bool) -> None:
    found = jumps(value, *before)
    assert [finding.severity for finding in found] == ([WARNING] if is_jump else [])


def test_jumps_compare_like_with_like() -> None:
    assert not jumps(500, 3, 3, 3, 3, stage="CONVICTED")


@pytest.mark.parametrize(
    "column",
    [
        "Name",
        "Victim name",
        "surname",
        "DateOfBirth",
        "DOB",
        "Passport no.",
        "Phone",
        "E-mail",
        "Case ID",
        "case_number",
    ],
)
def test_columns_about_one_person_are_refused(column: str) -> None:
    row = ("2024-Q1", "RECORDED", "NR", 1, "Aishath")
    with pytest.raises(PersonRecords, match="single persons") as raised:
        read(csv_file((*CASES[:4], column), row))
    assert column in str(raised.value)
    assert "Aishath" not in str(raised.value)


@pytest.mark.parametrize("value", ["a.b@example.org", "LA1234567", "+960 777 1234"])
def test_values_about_one_person_are_refused_and_never_repeated(value: str) -> None:
    with pytest.raises(PersonRecords) as raised:
        read(csv_file((*CASES[:4], "Remarks"), ("2024-Q1", "RECORDED", "NR", 1, value)))
    assert value not in str(raised.value)
    with pytest.raises(PersonRecords) as raised:
        read(csv_file(("2024-Q1", "RECORDED", "NR", 1, value), ("2024-Q1", "RECORDED", "NR", 1, "x")))
    assert value not in str(raised.value)


@pytest.mark.parametrize("column", ["Country of birth", "Number of passports withheld", "Organisation name", "People"])
def test_harmless_columns_are_not_refused(column: str) -> None:
    assert read(csv_file((*CASES[:4], column), ("2024-Q1", "RECORDED", "NR", 1, "7"))).datasets[0].total == 1


def test_an_address_of_the_sender_above_the_table_is_no_person() -> None:
    rows = [("Sent by statistics@example.org",), CASES[:4], ("2024-Q1", "RECORDED", "NR", 1)]
    assert read(csv_file(*rows)).datasets[0].total == 1


A_CASE = ("2024-Q1", "RECORDED", "NR", 1)
PERSONAL_HEADINGS = ("Victim name", "Date of birth", "Island")
A_PERSON = ("Aishath Ali", "2001-02-03", "Fuvahmulah")


@pytest.mark.parametrize(
    "side",
    [
        [("Police", "return", "2024"), PERSONAL_HEADINGS, A_PERSON],
        [("Police",), (), ("x", "y"), PERSONAL_HEADINGS, A_PERSON],
        [("Police", "return", "of", "cases")] * 18 + [PERSONAL_HEADINGS, A_PERSON],
        [("Victim name", "Island"), ("Aishath Ali", "Fuvahmulah")],
        [("Victim name",), ("Aishath Ali",)],
        [("Ref", "Island"), ("LA1234567", "Fuvahmulah")],
        [("LA1234567",)],
        [("Write to", "aishath.ali@example.org")],
        [("one@example.org",), ("two@example.org",), ("three@example.org",)],
    ],
)
@pytest.mark.parametrize("name", ["Read me", "Codes", "Notes"])
def test_persons_are_found_in_every_row_of_every_sheet(side: list[tuple[str, ...]], name: str) -> None:
    with pytest.raises(PersonRecords, match=f'sheet "{name}"') as raised:
        read(workbook({"Cases": [CASES[:4], A_CASE], name: side}), "a.xlsx")
    for row in side:
        assert not [cell for cell in row if re.search(r"Aishath|LA1|@", cell) and cell in str(raised.value)]


def test_a_title_row_does_not_hide_personal_headings_in_a_text_file() -> None:
    with pytest.raises(PersonRecords, match="Victim name"):
        read(csv_file(("Police", "return", "2024"), PERSONAL_HEADINGS, A_PERSON))


@pytest.mark.parametrize(
    "side",
    [
        [("Counts only, by the police. No names, and no passport numbers, are part of this return, as agreed.",)],
        [("statistics@example.org",), ("+960 332 2111",)],
        [("Period", "Remark", "Count"), ("2024-Q1", "Passports were withheld in two of them", 2)],
        [("Number of passports withheld",), (7,)],
    ],
)
def test_notes_that_are_no_persons_are_not_refused(side: list[tuple[object, ...]]) -> None:
    """The control: what an office says about itself and its counts."""
    returned = read(workbook({"Cases": [CASES[:4], A_CASE], "Notes": side}), "a.xlsx")
    assert returned.datasets[0].total == 1


def test_a_heading_that_is_itself_a_record_is_not_repeated() -> None:
    with pytest.raises(PersonRecords, match='"passport"') as raised:
        read(csv_file(("Aishath Ali, passport lost", "Fuvahmulah", "Bangladesh"), A_PERSON))
    assert "Aishath" not in str(raised.value)


def test_windows_text_is_noted() -> None:
    content = csv_file(CASES[:4], ("2024-Q1", "RECORDED", "NR", 1)) + "Société\n".encode("cp1252")
    assert len(said(read(content), "encoding", NOTE)) == 1


def test_values_in_findings_are_short() -> None:
    (finding,) = said(read_victims(victim(1, Nationality="x" * 500)), "codes")
    assert len(finding.value) == 80
    assert len(finding.message) < 300


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("Nationality", 'choose "Not recorded" (NR)'),
        ("Status", "Presumed victim (PRESUMED), Identified victim (IDENTIFIED)"),
    ],
)
def test_an_empty_code_is_answered_with_what_the_list_has(column: str, says: str) -> None:
    (finding,) = said(read_victims(victim(1, **{column: ""})), "codes")
    assert says in finding.next_step
    assert ("(NR)" in finding.next_step) == (column == "Nationality")


def test_a_long_return_for_the_running_quarter_is_warned_of_in_a_few_lines() -> None:
    ages = ("18+", "0-17")
    sectors = [chr(code) for code in range(ord("A"), ord("V"))]
    rows = [victim(1, Period="2026-Q1", Sector=sector, Age_group=age) for sector in sectors for age in ages]
    returned = read_victims(*rows)
    assert len(returned.imported_rows) == len(rows)
    found = said(returned, "period_range", WARNING)
    assert [finding.row for finding in found] == [*range(2, ALIKE_SHOWN + 2), 0]
    assert found[-1].message.endswith(f"And {len(rows) - ALIKE_SHOWN} more rows.")


def test_no_more_rows_are_named_one_by_one() -> None:
    """The controls: as many as are shown; and errors, which are never folded."""
    sexes = ("M", "F", "O", "NR")
    rows = [victim(1, Period="2026-Q1", Sex=sex, Sector=sector) for sex in sexes for sector in "ABCDE"]
    assert [one.row for one in said(read_victims(*rows), "period_range")] == list(range(2, ALIKE_SHOWN + 2))
    early = [victim(1, Period=f"{1950 + number}") for number in range(ALIKE_SHOWN + 5)]
    assert len(said(read_victims(*early), "period_range", ERROR)) == ALIKE_SHOWN + 5


def test_total_rows_are_all_named_however_many() -> None:
    totals = [(f"{2000 + number // 4}-Q{number % 4 + 1}", "RECORDED", "Total", 0) for number in range(ALIKE_SHOWN + 30)]
    returned = read(csv_file(CASES[:4], A_CASE, *totals))
    assert [one.row for one in said(returned, "totals")] == list(range(3, len(totals) + 3))


def test_errors_end_where_nobody_reads_on() -> None:
    rows = [victim(-number, Period=f"{2000 + number % 25}") for number in range(1, ERRORS_SHOWN + 50)]
    assert len(said(read_victims(*rows), "counts")) == ERRORS_SHOWN + 1


def test_findings_come_errors_first() -> None:
    returned = read_victims(victim("<5"), victim(1, Period="2026"), victim("x", Period="2022"))
    assert [finding.severity for finding in returned.findings] == [ERROR, WARNING, NOTE]


def test_no_row_is_lost() -> None:
    """Whatever is in the rows: each is imported or named in a finding."""
    rows = [victim(1), victim("x"), victim(2, Sex="?"), victim(3, Sex="All"), victim("<5", Period="2022"), ("lonely",)]
    returned: Return = read_victims(*rows)
    named = {finding.row for finding in returned.findings} | {number for _, number in returned.imported_rows}
    assert named >= set(range(2, 8))


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("12", 12), ("1,192", 1192), ("61 192", 61192), ("10,000,000", 10_000_000)]
    + [("3.0", 3), ("12.00", 12), ("1,192.0", 1192)],
)
def test_counts_that_are_numbers(text: str, value: int) -> None:
    count = read_count("Count", text)
    assert (count.value, count.fault) == (value, None)


@pytest.mark.parametrize(
    ("text", "fault"),
    [("1,19", Fault.FRACTION), ("1.192", Fault.FRACTION), ("1e3", Fault.FRACTION), ("−4", Fault.NEGATIVE)]
    + [("3,0", Fault.FRACTION), ("3.5", Fault.FRACTION), ("1.000", Fault.FRACTION), (".0", Fault.FRACTION)]
    + [("<1", Fault.TEXT), ("<", Fault.TEXT), ("≈5", Fault.TEXT), ("٣", Fault.TEXT), ("9" * 40, Fault.HUGE)],
)
def test_counts_that_are_not(text: str, fault: Fault) -> None:
    assert read_count("Count", text, "<").fault is fault


@pytest.mark.parametrize(
    ("text", "value"),
    [("3,0", 3), ("3,00", 3), ("3.0", 3), ("12", 12), ("61 192", 61192)]
    + [("1,192", None), ("1,000", None), ("3,5", None), ("1.000", None)],
)
def test_semicolons_mean_a_decimal_comma(text: str, value: int | None) -> None:
    returned = read(csv_file(CASES[:4], ("2024-Q1", "RECORDED", "NR", text), delimiter=";"))
    assert [one.value for dataset in returned.datasets for one in dataset.observations] == ([value] if value else [])
    assert len(said(returned, "counts", ERROR)) == (not value)


def test_commas_and_tabs_mean_a_comma_for_thousands() -> None:
    for delimiter in ",\t":
        rows = [("2024-Q1", "RECORDED", "NR", "1,192"), ("2024-Q2", "RECORDED", "NR", "3,0")]
        returned = read(csv_file(CASES[:4], *rows, delimiter=delimiter))
        assert returned.datasets[0].total == 1192
        assert [finding.row for finding in said(returned, "counts", ERROR)] == [3]


@given(st.integers(2, 999))
def test_a_withheld_count_is_a_bound_and_not_a_number(bound: int) -> None:
    count = read_count("Count", f"<{bound}", "<")
    assert (count.value, count.censored_below, count.low, count.high) == (None, bound, 0, bound - 1)


@given(st.text(max_size=20))
def test_any_text_is_a_count_or_a_fault(text: str) -> None:
    count = read_count("Count", text, "<")
    assert (count.fault is None) == (
        count.value is not None or count.censored_below is not None
    ) or count.fault is Fault.HUGE


def test_every_rule_is_named_once_and_says_what_it_looks_for() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.looks_for.endswith(".") and rule.severities for rule in RULES)
    assert jump in {rule.check for rule in RULES}
