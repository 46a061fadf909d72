"""What a typed text may tell about a person: addresses, numbers of documents, dates of birth, names of victims.

A reason or a remark is read by many and kept for good, so it must not name a victim. This looks for signs and
only warns: it cannot see a name that nothing announces ("Ali was moved"), and it stays silent about what
looks like the name of an organisation or a country.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a remark is about; the value is how a screen says it."""

    EMAIL = "an e-mail address"
    PHONE = "a telephone number"
    DOCUMENT = "the number of a document"
    BIRTH = "a date of birth"
    NAME = "what may be the name of a person"


@dataclass(frozen=True, slots=True)
class Remark:
    """One sign: what it is, and the words of the text that gave it away."""

    kind: Kind
    words: str


# Every repetition below is bounded: a text as long as a book is scanned in an instant, whatever it holds.
_EMAIL = re.compile(r"[^\s@<>()\[\],;:]{1,64}\s?(?:@|\[at\]|\(at\))\s?[\w-]{1,64}(?:\.[\w-]{1,64}){1,6}", re.IGNORECASE)

# International with + or 00; Maldivian with seven digits that begin with 3, 6, 7 or 9 and no comma between them.
_PHONE = re.compile(
    r"""(?<![\w.,/-])(?:
      (?:\+|00)\s?[1-9](?:[\s().-]{0,2}\d){6,14}
    | \(?960\)?[\s-]?\d{3}[\s-]?\d{4} | [3679]\d{2}[\s-]?\d{4}
    | (?:tel|phone|mobile|whatsapp|viber|call|number)\b\W{0,3}(?:no\b\W{0,3})?\d(?:[\s().-]{0,2}\d){5,14}
    )(?![\w/-]|[.,]\d)""",
    re.VERBOSE | re.IGNORECASE,
)

_DOCUMENTS = (
    # A national identity card of the Maldives; passports of one or two letters.
    re.compile(r"(?<![\w/-])(?:A\d{6}|[A-Z]{1,2}\d{7,9})(?![\w/-])"),
    re.compile(
        r"""\b(?:passport|national\sid|id\s?card|identity\s?card|nid|visa|work\spermit|permit|licen[cs]e|imo|cdc
        |seaman'?s\sbook|case\sfile|file|registration)\b\W{0,3}(?:(?:no|nr|num|number)\b\W{0,3})?(?:is\s|was\s)?
        (?:(?=[\w/-]{0,20}?\d[\w/-]{0,20}?\d[\w/-]{0,20}?\d)[A-Z0-9][\w/-]{3,30})""",
        re.VERBOSE | re.IGNORECASE,
    ),
    re.compile(r"\bIMO\W{0,3}\d{7}\b"),
    # A machine-readable line of a passport.
    re.compile(r"\b[PVI][A-Z<][A-Z]{3}[A-Z]{1,40}<<[A-Z<]{1,40}"),
)

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_DAY = (
    rf"(?:\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}(?:st|[nr]d|th)?\s{_MONTH}\s\d{{4}})"
)
_BIRTH = re.compile(
    rf"\b(?:born|birth|birthday|birthdate|dob|d\.o\.b\.?)\b\W{{0,3}}(?:on|is|in|date|:)?\W{{0,3}}(?:{_DAY}|(?:19|20)\d{{2}}\b)",
    re.IGNORECASE,
)

_WORD = r"[A-Z][a-z'\u2019-]{1,40}|[A-Z]\.|[A-Z]{2,40}"
_BETWEEN = r"(?:\s(?:bin|binti|al|de|da|van|von)\b)?"
_NAME = rf"(?:{_WORD})(?:{_BETWEEN}\s(?:{_WORD})){{0,5}}"
_INITIALS = rf"(?:{_WORD}|[A-Z]\b)(?:{_BETWEEN}\s(?:{_WORD}|[A-Z]\b)){{0,5}}"
_PERSON = (
    "victims?|survivors?|child|girl|boy|woman|man|suspects?|accused|complainant|witness|worker|beneficiary|client|minor"
)
_NAMES = (
    # The victim Ahmed Ali; victim's name: Ahmed. Capitals count, so these can't ignore case as a whole.
    re.compile(rf"\b(?i:{_PERSON})(?:'s)?(?:\s(?i:name))?(?:\s(?i:is|was))?(?:\s?[:,(\u2013-]\s?|\s)(?P<name>{_NAME})"),
    re.compile(rf"\b(?i:{_PERSON})\s(?i:named|called|known\sas)\s(?P<name>[^\W\d]\w{{1,40}})"),
    re.compile(rf"\b(?i:named|called|known\sas|whose\sname\sis|full\sname|name\sis|name:|alias)\s(?P<name>{_NAME})"),
    re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Messrs)\b\.?\s(?P<name>{_INITIALS})"),
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OFFICES = _words(
    """police immigration court ministry office embassy mission commission consulate government group department
    authority service services shelter agency union hospital island atoll school organisation organization secretariat
    section unit division committee programme welfare protection support assistance identification"""
)
"""What an organisation has in its name, wherever in it."""

_NO_PERSON = _OFFICES | _words(
    """january february march april may june july august september october november december q1 q2 q3 q4
    monday tuesday wednesday thursday friday saturday sunday
    the this that these those an all no not none it its in on of for from by and or is was were are be has have had who
    women men girls boys children child adult adults minors persons male males female females victim victims
    chair act law protocol annex table report return release publication trafficking labour working status form data
    outlying overview maldives addu bangladesh india nepal pakistan lanka sri thailand china philippines kenya
    uganda indonesia myanmar ethiopia morocco ukraine russia saudi arabia kingdom united states nations asia africa
    europe
    bangladeshi indian nepali nepalese pakistani lankan thai chinese filipino kenyan maldivian
    iom unodc ilo unhcr unicef undp who mps mi lra msfd pgo ato mfa ngo un uk us usa eu tip htcds
    nrm ctdc"""
)
"""Words that begin what no person is called, after a word that could announce one."""


_ENOUGH = 20


def scan(text: str) -> tuple[Remark, ...]:
    """The signs of a person in a text, kind after kind; the same words are told once, and twenty are enough."""
    found: list[Remark] = []
    for remark in _remarks(" ".join(text.split())):
        if not any(remark.words in other.words for other in found):
            found.append(remark)
        if len(found) == _ENOUGH:
            break
    return tuple(found)


def _remarks(line: str) -> Iterator[Remark]:
    for kind, pattern in ((Kind.EMAIL, _EMAIL), (Kind.BIRTH, _BIRTH), *((Kind.DOCUMENT, one) for one in _DOCUMENTS)):
        yield from (Remark(kind, one.group().strip()) for one in pattern.finditer(line))
    yield from (Remark(Kind.PHONE, one.group().strip()) for one in _PHONE.finditer(line))
    for pattern in _NAMES:
        yield from (Remark(Kind.NAME, one.group().strip()) for one in pattern.finditer(line) if _a_person(one))


def _a_person(found: re.Match[str]) -> bool:
    words = [word.strip(".'\u2019-").lower().removesuffix("'s") for word in found["name"].split()]
    return words[0] not in _NO_PERSON and not _OFFICES & set(words)
