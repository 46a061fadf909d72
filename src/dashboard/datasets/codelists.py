"""Codelists: the fixed lists of codes that a dimension can take, with their hierarchy.

A codelist is data (`data/reference/codelists/*.csv`). Only the finest codes are reported; coarser
ones (a sub-region, a country with places) exist as sums of their children.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from dashboard.datasets.reference_files import read_table
from dashboard.errors import ConfigurationError

TOTAL = "_T"
"""The code of the sum over a whole dimension (SDMX convention)."""

NOT_RECORDED = "NR"


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a codelist. `parent` is the next coarser code, or TOTAL."""

    code: str
    label: str
    level: str
    parent: str
    definition: str
    source: str


@dataclass(frozen=True)
class Codelist:
    """The codes of one dimension, in the order of their files."""

    name: str
    codes: Mapping[str, Code]

    def __contains__(self, code: str) -> bool:
        return code in self.codes

    def label(self, code: str) -> str:
        """The text a reader sees; a code the list does not know is shown as it is."""
        if code == TOTAL:
            return "Total"
        known = self.codes.get(code)
        return known.label if known else code

    @cached_property
    def parents(self) -> frozenset[str]:
        """Codes that are sums of others and so can't be reported themselves."""
        return frozenset(code.parent for code in self.codes.values())

    @cached_property
    def reportable(self) -> tuple[str, ...]:
        """The finest codes: those a return may hold."""
        return tuple(code for code in self.codes if code not in self.parents)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The code itself and every coarser one above it, finest first, without TOTAL."""
        chain = []
        while code != TOTAL:
            if code in chain:
                raise ConfigurationError(f"Codelist {self.name}: {code} is its own ancestor. Mend its parent column.")
            chain.append(code)
            code = self.codes[code].parent
        return tuple(chain)

    def at_levels(self, code: str, levels: Iterable[str]) -> tuple[str, ...]:
        """Where a reported code is counted in a table that shows the given levels.

        A code that has no ancestor at any of the levels (for instance "not recorded" in a table of
        sub-regions) stands for itself, so that every sum stays complete.
        """
        wanted = frozenset(levels)
        chain = self.ancestors(code)
        shown = tuple(step for step in chain if self.codes[step].level in wanted)
        return shown or chain[:1]

    def order(self, code: str) -> tuple[int, int]:
        """Sort key: the list's own order, "not recorded" after every other, unknown codes last."""
        position = self._positions.get(code, len(self._positions))
        return (1 if code == NOT_RECORDED else 0, position)

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {code: index for index, code in enumerate(self.codes)}


def read_codes(file: Path) -> tuple[Code, ...]:
    """Read one CSV file with the columns code, label, level, parent, definition, source."""
    rows = read_table(file)
    missing = {"code", "label", "level", "parent", "definition", "source"} - set(rows[0] if rows else ())
    if missing:
        raise ConfigurationError(f"{file.name} lacks the column {', '.join(sorted(missing))}. Add it in row 1.")
    return tuple(
        Code(row["code"], row["label"], row["level"], row["parent"] or TOTAL, row["definition"], row["source"])
        for row in rows
    )


@lru_cache(maxsize=64)
def load_codelist(folder: Path, name: str, files: tuple[str, ...]) -> Codelist:
    """A codelist made of one or more files, e.g. countries plus "stateless" and "not recorded"."""
    codes: dict[str, Code] = {}
    for file in files:
        for code in read_codes(folder / f"{file}.csv"):
            if code.code in codes:
                raise ConfigurationError(
                    f"{file}.csv: the code {code.code} is there twice. Remove one of the two rows."
                )
            codes[code.code] = code
    strangers = {code.parent for code in codes.values()} - set(codes) - {TOTAL}
    if strangers:
        raise ConfigurationError(f"Codelist {name}: parent {sorted(strangers)[0]} is not in {', '.join(files)}.")
    return Codelist(name, codes)
