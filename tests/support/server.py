"""The dashboard's server, started for tests."""

from __future__ import annotations

import http.client
import re
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from mapcore.app.server import shell_page
from support import forked
from support.paths import ROOT

START_SECONDS = 60
#: The process of each server of `running_app` by its address.
RUNNING: dict[str, int] = {}


def page_script() -> Path:
    """Return the script that Streamlit's page loads: the largest of those whose names begin like its own."""
    return max(shell_page.folder().glob("static/js/index.*.js"), key=lambda path: path.stat().st_size)


def free_port() -> int:
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


def wait_for_start(ended: Callable[[], bool], url: str, log: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while not _answers(url):
        if ended() or time.monotonic() > give_up:
            pytest.fail(f"the dashboard did not start; its log:\n{log.read_text(errors='replace')}")
        time.sleep(0.1)


def _stop(server: BaseProcess) -> None:
    server.terminate()
    server.join(10)
    if server.exitcode is None:
        server.kill()
        server.join()


@contextmanager
def running_app(
    app_log: Path, *options: str, port: int = 0, entry: str = "dashboard.py", **environment: str
) -> Iterator[str]:
    """
    Run the dashboard on a port of its own, or the one asked for; give its address, without a slash at its end.

    `options` are Streamlit's, as on the command line; the address is without a base path that they set.
    """
    port = port or free_port()
    command = ["run", entry, "--server.port", str(port), "--server.address", "127.0.0.1"]
    command += ["--server.headless", "true", "--server.fileWatcherType", "none", *options]
    url = f"http://127.0.0.1:{port}"
    base = options[options.index("--server.baseUrlPath") + 1] if "--server.baseUrlPath" in options else ""
    server = forked.start(forked.module, "streamlit", *command, log=app_log, cwd=ROOT, **environment)
    RUNNING[url] = server.pid or 0
    try:
        wait_for_start(lambda: server.exitcode is not None, f"{url}/{base}".rstrip("/"), app_log)
        yield url
    finally:
        del RUNNING[url]
        _stop(server)


def command_of(process: int) -> list[str]:
    """Return the command line of a process, word by word; empty when it has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return []


def process_with(*words: str) -> int:
    """Return a process in whose command line all the words stand in this order, or 0."""
    wanted = re.compile(".*".join(map(re.escape, words)), re.DOTALL)
    running = (int(path.name) for path in Path("/proc").glob("[0-9]*"))
    return next((one for one in running if wanted.search("\0".join(command_of(one)))), 0)


def ask(url: str, path: str = "/", method: str = "GET", **headers: str) -> tuple[int, dict[str, str]]:
    """Return status and headers of an answer, with names in lower case; no redirect is followed."""
    status, found, _ = ask_for(url, path, method, **headers)
    return status, found


def ask_for(url: str, path: str = "/", method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of an answer, which is as it came: packed, where it was."""
    parts = urlsplit(url)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        line.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = line.getresponse()
        body = answer.read()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body
    finally:
        line.close()


def soon(condition: Callable[[], object], *, seconds: float = 20, every: float = 0.2) -> bool:
    """Whether something comes true in time; it is looked at every so many seconds."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if condition():
            return True
        time.sleep(every)
    return bool(condition())
