"""Whether the trail is as it was written: chain, numbers, triggers and anchor."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from dashboard.audit import chain, store
from dashboard.audit.model import AuditEvent
from dashboard.database import anchor, triggers
from dashboard.database.engines import ANCHOR_FILE, AUDIT_KEY

_LINE = re.compile(r"([0-9]{1,18}) ([0-9a-f]{64})", re.ASCII)

KEEP = (
    "Keep the database, the anchor file and the last backups as they are, and have whoever looks after the "
    "installation compare them. Do not rely on what the trail says from there on."
)
RESTORED = (
    "If a backup was restored on purpose, write that down, put the anchor file aside (do not delete it) and start the "
    "dashboard: it begins a new one. If not: " + KEEP[0].lower() + KEEP[1:]
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, in plain words, and what to do. since: the first event that it touches; 0 where none does."""

    since: int
    sentence: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer: how far the trail goes, what is wrong, and how many events have no anchor yet."""

    last: int
    problems: tuple[Problem, ...]
    unanchored: int

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    @property
    def sentence(self) -> str:
        """The answer in one line."""
        if not self.sound:
            since = min((one.since for one in self.problems if one.since), default=0)
            return "The audit trail does not verify" + (f", from event {since:,} on." if since else ".")
        if not self.last:
            return "The audit trail is empty."
        return f"The audit trail is verified up to event {self.last:,}.{self._not_anchored}"

    @property
    def _not_anchored(self) -> str:
        if not self.unanchored:
            return ""
        return f" The anchor file does not know the last {self.unanchored:,} yet; if they grow, it can't be written."


@dataclass(frozen=True, slots=True)
class Anchors:
    """What the anchor file says: the seals by number, and which numbers stood above all lines before them.

    A line below an earlier one is written by two processes at once, or after an older copy of the database was brought
    back; so it says nothing about how far the trail is the old one.
    """

    seals: Mapping[int, frozenset[str]]
    rising: frozenset[int]

    @property
    def newest(self) -> int:
        """The last event that the file knows."""
        return max(self.seals, default=0)


NO_ANCHORS = Anchors({}, frozenset())


def verify(connection: Connection) -> Verification:
    """Verify everything. Ask it first in a transaction: the anchor is read before the picture of the database is taken,
    or it could know of events that came later."""
    options = connection.get_execution_options()
    anchors, problems = read_anchors(anchor.lines(options[ANCHOR_FILE]))
    found = check(store.rows(connection), options[AUDIT_KEY], anchors)
    dropped = _triggers(triggers.changed(connection))
    return Verification(found.last, (*found.problems, *problems, *dropped), found.unanchored)


def unanchored(connection: Connection) -> int:
    """How many events came after the last one that the anchor file knows."""
    last, _ = store.head(connection)
    anchors, _ = read_anchors(anchor.newest(connection.get_execution_options()[ANCHOR_FILE]))
    return _after_anchor(anchors, last)


def read_anchors(lines: Iterable[str]) -> tuple[Anchors, tuple[Problem, ...]]:
    """The anchored seals by number, and what is wrong with the lines themselves."""
    seals: dict[int, set[str]] = defaultdict(set)
    rising, damaged = [0], []
    for place, line in enumerate(lines, start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            damaged.append(place)
            continue
        number = int(match[1])
        seals[number].add(match[2])
        if number > rising[-1]:
            rising.append(number)
    sentence = f"{len(damaged):,} lines of the anchor file can't be read; the first is line {(damaged or [0])[0]:,}."
    next_step = "A full disk or a power cut may have done that; somebody's editing too. " + RESTORED
    problems = (Problem(0, sentence, next_step),) if damaged else ()
    return Anchors({number: frozenset(macs) for number, macs in seals.items()}, frozenset(rising)), problems


def check(rows: Iterable[tuple[int, str, AuditEvent | None]], key: bytes, anchors: Anchors) -> Verification:
    """Follow the chain through all rows, and hold it against the anchors. Of each kind the first is told."""
    last, previous, agreed = 0, chain.BEGINNING, 0
    gaps: list[tuple[int, int]] = []
    unsealed: list[int] = []
    strange: list[tuple[int, int]] = []
    for number, mac, event in rows:
        if number != last + 1:
            gaps.append((last + 1, number))
        if event is None or chain.seal(key, previous, event) != mac:
            unsealed.append(number)
        if anchors.seals.get(number, {mac}) != {mac}:
            strange.append((agreed, number))
        elif number in anchors.rising:
            agreed = number
        last, previous = number, mac
    problems = (*_unsealed(unsealed, last), *_gaps(gaps), *_strange(strange), *_cut(anchors, last, agreed))
    return Verification(last, problems, _after_anchor(anchors, last))


def _after_anchor(anchors: Anchors, last: int) -> int:
    return last - max((number for number in anchors.seals if number <= last), default=0)


def _unsealed(numbers: list[int], last: int) -> tuple[Problem, ...]:
    if not numbers:
        return ()
    first, others = numbers[0], len(numbers) - 1
    sentence = f"Event {first:,} is not as it was written, or another one stood before it."
    if others and len(numbers) == last:
        sentence = "No event fits the key. All of them were written anew, or this is not the key of the installation."
    elif others:
        sentence += f" So are {others:,} after it."
    return (Problem(first, sentence, KEEP),)


def _gaps(gaps: list[tuple[int, int]]) -> tuple[Problem, ...]:
    if not gaps:
        return ()
    missing, found = gaps[0]
    if found < missing:
        return (Problem(1, f"There is an event with the number {found:,}; the trail begins with 1.", KEEP),)
    which = f"Event {missing:,} is" if found - missing == 1 else f"Events {missing:,} to {found - 1:,} are"
    return (Problem(missing, f"{which} missing.", KEEP),)


def _strange(strange: list[tuple[int, int]]) -> tuple[Problem, ...]:
    if not strange:
        return ()
    agreed, number = strange[0]
    sentence = (
        f"Event {number:,} is not the one that the anchor file knows: the trail was written anew, or an older copy of "
        f"the database was brought back and gone on with. The last event on which both agree is {agreed:,}."
    )
    return (Problem(agreed + 1, sentence, RESTORED),)


def _cut(anchors: Anchors, last: int, agreed: int) -> tuple[Problem, ...]:
    if anchors.newest > last:
        sentence = (
            f"The trail ends with event {last:,}, but the anchor file knows of {anchors.newest:,}: its end was cut off "
            f"or an older copy of the database was brought back. The last event on which both agree is {agreed:,}."
        )
        return (Problem(agreed + 1, sentence, RESTORED),)
    if last and not anchors.seals:
        return (Problem(0, "The anchor file is empty or missing: nobody could notice a trail that was cut.", RESTORED),)
    return ()


def _triggers(changed: tuple[str, ...]) -> tuple[Problem, ...]:
    if not changed:
        return ()
    sentence = f"The database no longer refuses changes as it should: {', '.join(changed)}."
    return (Problem(0, sentence, "Somebody changed the database past the dashboard. " + KEEP),)
