"""Signs of a person in a typed text: what is found, and what passes without a word."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import REFERENCE

from dashboard.datasets.reference_files import read_table
from dashboard.validation.free_text import Kind, Remark, scan

FOUND = """
write to ahmed@example.mv                  | EMAIL    | ahmed@example.mv
ahmed (at) example.com                     | EMAIL    | ahmed (at) example.com
call 7771234                               | PHONE    | call 7771234
+960 777 1234                              | PHONE    | +960 777 1234
(960) 330-1234                             | PHONE    | (960) 330-1234
9607771234                                 | PHONE    | 9607771234
her sister, 9912345                        | PHONE    | 9912345
00 44 20 7946 0958                         | PHONE    | 00 44 20 7946 0958
+880 1711-123456                           | PHONE    | +880 1711-123456
mobile: 01711 123456                       | PHONE    | mobile: 01711 123456
see A123456                                | DOCUMENT | A123456
passport AB1234567                         | DOCUMENT | AB1234567
passport no. 123456789                     | DOCUMENT | passport no. 123456789
work permit WP00123456                     | DOCUMENT | WP00123456
work permit number 00123456                | DOCUMENT | work permit number 00123456
visa 12/345/67                             | DOCUMENT | visa 12/345/67
case file 123/2024                         | DOCUMENT | case file 123/2024
vessel IMO 9074729                         | DOCUMENT | IMO 9074729
P<MDVALI<<AHMED<<<                         | DOCUMENT | P<MDVALI<<AHMED<<<
DOB 12/03/2001                             | BIRTH    | DOB 12/03/2001
born on 3 March 2001                       | BIRTH    | born on 3 March 2001
she was born 1999                          | BIRTH    | born 1999
date of birth: 2001-03-12                  | BIRTH    | birth: 2001-03-12
the victim Ahmed Ali was moved             | NAME     | victim Ahmed Ali
Victim: AHMED ALI                          | NAME     | Victim: AHMED ALI
victim's name is Rahim Uddin               | NAME     | victim's name is Rahim Uddin
the survivor, Fathimath, asked             | NAME     | survivor, Fathimath
a child (Hassan)                           | NAME     | child (Hassan
a minor named aishath                      | NAME     | minor named aishath
known as Babu                              | NAME     | known as Babu
Ms. X Y                                    | NAME     | Ms. X Y
Mr. Ali bin Hassan of the police           | NAME     | Mr. Ali bin Hassan
"""

HARMLESS = """
Police return for 2024 Q3 corrected; publication 12 withdrawn
IOM Maldives
The group, in May.
Quarter closed.
1,234 victims in 2024; 12,345,678 in all
Total was 3,456,789 and not 3,456,798
Return of Maldives Police Service for 2023-Q4 replaced by that of 2024-01-15
Victims from Bangladesh counted twice
Victims identified by Maldives Immigration
Victims: Bangladesh 12, India 3
Child Protection Unit sent the wrong sheet
Worker Welfare Section asked for it
Approved by the chair on 12 March 2024
Decision 4/2024 of the group, meeting of 21 July 2016
Women and Children counted apart
Suspects and victims mixed up in row 12
Version 2.1 of the policy, sha256 3f2a9c
Publication called "Overview"
Named after the Act No. 12/2013
Two victims. Please send again
High Commission of Sri Lanka confirmed
The return of the Ministry of Social and Family Development, 2020-2024
Release 3fa94c12 has a mistake
Case counts by Prosecutor General's Office
File MPS_victims.csv replaced
Passport fees were counted; permit holders too
Number of returns: 2024 to 2025
ISIC 5510, 2024-Q1; 15 of 20 organisations; 45.5 %
Registration of 2024 returns
known as Ministry of Gender until 2023
Threshold 5 for the group, 10 for wider circulation
"""


def drawn() -> list[tuple[str, Kind, str]]:
    rows = [[cell.strip() for cell in line.split("|")] for line in FOUND.strip().splitlines()]
    return [(text, Kind[kind], words) for text, kind, words in rows]


@pytest.mark.parametrize(("text", "kind", "words"), drawn(), ids=[text for text, _, _ in drawn()])
def test_a_sign_of_a_person_is_found(text: str, kind: Kind, words: str) -> None:
    assert Remark(kind, words) in scan(text)
    assert scan(f"The return was sent anew. {text}"), "also further on in a text"


@pytest.mark.parametrize("text", HARMLESS.strip().splitlines())
def test_an_ordinary_reason_passes(text: str) -> None:
    assert scan(text) == ()


@pytest.mark.parametrize("row", read_table(REFERENCE / "organisations.csv"), ids=lambda row: row["code"])
def test_no_organisation_is_taken_for_a_person(row: dict[str, str]) -> None:
    for text in (row["name"], row["code"], f"Return of {row['name']} ({row['code']}) refused: 12 victims, not 21."):
        assert scan(text) == ()


@pytest.mark.parametrize("row", read_table(REFERENCE / "codelists" / "country.csv"), ids=lambda row: row["code"])
def test_no_country_is_taken_for_a_person(row: dict[str, str]) -> None:
    assert scan(f"Victims from {row['label']} were counted twice, origin {row['code']}") == ()


@pytest.mark.parametrize("label", ["Bangladesh", "India", "Sri Lanka", "Nepal", "Kenya", "Philippines"])
def test_the_countries_most_often_named_pass_after_a_word_that_announces_a_name(label: str) -> None:
    assert scan(f"Victims, {label}: 12") == ()


counted = st.integers(0, 99_999_999).map("{:,}".format)
quarters = st.tuples(st.integers(2009, 2030), st.integers(1, 4)).map(lambda one: f"{one[0]}-Q{one[1]}")


@given(counted, quarters, st.sampled_from(["victims", "cases", "persons", "returns", "publication"]))
def test_figures_and_periods_pass(count: str, quarter: str, noun: str) -> None:
    assert scan(f"{count} {noun} in {quarter}, corrected from {count}") == ()


names = st.from_regex(r"[B-HJ-KRZ][a-z]{3,9} [B-HJ-KRZ][a-z]{3,9}", fullmatch=True)


@given(names, st.sampled_from(["victim {}", "Ms {}", "Mr. {}", "a woman named {}", "The victim, {}, was moved"]))
def test_a_name_that_is_announced_is_found(name: str, pattern: str) -> None:
    told = [remark for remark in scan(pattern.format(name)) if remark.kind is Kind.NAME]
    assert told or name.split()[0].lower() in {"china", "kenya", "ethiopia", "russia", "kingdom", "group", "child"}


@given(st.integers(0, 999_999), st.integers(1_000_000, 9_999_999), st.sampled_from(["7", "9"]))
def test_numbers_of_cards_and_telephones_are_found(card: int, rest: int, first: str) -> None:
    assert {remark.kind for remark in scan(f"card A{card:06}")} == {Kind.DOCUMENT}
    assert {remark.kind for remark in scan(f"reach her under {first}{rest % 1_000_000:06}")} == {Kind.PHONE}


@given(st.text())
def test_any_text_is_scanned_and_only_its_own_words_are_told(text: str) -> None:
    line = " ".join(text.split())
    assert all(remark.words in line for remark in scan(text))


def test_the_same_words_are_told_once_and_twenty_are_enough() -> None:
    assert scan("call 7771234, 7771234 or 7771234") == (Remark(Kind.PHONE, "call 7771234"),)
    assert len(scan(" ".join(f"A{number}" for number in range(100_000, 100_100)))) == 20


@pytest.mark.parametrize(
    "piece", ["a", "a1", "1-", "12 ", "victim ", "Ab ", "a.b", "x@", "x@y.", "passport a1a", "name ", "A<"]
)
def test_a_text_as_long_as_a_book_is_scanned_in_an_instant(piece: str) -> None:
    begun = time.perf_counter()
    scan(piece * (200_000 // len(piece)))
    assert time.perf_counter() - begun < 5
