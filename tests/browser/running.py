"""The dashboard running as a user starts it, and a real browser in front of it. Tests and screenshots share this."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyotp
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Locator,
    Page,
    Playwright,
    Request,
    expect,
)

from dashboard.sessions.second_factor import STEP

ROOT = Path(__file__).parents[2]
PASSWORD = "correct horse battery staple"
SIZES = {"laptop": (1366, 768), "projector": (1920, 1080), "phone": (390, 844)}

_KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG")
_ELSEWHERE = re.compile(r"^(?!(?:https?|wss?)://(?:127\.0\.0\.1|localhost)[:/]|data:|blob:)")
_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Every other host is unknown to it. A route that aborts would do the same, and switch its cache off.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
_VIOLATIONS = """
    document.addEventListener("securitypolicyviolation", event => {
        const ours = event.blockedURI === "wasm-eval" && event.sourceFile.includes("/static/js/protobuf.");
        if (!ours) console.error(
            `policy violated: ${event.violatedDirective} by ${event.blockedURI} in ${event.sourceFile}`);
    });
"""
"""Every violation of the content security policy, but for one: Streamlit's protobuf asks whether it may compile
WebAssembly for 64-bit numbers, and does without."""
_START_SECONDS, _STEP_SECONDS = 60, 30
_LONG_LIST = 9
_CLICKS = 3
_TABS = 60


@dataclass(frozen=True)
class Person:
    """Somebody with an account: how the Accounts screen is filled in for them."""

    username: str
    name: str
    role: str
    organisation: str


ADMINISTRATOR = Person("administrator", "Aishath Naseem", "Administrator", "")
PEOPLE = {
    "administrator": ADMINISTRATOR,
    "secretariat": Person(
        "secretariat", "Mariyam Waheed", "Secretariat", "International Organization for Migration, Maldives"
    ),
    "chair": Person(
        "chair",
        "Ahmed Rasheed",
        "Chair",
        "Office of Anti-Human Trafficking, Ministry of Homeland Security and Technology",
    ),
    "member": Person("member", "Ibrahim Shareef", "Member", "Maldives Police Service"),
    "official": Person("official", "Fathimath Ali", "Official", "Ministry of Foreign Affairs"),
}


@dataclass
class Phone:
    """Works out the codes of a second factor, each once; when it is asked too often, it gives a recovery code."""

    totp: pyotp.TOTP
    last_step: int = 0
    recovery_codes: list[str] = field(default_factory=list)

    def code(self) -> str:
        now = int(time.time()) // STEP
        step = max(self.last_step + 1, now)
        if step > now + 1:  # a phone's clock may be half a minute fast, no more
            return self.recovery_codes.pop()
        self.last_step = step
        return str(self.totp.at(step * STEP))


@dataclass
class Server:
    """One running dashboard with its own state folder, and what the people at it know by now."""

    url: str
    folder: Path
    process: subprocess.Popen[bytes]
    phones: dict[str, Phone] = field(default_factory=dict)
    temporary: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return self.folder / "state" / "dashboard.sqlite"

    @property
    def log(self) -> str:
        return (self.folder / "output.txt").read_text(encoding="utf-8")

    @property
    def setup_code(self) -> str:
        """The one-time code that the first start prints."""
        found = re.search(r"one-time code:\s+(\S+)", self.log)
        if found is None:
            raise RuntimeError(f"The dashboard printed no setup code:\n{self.log}")
        return found[1]


@contextmanager
def running(
    folder: Path,
    *,
    sample: bool,
    reference_dir: Path | None = None,
    port: int | None = None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Start the dashboard as the documentation says, with an otherwise clean environment; end it afterwards.

    A state that lies in the folder already is taken up.
    """
    port = port or free_port()
    (folder / "home").mkdir(parents=True)
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | {
        "HOME": str(folder / "home"),
        "DASHBOARD_STATE_DIR": str(folder / "state"),
        "DASHBOARD_SAMPLE": "yes" if sample else "no",
    }
    environment |= settings or {}
    if reference_dir is not None:
        environment["DASHBOARD_REFERENCE_DIR"] = str(reference_dir)
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    server = Server(f"http://127.0.0.1:{port}", folder, process)
    try:
        _wait_until_healthy(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(server: Server) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise RuntimeError(f"The dashboard ended while it started:\n{server.log}")
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The dashboard was not ready after {_START_SECONDS} seconds:\n{server.log}")


def launch(playwright: Playwright, program: Path) -> Browser:
    """A browser that calls nobody by itself, and reaches no host but this one."""
    return playwright.chromium.launch(executable_path=str(program), args=list(_ARGS))


@dataclass
class Watch:
    """What must not happen while a page is looked at."""

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def look_at(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("dialog", self._dialog)
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("websocket", lambda socket: self._request(socket.url))
        page.on("request", self._sent)

    def _dialog(self, dialog: Dialog) -> None:
        self.errors.append(f"a dialog opened: {dialog.message}")
        dialog.dismiss()

    def _sent(self, request: Request) -> None:
        self._request(request.url)

    def _request(self, url: str) -> None:
        if _ELSEWHERE.match(url):
            self.outside.append(url)

    def _console(self, message: ConsoleMessage) -> None:
        # Streamlit looks for its own server below the page's path first, and finds it one step up.
        looking_around = "/_stcore/" in message.location.get("url", "")
        if message.type == "error" and not looking_around:
            self.errors.append(f"{message.text} ({message.location.get('url')})")


def window(browser: Browser, server: Server, size: tuple[int, int] = SIZES["laptop"]) -> BrowserContext:
    """A browser profile of its own, without cookies."""
    context = browser.new_context(
        base_url=server.url,
        viewport={"width": size[0], "height": size[1]},
        reduced_motion="reduce",
        locale="en-GB",
    )
    context.set_default_timeout(_STEP_SECONDS * 1000)
    context.add_init_script(_VIOLATIONS)
    return context


@contextmanager
def watched(context: BrowserContext, server: Server) -> Iterator[Page]:
    """A new tab. At its end: nothing tried to leave the machine, nothing broke in page or server."""
    watch, before = Watch(), len(server.log)
    context.on("page", watch.look_at)
    try:
        yield context.new_page()
    finally:
        context.remove_listener("page", watch.look_at)
        for page in context.pages:
            page.close()
    assert not watch.outside, f"requests tried to leave the machine: {watch.outside}"
    assert not watch.errors, f"errors in the browser's console: {watch.errors}"
    said = server.log[before:]
    assert "Traceback" not in said, said
    assert "incident" not in said, said


def wait_idle(page: Page, quiet: int = 250) -> None:
    """Wait until the script has run, everything is drawn, and nothing has moved for `quiet` ms.

    The quiet moment covers the time between a click and the server's answer, and Plotly's drawing.
    """
    page.evaluate("window.quiet = null")
    page.wait_for_function(
        """quiet => {
            const app = document.querySelector('[data-testid="stApp"]');
            const busy = !app
                || app.dataset.testScriptState !== "notRunning"
                || app.dataset.testConnectionState !== "CONNECTED"
                || document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]')
                || [...document.querySelectorAll('[data-testid="stPlotlyChart"]')]
                    .some(chart => !chart.querySelector("svg.main-svg"))
                || document.fonts.status !== "loaded";
            const marks = [
                performance.getEntriesByType("resource").length,
                document.querySelectorAll("*").length,
                document.body.textContent.length,
                document.querySelector('[data-testid="stMain"]')?.scrollHeight,
            ].join();
            const now = performance.now();
            const last = window.quiet;
            if (busy || !last || last.marks !== marks) {
                window.quiet = {marks, since: now};
                return false;
            }
            return now - last.since > quiet;
        }""",
        arg=quiet,
        polling=50,
    )


def open_page(page: Page, address: str, heading: str) -> None:
    """Open an address and wait until that page stands there, complete."""
    page.goto(address)
    expect(page.get_by_role("heading", name=heading, exact=True, level=1)).to_be_visible()
    wait_idle(page)


def set_up(page: Page, code: str, person: Person = ADMINISTRATOR) -> None:
    """Fill in the form of the first start."""
    expect(page.get_by_role("heading", name="Set up the first account")).to_be_visible()
    wait_idle(page)
    page.get_by_label("Setup code", exact=True).fill(code)
    page.get_by_label("Username", exact=True).fill(person.username)
    page.get_by_label("Your name", exact=True).fill(person.name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Open the account", exact=True).click()


def enter(page: Page, server: Server, username: str, password: str = PASSWORD, heading: str = "Overview") -> None:
    """Sign in through all steps that are asked for, up to a page."""
    sign_in(page, username, server.temporary.pop(username, password))
    take_steps(page, server, username, heading)


def take_steps(page: Page, server: Server, username: str, heading: str = "Overview") -> None:
    """Do what each step between the form and the dashboard asks for."""
    there = page.get_by_role("heading", name=heading, exact=True, level=1)
    steps = {page.get_by_role("heading", name=name, exact=True): step for name, step in _STEPS.items()}
    anything = there
    for step in steps:
        anything = anything.or_(step)
    while True:
        expect(anything.first).to_be_visible()
        wait_idle(page)
        if there.is_visible():
            return
        heard = [(shown, step) for shown, step in steps.items() if shown.is_visible()]
        for shown, step in heard:
            step(page, server, username)
            expect(shown).to_be_hidden()


def _type_code(page: Page, server: Server, username: str) -> None:
    page.get_by_label("Six-digit code, or a recovery code").fill(server.phones[username].code())
    page.get_by_role("button", name="Go on", exact=True).click()


def _choose_password(page: Page, _server: Server, _username: str) -> None:
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Keep this password").click()


def _set_up_phone(page: Page, server: Server, username: str) -> None:
    page.get_by_text("The picture can't be read?").click()
    secret = page.locator('[data-testid="stCode"] code').inner_text().replace(" ", "")
    server.phones[username] = Phone(pyotp.TOTP(secret))
    page.get_by_label("Six-digit code that the app shows").fill(server.phones[username].code())
    page.get_by_role("button", name="Set up", exact=True).click()


def _keep_codes(page: Page, server: Server, username: str) -> None:
    server.phones[username].recovery_codes = page.locator('[data-testid="stCode"] code').inner_text().split()
    page.get_by_role("button", name="I have kept them").click()


def _promise(page: Page, _server: Server, _username: str) -> None:
    page.get_by_text("I promise this").click()
    page.get_by_role("button", name="Go on", exact=True).click()


def _link(page: Page, _server: Server, _username: str) -> None:
    page.get_by_role("button", name="Yes, that is me").click()


_STEPS = {
    "Code from your phone": _type_code,
    "Choose your own password": _choose_password,
    "Set up your phone as a second key": _set_up_phone,
    "Recovery codes": _keep_codes,
    "What every reader promises": _promise,
    "Link single sign-on": _link,
}


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in form that stands there."""
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    wait_idle(page)
    page.get_by_label("Username", exact=True).fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def expect_page(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", name=heading, exact=True, level=1)).to_be_visible()
    wait_idle(page)


def open_account(page: Page, server: Server, person: Person) -> None:
    """Open an account on the Accounts screen, which must stand there, and remember the temporary password."""
    page.get_by_label("Name of the person", exact=True).fill(person.name)
    page.get_by_label("Username", exact=True).fill(person.username)
    choose(page, "Organisation", person.organisation)
    choose(page, "Role", person.role)
    page.get_by_role("button", name="Open the account", exact=True).click()
    expect(page.get_by_text(f"The account of {person.name} is open.")).to_be_visible()
    server.temporary[person.username] = page.locator('[data-testid="stCode"] code').inner_text()
    page.get_by_role("button", name="It is passed on").click()
    wait_idle(page)


def box(page: Page, label: str) -> Locator:
    """The box of a list to choose from."""
    return page.get_by_role("combobox", name=label, exact=True)


def choose(page: Page, label: str, option: str) -> None:
    """Choose from a list with the mouse; in a long one the name is typed first, since only a part is drawn."""
    open_list(page, label)
    if page.get_by_role("option").count() > _LONG_LIST:
        box(page, label).fill(option)
        expect(page.get_by_role("option")).to_have_count(1)
    wanted = page.get_by_role("option", name=option, exact=True)
    wanted.hover()  # the list may scroll under the pointer: before the click, not between down and up
    wait_idle(page, quiet=100)
    wanted.click()
    expect(box(page, label)).to_have_value(option)
    wait_idle(page)


def open_list(page: Page, label: str) -> None:
    """Click until the list stands open: Streamlit's closes again when it loses the focus while it opens."""
    for _ in range(_CLICKS):
        wait_idle(page, quiet=100)
        box(page, label).click()
        wait_idle(page, quiet=100)
        if page.get_by_role("option").count():
            return
    raise AssertionError(f'The list "{label}" did not open.')


def choose_by_keyboard(page: Page, label: str, option: str) -> None:
    """Choose from a list without a mouse: Tab to it, arrows, Enter."""
    wanted = box(page, label)
    page.locator("body").press("Tab")
    for _ in range(_TABS):
        if wanted.evaluate("box => box === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(wanted).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(wanted).to_have_attribute("aria-activedescendant", re.compile("."))
    names = page.get_by_role("option").all_inner_texts()
    here, there = names.index(_marked(page, wanted)), names.index(option)
    step = 1 if there > here else -1
    for place in range(here + step, there + step, step):
        page.keyboard.press("ArrowDown" if step > 0 else "ArrowUp")
        expect(page.locator('[role="option"][data-focused]')).to_have_text(names[place])
    page.keyboard.press("Enter")
    expect(wanted).to_have_value(option)
    wait_idle(page)


def _marked(page: Page, listing: Locator) -> str:
    """The option that Enter would take."""
    return page.locator(f'[id="{listing.get_attribute("aria-activedescendant")}"]').inner_text()


class Dashboard:
    """A running dashboard with accounts, opened through its screens, and a browser window for each person."""

    def __init__(self, server: Server, browser: Browser, usernames: tuple[str, ...]) -> None:
        self.server = server
        self._browser = browser
        self._windows: dict[str, BrowserContext] = {}
        if usernames:
            self._open_accounts(usernames)

    def _open_accounts(self, usernames: tuple[str, ...]) -> None:
        context = self._windows[ADMINISTRATOR.username] = window(self._browser, self.server)
        with watched(context, self.server) as page:
            page.goto("/")
            set_up(page, self.server.setup_code)
            take_steps(page, self.server, ADMINISTRATOR.username)
            open_page(page, "/accounts", "Accounts")
            for username in usernames:
                open_account(page, self.server, PEOPLE[username])

    @contextmanager
    def as_(self, username: str, size: tuple[int, int] = SIZES["laptop"]) -> Iterator[Page]:
        """A tab of somebody who is signed in; the first time through the form."""
        if username not in self._windows:
            context = window(self._browser, self.server)
            with watched(context, self.server) as page:
                page.goto("/")
                enter(page, self.server, username)
            self._windows[username] = context
        with watched(self._windows[username], self.server) as page:
            page.set_viewport_size({"width": size[0], "height": size[1]})
            yield page

    @contextmanager
    def as_nobody(self, size: tuple[int, int] = SIZES["laptop"]) -> Iterator[Page]:
        """A tab in a window that was never used before."""
        context = window(self._browser, self.server, size)
        try:
            with watched(context, self.server) as page:
                yield page
        finally:
            context.close()
