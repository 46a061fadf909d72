"""Messages that no browser would send: states of widgets that were never shown, forged values, pages and fragments.

Each is sent by somebody who may not, who knows every id, and changes nothing; beside it, as the control, the very same
message of somebody who may, and that does write.
"""

import http.client
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from tests.browser import running
from tests.browser.attacking import Place, Question, Screen, answers, ask, chosen, place_of, pressed, typed
from tests.examples import accepted, count, dataset
from tests.unit.submissions.files import VICTIMS, csv_file, victim
from websockets.sync.client import ClientConnection

from dashboard import releases
from dashboard.accounts import Role
from dashboard.database.tables import submissions
from dashboard.ui.session import COOKIE

pytestmark = pytest.mark.browser

INTRUDERS = (Role.MEMBER, Role.OFFICIAL, None)
HUGE = "x" * 10_000_000


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A dashboard in which something waits for each verb: a return, accepted returns, an approved release."""
    with running.running(tmp_path_factory.mktemp("forged"), sample=True) as server, place_of(server) as found:
        now = datetime.now(UTC)
        secretariat, chair = found.accounts[Role.SECRETARIAT], found.accounts[Role.CHAIR]
        with found.database.write() as connection:
            accepted(connection, dataset("cases", count("cases", 9)), by=secretariat, at=now)
            releases.approve(connection, releases.freeze(connection, by=secretariat, at=now), by=chair, at=now)
            accepted(connection, dataset("cases", count("cases", 8, "2024-Q2")), by=secretariat, at=now)
        yield found


# Values that no widget would have ---------------------------------------------------------------


def _numbers(name: str, values: Sequence[float]) -> WidgetState:
    state = WidgetState(id=name)
    state.double_array_value.data.extend(values)
    return state


def _file(name: str) -> WidgetState:
    state = WidgetState(id=name)
    one = state.file_uploader_state_value.uploaded_file_info.add(name="../../x.csv", size=2**60, file_id="none")
    one.file_urls.upload_url = "/_stcore/upload_file/../../etc/passwd"
    return state


STRANGE: dict[str, Callable[[str], WidgetState]] = {
    "a place out of range": lambda name: WidgetState(id=name, int_value=2**60),
    "a negative place": lambda name: WidgetState(id=name, int_value=-1),
    "no number": lambda name: WidgetState(id=name, double_value=float("nan")),
    "endless": lambda name: WidgetState(id=name, double_value=float("-inf")),
    "an option that is not offered": lambda name: WidgetState(id=name, string_value="../../etc/passwd"),
    "a text of 10 MB": lambda name: WidgetState(id=name, string_value=HUGE),
    "a click": lambda name: WidgetState(id=name, trigger_value=True),
    "a list of a million numbers": lambda name: _numbers(name, [float("nan")] * 1_000_000),
    "a file that nobody sent": _file,
    "bytes": lambda name: WidgetState(id=name, bytes_value=b"\xff\x00" * 1000),
    "JSON that ends too early": lambda name: WidgetState(id=name, json_value='{"a":' * 1000),
    "an event that is none": lambda name: WidgetState(id=name, json_trigger_value="[]"),
}


@pytest.fixture(scope="module")
def named(place: Place) -> tuple[str, ...]:
    """The ids of all widgets of a member, and of one page that only the chair is shown."""
    with place.socket(place.token(Role.CHAIR)) as chair, place.socket(place.token()) as member:
        shown = (*ask(member, Question("submissions")).widgets, *ask(chair, Question("publication")).widgets)
    return tuple(one.id for one in shown if one.label not in ("Sign out", "Change password"))


@pytest.mark.parametrize("strange", STRANGE)
def test_a_value_that_no_widget_has_hurts_nobody_else(place: Place, named: tuple[str, ...], strange: str) -> None:
    """At worst the sender's own page breaks."""
    tokens = [place.token(), place.token()]
    before = place.hash_of_all_tables()
    with place.socket(tokens[0]) as member, place.socket(tokens[1]) as other:
        states = [STRANGE[strange](name) for name in named]
        shown = ask(member, Question("submissions", widgets=_few(states, strange))).text
        assert "Smallest count shown" not in shown
        assert "Traceback" not in shown
        assert place.hash_of_all_tables() == before
        assert "Return of" in ask(other, Question("submissions")).text


def _few(states: list[WidgetState], strange: str) -> list[WidgetState]:
    """Of the large ones two: Streamlit takes no more than 25 MB in one message."""
    return states[:2] if "10 MB" in strange or "million" in strange else states


def test_many_states_at_once_hurt_nobody(place: Place) -> None:
    many = [WidgetState(id=f"$$ID-{number}-None", string_value="x") for number in range(100_000)]
    with place.socket(place.token(Role.OFFICIAL)) as official, place.socket(place.token()) as member:
        ask(official, Question("nationality", widgets=many))
        assert "plotly_chart" in ask(member, Question("nationality")).text


def test_a_filter_takes_only_what_it_offers(place: Place) -> None:
    with place.socket(place.token()) as socket:
        box = ask(socket, Question("nationality")).widget("Form of exploitation")
        forged = ask(socket, Question("nationality", widgets=[chosen(box, "' OR 1=1 --")]))
        assert "(incident" not in forged.text
        assert "Clear filters" not in forged.text
        offered = ask(socket, Question("nationality", widgets=[chosen(box, "Forced labour")]))
    assert "Clear filters" in offered.text, "the control: a value that is offered is taken"


# The organisation of a return -------------------------------------------------------------------


def upload(place: Place, socket: ClientConnection, shown: Screen, token: str, content: bytes) -> WidgetState:
    """Send a file as the page would, and give the state of the widget that holds it."""
    message = BackMsg()
    message.file_urls_request.request_id, message.file_urls_request.session_id = "one", shown.session
    message.file_urls_request.file_names.append("return.csv")
    (urls,) = answers(socket, message, "file_urls_response").file_urls_response.file_urls
    against_forgery = place.request("GET", "/_stcore/health")[1]["set-cookie"].partition(";")[0]
    boundary = "boundary"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="return.csv"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    connection = http.client.HTTPConnection(urlsplit(place.server.url).netloc, timeout=20)
    headers = {
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Origin": place.server.url,
        "Cookie": f"{COOKIE}={token}; {against_forgery}",
        "X-Xsrftoken": against_forgery.partition("=")[2],
    }
    connection.request("PUT", urls.upload_url, body, headers)
    assert connection.getresponse().status == 204
    connection.close()
    state = WidgetState(id=shown.widget("File (CSV or Excel, up to 10 MB)").id)
    one = state.file_uploader_state_value.uploaded_file_info.add(name="return.csv", size=len(content))
    one.file_id = urls.file_id
    one.file_urls.CopyFrom(urls)
    return state


@pytest.mark.parametrize(("role", "home"), [(Role.MEMBER, "MPS"), (Role.SECRETARIAT, "MI")])
def test_only_who_may_sends_for_another_organisation(place: Place, role: Role, home: str) -> None:
    """A member who claims to be asked for the organisation sends in for the own one; the secretariat may choose."""
    content = csv_file(VICTIMS, victim(7 if role is Role.MEMBER else 8))
    with place.socket(place.token(Role.SECRETARIAT)) as secretariat:
        of = ask(secretariat, Question("submissions")).widget("Return of")
    token = place.token(role)
    with place.socket(token) as socket:
        shown = ask(socket, Question("submissions"))
        states = [upload(place, socket, shown, token, content), chosen(of, "Maldives Immigration")]
        shown = ask(socket, Question("submissions", widgets=states))
        ask(socket, Question("submissions", widgets=[*states, pressed(shown.widget("Check and send in"))]))
    with place.database.read() as connection:
        newest = select(submissions).order_by(submissions.c.received_at.desc())
        row = connection.execute(newest).first()
    assert row is not None
    assert (row.organisation, row.sent_by, row.content) == (home, place.accounts[role].id, content)


# Pages and fragments ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "by", "secret"),
    [
        ("accounts", Role.ADMINISTRATOR, "Invite a person"),
        ("audit_trail", Role.ADMINISTRATOR, "Audit events, newest first"),
        ("releases", Role.CHAIR, "Frozen by"),
        ("publication", Role.CHAIR, "Smallest count shown"),
    ],
)
def test_a_page_asked_for_by_its_hash_is_refused_like_by_its_name(
    place: Place, page: str, by: Role, secret: str
) -> None:
    with place.socket(place.token(by)) as rightful:
        page_hash = ask(rightful, Question(page)).page_hash
        assert secret in ask(rightful, Question("", page_hash=page_hash)).text
    for intruder in INTRUDERS:
        with place.socket(place.token(intruder) if intruder else None) as socket:
            for asked in (Question("", page_hash=page_hash), Question(page, page_hash="0" * 32), Question(page)):
                assert secret not in ask(socket, asked).text


def test_a_fragment_of_somebody_else_is_not_run(place: Place) -> None:
    """The totals before protection that the chair looks at are drawn in a fragment."""
    tokens = [place.token(Role.CHAIR), place.token()]
    with place.socket(tokens[0]) as rightful, place.socket(tokens[1]) as member:
        shown = ask(rightful, Question("publication"))
        (fragment,) = shown.fragments
        looked = [pressed(shown.widget("What readers get"))]
        question = Question("publication", page_hash=shown.page_hash, fragment=fragment, widgets=looked)
        ask(member, Question("publication"))
        member.send(question.bytes())  # nothing is answered to it at all
        assert "Cells shown" not in ask(member, Question("publication")).text
        assert "Cells shown" in ask(rightful, question).text, "the control: the chair's own fragment runs"


@pytest.mark.parametrize(
    "order", ["debug_shutdown_runtime", "debug_disconnect_websocket", "set_run_on_save", "load_git_info", "clear_cache"]
)
def test_orders_for_developers_are_not_obeyed(place: Place, order: str) -> None:
    with place.socket(None) as nobody, place.socket(place.token()) as member:
        for socket in (nobody, member):
            ask(socket, Question())
            message = BackMsg()
            setattr(message, order, True)
            socket.send(message.SerializeToString())
        assert "plotly_chart" in ask(member, Question("nationality")).text
    assert place.request("GET", "/_stcore/health")[0] == 200


@pytest.mark.parametrize("payload", ["install_skills", "dismiss_skills_nudge"])
def test_nobody_makes_the_server_write_files_beside_the_state(place: Place, payload: str) -> None:
    with place.socket(None) as nobody:
        message = BackMsg()
        request = message.backend_operation_request
        request.session_id = ask(nobody, Question()).session
        getattr(request, payload).SetInParent()
        answer = answers(nobody, message, "backend_operation_response").backend_operation_response
    assert "not available in this environment" in answer.error_msg


@pytest.mark.parametrize("thief", [None, Role.OFFICIAL])
def test_a_download_of_somebody_else_is_not_made(place: Place, thief: Role | None) -> None:
    """It is made in the name of the person whose page offered it, and the trace says that this person took it."""
    tokens = [place.token(), place.token(thief) if thief else None]
    with place.socket(tokens[0]) as member, place.socket(tokens[1]) as other:
        offered = ask(member, Question("nationality")).widgets + ask(member, Question("submissions")).widgets
        session = ask(other, Question()).session
        for button in (one for one in offered if getattr(one, "deferred_file_id", "")):
            message = BackMsg()
            message.backend_operation_request.session_id = session
            message.backend_operation_request.deferred_file.file_id = button.deferred_file_id
            answer = answers(other, message, "backend_operation_response").backend_operation_response
            assert not answer.deferred_file.url


# Widgets that were never shown ------------------------------------------------------------------


@dataclass(frozen=True)
class Forgery:
    """A verb behind a button: on which page, whose it is, what else is filled in, and what only that page says."""

    button: str
    page: str
    by: Role
    fill: Callable[[Screen], list[WidgetState]]
    secret: str

    def question(self, shown: Screen) -> Question:
        """What the page sends when the button is clicked."""
        states = [*self.fill(shown), pressed(shown.widget(self.button))]
        return Question(self.page, page_hash=shown.page_hash, widgets=states)


def _new_account(shown: Screen) -> list[WidgetState]:
    told = {"Name of the person": "Intruder", "Username": "intruder"}
    return [
        *(typed(shown.widget(label), text) for label, text in told.items()),
        chosen(shown.widget("Organisation"), "Maldives Police Service"),
        chosen(shown.widget("Role"), "Chair"),
    ]


FORGERIES = (
    Forgery("Open the account", "accounts", Role.ADMINISTRATOR, _new_account, "Invite a person"),
    Forgery(
        "Close the account",
        "accounts",
        Role.ADMINISTRATOR,
        lambda shown: [chosen(shown.widget("Account"), "Intruder")],
        "Invite a person",
    ),
    Forgery(
        "Refuse",
        "submissions",
        Role.SECRETARIAT,
        lambda shown: [typed(shown.widget("Reason"), "Because.")],
        "Needed to accept a return with warnings",
    ),
    Forgery("Freeze", "releases", Role.SECRETARIAT, lambda _: [], "A release takes the newest one"),
    Forgery(
        "Approve the policy",
        "publication",
        Role.CHAIR,
        lambda shown: [typed(shown.widget("Who decided on this policy, and when"), "I did.")],
        "Smallest count shown",
    ),
    Forgery(
        "Publish",
        "publication",
        Role.CHAIR,
        lambda shown: [typed(shown.widget("Why this release is published now"), "It is ready.")],
        "Smallest count shown",
    ),
    Forgery(
        "Withdraw",
        "publication",
        Role.CHAIR,
        lambda shown: [typed(shown.widget("Why it is withdrawn; every reader sees this"), "It was wrong.")],
        "Smallest count shown",
    ),
)


@pytest.mark.parametrize("forgery", FORGERIES, ids=[one.button for one in FORGERIES])
def test_a_button_that_was_never_shown_does_nothing(place: Place, forgery: Forgery) -> None:
    """In this order: an account that is opened is closed next, an approved policy lets a release be published.

    The last tests here: afterwards no invented figures are shown any more.
    """
    tokens = {role: place.token(role) for role in INTRUDERS if role is not None}
    with place.socket(place.token(forgery.by)) as rightful:
        question = forgery.question(ask(rightful, Question(forgery.page)))
        before = place.hash_of_all_tables()
        for intruder in INTRUDERS:
            with place.socket(tokens[intruder] if intruder else None) as socket:
                own = Question("submissions" if intruder is Role.MEMBER else "", widgets=question.widgets)
                for asked in (question, own, question):
                    shown = ask(socket, asked).text
                    assert "(incident" not in shown
                    assert forgery.secret not in shown
                    assert place.hash_of_all_tables() == before, f"{intruder} wrote something"
        control = ask(rightful, question)
    assert forgery.secret in control.text
    assert place.hash_of_all_tables() != before, "the message is right: it writes when it comes from whom it may"
