"""
Click to map updated, and bytes a click: an empty app, a plain one, and the dashboard, in one run.

Each round chooses four proposals in each app in turn, in one headless Chromium with outside requests refused. Time
runs from the choice, in the page, to the first animation frame with the new zones on the map (the new text,
in the empty app). Bytes are those of the websocket and of HTTP bodies that arrive until then; the first round of each
app, in which it still fills its caches, is left out of the medians and shown beside them.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, sync_playwright
from servers import DASHBOARD, EMPTY, served

APPS = {"empty": EMPTY, "plain": EMPTY.with_name("plain.py"), "mapcore": DASHBOARD}
PROPOSALS = ("russia-claim", "ukraine-1991", "line-as-is", "us-28-point")
_PILL = "[...document.querySelectorAll('button')].find((one) => one.textContent.trim() === name).click()"
#: How each app has a proposal chosen, by its `name`: the dashboard in a list within a component.
CHOSEN = {
    "empty": _PILL,
    "plain": _PILL,
    "mapcore": """
        const within = (root) => root.querySelector('select')
            || [...root.querySelectorAll('*')].map((one) => one.shadowRoot && within(one.shadowRoot)).find(Boolean);
        const list = within(document.querySelector('.st-key-choose_proposal'));
        list.value = name;
        list.dispatchEvent(new Event('change'));
    """,
}
#: Where each app shows that the click has been answered; `%s` is the proposal.
ANSWERED = {
    "empty": "[...document.querySelectorAll('#answer')].some(p => p.textContent.startsWith('%s'))",
    "plain": "[...document.querySelectorAll('iframe')].some(f => f.contentDocument"
    " && f.contentDocument.querySelector('path[class*=\"plain-%s\"]'))",
    "mapcore": "[...document.querySelectorAll('iframe')].some(f => f.contentDocument"
    " && f.contentDocument.documentElement.dataset.shown === '%s')",
}
ROUNDS = 7
#: Goals: times an empty app's, kB, and times faster and smaller than the plain app.
MOST_OF_EMPTY, MOST_KB, LEAST_FASTER, LEAST_SMALLER = 1.2, 40.0, 5, 10


@dataclass
class Opened:
    """One app in a page, with what it has received."""

    page: Page
    received: int = 0
    times: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)


def opened(browser: Browser, url: str) -> Opened:
    """Open an app and count what it receives: websocket frames, and bodies that came over the wire."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    app = Opened(page)

    def count(data: str | bytes) -> None:
        app.received += len(data)

    page.on("websocket", lambda channel: channel.on("framereceived", count))
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: count(b"\0" * int(event["encodedDataLength"])))
    page.goto(url)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=90_000)
    page.wait_for_timeout(3000)
    return app


def choose(app: Opened, proposal: str, chosen: str, answered: str) -> None:
    """Choose a proposal and wait for the answer; the page itself takes both times."""
    app.page.wait_for_timeout(500)
    before = app.received
    took = app.page.evaluate(
        """([name, chosen, answered]) => new Promise((done) => {
            const press = new Function('name', chosen), test = new Function('return ' + answered);
            const started = performance.now();
            press(name);
            const look = () => test() ? done(performance.now() - started) : requestAnimationFrame(look);
            requestAnimationFrame(look);
        })""",
        [proposal, chosen, answered],
    )
    app.page.wait_for_timeout(700)
    app.times.append(took)
    app.sizes.append(app.received - before)


def main() -> int:
    """Print the table and the verdict; 1 when a promise is not kept."""
    chromium = os.environ.get("MAPCORE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        servers = {name: stack.enter_context(served(script)) for name, script in APPS.items()}
        servers["mapcore"].settle()
        apps = {name: opened(browser, server.url) for name, server in servers.items()}
        for _ in range(ROUNDS):
            for name, app in apps.items():
                app.page.bring_to_front()
                for proposal in PROPOSALS:
                    choose(app, proposal, CHOSEN[name], ANSWERED[name] % proposal)
        browser.close()
    return report(apps)


def report(apps: dict[str, Opened]) -> int:
    """Print medians without the first round, and the ratios."""
    first = len(PROPOSALS)
    print(f"{'app':10}{'click to map, ms':>18}{'p95':>8}{'kB a click':>12}{'first round: ms':>18}{'kB':>8}")
    time_of, size_of, kb_of = {}, {}, {}
    for name, app in apps.items():
        times, sizes = sorted(app.times[first:]), app.sizes[first:]
        time_of[name], size_of[name] = statistics.median(times), statistics.mean(app.sizes)
        kb_of[name] = statistics.mean(sizes) / 1e3
        print(
            f"{name:10}{time_of[name]:18.0f}{times[int(len(times) * 0.95)]:8.0f}{kb_of[name]:12.1f}"
            f"{statistics.median(app.times[:first]):18.0f}{statistics.mean(app.sizes[:first]) / 1e3:8.1f}"
        )
    of_empty = time_of["mapcore"] / time_of["empty"]
    faster, smaller = time_of["plain"] / time_of["mapcore"], size_of["plain"] / size_of["mapcore"]
    print(f"\n{of_empty:.2f} times an empty app (at most {MOST_OF_EMPTY})")
    print(f"{kb_of['mapcore']:.1f} kB a click (at most {MOST_KB:g})")
    print(f"{faster:.1f} times faster than the plain app (at least {LEAST_FASTER})")
    print(f"{smaller:.1f} times fewer bytes than the plain app, first round included (at least {LEAST_SMALLER})")
    slow, large = of_empty > MOST_OF_EMPTY or faster < LEAST_FASTER, kb_of["mapcore"] > MOST_KB
    return int(slow or large or smaller < LEAST_SMALLER)


if __name__ == "__main__":
    sys.exit(main())
