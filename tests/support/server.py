"""The dashboard's server, started for tests."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from support.paths import ROOT

START_SECONDS = 60


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


def wait_for_start(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
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


@contextmanager
def running_app(
    app_log: Path, *options: str, port: int = 0, entry: str = "dashboard.py", **environment: str
) -> Iterator[str]:
    """
    Run the dashboard on a port of its own, or the one asked for; give its address, without a slash at its end.

    `options` are Streamlit's, as on the command line; the address is without a base path that they set.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", entry, "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true", "--server.fileWatcherType", "none"]
    command += options
    url = f"http://127.0.0.1:{port}"
    base = options[options.index("--server.baseUrlPath") + 1] if "--server.baseUrlPath" in options else ""
    with app_log.open("wb") as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        try:
            wait_for_start(server, f"{url}/{base}".rstrip("/"), app_log)
            yield url
        finally:
            _stop(server)


def process_of(url: str) -> int:
    """Return the process that listens on an address of `running_app`."""
    port = f"--server.port {url.rsplit(':', 1)[1]} "
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        if port in path.read_bytes().replace(b"\0", b" ").decode():
            return int(path.parent.name)
    raise AssertionError("no such server")


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


def soon(condition: Callable[[], bool], *, seconds: float = 20) -> bool:
    """Whether something comes true in time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if condition():
            return True
        time.sleep(0.2)
    return condition()
