"""The publication plan: what is refused when it is loaded, each time with the table and the mend."""

from pathlib import Path

import pytest
from tests.examples import REFERENCE

from dashboard.datasets import STRUCTURES
from dashboard.disclosure import load_plan
from dashboard.errors import ConfigurationError

SOUND = """
version = "7"
[[tables]]
name = "by_nationality"
structure = "victims"
dimensions = ["period", "status", "nationality"]
levels = { period = ["year"], nationality = ["subregion"] }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "codelists").symlink_to(REFERENCE / "codelists")
    return tmp_path


def write(folder: Path, content: str) -> Path:
    (folder / "publication_plan.toml").write_text(content, encoding="utf-8")
    return folder


def test_a_sound_plan_is_read(folder: Path) -> None:
    plan = load_plan(write(folder, SOUND))
    table = plan.tables["by_nationality"]
    assert (plan.version, table.structure) == ("7", STRUCTURES["victims"])
    assert table.dimensions == ("period", "status", "nationality")
    assert table.levels == {"period": ("year",), "nationality": ("subregion",)}


@pytest.mark.parametrize(
    ("dimensions", "named", "theme"),
    [
        ('"status", "nationality"', "", ("nationality",)),
        ('"status", "form_of_exploitation", "nationality", "sex"', "", ("nationality", "sex")),
        ('"status", "movement", "origin", "nationality"', "", ("nationality", "origin")),
        ('"status", "form_of_exploitation", "nationality", "sex"', 'theme = ["sex"]', ("sex",)),
        ('"status", "form_of_exploitation", "nationality"', "theme = []", ()),
    ],
)
def test_the_theme_is_what_the_plan_says_or_all_beyond_the_hub(
    folder: Path, dimensions: str, named: str, theme: tuple[str, ...]
) -> None:
    content = SOUND.replace('"status", "nationality"', dimensions) + named
    assert load_plan(write(folder, content)).tables["by_nationality"].theme == theme


def test_tables_that_form_a_cycle_are_refused(folder: Path) -> None:
    """Nationality by sector, sector by sex, sex by nationality: the three together say more than each of them."""
    pairs = (("nationality", "sector"), ("sector", "sex"), ("sex", "nationality"))
    tables = [
        f'[[tables]]\nname = "{one}_{other}"\nstructure = "victims"\n'
        f'dimensions = ["period", "status", "{one}", "{other}"]'
        for one, other in pairs
    ]
    with pytest.raises(ConfigurationError, match="form a cycle"):
        load_plan(write(folder, "\n".join(tables)))
    assert load_plan(write(folder, "\n".join(tables[:2]))).tables


def test_a_table_that_names_no_levels_shows_those_of_the_codelist(folder: Path) -> None:
    """So two of them hold no finer level together that a third one, which names it, would lack."""
    dimensions = ('"nationality", "sex"', '"nationality", "sector"', '"nationality", "sex", "sector"')
    levels = ("", "", 'levels = { nationality = ["country", "subregion"] }')
    tables = [
        f'[[tables]]\nname = "t{place}"\nstructure = "victims"\ndimensions = ["period", "status", {names}]\n{shown}'
        for place, (names, shown) in enumerate(zip(dimensions, levels, strict=True))
    ]
    assert len(load_plan(write(folder, "\n".join(tables))).tables) == 3


def test_other_levels_than_another_table_shows_are_refused(folder: Path) -> None:
    other = SOUND.replace('version = "7"', "").replace("by_nat", "tip_nat").replace('["year"]', '["report_year"]')
    with pytest.raises(ConfigurationError, match="levels of period in by_nationality .* do not lie within each other"):
        load_plan(write(folder, SOUND + other))


@pytest.mark.parametrize(
    ("right", "wrong", "mend"),
    [
        ('structure = "victims"', "", "Table by_nationality of the plan: structure must be one of victims, cases"),
        ('"victims"', '"victim"', "structure must be one of victims, cases"),
        ('["period", "status",', '["status",', 'first dimension must be "period"'),
        ('"status", ', "", "leaves out status, whose codes can't be added up. Add it to dimensions"),
        ('"nationality"]', '"colour"]', 'has no dimension "colour". It has: status'),
        ('["year"]', '["month"]', "period has no level month. Choose among five_years, quarter, report_year, year"),
        ('["subregion"]', '["subregon"]', "nationality has no level subregon. Choose among country, subregion"),
        ("nationality =", "sex =", "levels names sex. Add it to dimensions"),
        ("levels =", 'theme = ["sex"]\nlevels =', "theme names sex. Choose among its dimensions nationality"),
        ("levels =", 'theme = ["status"]\nlevels =', "theme names status. Choose among its dimensions nationality"),
        ('name = "by', "name = by", "publication_plan.toml can't be read"),
    ],
)
def test_a_wrong_plan_is_refused_with_its_mend(folder: Path, right: str, wrong: str, mend: str) -> None:
    assert right in SOUND
    with pytest.raises(ConfigurationError) as refused:
        load_plan(write(folder, SOUND.replace(right, wrong, 1)))
    assert mend in str(refused.value)


def test_two_tables_of_one_name_are_refused(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="two tables of one name"):
        load_plan(write(folder, SOUND + SOUND.replace('version = "7"', "")))


def test_a_missing_plan_says_where_to_put_it(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"publication_plan.toml is missing. Put it into"):
        load_plan(folder)


def test_the_plan_of_the_group_covers_every_structure(reference_dir: Path) -> None:
    plan = load_plan(reference_dir)
    assert plan.version
    assert {table.structure.name for table in plan.tables.values()} == set(STRUCTURES)
