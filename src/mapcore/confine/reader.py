"""The one process that reads a file from outside: what the operating system holds it to, before it reads."""

from __future__ import annotations

import os
import resource
import signal
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from mapcore.confine.order import Jobs, Order, done

_MB: Final = 1_000_000
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_MOST_FILES: Final = 64


def read(order: Order, jobs: Jobs, to_answer: int, folder: Path | None) -> None:
    """Be a reader: within limits, with nothing of what the processes before it have open, do what the order says."""
    os.setpgid(0, 0)
    _end_with_parent()
    _shut(to_answer)
    with suppress(OSError):
        os.chdir(order.folder)
    tempfile.tempdir = os.environ["TMPDIR"] = os.environ["CPL_TMPDIR"] = str(folder or "/no-temporary-folder")
    os.nice(order.nice)
    _limit(order)
    answer = memoryview(done(order, jobs))
    while answer:
        answer = answer[os.write(to_answer, answer) :]


def _end_with_parent() -> None:
    """Ask the system to end this process when its keeper ends; only Linux can."""
    with suppress(OSError, AttributeError):
        import ctypes  # noqa: PLC0415, in the one process that needs it

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _shut(to_answer: int) -> None:
    """Close pipes and sockets that are not the reader's own, and speak into nothing. Other files may be libraries'."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    for name in os.listdir("/dev/fd"):  # noqa: PTH208, numbers and no paths
        number = int(name)
        with suppress(OSError):
            kind = os.fstat(number).st_mode
            if number != to_answer and (stat.S_ISSOCK(kind) or stat.S_ISFIFO(kind)):
                os.close(number)


def _limit(order: Order) -> None:
    size = _address_space()
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: int(order.seconds) + 2,
        resource.RLIMIT_FSIZE: int(order.disk_mb * _MB),
        resource.RLIMIT_NOFILE: _MOST_FILES,
        **({resource.RLIMIT_AS: size + int(order.memory_mb * _MB)} if size else {}),
    }
    for kind, most in limits.items():
        hard = resource.getrlimit(kind)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (allowed, allowed))


def _address_space() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0
