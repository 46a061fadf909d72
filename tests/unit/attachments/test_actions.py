"""Who attaches and who takes: by role and organisation, drawn; and what is noted."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from tests.examples import MINUTE, NOW, events
from tests.spec.drawing import read
from tests.unit.attachments.examples import CSV, GOOD
from tests.unit.validation.test_names import HOSTILE

from dashboard import attachments
from dashboard.accounts import Account, Role
from dashboard.attachments import Attachment, Kind, RefusedFile
from dashboard.database import Database
from dashboard.errors import DashboardError, NotFound, NotPermitted

UNKNOWN = "7f2a0e4e-3f0c-4bb4-9d8e-0a1b2c3d4e5f"

MAY = """
                 administrator secretariat chair   member  official
attach              refused       yes       yes     yes    refused
take_own            refused       yes       yes     yes    refused
take_other          refused       yes       yes    unknown refused
take_unknown        refused     unknown   unknown  unknown refused
see_own             refused       yes       yes     yes    refused
see_other           refused       yes       yes      -     refused
"""
OWN, OTHER = "MPS", "LRA"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "attachments"


@pytest.fixture
def attached(database: Database, accounts: Mapping[Role, Account], folder: Path) -> Mapping[str, Attachment]:
    """A file of each of two organisations."""
    with database.write() as connection:
        return {
            home: attachments.attach(
                connection,
                CSV + home.encode(),
                f"{home}.csv",
                folder=folder,
                by=replace(accounts[Role.MEMBER], organisation=home),
                at=NOW,
            )
            for home in (OWN, OTHER)
        }


def test_every_role_and_organisation(
    database: Database, accounts: Mapping[Role, Account], folder: Path, attached: Mapping[str, Attachment]
) -> None:
    drawn = read(MAY)
    found: dict[str, list[str]] = {row: [] for row in drawn.rows}
    assert drawn.columns == tuple(role.value for role in Role)
    asked = {"take_own": attached[OWN].id, "take_other": attached[OTHER].id, "take_unknown": UNKNOWN}
    for role in Role:
        by = replace(accounts[role], organisation=OWN)
        with database.write() as connection:
            found["attach"].append(
                answer(lambda c=connection, a=by: attachments.attach(c, CSV, "a.csv", folder=folder, by=a, at=NOW))
            )
            for row, one in asked.items():
                taken = answer(
                    lambda c=connection, a=by, i=one: attachments.open_attachment(c, i, folder=folder, by=a, at=NOW)
                )
                found[row].append(taken)
            for row, home in (("see_own", OWN), ("see_other", OTHER)):
                seen = answer(
                    lambda c=connection, a=by, h=home: attached[h] in attachments.all_attachments(c, by=a) or None
                )
                found[row].append(seen)
    assert {row: tuple(cells) for row, cells in found.items()} == drawn.rows


def answer(deed):  # type: ignore[no-untyped-def]
    """What came of it, in a word."""
    try:
        return "-" if deed() is None else "yes"
    except NotPermitted:
        return "refused"
    except NotFound:
        return "unknown"


@pytest.mark.parametrize("asked", ["foreign", UNKNOWN, "", "' OR 1=1 --", "../../etc/passwd", "x" * 1000])
def test_a_foreign_and_an_unknown_id_get_the_same_answer(
    asked: str,
    database: Database,
    accounts: Mapping[Role, Account],
    folder: Path,
    attached: Mapping[str, Attachment],
) -> None:
    wanted = attached[OTHER].id if asked == "foreign" else asked
    with database.write() as connection:
        before = events(connection)
        with pytest.raises(NotFound) as refused:
            attachments.open_attachment(connection, wanted, folder=folder, by=accounts[Role.MEMBER], at=NOW)
        assert str(refused.value).startswith("There is no such attachment among those you may read.")
        assert events(connection) == before


def test_a_person_who_changes_organisation_leaves_the_files_behind(
    database: Database, accounts: Mapping[Role, Account], attached: Mapping[str, Attachment]
) -> None:
    member = accounts[Role.MEMBER]
    with database.read() as connection:
        assert attachments.all_attachments(connection, by=member) == (attached[OWN],)
        assert attachments.all_attachments(connection, by=replace(member, organisation=OTHER)) == (attached[OTHER],)
        assert attachments.all_attachments(connection, by=replace(member, organisation="MFA")) == ()


@pytest.mark.parametrize("kind", Kind)
def test_a_file_comes_back_byte_for_byte(
    kind: Kind, database: Database, accounts: Mapping[Role, Account], folder: Path
) -> None:
    content, by = GOOD[kind], accounts[Role.MEMBER]
    with database.write() as connection:
        kept = attachments.attach(connection, content, f"paper.{kind.value}", folder=folder, by=by, at=NOW)
    expected = Attachment(
        kept.id,
        sha256(content).hexdigest(),
        f"paper.{kind.value}",
        kind,
        len(content),
        "MPS",
        by.id,
        by.display_name,
        NOW,
    )
    assert kept == expected
    with database.write() as connection:
        assert attachments.open_attachment(connection, kept.id, folder=folder, by=by, at=NOW) == (expected, content)


def test_attaching_and_each_taking_is_noted_without_the_name(
    database: Database, accounts: Mapping[Role, Account], folder: Path
) -> None:
    by = accounts[Role.MEMBER]
    with database.write() as connection:
        kept = attachments.attach(connection, CSV, "Hussain Zahir.csv", folder=folder, by=by, at=NOW)
        for minute in (1, 2):
            attachments.open_attachment(connection, kept.id, folder=folder, by=by, at=NOW + minute * MINUTE)
        noted = events(connection)
    assert [(one.verb, one.subject) for one in noted] == [
        ("attachments.open", kept.id),
        ("attachments.open", kept.id),
        ("attachments.attach", kept.id),
    ]
    assert noted[-1].details == {"organisation": "MPS", "kind": "csv", "sha256": kept.sha256}
    assert not [one for one in noted if "Zahir" in str(one.details)]


def test_the_same_file_twice_is_two_attachments_and_one_file(
    database: Database, accounts: Mapping[Role, Account], folder: Path
) -> None:
    with database.write() as connection:
        first = attachments.attach(connection, CSV, "a.csv", folder=folder, by=accounts[Role.MEMBER], at=NOW)
        second = attachments.attach(connection, CSV, "b.csv", folder=folder, by=accounts[Role.CHAIR], at=NOW + MINUTE)
        everything = attachments.all_attachments(connection, by=accounts[Role.CHAIR])
    assert [one.name for one in everything] == ["b.csv", "a.csv"]
    assert (first.sha256, first.id != second.id) == (second.sha256, True)
    assert len([file for file in folder.rglob("*") if file.is_file()]) == 1


def test_what_is_refused_leaves_nothing(database: Database, accounts: Mapping[Role, Account], folder: Path) -> None:
    with database.write() as connection:
        with pytest.raises(RefusedFile):
            attachments.attach(connection, b"MZ", "a.pdf", folder=folder, by=accounts[Role.MEMBER], at=NOW)
        assert attachments.all_attachments(connection, by=accounts[Role.CHAIR]) == ()
        assert events(connection) == ()
    assert not folder.exists()


def test_no_row_is_there_without_its_file(database: Database, accounts: Mapping[Role, Account], tmp_path: Path) -> None:
    blocked = tmp_path / "attachments"
    blocked.write_text("a file")
    with database.write() as connection, pytest.raises(DashboardError, match="Nothing was attached"):
        attachments.attach(connection, CSV, "a.csv", folder=blocked, by=accounts[Role.MEMBER], at=NOW)
    with database.read() as connection:
        assert attachments.all_attachments(connection, by=accounts[Role.CHAIR]) == ()
        assert events(connection) == ()


def test_a_file_whose_row_was_rolled_back_is_nobodys(
    database: Database, accounts: Mapping[Role, Account], folder: Path
) -> None:
    with pytest.raises(KeyError), database.write() as connection:  # noqa: PT012
        kept = attachments.attach(connection, CSV, "a.csv", folder=folder, by=accounts[Role.CHAIR], at=NOW)
        raise KeyError
    with database.write() as connection, pytest.raises(NotFound):
        attachments.open_attachment(connection, kept.id, folder=folder, by=accounts[Role.CHAIR], at=NOW)


def test_a_damaged_file_is_not_noted_as_taken(
    database: Database, accounts: Mapping[Role, Account], folder: Path, attached: Mapping[str, Attachment]
) -> None:
    (folder / attached[OWN].sha256[:2] / attached[OWN].sha256).write_bytes(b"other bytes")
    with database.write() as connection:
        before = events(connection)
        with pytest.raises(attachments.DamagedFile, match="not what was attached"):
            attachments.open_attachment(connection, attached[OWN].id, folder=folder, by=accounts[Role.MEMBER], at=NOW)
        assert events(connection) == before
        found, _ = attachments.open_attachment(
            connection, attached[OTHER].id, folder=folder, by=accounts[Role.CHAIR], at=NOW
        )
    assert found == attached[OTHER]


@pytest.mark.parametrize("filename", [name for name in HOSTILE if name.endswith("csv")])
def test_no_path_and_no_name_is_made_of_what_was_sent(
    filename: str, database: Database, accounts: Mapping[Role, Account], tmp_path: Path
) -> None:
    folder = tmp_path / "deep" / "attachments"
    before = {file for file in tmp_path.rglob("*") if "attachments" not in file.parts}
    with database.write() as connection:
        kept = attachments.attach(connection, CSV, filename, folder=folder, by=accounts[Role.MEMBER], at=NOW)
    assert kept.name == HOSTILE[filename]
    written = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    assert written == {f"{kept.sha256[:2]}/{kept.sha256}"}
    assert {file for file in tmp_path.rglob("*") if "attachments" not in file.parts} - before == {tmp_path / "deep"}
