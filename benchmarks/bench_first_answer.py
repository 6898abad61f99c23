"""
From opening a link to something to read, and to the live map: the dashboard against an empty Streamlit app as shipped.

Each round opens both apps in turn, each in a browser context of its own with nothing kept, on a desktop and on an
emulated phone (1.6 Mbit/s, 150 ms, a processor 4 times slower), in one headless Chromium. The page itself takes the
times, from the start of its navigation: the empty app's first widget; the first answer, at the frame after it has been
laid out with its map; the live map, when the first answer has given way to it.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack

from playwright.sync_api import Browser, sync_playwright
from servers import DASHBOARD, EMPTY, served

ROUNDS = int(os.environ.get("ROUNDS", "5"))
#: Bytes a second each way, latency in ms, how many times slower the processor is; None for the machine as it is.
PHONE = {"throughput": 1_600_000 / 8, "latency": 150, "slower": 4}
DEVICES = {"desktop": ({"width": 1280, "height": 900}, None), "phone": ({"width": 390, "height": 844}, PHONE)}
#: At most so many times the empty app's first widget.
GOALS = {("desktop", "first answer"): 0.5, ("phone", "first answer"): 0.15,
         ("desktop", "live map"): 1.5, ("phone", "live map"): 0.75}  # fmt: skip
#: Takes the time of each of these when it first holds.
WATCH = """
window.taken = {};
const moments = {
  widget: () => document.querySelector('[data-testid="stApp"] button[kind^="pills"], [data-testid="stPills"] button'
    + ', [data-testid="stButtonGroup"] button'),
  answer: () => document.querySelector("#first-answer .a-map svg"),
  live: () => window.taken.answer && !document.getElementById("first-answer"),
};
const look = () => {
  for (const [name, holds] of Object.entries(moments)) {
    if (!window.taken[name] && holds()) window.taken[name] = performance.now();
  }
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


def taken(browser: Browser, url: str, device: str, last: str) -> dict[str, float]:
    """Open an app and return when each moment came, in ms, until the last one."""
    size, slow = DEVICES[device]
    context = browser.new_context(viewport=size)
    page = context.new_page()
    page.add_init_script(WATCH)
    if slow:
        tools = context.new_cdp_session(page)
        tools.send("Network.enable")
        conditions = {"offline": False, "latency": slow["latency"]}
        conditions |= {"downloadThroughput": slow["throughput"], "uploadThroughput": slow["throughput"]}
        tools.send("Network.emulateNetworkConditions", conditions)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": slow["slower"]})
    page.goto(url, wait_until="commit")
    page.wait_for_function(f"window.taken.{last}", timeout=120_000)
    found: dict[str, float] = page.evaluate("window.taken")
    context.close()
    return found


def wait_until_ready(url: str) -> None:
    """Wait until the dashboard's server has warmed up."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(300):
        try:
            direct.open(f"{url}/ready", timeout=2)
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return


def main() -> int:
    """Print the table and the verdict; 1 when a goal is missed."""
    chromium = os.environ.get("MAPCORE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    times: dict[tuple[str, str], list[float]] = {}
    with ExitStack() as stack:
        apps = {"empty": EMPTY, "mapcore": DASHBOARD}
        urls = {name: stack.enter_context(served(script)).url for name, script in apps.items()}
        wait_until_ready(urls["mapcore"])
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(ROUNDS):
            for device in DEVICES:
                empty = taken(browser, urls["empty"], device, "widget")
                ours = taken(browser, urls["mapcore"], device, "live")
                for name, ms in (("empty app", empty["widget"]), ("first answer", ours["answer"]),
                                 ("live map", ours["live"])):  # fmt: skip
                    times.setdefault((device, name), []).append(ms)
        browser.close()
    return report({key: statistics.median(found) for key, found in times.items()})


def report(median: dict[tuple[str, str], float]) -> int:
    """Print medians and ratios."""
    missed = 0
    print(f"{'':10}{'':14}{'ms':>8}{'of the empty app':>20}{'at most':>10}")
    for (device, name), ms in median.items():
        ratio, goal = ms / median[device, "empty app"], GOALS.get((device, name))
        print(f"{device:10}{name:14}{ms:8.0f}{ratio:20.2f}{goal or '':>10}")
        missed += goal is not None and ratio > goal
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
