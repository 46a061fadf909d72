"""End to end: what a browser receives, of all pages, filters and downloads, holds no withheld number in any form.

Every number of the publication is recognisable (tests/recognisable.py), somebody walks through all of the dashboard
(walking.py), and everything that comes is searched (tests/searching.py).
"""

import json
import re
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select
from tests.browser.receiving import Kind, csv_numbers, elements, number, table_rows, texts
from tests.browser.running import Server, running
from tests.browser.walking import Link, Walk, links_of, walk_as
from tests.recognisable import THRESHOLDS, Recognisable
from tests.searching import in_json, in_text, search

from dashboard import published_tables
from dashboard.accounts import Role
from dashboard.database import Database, open_installed, tables
from dashboard.datasets import STRUCTURES
from dashboard.disclosure import GROUP, WIDER
from dashboard.disclosure.audit import intervals
from dashboard.disclosure.checker import check
from dashboard.disclosure.editions import Edition
from dashboard.disclosure.history import history
from dashboard.disclosure.secondary import protect
from dashboard.disclosure.tabulation import cells
from dashboard.publication import store as publication_store
from dashboard.published_tables import Circulation
from dashboard.releases import datasets
from dashboard.releases import store as release_store
from dashboard.settings import Settings
from dashboard.ui.menu import SCREENS
from dashboard.views import Published, catalogue

pytestmark = pytest.mark.browser

CERTAINTY = "95 % certainty"
NEXT = re.compile(r"<b>Next (\d+) [\w ]+ together(?:, [^<]+)?</b><br>([\d,]+) ")
LONGEST_RANKING = 10
DIFFERENCE = re.compile(r"([0-9,]+) (more|fewer) than in [^(]+\(([0-9,]+)\)")
SHARE = re.compile(r"[0-9]\s?(%(?!\{)|per ?cent)")


# The walk ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(browser: Browser, recognisable: Recognisable, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard on a copy of the recognisable publication."""
    folder = tmp_path_factory.mktemp("walk")
    shutil.copytree(recognisable.folder / "state", folder / "state")
    with running(folder, sample=False, reference_dir=recognisable.reference_dir) as started:
        yield started


@pytest.fixture(scope="module")
def database(server: Server) -> Iterator[Database]:
    """The database of the running dashboard."""
    opened = open_installed(Settings.from_environ({"DASHBOARD_STATE_DIR": str(server.folder / "state")}))
    yield opened
    opened.published.dispose()
    opened.restricted.dispose()


@pytest.fixture(scope="module")
def links(database: Database, recognisable: Recognisable) -> tuple[Link, ...]:
    """Every page with every choice that it offers a member, and every page there is."""
    with database.read_published() as connection:
        publication = published_tables.current(connection)
        assert publication is not None
        published = Published(connection, publication, recognisable.reference_dir)
        figures = tuple(link for view in catalogue.PAGES for link in links_of(view, published))
    return (*figures, *(Link(screen.name, ()) for screen in SCREENS))


@pytest.fixture(scope="module")
def member(
    server: Server,
    database: Database,
    browser: Browser,
    links: tuple[Link, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> Walk:
    """Everything a member can get at: pages, those not open to the role too, filters, downloads."""
    folder = tmp_path_factory.mktemp("member")
    return walk_as(Role.MEMBER, server, database, browser, folder, catalogue.PAGES, links)


@pytest.fixture(scope="module")
def official(
    server: Server,
    database: Database,
    browser: Browser,
    links: tuple[Link, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> Walk:
    """What is for wider circulation: each filter by itself, and the downloads of two pages."""
    folder, single = tmp_path_factory.mktemp("official"), tuple(one for one in links if len(one.said) < 2)
    return walk_as(Role.OFFICIAL, server, database, browser, folder, (catalogue.NATIONALITY, catalogue.JUSTICE), single)


@pytest.fixture(params=["member", "official"])
def walk(request: pytest.FixtureRequest) -> Walk:
    found: Walk = request.getfixturevalue(request.param)
    return found


# What was received ------------------------------------------------------------------------------


def test_a_link_is_obeyed_and_what_is_shown_was_received(walk: Walk, recognisable: Recognisable) -> None:
    """Without this, finding nothing would prove nothing."""
    for link, messages in walk.followed.items():
        text = b"".join(messages).decode("utf-8", "replace").replace("\\", "")
        assert not [one for one in link.said if one not in text], link
    shown = recognisable.shown(walk.reads)
    parts = {kind: len(shown & walk.received.numbers(kind).keys()) / len(shown) for kind in Kind}
    assert parts[Kind.MESSAGE] > 0.7, parts
    assert parts[Kind.PAGE] > 0.1, parts
    assert parts[Kind.FILE] > 0.1, parts
    files = [piece for piece in walk.received.of(Kind.FILE) if not piece.content.startswith(b"\x89PNG")]
    assert not [piece.place for piece in files if not piece.numbers & shown]
    # Signing in loads the page anew, which may cut off parts of Streamlit's own program that were still on their way.
    unread = [one for one in walk.received.unread if not one.startswith(("204 ", "304 ")) and "/static/js/" not in one]
    assert not unread


def test_no_number_that_is_withheld_was_received_in_any_form(walk: Walk, recognisable: Recognisable) -> None:
    forbidden = recognisable.forbidden(walk.reads)
    withheld = recognisable.withheld(walk.reads)
    assert len(withheld & forbidden) > 0.8 * len(withheld), "hardly any withheld number equals a shown one"
    assert walk.received.leaks(forbidden) == {}


def test_tables_and_files_show_published_numbers_and_no_others(walk: Walk, recognisable: Recognisable) -> None:
    published = recognisable.shown(walk.reads) | {0, None}
    for link, messages in walk.followed.items():
        if link.page == "about":
            continue  # it shows the thresholds of the policy, which are no figures
        for table in elements(messages, "table"):
            shown = {number(cell) for _, row in table_rows(table.arrow_data.data) for cell in row}
            assert shown <= published, link
    for piece in walk.received.of(Kind.FILE):
        if piece.place.endswith("CSV"):
            assert csv_numbers(piece.content) <= published, piece.place


def test_charts_show_published_numbers_and_sums_of_what_they_show(walk: Walk, recognisable: Recognisable) -> None:
    """Sums of two kinds: the end of a long ranking, and what runs through a stop of the routes drawn."""
    published = recognisable.shown(walk.reads)
    ends = 0
    for link, messages in walk.followed.items():
        for chart, table in zip(elements(messages, "plotly_chart"), elements(messages, "table"), strict=False):
            traces = json.loads(chart.spec)["data"]
            through = {total for trace in traces if trace["type"] == "sankey" for total in sums_at_stops(trace)}
            rows = table_rows(table.arrow_data.data)
            together = {
                total: sums_of_the_end(rows, int(many))
                for many, said in NEXT.findall(json.dumps(traces))
                if (total := number(said))
            }
            assert not [total for total, sums in together.items() if total not in sums], link
            assert in_json(traces) <= published | through | together.keys(), link
            ends += len(together)
    assert ends or walk.reads != GROUP, "the rankings of a member are too short to try this"


def sums_of_the_end(rows: list[tuple[str, list[str]]], many: int) -> set[int]:
    """By column, the sum of so many rows behind the first ten that have a number; groups of codes are none of them."""
    single = [
        cells for label, cells in rows if not label.startswith("Other ") and label not in ("Not recorded", "Total")
    ]
    numbered = [cells for cells in single if any(map(number, cells))]
    end = numbered[LONGEST_RANKING : LONGEST_RANKING + many]
    return {sum(number(cell) or 0 for cell in column) for column in zip(*end, strict=True)}


def sums_at_stops(trace: Mapping[str, Any]) -> Iterator[int]:
    flows = trace["link"]
    for side in ("source", "target"):
        for stop in set(flows[side]):
            yield sum(value for at, value in zip(flows[side], flows["value"], strict=True) if at == stop)


def test_what_is_said_in_words_are_published_numbers_and_their_differences(
    walk: Walk, recognisable: Recognisable
) -> None:
    published = recognisable.shown(walk.reads) | {0}
    differences = 0
    for link, messages in walk.followed.items():
        for text in texts(messages):
            for said, direction, before in DIFFERENCE.findall(text):
                change, then = number(said) or 0, number(before)
                assert then in published, link
                assert (then + change if direction == "more" else then - change) in published, link
                differences += 1
            assert in_text(DIFFERENCE.sub("", text)) <= published | {THRESHOLDS[walk.reads] - 1}, link
    assert differences


def test_there_is_no_share_of_anything(walk: Walk) -> None:
    """A share of a shown total would be a withheld number in other clothes."""
    for link, messages in walk.followed.items():
        charts = (chart.spec for chart in elements(messages, "plotly_chart"))
        for text in (*texts(messages), *charts):
            assert not SHARE.search(text.replace(CERTAINTY, "")), link


# What follows from it ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(database: Database, recognisable: Recognisable) -> Mapping[str, Edition]:
    """The publication as its members get it: true counts, and what is withheld, by structure."""
    with database.read() as connection:
        publication = published_tables.current(connection)
        assert publication is not None
        content = datasets(connection, release_store.find(connection, publication.release_id))
        stored = publication_store.earlier(connection, publication, content)
    return {
        name: history([stored.published(name, GROUP)], recognisable.reference_dir).editions[0]
        for name in content
        if STRUCTURES[name].confidential
    }


def known_to(edition: Edition, received: Iterable[int], shown: Collection[int]) -> Edition:
    """The edition for somebody who received these numbers and no other: every other cell is withheld from them.

    shown are the numbers that stand in the publication: one that a withheld cell has too does not give it away.
    """
    known, withheld = set(received), {}
    for name, table in edition.tables.items():
        counts = cells(table.counts, [table.paths[dimension] for dimension in table.dimensions])
        kept = edition.withheld[name]
        given_away = {key for key in kept if counts.get(key, 0) in known.difference(shown)}
        withheld[name] = (kept - given_away) | {key for key, count in counts.items() if count and count not in known}
    return replace(edition, withheld=withheld)


def test_what_a_member_received_leaves_every_small_count_open(
    member: Walk, made: Mapping[str, Edition], recognisable: Recognisable
) -> None:
    """The checker has a witness for every small count, and the audit finds none that is known to be small."""
    threshold = THRESHOLDS[GROUP]
    assert len(made) == 4
    for edition in made.values():
        proof = protect([edition], threshold)
        assert proof.withheld == edition.withheld, "the publication needs no further cell"
        reader = known_to(edition, member.received.numbers(), recognisable.shown(GROUP))
        assert check([reader], threshold, proof.witnesses) == ()
        assert not [found for found in intervals([reader], threshold) if found.breach]


def test_one_withheld_number_among_those_received_would_be_noticed(
    member: Walk, made: Mapping[str, Edition], recognisable: Recognisable
) -> None:
    """Negative control: a small one, and the largest of those that are withheld to protect it."""
    threshold = THRESHOLDS[GROUP]
    edition = made["victims"]
    witnesses = protect([edition], threshold).witnesses
    counts = [cells(table.counts, [table.paths[one] for one in table.dimensions]) for table in edition.tables.values()]
    withheld = recognisable.forbidden(GROUP) & {count for table in counts for count in table.values()}
    for number_too_many in (min(withheld), max(withheld)):
        reader = known_to(edition, [*member.received.numbers(), number_too_many], recognisable.shown(GROUP))
        assert check([reader], threshold, witnesses)


# What is left on the server ---------------------------------------------------------------------


def test_the_log_the_audit_trail_and_the_published_side_hold_none(
    member: Walk, official: Walk, server: Server, database: Database, recognisable: Recognisable
) -> None:
    """After everything above: publishing, reading, downloading."""
    assert search(server.log.encode(), recognisable.forbidden(WIDER)) == set()
    with database.read() as connection:
        events = connection.execute(select(tables.audit_events)).all()
    assert {"publication.publish", "policy.approve", "exports.record_download"} <= {event.verb for event in events}
    assert search(repr(events).encode(), recognisable.forbidden(WIDER)) == set()
    with database.read_published() as connection:
        for table in tables.PUBLISHED:
            rows = connection.execute(select(table)).all()
            for circulation in Circulation:
                read = [row for row in rows if getattr(row, "circulation", circulation) == circulation]
                assert search(repr(read).encode(), recognisable.forbidden(circulation)) == set(), table.name
