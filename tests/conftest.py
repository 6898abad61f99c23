"""The dashboard in a real browser: one server and one Chromium for the whole run, nothing outside the machine."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, FrameLocator, Page, Route, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parents[1]
MAP_FRAME = 'iframe[title="streamlit_folium.st_folium"]'
LOCAL_HOSTS = {"127.0.0.1", "localhost"}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_SECONDS = 60

# Streamlit says "notRunning" before the first run too, and while parts of the page still load; so the page must also
# have parts, none of them a placeholder, and stay as it is for a moment that begins with the question.
SETTLED = """asked => {
  const app = document.querySelector('[data-testid="stApp"]');
  const done = app?.dataset.testScriptState === "notRunning"
    && app.querySelector('[data-testid="stElementContainer"]') && !app.querySelector('[data-testid="stSkeleton"]');
  const size = done ? app.innerHTML.length : 0;
  const last = window.lastSettled;
  if (!done || last?.asked !== asked || last.size !== size) {
    window.lastSettled = {asked, size, since: performance.now()};
    return false;
  }
  return performance.now() - last.since > 150;
}"""

# The maps of the page before stay until the page that comes has been sent whole.
ONE_LEFT = "selector => document.querySelectorAll(selector).length === 1"

# What a failure should tell of a page or a frame.
STATE = """() => JSON.stringify({
  fetched: performance.getEntriesByType("resource").map(one => [one.name, one.responseStatus]).slice(-20),
  text: document.body.innerText.slice(0, 1500),
})"""

# A line that a developer added for themselves must not change what the tests see, here and in the server they start.
os.environ["MAPCORE_HOME"] = tempfile.mkdtemp(prefix="mapcore-test-")
atexit.register(shutil.rmtree, os.environ["MAPCORE_HOME"], ignore_errors=True)

settings.register_profile("mapcore", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("mapcore")


#: The files that take longest, the longest first: they are begun early, so that the last ones of a run are short and no
#: process waits for long while another still works.
LONGEST = (
    "test_documented",
    "test_series",
    "test_dashboard_lines",
    "test_disk",
    "test_own",
    "test_dashboard_archive",
    "test_csv_and_geojson",
    "test_state_border",
    "test_line_doors",
    "test_confined",
    "test_export",
    "test_archive",
    "test_confine",
)


def is_for_a_browser(file: Path) -> bool:
    """Whether it is a file of browser tests, by its name."""
    return file.name.startswith("test_browser")


def turn(file: Path) -> int:
    """Return when a file is begun: those for a browser, which one process runs, then the longest, then all others."""
    if is_for_a_browser(file):
        return -1
    return LONGEST.index(file.stem) if file.stem in LONGEST else len(LONGEST)


class FilesTogether(LoadScopeScheduling):
    """Keeps a file in one process, and all browser tests in the same: two browsers at once would be late for both."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return "browser" if is_for_a_browser(Path(file)) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FilesTogether:
    return FilesTogether(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, so that `-m "not browser"` runs the rest, and put long files first."""
    items.sort(key=lambda item: turn(item.path))
    for item in items:
        if "chromium_path" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes name no test: packed ones hold the time of packing, and every process must collect the same names."""
    return "bytes" if isinstance(val, bytes) else None


@dataclass
class Visit:
    """One opened page with what went wrong on it: script errors, and requests that wanted to leave the machine."""

    page: Page
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    @property
    def map(self) -> FrameLocator:
        """The inside of the map's frame."""
        return self.page.frame_locator(MAP_FRAME)

    def search(self) -> str:
        """Return the part of the address from the question mark on; the browser knows it before Playwright does."""
        return str(self.page.evaluate("location.search"))

    def query(self) -> dict[str, str]:
        """Return what the address says."""
        return dict(parse_qsl(self.search().removeprefix("?")))

    def settled(self, *, seconds: float = 60) -> Visit:
        """Wait until Streamlit's script has run to its end and the page has drawn what it sent."""
        self.page.wait_for_function(SETTLED, arg=time.monotonic(), polling=50, timeout=seconds * 1000)
        return self

    def ready(self, *, seconds: float = 60) -> Visit:
        """Wait until the page's one map shows a shape, and the script has run to its end."""
        shape = self.map.locator("path.leaflet-interactive").first
        try:
            self.page.wait_for_function(ONE_LEFT, arg=MAP_FRAME, timeout=seconds * 1000)
            shape.wait_for(state="attached", timeout=seconds * 1000)
        except PlaywrightTimeout as late:
            raise AssertionError(f"the map shows no shape after {seconds} s: {self._state()}") from late
        return self.settled(seconds=seconds)

    def pick(self, key: str, label: str) -> Visit:
        """Choose from a list by its words; a list that the page closed, still being drawn, is opened again."""
        option = self.page.get_by_role("option", name=label, exact=True)
        for seconds in (8, 8, 30):
            self.page.locator(f".st-key-{key} input").first.click()
            with suppress(PlaywrightTimeout):
                option.click(timeout=seconds * 1000)
                return self.settled()
        raise AssertionError(f"{label} cannot be chosen: {self._state()}")

    def _state(self) -> str:
        """Return what the page and its frames hold."""
        told = [f"errors: {self.errors}", f"outside: {self.outside}"]
        return "\n".join([*told, *(f"{frame.url}: {frame.evaluate(STATE)}" for frame in self.page.frames)])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for own lines and archives."""
    monkeypatch.setenv("MAPCORE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is; without one the browser tests are skipped, but fail under CI."""
    found = os.environ.get("MAPCORE_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found:
        return found
    reason = "no Chromium on PATH: install Debian's chromium, or name one in MAPCORE_CHROMIUM"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{url}/_stcore/health", timeout=2) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _wait_for_start(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while not _answers(url):
        if server.poll() is not None or time.monotonic() > give_up:
            pytest.fail(f"the dashboard did not start; its log:\n{log.read_text(errors='replace')}")
        time.sleep(0.2)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@pytest.fixture(scope="session")
def app_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the dashboard's server printed."""
    return tmp_path_factory.mktemp("app") / "server.log"


@contextmanager
def running_app(app_log: Path, *options: str, port: int = 0, **environment: str) -> Iterator[str]:
    """
    Run the dashboard on a port of its own, or the one asked for; give its address, without a slash at its end.

    `options` are Streamlit's, as on the command line; the address is without a base path that they set.
    """
    port = port or _free_port()
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true", "--server.fileWatcherType", "none"]
    command += options
    url = f"http://127.0.0.1:{port}"
    base = options[options.index("--server.baseUrlPath") + 1] if "--server.baseUrlPath" in options else ""
    with app_log.open("wb") as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        try:
            _wait_for_start(server, f"{url}/{base}".rstrip("/"), app_log)
            yield url
        finally:
            _stop(server)


@pytest.fixture(scope="session")
def app_url(app_log: Path) -> Iterator[str]:
    """The address of the dashboard that all browser tests share."""
    with running_app(app_log) as url:
        yield url


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One headless Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=list(CHROMIUM_ARGS))
        yield chromium
        chromium.close()


def _is_outside(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in {"data", "blob", "about", "file"} and parts.hostname not in LOCAL_HOSTS


def _watch(visit: Visit) -> None:
    """Record errors; refuse and record every request to another machine."""

    def guard(route: Route) -> None:
        if _is_outside(route.request.url):
            visit.outside.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    page = visit.page
    page.route("**/*", guard)
    page.on("websocket", lambda socket: visit.outside.append(socket.url) if _is_outside(socket.url) else None)
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.on("console", lambda message: visit.errors.append(message.text) if message.type == "error" else None)


@pytest.fixture
def open_address(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """
    Open an address, such as that of a file, in a browser context of its own.

    Keywords: `width`, `height`, `color_scheme` ("light" or "dark"), `locale`, `touch` (a phone's screen), `first_visit`
    (the tour opens by itself).
    """
    contexts = []

    def open_one(
        address: str,
        *,
        width: int = 1280,
        height: int = 900,
        color_scheme: str = "light",
        locale: str = "en-GB",
        touch: bool = False,
        first_visit: bool = False,
    ) -> Visit:
        size, phone = {"width": width, "height": height}, {"has_touch": touch, "is_mobile": touch}
        context = browser.new_context(viewport=size, color_scheme=color_scheme, locale=locale, **phone)
        contexts.append(context)
        if not first_visit:
            context.add_init_script("try { localStorage.setItem('mapcore-tour', 'seen'); } catch {}")
        visit = Visit(context.new_page())
        _watch(visit)
        visit.page.goto(address)
        return visit

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(app_url: str, open_address: Callable[..., Visit]) -> Callable[..., Visit]:
    """
    Open the dashboard in a browser context of its own: `open_page(path="/?proposal=us-28-point").ready()`.

    Keywords: `path`, and those of `open_address`.
    """

    def open_one(*, path: str = "/", **look: Any) -> Visit:
        return open_address(app_url + path, **look)

    return open_one


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve a folder on a port of its own and return its address, without a slash at its end."""
    servers = []

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            return

    def serve_one(folder: Path) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield serve_one
    for server in servers:
        server.shutdown()
        server.server_close()
