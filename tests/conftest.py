"""The dashboard in a real browser: one server and one Chromium a process, nothing outside the machine."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from support.contexts import Contexts
from support.local_server import LocalServer, running
from support.server import running_app
from support.visit import CHROMIUM_ARGS, Visit, watch
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

#: The first has no window, which costs a third of the time of a page.
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


# A line that a developer added for themselves must not change what the tests see, here and in the server they start.
os.environ["MAPCORE_HOME"] = tempfile.mkdtemp(prefix="mapcore-test-")
atexit.register(shutil.rmtree, os.environ["MAPCORE_HOME"], ignore_errors=True)
# What a server keeps there for the next one is for all of this run: its first process sets where, others inherit it.
if "MAPCORE_TEST_SERVERS" not in os.environ:
    os.environ["MAPCORE_TEST_SERVERS"] = tempfile.mkdtemp(prefix="mapcore-test-")
    atexit.register(shutil.rmtree, os.environ["MAPCORE_TEST_SERVERS"], ignore_errors=True)
Path(os.environ["MAPCORE_HOME"], "server").symlink_to(os.environ["MAPCORE_TEST_SERVERS"], target_is_directory=True)

# The day is the same in each run, here and in the servers they start: a line's age is on every page and in every file.
os.environ["MAPCORE_TODAY"] = "2026-11-28"

settings.register_profile("mapcore", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("mapcore")


#: The files that take longest, the longest first: they are begun early, so that the last ones of a run are short and no
#: process waits for long while another still works.
LONGEST = (
    "browser/test_pages",
    "browser/test_dashboard",
    "browser/test_publish",
    "browser/test_build",
    "browser/test_lines",
    "browser/test_compare",
    "browser/test_resumed",
    "browser/test_touch",
    "browser/test_server",
    "browser/test_claims",
    "browser/test_replicas",
    "browser/test_access",
    "browser/test_draw",
    "browser/test_hostile",
    "browser/test_language",
    "browser/test_hatch",
    "project/test_documented",
    "analysis/test_series",
    "outside/test_confined",
    "app/test_dashboard_archive",
    "app/test_two_visitors",
    "app/test_dashboard_build",
    "project/test_one_figure",
    "app/test_dashboard_lines",
    "publish/test_export",
    "app/test_visits",
    "lines/test_line_choices",
    "lines/test_line_doors",
    "confine/test_confinement",
    "app/test_dashboard_compare",
    "proposals/test_viewer",
    "outside/test_daily_line",
    "outside/test_snapshot_download",
    "publish/test_disk",
    "project/test_catalogues",
    "lines/test_importing",
    "land/test_state_border",
    "app/test_server",
    "present/test_difference_classes",
    "app/test_resumed",
    "measurement/test_zones",
)


def is_for_a_browser(file: Path) -> bool:
    """Whether it is a file of browser tests, by its folder."""
    return file.parent.name == "browser"


def turn(file: Path) -> tuple[bool, int]:
    """Return when a file is begun: those for a browser, which one process takes first, then all others."""
    name = f"{file.parent.name}/{file.stem}"
    return not is_for_a_browser(file), LONGEST.index(name) if name in LONGEST else len(LONGEST)


class FilesTogether(LoadScopeScheduling):
    """
    Keeps a file in one process.

    The first process takes browser tests and the others take the rest, for as long as there are any; then each helps
    with what is left.
    """

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.split("::", 1)[0]

    def _assign_work_unit(self, node: WorkerController) -> None:
        first = node is self.nodes[0]
        suited = next((file for file in self.workqueue if is_for_a_browser(Path(file)) is first), None)
        if suited:
            self.workqueue.move_to_end(suited, last=False)
        super()._assign_work_unit(node)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Three processes for two cores: enough to leave none idle, and each more reads, measures and starts all anew."""
    del config
    return max(2, min(8, 3 * (os.cpu_count() or 1) // 2))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FilesTogether:
    return FilesTogether(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, so that `-m "not browser"` runs the rest, and put long files first."""
    items.sort(key=lambda item: turn(item.path))
    for item in items:
        if "chromium_path" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def pytest_collection_finish() -> None:
    """
    Have what processes of the dashboard and of commands have; the notebook runs with the defaults of pandas.

    Text in tables stays with Python, and what all the tests are made of is left out of later searches for garbage.
    """
    pd.set_option("mode.string_storage", "python")
    gc.collect()
    gc.freeze()


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes name no test: packed ones hold the time of packing, and every process must collect the same names."""
    return "bytes" if isinstance(val, bytes) else None


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


@pytest.fixture(scope="session")
def app_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the dashboard's server printed."""
    return tmp_path_factory.mktemp("app") / "server.log"


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


@pytest.fixture(scope="session")
def contexts(browser: Browser, app_url: str) -> Contexts:
    """Contexts of that browser for the pages of that dashboard, each used by one test at a time."""
    return Contexts(browser, app_url)


def look(width: int, height: int, color_scheme: str, locale: str, *, touch: bool) -> dict[str, Any]:
    """Return the settings of a browser context."""
    size = {"width": width, "height": height}
    return {
        "viewport": size, "color_scheme": color_scheme, "locale": locale, "has_touch": touch, "is_mobile": touch
    }  # fmt: skip


def visit_of(context: BrowserContext, address: str) -> Visit:
    visit = Visit(context.new_page())
    watch(visit)
    visit.page.goto(address)
    return visit


def _open_address(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """
    Open an address, such as that of a file, in a browser context that is new.

    Keywords: `width`, `height`, `color_scheme` ("light" or "dark"), `locale`, `touch` (a phone's screen).
    """
    opened = []

    def open_one(
        address: str,
        *,
        width: int = 1280,
        height: int = 900,
        color_scheme: str = "light",
        locale: str = "en-GB",
        touch: bool = False,
    ) -> Visit:
        opened.append(browser.new_context(**look(width, height, color_scheme, locale, touch=touch)))
        return visit_of(opened[-1], address)

    yield open_one
    for context in opened:
        context.close()


def _open_page(app_url: str, contexts: Contexts) -> Iterator[Callable[..., Visit]]:
    """
    Open the dashboard in a browser context of its own: `open_page(path="/?proposal=us-28-point").ready()`.

    The context has nothing of an earlier test but scripts and other files that browsers keep.

    Keywords: `path`, and those of `open_address`.
    """
    lent = []

    def open_one(
        *,
        path: str = "/",
        width: int = 1280,
        height: int = 900,
        color_scheme: str = "light",
        locale: str = "en-GB",
        touch: bool = False,
    ) -> Visit:
        asked = look(width, height, color_scheme, locale, touch=touch)
        lent.append((contexts.lend(**asked), asked))
        return visit_of(lent[-1][0], app_url + path)

    yield open_one
    for context, asked in lent:
        contexts.take_back(context, **asked)


open_address, open_page = pytest.fixture(_open_address), pytest.fixture(_open_page)
# What these two open stays until the last test of the file.
open_kept_address = pytest.fixture(_open_address, scope="module")
open_kept_page = pytest.fixture(_open_page, scope="module")


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve a folder on a port of its own and return its address, without a slash at its end."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            return

        def do_GET(self) -> None:
            # A browser with a window asks for an icon that no page names.
            if self.path == "/favicon.ico":
                self.send_response(HTTPStatus.NO_CONTENT)
                self.end_headers()
            else:
                super().do_GET()

    with ExitStack() as servers:

        def serve_one(folder: Path) -> str:
            return servers.enter_context(running(LocalServer(partial(Quiet, directory=str(folder))))).url

        yield serve_one
