"""How a cell's text becomes a code: by code, label or alias, and never by likeness.

Likeness (`nearest`) is only used to tell the sender which codes may have been meant.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from dashboard.datasets import TOTAL, Codelist

LIKENESS = 0.6
LONGEST_COMPARED = 60


@lru_cache(maxsize=4_096)  # the same few headings and labels, asked for in every row
def normal(text: str) -> str:
    """The form in which texts are compared: no capitals, underscores, full-width letters, double blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("_", " ").split()).casefold()


@dataclass(frozen=True)
class Choices:
    """The codes one dimension can take, and every text that means one of them (in `normal` form)."""

    codelist: Codelist
    meanings: Mapping[str, str]

    def understand(self, text: str) -> str | None:
        """The reportable code that the text names, or None. A text that names two codes names none."""
        return self.meanings.get(normal(text))

    def finer(self, text: str) -> tuple[str, ...]:
        """Where the text names a sum of codes (a country with places), the labels of its parts."""
        wanted = normal(text)
        return tuple(
            code.label
            for code in self.codelist.codes.values()
            if code.parent != TOTAL and wanted in (normal(code.parent), normal(self.codelist.label(code.parent)))
        )

    def nearest(self, text: str, most: int = 3) -> tuple[str, ...]:
        """Up to `most` labels with their codes whose spelling is nearest, nearest first."""
        wanted = normal(text)[:LONGEST_COMPARED]
        scores: dict[str, float] = {}
        for known, code in self.meanings.items():
            likeness = _likeness(wanted, known)
            if likeness >= LIKENESS:
                scores[code] = max(likeness, scores.get(code, 0.0))
        best = sorted(scores, key=lambda code: (-scores[code], code))[:most]
        return tuple(f"{self.codelist.label(code)} ({code})" for code in best)


def choices(codelist: Codelist, aliases: Mapping[str, str] | None = None) -> Choices:
    """Collect what each reportable code is called. aliases: text to code, for the codes the list knows."""
    reportable = frozenset(codelist.reportable)
    named = [(normal(codelist.codes[code].label), code) for code in codelist.reportable]
    told = [(normal(alias), code) for alias, code in (aliases or {}).items() if code in reportable]
    coded = [(normal(code), code) for code in codelist.reportable]
    # A code is stronger than a label, a label stronger than an alias; the later entry wins.
    return Choices(codelist, {**_clear(told), **_clear(named), **_clear(coded)})


def _clear(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Leave out a text that stands for two different codes: to choose one would be to guess."""
    distinct = set(pairs)
    times = Counter(text for text, _ in distinct)
    return {text: code for text, code in distinct if times[text] == 1}


def _likeness(wanted: str, known: str) -> float:
    matcher = SequenceMatcher(None, wanted, known)
    if matcher.real_quick_ratio() < LIKENESS or matcher.quick_ratio() < LIKENESS:
        return 0.0
    return matcher.ratio()
