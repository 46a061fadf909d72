"""Two counts, honestly compared: exact tests for small numbers, in words.

Two periods: given their sum, the first count is binomial if nothing changed (Przyborowski and
Wilenski 1940). The ratio has Clopper-Pearson limits from the same distribution.
"""

from dataclasses import dataclass
from enum import StrEnum

from dashboard.views.model import Cell

CLEAR_P, POSSIBLE_P, CLEAR_DIFFERENCE = 0.01, 0.05, 5


class Verdict(StrEnum):
    """What may be said about a difference."""

    CLEAR = "a clear change"
    POSSIBLE = "a possible change"
    WITHIN_CHANCE = "within chance"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True, slots=True)
class Comparison:
    """now against before. ratio limits are at 95 %; None where the counts can't be compared."""

    verdict: Verdict
    sentence: str
    p_value: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None


def compare(now: Cell, before: Cell, before_label: str, *, months_now: int = 12, months_before: int = 12) -> Comparison:
    """Compare two cells that count periods of the given lengths in months."""
    if now.value is None or before.value is None:
        return Comparison(
            Verdict.NOT_COMPARABLE, f"Not comparable with {before_label}: a number is withheld or missing."
        )
    difference = now.value - before.value
    if now.value + before.value == 0:
        return Comparison(Verdict.WITHIN_CHANCE, f"None, as in {before_label}.")
    p_value, low, high = exact_test(now.value, before.value, months_now, months_before)
    verdict = _verdict(p_value, difference)
    if difference == 0:
        words = f"As many as in {before_label} ({before.value:,})"
    else:
        words = f"{abs(difference):,} {'more' if difference > 0 else 'fewer'} than in {before_label} ({before.value:,})"
    return Comparison(verdict, f"{words}: {verdict.value}.", p_value, low, high)


def _verdict(p_value: float, difference: int) -> Verdict:
    if p_value < CLEAR_P and abs(difference) >= CLEAR_DIFFERENCE:
        return Verdict.CLEAR
    return Verdict.POSSIBLE if p_value < POSSIBLE_P else Verdict.WITHIN_CHANCE


def exact_test(now: int, before: int, months_now: int, months_before: int) -> tuple[float, float, float]:
    """p value of the two-sided exact test, and the 95 % limits of the ratio of the two rates.

    The sum of the counts must be at least 1. The upper limit is infinite when before is 0.
    """
    from scipy.stats import binomtest  # a second to import: only where a comparison is asked for

    result = binomtest(now, now + before, months_now / (months_now + months_before))
    interval = result.proportion_ci(confidence_level=0.95, method="exact")
    scale = months_before / months_now
    high = float("inf") if interval.high >= 1 else interval.high / (1 - interval.high) * scale
    return float(result.pvalue), float(interval.low / (1 - interval.low) * scale), float(high)
