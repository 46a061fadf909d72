"""The rules that every return passes. To add one: write one function, add one line to RULES.

The table of findings in docs/data-formats.md is held to this one by a test.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from dashboard.validation import cells, jumps, keys, layout, persons, sums
from dashboard.validation.model import Finding, Severity
from dashboard.validation.records import MappedReturn

ERRORS_SHOWN = 500
"""Of one rule. A return with more is mended at its root, not cell by cell."""

ALIKE_SHOWN = 20
"""Of a rule that folds: warnings and notes with one text on one sheet; the others are counted in one line."""

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name in findings, what it can lead to, what it looks for, and the function that looks.

    refuses: a file that breaks the rule is not kept at all, so it is asked before all others. folds:
    the rule may say the same of every row of a long file; only for rules on rows that are imported or
    named by another rule, because each row of the file must be one or the other.
    """

    name: str
    severities: tuple[Severity, ...]
    looks_for: str
    check: Callable[[MappedReturn], Iterator[Finding]]
    refuses: bool = False
    folds: bool = False


RULES = (
    Rule(
        "persons",
        (_ERROR,),
        "Records of single persons. The file is refused and not kept.",
        persons.persons,
        refuses=True,
    ),
    Rule(
        "structure",
        (_ERROR, _WARNING),
        "Missing or unread columns and sheets; a return without rows.",
        layout.structure,
    ),
    Rule("types", (_ERROR,), "A count that is no number; a period or status that cannot be read.", cells.types),
    Rule("counts", (_ERROR,), "A negative, fractional or far too large count.", cells.counts),
    Rule(
        "codes",
        (_ERROR, _WARNING),
        "A text that names no code of the list; the nearest are named.",
        cells.codes,
    ),
    Rule(
        "period_range",
        (_ERROR, _WARNING),
        "A period before 2000, still to come, or not over.",
        cells.period_range,
        folds=True,
    ),
    Rule("duplicates", (_ERROR,), "Two rows for the same period and codes.", keys.duplicates),
    Rule("whole_years", (_ERROR,), "A count for a whole year beside its quarters.", keys.whole_years),
    Rule("totals", (_WARNING, _NOTE), "A total row among the rows. It is kept out.", keys.totals),
    Rule("sums", (_WARNING,), "A total that differs from the sum of its parts.", sums.sums),
    Rule("jump", (_WARNING,), "A total far from the previous periods of the agency's newest return.", jumps.jump),
    Rule("set_aside", (_WARNING, _NOTE), "A row that is kept out, and why.", layout.set_aside),
    Rule("added_up", (_NOTE,), "Rows that were added up, because a column of the file is not kept.", keys.added_up),
    Rule("censored", (_NOTE,), 'Counts that the source withheld, such as "<5".', layout.censored),
    Rule("encoding", (_NOTE,), "A text file that is not UTF-8.", layout.encoding),
)


def refusals(returned: MappedReturn) -> tuple[Finding, ...]:
    """What forbids keeping the file. Looks at the tables only, before anything is mapped."""
    return tuple(finding for rule in RULES if rule.refuses for finding in rule.check(returned))


def check(returned: MappedReturn) -> tuple[Finding, ...]:
    """Every finding of the other rules, errors first, each kind in the order of RULES and of the file."""
    found = [finding for rule in RULES if not rule.refuses for finding in _limited(rule, returned)]
    order = list(Severity)
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))


def _limited(rule: Rule, returned: MappedReturn) -> Iterator[Finding]:
    """Warnings and notes in full, because each must be seen, or folded; errors until nobody would read on."""
    errors = 0
    found = rule.check(returned)
    for finding in _folded(found) if rule.folds else found:
        errors += finding.severity is Severity.ERROR
        if errors > ERRORS_SHOWN:
            message = f"There are more than {ERRORS_SHOWN} findings of this kind; the others are not listed."
            yield Finding(Severity.ERROR, rule.name, message, "Mend these and send the file again.", finding.sheet)
            return
        yield finding


def _folded(findings: Iterator[Finding]) -> Iterator[Finding]:
    """The first warnings and notes of each text and sheet, and behind them one line that counts the others."""
    alike: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        key = (finding.sheet, finding.message)
        alike[key] += finding.severity is not Severity.ERROR
        first.setdefault(key, finding)
        if alike[key] <= ALIKE_SHOWN:
            yield finding
    for key, times in alike.items():
        if times > ALIKE_SHOWN:
            message = f"{first[key].message} And {times - ALIKE_SHOWN:,} more rows."
            yield replace(first[key], message=message, row=0, value="")
