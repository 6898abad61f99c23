"""Sessions of a real server: what each uploads and holds, and that it is free when the session ends."""

import gc
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import weakref
from contextlib import contextmanager
from pathlib import Path

import pytest
from streamlit.watcher import path_watcher, polling_path_watcher
from streamlit.watcher.path_watcher import NoOpPathWatcher
from streamlit.watcher.polling_path_watcher import PollingPathWatcher
from support.server import RUNNING, running_app, soon
from support.visitor import Visitor

from mapcore.app.server import config_watch, memory_budget, memory_watch, server_folder
from mapcore.app.server.uploads import Budget
from mapcore.base import shelves
from mapcore.base.errors import ParameterError
from mapcore.proposals.model import load_statuses

MB = 1024 * 1024
TTL_S = 3


def held_bytes(url):
    """Return how much the server holds of uploads, as it says itself; it looks anew every few seconds."""
    with urllib.request.urlopen(f"{url}/_stcore/metrics", timeout=10) as answer:  # noqa: S310, the server of the test
        found = re.search(r'cache_type="UploadedFileManager"[^}]*} (\d+)', answer.read().decode())
    return int(found[1]) if found else 0


@contextmanager
def visitors(url, count):
    found = [Visitor(url) for _ in range(count)]
    try:
        yield found
    finally:
        for one in found:
            one.leave()


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A server with room for 4 MB of uploads, 3 of them in one session, that ends sessions after a few seconds."""
    folder = tmp_path_factory.mktemp("server")
    options = ("--server.disconnectedSessionTTL", str(TTL_S))
    room = {"MAPCORE_UPLOADS_MB": "4", "MAPCORE_UPLOADS_SESSION_MB": "3", "TMPDIR": str(folder)}
    with running_app(folder / "log", *options, **room) as url:
        yield url


def test_uploads_have_one_budget_and_are_free_when_their_session_ends(small):
    with visitors(small, 2) as (first, second):
        first.open(page="lines")
        second.open(page="lines")
        assert first.upload(4 * MB) == (413, "the file is larger than 3 MB; choose a smaller one\n")
        assert first.upload(1000, chunked=True)[0] == 411
        assert soon(lambda: held_bytes(small) == 0)
        assert first.upload(2 * MB)[0] == 204
        assert soon(lambda: held_bytes(small) == 2 * MB)
        # A newer one takes the place of the session's own oldest, never of another's.
        assert first.upload(int(2.5 * MB))[0] == 204
        assert soon(lambda: held_bytes(small) == int(2.5 * MB))
        status, told = second.upload(2 * MB)
        assert (status, told) == (503, "this server holds as many files as it may; try again in a few minutes\n")
        assert second.upload(1 * MB)[0] == 204
        assert second.upload(10, session="nobody")[0] == 400
        first.leave()
        assert first.upload(10)[0] == 400
        assert soon(lambda: held_bytes(small) == 1 * MB, seconds=TTL_S + 15)
        assert second.upload(2 * MB)[0] == 204
    assert soon(lambda: held_bytes(small) == 0, seconds=TTL_S + 15)


def test_two_hundred_sessions_leave_no_handles_and_little_memory(small):
    process = RUNNING[small]
    with visitors(small, 1) as (one,):
        one.open(page="methods")

    def handles():
        return len(list(Path(f"/proc/{process}/fd").iterdir()))

    def memory_mb():
        return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())[1]) / 1024

    for _ in range(20):
        with visitors(small, 1) as (one,):
            one.open(page="methods")
    time.sleep(TTL_S + 1)
    before, mb = handles(), memory_mb()
    for _ in range(20):
        with visitors(small, 10) as ten:
            for one in ten:
                one.open(page="methods")
    assert soon(lambda: handles() <= before + 3, seconds=TTL_S + 20)
    assert memory_mb() <= mb + 40


def test_two_visitors_at_once_read_their_own_language_units_and_theme(small):
    told, together = {}, threading.Barrier(2)
    fills = [status.fill for status in load_statuses().values() if status.id in {"ceded", "buffer"}]

    def visit(language, units, dark):
        with visitors(small, 1) as (one,):
            for place in range(6):
                together.wait(60)
                page = ("map", "compare", "people")[place % 3]
                said = one.open(page=page, lang=language, units=units, dark=dark)
                text = b"".join(each.SerializeToString() for each in said).decode(errors="replace")
                told.setdefault(language, []).append(text)

    threads = [threading.Thread(target=visit, args=each) for each in (("uk", "km2", True), ("en", "mi2", False))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    assert [len(runs) for runs in told.values()] == [6, 6]
    assert all("зіткнення" in run and "sq mi" not in run for run in told["uk"])
    assert all("sq mi" in run and "км²" not in run and "зіткнення" not in run for run in told["en"])
    for language, dark in (("uk", True), ("en", False)):
        swatches = [run.partition('class="legend"')[2].partition("</div>")[0] for run in told[language]]
        assert all(all(fill.css(dark=dark) in one for fill in fills) for one in swatches[::3])
        assert not any(fill.css(dark=not dark) in one for one in swatches for fill in fills)


def test_a_budget_is_a_positive_number():
    assert Budget.from_environment({}) == Budget(256.0, 72.0)
    assert Budget.from_environment({"MAPCORE_UPLOADS_MB": "10"}).all_mb == 10
    with pytest.raises(ParameterError, match="MAPCORE_UPLOADS_SESSION_MB: this limit must be a positive number"):
        Budget.from_environment({"MAPCORE_UPLOADS_SESSION_MB": "none"})


START = "from mapcore.app.server import server_folder; server_folder.part('x'); print('ready', flush=True); input()"


@contextmanager
def started(folder):
    environment = os.environ | {"TMPDIR": str(folder)}
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", START], env=environment, stdin=pipe, stdout=pipe, text=True) as one:
        try:
            assert one.stdout.readline() == "ready\n"
            yield one
        finally:
            one.kill()


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_server_that_was_killed_leaves_a_folder_that_the_next_one_clears(tmp_path):
    def folders():
        return sorted(one.name for one in tmp_path.glob("mapcore-*"))

    (tmp_path / "mapcore-server-link").symlink_to(tmp_path.parent)
    with started(tmp_path) as first, started(tmp_path):
        two = folders()
        assert len(two) == 3
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert folders() == two
        with started(tmp_path) as third:
            three = folders()
            assert len(three) == 3
            assert len(set(three) & set(two)) == 2
            third.stdin.write("\n")
            third.stdin.flush()
            third.wait(timeout=20)
            assert len(folders()) == 2
    assert tmp_path.parent.is_dir()


def test_a_folder_that_is_being_made_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    new, old = tmp_path / "mapcore-new-a", tmp_path / "mapcore-new-b"
    new.mkdir()
    old.mkdir()
    os.utime(old, (0, 0))
    server_folder.clear_left_behind()
    assert new.is_dir()
    assert not old.exists()


def test_the_memory_of_a_server_is_a_positive_number_of_mb(monkeypatch):
    monkeypatch.setattr(shelves.BUDGET, "most", shelves.BUDGET.most)
    memory_budget.take_from_environment({})
    assert shelves.BUDGET.most == 256_000_000
    memory_budget.take_from_environment({"MAPCORE_MEMORY_MB": "300.5"})
    assert shelves.BUDGET.most == 300_500_000
    with pytest.raises(SystemExit, match="MAPCORE_MEMORY_MB: this limit must be a positive number"):
        memory_budget.take_from_environment({"MAPCORE_MEMORY_MB": "much"})


#: How many heaps threads have that are at work at once, and whether a block like one that was freed is a mapping again.
HEAPS = """
import ctypes, os, sys, threading
from mapcore.app.server import memory_watch
if sys.argv[1] == "together":
    memory_watch.keep_together()
library = ctypes.CDLL("libc.so.6")
library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
library.free.argtypes = [ctypes.c_void_p]
library.fdopen.restype, library.fdopen.argtypes = ctypes.c_void_p, [ctypes.c_int, ctypes.c_char_p]
library.malloc_info.argtypes, library.fclose.argtypes = [ctypes.c_int, ctypes.c_void_p], [ctypes.c_void_p]
at_once = threading.Barrier(6)
def work():
    at_once.wait()
    library.malloc(1000)
    at_once.wait()
threads = [threading.Thread(target=work) for _ in range(6)]
[one.start() for one in threads]
[one.join() for one in threads]
library.free(library.malloc(20_000_000))
library.malloc(20_000_000)
told = library.fdopen(os.dup(1), b"w")
library.malloc_info(0, told)
library.fclose(told)
"""


def test_threads_share_two_heaps_and_what_is_large_goes_back_at_once():
    def heaps(how):
        told = subprocess.run([sys.executable, "-c", HEAPS, how], check=True, capture_output=True, text=True).stdout
        return told.count("<heap "), int(re.search(r'<total type="mmap" count="\d+" size="(\d+)"', told)[1])

    apart, together = heaps("apart"), heaps("together")
    assert together[0] == 2 < apart[0]
    assert apart[1] < 20_000_000 < together[1]


def test_what_is_free_is_given_back_when_the_memory_has_grown(monkeypatch):
    class Page:
        """Refers to itself in a circle."""

    page = Page()
    page.itself = page
    left = weakref.ref(page)
    del page
    assert memory_watch.resident() > 50 * MB
    monkeypatch.setattr(memory_watch, "_seen", {"at": time.monotonic(), "size": 0.0})
    gc.disable()
    try:
        memory_watch.look()
        time.sleep(0.1)
        assert left() is not None
        memory_watch._seen["at"] -= 60
        memory_watch.look()
        assert soon(lambda: left() is None)
        assert soon(lambda: memory_watch._seen["size"] > 50 * MB)
    finally:
        gc.enable()


@contextmanager
def watched(path):
    """Watch a file as Streamlit does its settings, change it, and give what is set when that is noticed."""
    path.write_text("before")
    os.utime(path, (1, 1))
    noticed = threading.Event()
    watcher = PollingPathWatcher(str(path), lambda _: noticed.set())
    path.write_text("after")
    try:
        yield noticed
    finally:
        watcher.close()


def test_the_settings_are_looked_at_every_few_seconds_and_not_five_times_a_second(monkeypatch, tmp_path):
    monkeypatch.setattr(polling_path_watcher, "_POLLING_PERIOD_SECS", 0.1)
    monkeypatch.setattr(config_watch, "_EVERY_S", 1.0)
    monkeypatch.setattr(path_watcher, "get_default_path_watcher_class", lambda: PollingPathWatcher)
    config_watch.look_seldom()
    with watched(tmp_path / "source") as noticed:
        assert noticed.wait(0.9), "a server that looks at its source in this way would look too seldom"
    monkeypatch.setattr(path_watcher, "get_default_path_watcher_class", lambda: NoOpPathWatcher)
    config_watch.look_seldom()
    with watched(tmp_path / "settings") as noticed:
        assert not noticed.wait(0.6)
        assert noticed.wait(5)


def test_what_a_server_is_made_of_is_left_out_of_later_collections():
    gc.unfreeze()  # tests/conftest.py has set apart what the tests are made of
    before = gc.get_threshold()
    try:
        memory_watch.set_apart()
        assert gc.get_threshold() == (10_000, *before[1:])
    finally:
        gc.set_threshold(*before)
    assert gc.get_freeze_count() > 50_000
    assert len(gc.get_objects()) < gc.get_freeze_count() / 10
