"""While a hostile file of one visitor is being read, another one is answered as before, and so is the health check."""

from __future__ import annotations

import statistics
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from support import hostile_files

#: A click may take a fifth longer than in quiet, and so many seconds more, which is what a busy machine adds by itself.
LONGER, FLOOR_S = 1.2, 0.15
#: How often each unit stands on the page: one name is on its button, the others are the figures'.
UNITS = """([unit, few]) => {
  const count = document.body.innerText.split(unit).length - 1;
  return few ? count <= 2 : count > 3;
}"""


class Health(threading.Thread):
    """Asks the server whether it is well, again and again, and keeps the longest wait for an answer."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url, self.longest, self.asked = f"{url}/_stcore/health", 0.0, 0
        self.over = threading.Event()

    def run(self) -> None:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while not self.over.wait(0.05):
            began = time.monotonic()
            with direct.open(self.url, timeout=60) as answer:
                answer.read()
            self.longest = max(self.longest, time.monotonic() - began)
            self.asked += 1


class Clicks:
    """A visitor who changes the unit of all figures and waits until they stand there."""

    def __init__(self, visit: Any) -> None:
        self.page, self.to_miles = visit.page, True

    def once(self) -> float:
        """Click, and return the seconds until the page has followed."""
        button = self.page.locator(f".head [data-value={'mi2' if self.to_miles else 'km2'}]")
        began = time.monotonic()
        button.click()
        self.page.wait_for_function(UNITS, arg=["sq mi", not self.to_miles], polling=20, timeout=60_000)
        took = time.monotonic() - began
        self.to_miles = not self.to_miles
        return took


def _bring(visit: Any, file: Path) -> None:
    visit.page.locator(".st-key-line_file input[type=file]").set_input_files(file)
    visit.page.locator(".st-key-line_file").get_by_text(file.name).wait_for()
    visit.settled()
    visit.page.locator(".st-key-line_source input").fill("Drawn")
    visit.settled()


def _until_refused(visit: Any, file: Path, clicks: Clicks) -> list[float]:
    """Click until the file is refused, and return how long each click took."""
    refused = visit.page.locator("[role=alert]", has_text=file.name)
    began, took = time.monotonic(), []
    while not refused.count():
        took.append(clicks.once())
        assert time.monotonic() - began < 60, visit.page.locator("[role=alert]").all_inner_texts()
    return took


def _measured(bringing: Any, clicks: Clicks, folder: Path, attempt: int) -> tuple[list[float], list[float]]:
    """Bring each file once; return how long clicks took in between, and how long while one was read."""
    quiet: list[float] = []
    busy: list[float] = []
    for number, (name, made) in enumerate(hostile_files.LINES.items()):
        file = folder / f"{attempt}{number:02}_20251201.{name.rpartition('.')[2]}"
        file.write_bytes(made(folder))
        _bring(bringing, file)
        quiet += [clicks.once() for _ in range(2)]
        bringing.page.get_by_role("button", name="Use this line").click()
        busy += _until_refused(bringing, file, clicks)
        bringing.settled()
    return quiet, busy


def test_another_visitor_is_answered_while_hostile_files_are_read(
    open_page: Callable[..., Any], app_url: str, tmp_path: Path
) -> None:
    bringing = open_page(path="/?page=lines").settled()
    clicks = Clicks(open_page(path="/?page=map").ready())
    for _ in range(4):
        clicks.once()
    bringing.page.get_by_text("Upload a published line from a file").click()
    health = Health(app_url)
    health.start()
    slow = []
    try:
        # Other tests run meanwhile: what they take from one round they do not take from the next as well.
        for attempt in range(3):
            (folder := tmp_path / str(attempt)).mkdir()
            quiet, busy = _measured(bringing, clicks, folder, attempt)
            if statistics.median(busy) < LONGER * statistics.median(quiet) + FLOOR_S:
                break
            slow.append((quiet, busy))
    finally:
        health.over.set()
        health.join()
    assert len(slow) < 3, slow
    assert health.asked > 20
    assert health.longest < 1, f"the health check waited {health.longest:.2f} s"
    assert bringing.errors == []
    assert bringing.outside == []
