"""Files to take away: what a page links to is what it shows, and nothing else is handed out to anybody."""

import csv
import io
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import product
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode, urlsplit

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest
from tests.asking import Answer, ask, ask_all
from tests.examples import events as every_event
from tests.pages.conftest import Screen
from tests.pages.test_figure_pages import NATIONALITY, QUARTERS, SERIES
from tests.published import withdraw, write
from tests.unit.attachments.examples import CSV, GOOD

from dashboard import attachments, charts, exports, published_tables
from dashboard.accounts import Account, Permission, Role, store
from dashboard.attachments import Attachment
from dashboard.audit import AuditEvent
from dashboard.database import Database
from dashboard.datasets import TOTAL
from dashboard.errors import Conflict, DashboardError, NotFound, NotPermitted
from dashboard.sessions import store as session_store
from dashboard.ui import downloads, figure_files, files, installation
from dashboard.views import Published, Selection, View, asked_for, catalogue, choices, chosen, load, selection_of

VIEWS = tuple(catalogue.every_view())
SAID_WHERE = "Open the page"
TEMPLATE = "download/return-template.xlsx"


class _Links(HTMLParser):
    """The addresses of the links in a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attributes if (tag, name) == ("a", "href")]


def links(shown: AppTest) -> list[str]:
    """Every link to a file on a page, in its order."""
    assert not shown.exception
    found = (address for item in shown.get("html") for address in _Links(item.proto.body).addresses)
    return [address for address in found if address.startswith("download/")]


def token_of(database: Database, role: Role) -> str:
    with database.write() as connection:
        return session_store.start_session(connection, account(database, role), at=datetime.now(UTC))


def account(database: Database, role: Role) -> Account:
    with database.read() as connection:
        found = store.find_account(connection, role.value)
    assert found is not None
    return found


def events(database: Database) -> list[AuditEvent]:
    """What was taken away by now, newest first."""
    with database.read() as connection:
        found = every_event(connection)
    return [event for event in found if event.verb == "exports.record_download"]


@contextmanager
def published(database: Database, role: Role = Role.MEMBER) -> Iterator[Published]:
    """The publication in force as a role reads it."""
    settings = installation.settings()
    with database.read_published() as connection:
        current = published_tables.current(connection)
        assert current is not None
        yield Published(connection, current, settings.reference_dir, settings.time_zone, role.circulation)


def address(
    database: Database,
    view: View = catalogue.NATIONALITY,
    *,
    ending: str = "csv",
    changed: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The address of a figure's file as its page has it, with some parts changed."""
    with published(database) as now:
        found = figure_files.links(view, Selection(), now, load(view, Selection(), now))
    (link,) = (one for html in found for one in _Links(html).addresses if f"figure.{ending}?" in one)
    parts = urlsplit(link)
    return f"{parts.path}?{urlencode({**dict(parse_qsl(parts.query)), **changed})}"


def rows_of(answer: Answer) -> list[list[str]]:
    """The rows of a table in CSV, behind what explains it."""
    rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"), newline="")))
    return [[cell.lstrip("'") for cell in row] for row in rows[rows.index([]) + 1 :]]


# What is handed out -----------------------------------------------------------------------------


def assert_files_are_tables(shown: AppTest, database: Database, role: Role) -> None:
    """Each CSV that the page links to holds the numbers of the table beside it."""
    by_csv = [link for link in links(shown) if link.startswith("download/figure.csv?")]
    assert len(by_csv) == len(shown.get("plotly_chart")) > 0
    token = token_of(database, role)
    for link, table in zip(by_csv, shown.table, strict=False):
        answer = ask(link, token)
        assert answer.status == 200, answer.text
        header, *body = rows_of(answer)
        wide = len(table.value.columns)
        assert header[-wide:] == [str(name).replace("\\", "") for name in table.value.columns]
        numbers = [row[len(header) - wide :] for row in body]
        in_file = [[*row, *[""] * (wide - len(row))] for row in numbers]  # the corner of the totals is empty
        on_page = [[cell.replace("\\", "").replace(",", "") for cell in row] for row in table.value.to_numpy()]
        assert in_file == on_page


@pytest.mark.parametrize("role", [Role.MEMBER, Role.OFFICIAL])
@pytest.mark.parametrize("view", catalogue.PAGES, ids=lambda view: view.name)
def test_the_files_of_a_page_hold_what_it_shows(view: View, role: Role, screen: Screen, installed: Database) -> None:
    assert_files_are_tables(screen(role, f"figures/{view.name}"), installed, role)


def test_the_files_of_a_filtered_page_are_filtered(screen: Screen, installed: Database) -> None:
    shown = screen(Role.MEMBER, "figures/nationality")
    whole = links(shown)
    shown.selectbox(key="period").set_value("2024").run()
    shown.selectbox(key="compare").set_value("2023").run()
    assert_files_are_tables(shown, installed, Role.MEMBER)
    assert len(links(shown)) == len(whole)
    assert links(shown)[0] != whole[0]


def every_choice(view: View, now: Published) -> Iterator[Mapping[str, str]]:
    """Each choice by itself, and what stands in the address of another page too: filters and periods it lacks."""
    for choice in choices(view, now):
        yield from ({choice.name: code} for code, _ in choice.options)
    periods = [code for choice in choices(view, now) if choice.name == "period" for code, _ in choice.options]
    for period, other in product(periods[:3], (*periods[-3:], "1999", "2024-Q1")):
        yield {"period": period, "compare": other}
    yield {"period": "2024-Q3", "nationality": "BGD", "level": "nothing", "status": "nothing"}


@pytest.mark.parametrize("role", [Role.MEMBER, Role.OFFICIAL])
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_an_address_means_what_was_chosen(view: View, role: Role, installed: Database) -> None:
    """Whatever a page has chosen, the address of its file is obeyed, and gives that very table."""
    tried = 0
    with published(installed, role) as now:
        if view.table not in now.tables:
            pytest.skip("Nothing was returned for it.")
        for choice in every_choice(view, now):
            selection = selection_of(choice)
            again = asked_for(view, chosen(view, selection, now), now)
            assert load(view, again, now) == load(view, selection, now)
            tried += 1
    assert tried


def test_a_workbook_explains_itself(installed: Database) -> None:
    answer = ask(address(installed, ending="xlsx"), token_of(installed, Role.MEMBER))
    book = openpyxl.load_workbook(io.BytesIO(answer.body))
    assert book.sheetnames[0] == "About"
    assert "Definitions" in [row[0] for row in book["About"].iter_rows(values_only=True)]


def test_a_file_is_kept_by_whoever_asked_and_by_nobody_else(installed: Database) -> None:
    answer = ask(address(installed), token_of(installed, Role.MEMBER))
    assert answer.status == 200
    name = "identified-victims-by-nationality_all-periods_for-the-working-group"
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="{name}')
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_each_file_is_noted_before_it_leaves(installed: Database) -> None:
    for ending in ("csv", "xlsx"):
        assert ask(address(installed, ending=ending), token_of(installed, Role.MEMBER)).status == 200
    assert [(event.details["view"], event.details["kind"]) for event in events(installed)] == [
        ("nationality", "xlsx"),
        ("nationality", "csv"),
    ]
    assert {event.account_name for event in events(installed)} == {"Test Member"}


def test_files_that_are_asked_for_at_once_are_not_mixed_up(installed: Database) -> None:
    """By two people, who read different figures, of every view."""
    member, official = token_of(installed, Role.MEMBER), token_of(installed, Role.OFFICIAL)
    asked = []
    for view in VIEWS:
        with published(installed) as now:
            if view.table in now.tables and load(view, Selection(), now).rows:
                asked.append(f"{address(installed, view).partition('&')[0]}&publication={now.publication.id}")
    requests = [(one, token) for one in asked for token in (member, official)]
    alone = [ask(*request) for request in requests]
    together = ask_all(*requests)
    assert len(asked) > 8
    assert [one.body for one in together] == [one.body for one in alone]
    assert len({one.body for one in together if one.status == 200}) > 8


# Attached files ---------------------------------------------------------------------------------


def attached(database: Database, role: Role, content: bytes = CSV, name: str = "evidence.csv") -> Attachment:
    with database.write() as connection:
        return attachments.attach(
            connection,
            content,
            name,
            folder=installation.settings().attachments_dir,
            by=account(database, role),
            at=datetime.now(UTC),
        )


@pytest.mark.parametrize("kind", attachments.Kind)
def test_an_attached_file_goes_out_as_it_came_and_is_never_shown(kind: attachments.Kind, installed: Database) -> None:
    kept = attached(installed, Role.MEMBER, GOOD[kind], f"evidence.{kind.value}")
    answer = ask(f"download/attachment?id={kept.id}", token_of(installed, Role.MEMBER))
    assert (answer.status, answer.body) == (200, GOOD[kind])
    assert answer.headers["content-disposition"] == f'attachment; filename="evidence.{kind.value}"'
    assert answer.headers["content-type"].partition(";")[0] == kind.media_type
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    with installed.read() as connection:
        newest = every_event(connection)[0]
    assert (newest.verb, newest.subject, newest.account_name) == ("attachments.open", kept.id, "Test Member")


def test_an_attached_file_goes_to_whom_it_belongs(installed: Database) -> None:
    own, other = attached(installed, Role.MEMBER), attached(installed, Role.SECRETARIAT)
    asked = {"own": own.id, "other": other.id, "unknown": "7f2a0e4e-3f0c-4bb4-9d8e-0a1b2c3d4e5f", "none": ""}
    answers = {
        role: {name: ask(f"download/attachment?id={one}", token_of(installed, role)) for name, one in asked.items()}
        for role in Role
    }
    found = {role: tuple(one.status for one in row.values()) for role, row in answers.items()}
    assert found == {
        Role.ADMINISTRATOR: (403, 403, 403, 403),
        Role.SECRETARIAT: (200, 200, 404, 404),
        Role.CHAIR: (200, 200, 404, 404),
        Role.MEMBER: (200, 404, 404, 404),
        Role.OFFICIAL: (403, 403, 403, 403),
    }
    assert answers[Role.MEMBER]["other"].body == answers[Role.MEMBER]["unknown"].body
    assert ask(f"download/attachment?id={own.id}").status == 401


@pytest.mark.parametrize("query", ["", "?id={id}&name=x", "?id={id}&id={id}", "?name={id}", "?ID={id}"])
def test_an_attached_file_is_asked_for_by_its_id_alone(query: str, installed: Database) -> None:
    kept = attached(installed, Role.MEMBER)
    answer = ask(f"download/attachment{query.format(id=kept.id)}", token_of(installed, Role.MEMBER))
    assert (answer.status, SAID_WHERE in answer.text) == (404, True)


def test_an_attached_file_that_was_tampered_with_is_not_handed_out(installed: Database) -> None:
    kept, token = attached(installed, Role.MEMBER), token_of(installed, Role.MEMBER)
    assert ask(f"download/attachment?id={kept.id}", token).status == 200
    (installation.settings().attachments_dir / kept.sha256[:2] / kept.sha256).write_bytes(b"7 victims from Elbonia")
    answer = ask(f"download/attachment?id={kept.id}", token)
    assert (answer.status, "Elbonia" in answer.text) == (500, False)
    assert "restore" in answer.text


# What is refused --------------------------------------------------------------------------------

WRONG = {
    "an unknown view": {"view": "passports"},
    "no view": {"view": ""},
    "a view in other letters": {"view": "Nationality"},
    "an unknown period": {"period": "1066"},
    "a period in words": {"period": "all of them"},
    "an unknown code": {"status": "SUSPECTED"},
    "a code that is an order to a database": {"status": "' OR 1=1 --"},
    "a dimension that the view does not offer": {"sector": TOTAL},
    "a part that is none": {"folder": "../../etc"},
    "a comparison with what is none": {"compare": "2024-13"},
    "a page to be run": {"status": "<script>alert(1)</script>"},
    "a thousand signs": {"period": "9" * 1000},
}


@pytest.mark.parametrize("changed", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("ending", figure_files.KINDS)
def test_an_address_that_was_tampered_with_is_refused_in_one_sentence(
    ending: str, changed: Mapping[str, str], installed: Database
) -> None:
    answer = ask(address(installed, ending=ending, changed=changed), token_of(installed, Role.MEMBER))
    assert answer.status == 404
    assert SAID_WHERE in answer.text
    assert not [value for value in changed.values() if len(value) > 4 and value in answer.text]
    assert "content-disposition" not in answer.headers
    assert events(installed) == []


def test_a_part_that_is_said_twice_is_refused(installed: Database) -> None:
    answer = ask(f"{address(installed)}&view=sector", token_of(installed, Role.MEMBER))
    assert (answer.status, events(installed)) == (404, [])


@pytest.mark.parametrize(
    "name", ["figure.pdf", "figure", "figure.csv.exe", "audit", "figure.CSV", "..", "", "a/b", "%2e"]
)
def test_a_file_that_is_not_in_the_registry_is_not_there(name: str, installed: Database) -> None:
    query = address(installed).partition("?")[2]
    answer = ask(f"download/{name}?{query}", token_of(installed, Role.MEMBER))
    assert answer.status == 404
    assert "Traceback" not in answer.text


def test_whoever_is_nobody_is_told_to_sign_in(installed: Database) -> None:
    with installed.write() as connection:
        ended = session_store.start_session(connection, account(installed, Role.MEMBER), at=datetime.now(UTC))
        session_store.end_session(connection, ended, at=datetime.now(UTC))
    for token in (None, "invented", ended):
        for one in (address(installed), TEMPLATE, "download/nothing.csv"):
            answer = ask(one, token)
            assert (answer.status, "Sign in again" in answer.text) == (401, True)
    assert events(installed) == []


def test_a_page_of_an_account_closed_since_hands_out_nothing(installed: Database) -> None:
    link, token = address(installed), token_of(installed, Role.MEMBER)
    assert ask(link, token).status == 200
    with installed.write() as connection:
        store.set_active(connection, account(installed, Role.MEMBER), False, at=datetime.now(UTC))
    assert ask(link, token).status == 401
    assert len(events(installed)) == 1


def test_the_route_asks_for_the_session_by_itself(installed: Database) -> None:
    """Where the session ends between the gate and the route."""
    with pytest.raises(downloads.SignedOut):
        downloads._made("return-template.xlsx", downloads.QueryParams(""), "ended meanwhile")


def test_everybody_gets_the_figures_of_the_own_circulation(installed: Database) -> None:
    """An address that a member passes on gives an official the official's figures, or none."""
    link = address(installed, catalogue.OVERVIEW)
    texts = {role: ask(link, token_of(installed, role)).text for role in (Role.MEMBER, Role.OFFICIAL)}
    assert '"For","the working group"' in texts[Role.MEMBER]
    assert '"For","wider circulation"' in texts[Role.OFFICIAL]
    assert [event.details["circulation"] for event in events(installed)] == ["wider", "group"]


def test_only_the_publication_that_was_looked_at_is_handed_out(installed: Database) -> None:
    link, token = address(installed), token_of(installed, Role.MEMBER)
    with installed.write() as connection:
        write(connection, 2, NATIONALITY, SERIES, quarters=QUARTERS)
    answer = ask(link, token)
    assert (answer.status, SAID_WHERE in answer.text) == (409, True)
    again, made_up = address(installed), address(installed, changed={"publication": "p9"})
    assert ask(again, token).status == 200
    assert ask(made_up, token).status == 409
    with installed.write() as connection:
        withdraw(connection, "p2", "It was wrong.")
    assert ask(again, token).status == 409
    assert [event.subject for event in events(installed)] == ["p2"]


def test_a_selection_without_a_return_gives_no_file(installed: Database) -> None:
    with installed.write() as connection:
        write(connection, 2, replace(NATIONALITY, cells={}, groups={}), SERIES, quarters=())
    answer = ask(address(installed), token_of(installed, Role.MEMBER))
    assert (answer.status, "Nothing was returned" in answer.text) == (404, True)


def test_a_file_is_asked_for_by_get_only(installed: Database) -> None:
    token = token_of(installed, Role.MEMBER)
    assert ask(address(installed), token, method="HEAD").status == 405
    assert ask(address(installed), token, method="POST").status == 403
    assert events(installed) == []


@pytest.mark.parametrize("role", Role)
def test_the_template_is_for_those_who_send_returns(role: Role, installed: Database) -> None:
    answer = ask(TEMPLATE, token_of(installed, role))
    allowed = Permission.SEND_SUBMISSIONS in role.permissions
    assert answer.status == (200 if allowed else 403)
    assert answer.body.startswith(b"PK") == allowed
    assert allowed or "Your role" in answer.text


def test_the_page_of_returns_links_to_the_template(screen: Screen) -> None:
    assert links(screen(Role.MEMBER, "data/submissions")) == [TEMPLATE]


# What goes wrong --------------------------------------------------------------------------------

ERRORS = {
    NotPermitted("No."): 403,
    NotFound("No."): 404,
    Conflict("No."): 409,
    DashboardError("No."): 400,
    charts.NoPictureEngine(): 503,
}


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_every_error_has_its_status_and_its_sentence(
    error: DashboardError, installed: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_asked: object, *, by: Account, at: datetime) -> files.File:
        raise error

    monkeypatch.setitem(downloads.DOWNLOADS, "broken.csv", refuse)  # type: ignore[arg-type]
    answer = ask("download/broken.csv", token_of(installed, Role.MEMBER))
    assert answer.status == ERRORS[error]
    assert str(error).replace("'", "&#x27;") in answer.text


def test_a_fault_of_ours_shows_a_number_and_no_figure(
    installed: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(_table: object) -> bytes:
        raise ValueError("7 victims from Elbonia")

    monkeypatch.setattr(exports, "csv_bytes", break_down)
    with caplog.at_level(logging.ERROR):
        answer = ask(address(installed), token_of(installed, Role.MEMBER))
    assert answer.status == 500
    assert "incident" in answer.text
    assert "ValueError" in caplog.text
    assert "Elbonia" not in answer.text + caplog.text
    assert events(installed) == [], "what could not be made was not taken"


def test_a_link_and_a_refusal_show_text_as_text() -> None:
    hostile = '"><script>alert(1)</script>&'
    for html in (
        files.link(hostile, "figure.csv", {"view": hostile}, about=hostile),
        bytes(files.refused(hostile, 404).body).decode(),
    ):
        assert "<script" not in html
        assert "alert(1)" in html.replace("%28", "(").replace("%29", ")")
    assert _Links(files.link("x", "figure.csv", {"view": hostile})).addresses == [
        f"download/figure.csv?{urlencode({'view': hostile})}"
    ]


@pytest.mark.parametrize(
    "name", ['a"; filename="b.exe', "a\r\nset-cookie: sid=x", "../../x.csv", "\u202efdp.csv", "x" * 9]
)
def test_the_name_of_a_file_is_no_more_than_a_name(name: str) -> None:
    answer = files.handed_out(files.File(name, "text/csv", b""))
    assert "set-cookie" not in answer.headers
    kept = answer.headers["content-disposition"].removeprefix('attachment; filename="').removesuffix('"')
    assert not set(kept) & set('"/\\\r\n; \u202e')
