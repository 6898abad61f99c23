"""Streamlit servers for the benchmarks, each a process of its own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EMPTY = ROOT / "benchmarks" / "apps" / "empty.py"
DASHBOARD = ROOT / "dashboard.py"
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
#: Starts Streamlit without what mapcore installs beside it, which Streamlit's server takes where it is there.
_AS_SHIPPED = (
    "import sys; sys.modules.update(uvloop=None, httptools=None); "
    "from streamlit.web.cli import main; main(prog_name='streamlit')"
)


@dataclass(frozen=True)
class Server:
    """A server that answers, with its address and its process."""

    url: str
    process: int

    def cpu_s(self) -> float:
        """Return the processor time that it has taken, in s, without that of other processes it started."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * _TICK_S

    def settle(self, *, quiet_s: float = 24.0) -> None:
        """Wait until it has done nothing for so long: what a server makes ready, it does in two parts 20 s apart."""
        before = -1.0
        while self.cpu_s() - before > 0.05 * quiet_s:
            before = self.cpu_s()
            time.sleep(quiet_s)

    def memory_mb(self) -> float:
        """Return its resident memory, in MB."""
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.process}/status").read_text())
        return int(found[1]) / 1024 if found else 0.0


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(script: Path, *options: str) -> Iterator[Server]:
    """
    Serve one app with the settings that lie beside it, and Streamlit's own where there are none.

    The dashboard has the server that it installs, any other app that of Streamlit as it is shipped.
    It is started in an empty folder, since Streamlit takes settings from the folder it is started in too.
    """
    port = free_port()
    start = ["-m", "streamlit"] if script == DASHBOARD else ["-c", _AS_SHIPPED]
    command = [sys.executable, *start, "run", str(script), "--server.port", str(port)]
    command += ["--server.headless", "true", "--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
    command += ["--browser.gatherUsageStats", "false", *options]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        server = subprocess.Popen(command, cwd=folder, stdout=log.open("wb"), stderr=subprocess.STDOUT)  # noqa: S603
        url = f"http://127.0.0.1:{port}"
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            for _ in range(300):
                try:
                    direct.open(f"{url}/_stcore/health", timeout=1)
                    break
                except OSError:
                    time.sleep(0.2)
            yield Server(url, server.pid)
        finally:
            server.terminate()
            server.wait()
            if "Traceback" in log.read_text(errors="replace"):
                print(log.read_text(errors="replace")[-4000:], file=sys.stderr)
