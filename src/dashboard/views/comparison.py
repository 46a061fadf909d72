"""Two counts, honestly compared: exact tests for small numbers, in words.

Two periods: given their sum, the first count is binomial if nothing changed (Przyborowski and
Wilenski 1940). The ratio has Clopper-Pearson limits from the same distribution.
"""

from dataclasses import dataclass
from enum import StrEnum

from dashboard.datasets import periods
from dashboard.views.coverage import quarters_reported
from dashboard.views.events import break_between
from dashboard.views.model import Cell
from dashboard.views.published import Published

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

    @property
    def limits(self) -> str:
        """How much the true ratio may be, in words; empty where there is none."""
        if self.ratio_low is None or self.ratio_high is None:
            return ""
        high = f"{self.ratio_high:.1f}" if self.ratio_high != float("inf") else "any number"
        return f"Ratio of the two, with 95 % certainty: {self.ratio_low:.1f} to {high}."


def compare_periods(
    now: Cell, before: Cell, period: str, earlier: str, structure: str, published: Published
) -> Comparison:
    """Compare the cells of two periods as they were reported: by the quarters that are there, never across a break."""
    first, second = sorted((period, earlier), key=periods.sort_key)
    broken_by = break_between(published.reference_dir, first, second)
    if broken_by:
        return Comparison(Verdict.NOT_COMPARABLE, f"Not comparable with {periods.label(earlier)}: {broken_by}.")
    entries = published.returns(structure)
    months_now, months_before = (3 * quarters_reported(entries, one) for one in (period, earlier))
    return compare(now, before, periods.label(earlier), months_now=months_now, months_before=months_before)


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
    uneven = "" if months_now == months_before else f" for {months_now} months against {months_before}"
    return Comparison(verdict, f"{words}{uneven}: {verdict.value}.", p_value, low, high)


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
