"""The audit trail on screen: what is shown, what one click filters, what a file holds, what verifying says."""

import csv
import io
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest
from tests.examples import events
from tests.pages.conftest import Screen
from tests.unit.audit import tampering

from dashboard import audit
from dashboard.accounts import Account, Role, store
from dashboard.audit import Filters, Kind
from dashboard.database import Database
from dashboard.errors import NotFound, NotPermitted
from dashboard.ui import audit_files

PAGE = "administration/audit_trail"
TODAY = datetime.now(UTC).date()


def account_of(database: Database, role: Role) -> Account:
    with database.read() as connection:
        found = store.find_account(connection, role.value)
    assert found is not None
    return found


def shown(app: AppTest, column: str) -> list[str]:
    (frame,) = app.dataframe
    return [str(value) for value in frame.value[column]]


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [one for one in app.button if one.label == label]
    return button.click().run()


def test_every_event_is_in_plain_words(screen: Screen, installed: Database) -> None:
    with installed.write() as connection:
        by, member = account_of(installed, Role.ADMINISTRATOR), account_of(installed, Role.MEMBER)
        audit.record(connection, "administration.close_account", member.id, by=by, at=datetime.now(UTC))
    app = screen(Role.ADMINISTRATOR, PAGE)
    assert not app.exception
    assert shown(app, "What")[:2] == ["Read the audit trail", "Closed an account"]
    assert shown(app, "On")[:2] == ["", "account Test Member"]
    assert {"Published a release", "Approved a release", "Sent in a return"} <= set(shown(app, "What"))
    assert "publication 1" in shown(app, "On")
    assert {len(on) for on in shown(app, "On") if on.startswith(("release ", "return "))} <= {15, 16}
    assert "reason: Invented sample." in shown(app, "Details")


def test_one_click_shows_who_read_and_who_downloaded(screen: Screen, installed: Database) -> None:
    app = screen(Role.ADMINISTRATOR, PAGE)
    app.segmented_control[0].set_value("Reads and exports")
    app.run()
    assert set(shown(app, "What")) == {"Read the audit trail", "Looked at a release before protection"}


def test_filters_by_person_day_and_text(screen: Screen, installed: Database) -> None:
    app = screen(Role.ADMINISTRATOR, PAGE).run()  # once more: the first time made the reader one of the people
    app.selectbox(key="audit_person").set_value(account_of(installed, Role.ADMINISTRATOR).id).run()
    assert shown(app, "Who") == ["Test Administrator"]
    app.selectbox(key="audit_person").set_value("").run()
    app.text_input(key="audit_text").set_value("mps").run()
    assert shown(app, "Details")
    assert all("MPS" in details for details in shown(app, "Details"))
    app.text_input(key="audit_text").set_value("").run()
    app.date_input(key="audit_since").set_value(TODAY + timedelta(days=2)).run()
    assert not app.dataframe
    assert "None fits these filters" in " ".join(one.value for one in app.markdown)
    app.date_input(key="audit_since").set_value(TODAY - timedelta(days=2)).run()
    app.date_input(key="audit_until").set_value(TODAY + timedelta(days=1)).run()
    assert len(shown(app, "What")) > 20


def test_older_events_are_on_the_next_page(screen: Screen, installed: Database) -> None:
    by = account_of(installed, Role.ADMINISTRATOR)
    with installed.write() as connection:
        for number in range(audit.PAGE):
            audit.record(connection, "submissions.receive", str(number), by=by, at=datetime.now(UTC))
    app = screen(Role.ADMINISTRATOR, PAGE)
    first = shown(app, "Number")
    assert len(first) == audit.PAGE
    app = press(app, "Older")
    older = shown(app, "Number")
    assert older == [str(number) for number in range(int(first[-1]) - 1, 0, -1)]
    assert "Older" not in [one.label for one in app.button]
    assert shown(press(app, "Newer"), "Number") == first
    app = press(app, "Older")
    app.segmented_control[0].set_value("Figures")
    app.run()
    assert shown(app, "Number")[0] == first[1], "another filter begins with the newest"


def test_verifying_says_how_far_and_stays_on_top(screen: Screen, installed: Database) -> None:
    app = screen(Role.ADMINISTRATOR, PAGE)
    assert any("Not verified yet" in one.value for one in app.markdown)
    app = press(app, "Verify the trail")
    (said,) = app.success
    with installed.read() as connection:
        newest = events(connection)[0]
    until = newest.details["until"]
    assert newest.verb == "audit.verify"
    assert newest.number == until + 1
    assert f"verified up to event {until}" in said.value.replace("\\", "")
    assert any(f"Verified up to event {until}" in one.value for one in app.run().markdown)


def test_a_trail_that_was_tampered_with_says_since_when_and_what_to_do(screen: Screen, installed: Database) -> None:
    app = screen(Role.ADMINISTRATOR, PAGE)
    file = Path(str(installed.restricted.url.database))
    tampering.run(file, ("UPDATE audit_events SET account_name = 'x' WHERE number = 4", ()))
    app = press(app, "Verify the trail")
    assert "from event 4 on" in app.error[0].value
    said = " ".join(one.value for one in app.markdown).replace("\\", "")
    assert "Event 4 is not as it was written" in said
    assert "Do not rely on what the trail says" in said
    assert any("did not verify" in one.value for one in app.run().error)


@pytest.mark.parametrize("ending", audit_files.FORMATS)
def test_the_address_of_a_file_says_what_the_filters_leave(ending: str, installed: Database) -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    filters = Filters("somebody", frozenset({Kind.READS, Kind.EXPORTS}), since, since + timedelta(days=1), "a & b=<c>")
    (address,) = [one for one in audit_files.links(filters) if f"audit-trail.{ending}" in one]
    asked = dict(parse_qsl(urlsplit(unescape(address.split('"')[1])).query))
    assert audit_files._filters(asked) == filters


@pytest.mark.parametrize(
    "asked", [{"kinds": "NOTHING"}, {"since": "yesterday"}, {"since": "2026-01-01T00:00:00"}, {"page": "1"}]
)
def test_an_address_that_asks_nonsense_gives_no_file(asked: dict[str, str], installed: Database) -> None:
    by = account_of(installed, Role.ADMINISTRATOR)
    with pytest.raises(NotFound):
        audit_files.make("csv", asked, by=by, at=datetime.now(UTC))
    with installed.read() as connection:
        assert not [one for one in events(connection) if one.verb == "audit.export"]


def test_the_file_holds_what_is_shown_and_taking_it_is_an_event(installed: Database) -> None:
    by = account_of(installed, Role.ADMINISTRATOR)
    with installed.write() as connection:
        audit.record(connection, "releases.rejected", "r", by=by, at=datetime.now(UTC), reason="=1+1")
    file = audit_files.make("csv", {"text": "=1+1"}, by=by, at=datetime.now(UTC))
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    header, row = rows[-2], rows[-1]
    found = dict(zip(header, row, strict=True))
    assert (found["What"], found["On"], found["Details"]) == ("Sent a release back", "release r", "reason: =1+1")
    assert len(found["Seal"]) == 64
    with installed.read() as connection:
        newest = events(connection)[0]
    assert (newest.verb, newest.details) == ("audit.export", {"kind": "csv", "text": "=1+1"})


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_a_file_is_refused_to_an_account_that_may_not_read_the_trail(role: Role, installed: Database) -> None:
    with pytest.raises(NotPermitted, match="Read the audit trail"):
        audit_files.make("csv", {}, by=account_of(installed, role), at=datetime.now(UTC))
