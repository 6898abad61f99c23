"""One opened page of a browser, and what went wrong on it."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import FrameLocator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

MAP_FRAME = 'iframe[title="streamlit_folium.st_folium"]'


LOCAL_HOSTS = {"127.0.0.1", "localhost"}


#: Parts of Chromium that are left out: the lists under the address field, which a window that nobody sees would draw
#: for each page, and all that Playwright leaves out, since this list takes the place of its own.
WITHOUT = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page lives for seconds: what compiles its scripts better, beside it, costs more than it saves.
    "--js-flags=--no-opt --no-maglev --single-threaded",
    # A page that one context opens after another finds its scripts compiled where the other ran: a third less for each.
    "--process-per-site",
    # No machine but this one has a name or an address.
    f"--host-resolver-rules=MAP * ~NOTFOUND, {', '.join(f'EXCLUDE {host}' for host in sorted(LOCAL_HOSTS))}",
    f"--disable-features={','.join(WITHOUT)}",
)


# Streamlit says "notRunning" before the first run too, and while parts of the page still load; so the page must also
# have parts, none of them a placeholder, hold nothing back, and stay as it is for a moment that begins with the
# question; the first answer has given way by then. What folds or unfolds moves for half a second with no change of the
# page's text, and a click on what moves can be lost: pressed on the button, let go beside it.
SETTLED = """asked => {
  const app = document.querySelector('[data-testid="stApp"]');
  const done = app?.dataset.testScriptState === "notRunning" && !document.getElementById("first-answer")
    && app.querySelector('[data-testid="stElementContainer"]')
    && !app.querySelector('[data-testid="stSkeleton"], [data-holds-back]')
    && !app.getAnimations({subtree: true}).some(one => one.constructor === Animation && one.playState === "running");
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


def _is_outside(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in {"data", "blob", "about", "file"} and parts.hostname not in LOCAL_HOSTS


def watch(visit: Visit) -> None:
    """
    Record errors, and every request to another machine; `CHROMIUM_ARGS` lets none of them reach it.

    Playwright could refuse them itself, but would then ask here about each file of each page, and let none be kept.
    """

    def note(url: str) -> None:
        if _is_outside(url):
            visit.outside.append(url)

    page = visit.page
    page.on("request", lambda request: note(request.url))
    page.on("websocket", lambda socket: note(socket.url))
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.on("console", lambda message: visit.errors.append(message.text) if message.type == "error" else None)
