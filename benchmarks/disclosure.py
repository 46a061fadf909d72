"""How the protector grows with a release, and how far it is from the proven optimum.

Run from the root of the project: `make bench`, or `python -m benchmarks.disclosure`. Each size runs in a process
of its own, so that its peak of memory is its own. Results go to benchmarks/DISCLOSURE.md. Numbers of one machine
compare only with numbers of the same run.
"""

import json
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests import releases
from tests.optimum import is_protected, optimum, usual_cost
from tests.releases import TOTAL, Cell

from dashboard.disclosure import checker, secondary
from dashboard.disclosure.editions import Edition, Key, LinkedTable, Witness
from dashboard.disclosure.protection import headline_price

ROOT = Path(__file__).parents[1]
THRESHOLD = 5
HUB_WEIGHT = 30.0
"""How much dearer a headline cell is, as in disclosure_policy.toml."""
SIZES = (500, 1_000, 2_000, 5_000)
"""By default; others can be named, as in `python -m benchmarks.disclosure --sizes 500 20000`."""
SEED = 0
TABLES = 50
LIMIT = 1_800
"""Seconds after which a size counts as not finished."""
WIDTH = 40
MEGABYTE = 1024 * 1024


def protect(edition: Edition) -> tuple[Mapping[str, frozenset[Key]], tuple[Witness, ...]]:
    """The protector with the prices of the product: what it withholds, by table, and its witnesses."""
    dimensions = {name: table.dimensions for name, table in edition.tables.items()}
    hub = set.intersection(*map(set, dimensions.values())) if len(dimensions) > 1 else set()
    price = headline_price(dimensions, set(), hub, HUB_WEIGHT) if hub else secondary.usual_price
    found = secondary.protect([edition], THRESHOLD, price=price)
    return found.withheld, found.witnesses


def check(edition: Edition, witnesses: Sequence[Witness]) -> int:
    """The checker: how many breaches it finds. edition names what is withheld."""
    return len(checker.check([edition], THRESHOLD, witnesses))


@dataclass(frozen=True, slots=True)
class Growth:
    """One size measured. Cells are different non-zero cells, a shared margin once; seconds None: not finished."""

    inner: int
    cells: int
    small: int
    seconds: float | None = None
    check_seconds: float = 0.0
    breaches: int = 0
    peak_mb: float = 0.0
    before_mb: float = 0.0
    lost: float = 0.0
    totals: int = 0
    totals_shown: int = 0
    witnesses: int = 0


@dataclass(frozen=True, slots=True)
class Loss:
    """One two-way table: the price of the protector's answer and of the optimum."""

    seed: int
    price: float
    best: float
    safe: bool


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What it gives, and the seconds it took."""
    start = time.perf_counter()
    found = work()
    return found, time.perf_counter() - start


def peak_mb() -> float:
    """The most memory this process has held so far. Linux counts kilobytes, macOS bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / MEGABYTE if sys.platform == "darwin" else peak / 1024


def withheld_cells(edition: Edition, withheld: Mapping[str, frozenset[Key]]) -> set[Cell]:
    """What is withheld in any table, a shared margin once."""
    return {
        tuple((name, code) for name, code in zip(edition.tables[table].dimensions, cell, strict=True) if code != TOTAL)
        for table, cells in withheld.items()
        for cell in cells
    }


def measure(inner: int) -> Growth:
    """One size, in this process."""
    edition = releases.hub_plan(inner, SEED)
    counts = releases.non_zero_cells(edition)
    before = peak_mb()
    (withheld, witnesses), seconds = timed(lambda: protect(edition))
    peak = peak_mb()
    breaches, check_seconds = timed(lambda: check(Edition(edition.tables, withheld), witnesses))
    gone = withheld_cells(edition, withheld)
    large = {cell for cell, count in counts.items() if count >= THRESHOLD}
    totals = {cell for cell in large if len(cell) <= 1}
    return Growth(
        inner=inner,
        cells=len(counts),
        small=len(counts) - len(large),
        seconds=seconds,
        check_seconds=check_seconds,
        breaches=breaches,
        peak_mb=peak,
        before_mb=before,
        lost=len(large & gone) / len(large),
        totals=len(totals),
        totals_shown=len(totals - gone),
        witnesses=len(witnesses),
    )


def measure_apart(inner: int) -> Growth:
    """One size in a process of its own."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.disclosure", str(inner)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            timeout=LIMIT,
            check=True,
        )
    except subprocess.TimeoutExpired:
        edition = releases.hub_plan(inner, SEED)
        small = len(releases.small_cells(edition, THRESHOLD))
        return Growth(inner, len(releases.non_zero_cells(edition)), small)
    return Growth(**json.loads(done.stdout))


def compare(seed: int) -> Loss:
    """The protector against the optimum on one two-way table, at the prices of the optimum."""
    edition = releases.two_way(seed, THRESHOLD)
    (table,) = edition.tables.values()
    withheld = protect(edition)[0].get(table.name, frozenset())
    best = optimum(table, THRESHOLD).cost
    return Loss(seed, price_of(table, withheld), best, is_protected(table, withheld, THRESHOLD))


def price_of(table: LinkedTable, withheld: frozenset[Key]) -> float:
    """What withholding these cells costs; small ones cost nothing."""
    counts = releases.table_cells(table)
    sizes = {cell: counts.get(cell, 0) for cell in withheld}
    return sum(usual_cost(cell, size) for cell, size in sizes.items() if not 0 < size < THRESHOLD)


def growth_table(found: Sequence[Growth]) -> list[str]:
    """A row a size."""
    return [
        "| inner cells | cells / small | seconds | growth | peak MB (before) | cells >= k lost "
        "| one-way totals shown | witnesses | checker, s | breaches |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        *(_row(item, before) for item, before in zip(found, [None, *found[:-1]], strict=True)),
    ]


def _row(item: Growth, before: Growth | None) -> str:
    start = f"| {item.inner:,} | {item.cells:,} / {item.small:,} |"
    if item.seconds is None:
        return f"{start} not finished in {LIMIT:,} | | | | | | | |"
    return (
        f"{start} {item.seconds:.2f} | {_exponent(item, before)} | {item.peak_mb:,.0f} ({item.before_mb:,.0f}) "
        f"| {item.lost:.1%} | {item.totals_shown} of {item.totals} | {item.witnesses:,} | {item.check_seconds:.2f} "
        f"| {item.breaches:,} |"
    )


def _exponent(item: Growth, before: Growth | None) -> str:
    """The power of the number of cells by which time grew since the size before."""
    if before is None or not before.seconds or not item.seconds:
        return ""
    return f"n^{math.log(item.seconds / before.seconds) / math.log(item.cells / before.cells):.1f}"


def chart(found: Sequence[Growth]) -> list[str]:
    """Bars of the seconds on a logarithmic scale, from a tenth of the shortest."""
    known = [item.seconds for item in found if item.seconds]
    if not known:
        return []
    lowest = min(known) / 10
    reach = math.log(max(known) / lowest)
    lines = [
        f"{item.inner:>7,} {'#' * round(WIDTH * math.log(item.seconds / lowest) / reach)} {item.seconds:.2f} s"
        for item in found
        if item.seconds
    ]
    return ["Seconds by inner cells, logarithmic:", "", "```text", *lines, "```"]


def loss_lines(found: Sequence[Loss]) -> list[str]:
    """The mean and the worst ratio. Tables where the optimum costs nothing have none."""
    ratios = {item.seed: item.price / item.best for item in found if item.best}
    worst = max(ratios, key=lambda seed: ratios[seed])
    return [
        f"Against the proven optimum on {len(found)} two-way tables (cost log(1 + count), a zero 0.5): "
        f"{statistics.mean(ratios.values()) - 1:+.1%} on average, {ratios[worst] - 1:+.1%} at worst (seed {worst}), "
        f"{sum(ratio < 1 + 1e-9 for ratio in ratios.values())} optimal, "
        f"{sum(not item.safe for item in found)} not protected.",
        *(
            f"The optimum costs nothing and the protector {item.price:.2f}: seed {item.seed}."
            for item in found
            if item.price and not item.best
        ),
    ]


def processor() -> str:
    """The name of the processor, where the system tells."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def report(growth: Sequence[Growth], losses: Sequence[Loss]) -> str:
    """The page of results."""
    return "\n".join(
        [
            "# Disclosure control: growth and loss",
            "",
            f"Made by `python -m benchmarks.disclosure`: k = {THRESHOLD}, one run a size, seed {SEED}. "
            f"Python {platform.python_version()}, {os.cpu_count()} processors, {processor()}.",
            "",
            *growth_table(growth),
            "",
            *chart(growth),
            "",
            *loss_lines(losses),
            "",
        ]
    )


def main(arguments: Sequence[str]) -> None:
    """With a size: measure it and print JSON. Without: measure all, print, and write the results."""
    sizes = list(map(int, arguments[1:])) if arguments[:1] == ["--sizes"] else SIZES
    if arguments and sizes is SIZES:
        sys.stdout.write(json.dumps(asdict(measure(int(arguments[0])))))
        return
    growth = [measure_apart(size) for size in sizes]  # first: a child's peak begins with what its parent held
    page = report(growth, [compare(seed) for seed in range(TABLES)])
    (Path(__file__).parent / "DISCLOSURE.md").write_text(page, encoding="utf-8")
    sys.stdout.write(page)


if __name__ == "__main__":
    main(sys.argv[1:])
