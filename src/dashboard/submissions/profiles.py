"""Source profiles: read from their TOML files, checked against the codelists, and recognised in a file.

To read a new layout, write one file in data/reference/profiles; nothing here changes.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from dashboard.datasets import STRUCTURES, Dimension, Structure
from dashboard.errors import ConfigurationError, DashboardError
from dashboard.submissions.layouts import (
    AgencySource,
    Breakdown,
    Condition,
    Cut,
    DimensionSource,
    Profile,
    TableSource,
    headings,
    missing_columns,
    named_table,
)
from dashboard.submissions.readers import Sheet
from dashboard.validation import SameKey, normal

OWN_TEMPLATE = "own_template"

_Entries = Mapping[str, Any]


class UnknownLayout(DashboardError):
    """No profile fits the file's columns; the message lists what each profile expects."""


@lru_cache(maxsize=8)
def load_profiles(reference_dir: Path) -> tuple[Profile, ...]:
    """Every profile in `reference_dir/profiles`, our own template first. Raises ConfigurationError."""
    files = sorted((reference_dir / "profiles").glob("*.toml"), key=lambda file: (file.stem != OWN_TEMPLATE, file.stem))
    if not files:
        raise ConfigurationError(f"There are no profiles in {reference_dir.name}/profiles. Put the *.toml files there.")
    return tuple(_profile(file, reference_dir) for file in files)


def own_template(reference_dir: Path) -> Profile:
    """The profile of the dashboard's own template."""
    return load_profiles(reference_dir)[0]


def recognise(sheets: tuple[Sheet, ...], profiles: tuple[Profile, ...]) -> Profile:
    """The profile whose columns the file has; the first one, in the order given.

    A sheet with the name of a structure is enough for a layout of one sheet a structure: the rules
    then name its missing columns. Raises UnknownLayout with what each profile expects.
    """
    for profile in profiles:
        if any(headings(sheet, profile) for sheet in sheets):
            return profile
    for profile in profiles:
        if any(named_table(sheet, profile) for sheet in sheets):
            return profile
    expected = "; ".join(_expectation(sheets, profile) for profile in profiles)
    raise UnknownLayout(
        f"The columns fit no known layout. {expected}. "
        "Download the template and fill it in, or ask an administrator for a profile of this layout."
    )


def _expectation(sheets: tuple[Sheet, ...], profile: Profile) -> str:
    """What the profile's table that is nearest to the file expects."""
    pairs = [(missing_columns(sheet, table), table) for table in _different(profile) for sheet in sheets]
    if not pairs:
        return f"{profile.title} expects a sheet with headings"
    missing, table = min(pairs, key=lambda pair: (len(pair[0]), -len(pair[1].columns)))
    lacking = "none of them found" if len(missing) == len(table.columns) else f"not found: {', '.join(missing)}"
    return f"{profile.title} expects {', '.join(table.columns)} ({lacking})"


def _different(profile: Profile) -> Iterator[TableSource]:
    seen: set[tuple[str, ...]] = set()
    for table in profile.tables:
        if table.columns not in seen:
            seen.add(table.columns)
            yield table


def _profile(file: Path, reference_dir: Path) -> Profile:
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8"))
        return _read(file.stem, entries, reference_dir)
    except KeyError as missing:
        raise ConfigurationError(f"profiles/{file.name}: the entry {missing} is missing. Add it.") from None
    except (tomllib.TOMLDecodeError, TypeError, ValueError, AttributeError) as trouble:
        raise ConfigurationError(f"profiles/{file.name} cannot be read: {trouble}. Mend the entry.") from None


def _read(name: str, entries: _Entries, reference_dir: Path) -> Profile:
    columns = entries["columns"]
    own = entries.get("one_sheet_a_structure", False)
    tables = _own_tables(columns) if own else tuple(_table(one, entries, reference_dir) for one in entries["table"])
    return Profile(
        name=name,
        title=entries["title"],
        note=entries.get("note", ""),
        agency=AgencySource(**entries.get("agency", {})),
        period_column=columns["period"],
        count_column=columns["count"],
        status_column=columns.get("status", ""),
        censoring_mark=entries.get("censoring_mark", ""),
        total_marks=_normals(entries.get("total_marks", [])),
        totals_expected=entries.get("totals_expected", False),
        same_key=SameKey(entries["same_key"]),
        tables=tables,
        one_sheet_a_structure=own,
        other_sheets=_normals(entries.get("other_sheets", [])),
        other_columns=_normals(columns.get("not_kept", [])),
        breakdown=_breakdown(entries["breakdown"]) if "breakdown" in entries else None,
    )


def _own_tables(columns: _Entries) -> tuple[TableSource, ...]:
    """One table a structure, with the dimensions' own labels as headings: no second copy of them in the file."""
    return tuple(
        TableSource(
            structure,
            (columns["period"], *(dimension.label for dimension in structure.dimensions), columns["count"]),
            {},
            tuple(DimensionSource(column=dimension.label) for dimension in structure.dimensions),
        )
        for structure in STRUCTURES.values()
    )


def _table(entries: _Entries, profile: _Entries, reference_dir: Path) -> TableSource:
    structure = STRUCTURES[entries["structure"]]
    sources = tuple(
        _dimension(structure, dimension, entries["dimension"][dimension.name], reference_dir)
        for dimension in structure.dimensions
    )
    recognised_by = tuple(profile["columns"]["recognised_by"])
    return TableSource(structure, recognised_by, _condition(entries.get("when", {})), sources)


def _dimension(structure: Structure, dimension: Dimension, entries: _Entries, reference_dir: Path) -> DimensionSource:
    source = DimensionSource(
        constant=entries.get("constant", ""),
        column=entries.get("column", ""),
        values={normal(text): code for text, code in entries.get("values", {}).items()},
        contains={text.casefold(): code for text, code in entries.get("contains", {}).items()},
        only_when=_condition(entries.get("only_when", {})),
        otherwise=entries.get("otherwise", ""),
        unknown=entries.get("unknown", ""),
    )
    named = {source.constant, source.otherwise, source.unknown, *source.values.values(), *source.contains.values()}
    strangers = named - {""} - set(dimension.codelist(reference_dir).reportable)
    if strangers or bool(source.constant) == bool(source.column):
        fault = f"{sorted(strangers)[0]} is no code" if strangers else "give either constant or column"
        raise ValueError(f"{structure.name}, {dimension.name}: {fault}")
    return source


def _breakdown(entries: _Entries) -> Breakdown:
    return Breakdown(
        people=tuple(entries["people"]),
        total_columns=tuple(entries["total_columns"]),
        total=normal(entries["total"]),
        unknown_share_at_most=float(entries["unknown_share_at_most"]),
        cuts=tuple(Cut(one["name"], _condition(one["when"]), frozenset(one["split"])) for one in entries["cut"]),
        never=_condition(entries.get("never", {}).get("when", {})),
        never_reason=entries.get("never", {}).get("reason", ""),
    )


def _condition(entries: _Entries) -> Condition:
    return {column: _normals(texts) for column, texts in entries.items()}


def _normals(texts: list[str]) -> frozenset[str]:
    return frozenset(normal(text) for text in texts)
