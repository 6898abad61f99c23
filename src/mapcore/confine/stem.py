"""Start the processes that read: a stem that readers are forked from, or a process for one file where none can fork."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

#: Readers compute in one thread each, and take memory from the system alone, so that a limit of it is one.
_ALONE: Final = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


#: The name of threads that wait for the system alone and hold nothing, beside which a process may be forked.
WATCH: Final = "watch"


def has_one_thread() -> bool:
    """Whether this thread is the only one of its process that works, so that a fork of it is whole."""
    return all(thread is threading.current_thread() or thread.name == WATCH for thread in threading.enumerate())


class StartError(Exception):
    """No process can be started; `args` has the reason."""


class Stem:
    """The process that readers are forked from, and the connection over which it gets its orders."""

    def __init__(self, jobs: str, *, from_here: bool) -> None:
        self.owner = os.getpid()
        self.control, theirs = socket.socketpair()
        with theirs:
            if from_here and has_one_thread():
                waited: Callable[[], object] = _forked(jobs, self.control, theirs)
            else:
                number = theirs.fileno()
                waited = started("process", jobs, str(number), pass_fds=(number,), start_new_session=True).wait
        weakref.finalize(self, _end, self.control, waited)

    def connected(self) -> socket.socket:
        """Return one end of a new connection; the other is with the stem."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self.control, [b"\n"], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        return ours


def _end(control: socket.socket, waited: Callable[[], object]) -> None:
    control.close()
    with suppress(OSError):
        waited()


def _forked(jobs: str, ours: socket.socket, theirs: socket.socket) -> Callable[[], object]:
    """Fork the stem from this process, of which one thread works; return what waits for its end."""
    from mapcore.confine import process as confine_process  # noqa: PLC0415, not on every platform

    stem = os.fork()
    if stem == 0:
        os.setsid()
        ours.close()
        confine_process.leave(lambda: confine_process.begin(jobs, theirs))
    return partial(os.waitpid, stem, 0)


def started(module: str, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    """Start a module of this package, whatever lies in the folder in which it is started."""
    here = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])
    code = f"from mapcore.confine import {module}; {module}.main()"
    return subprocess.Popen(  # noqa: S603, this program and modules of this package
        [sys.executable, "-P", "-c", code, *arguments], env={**os.environ, **_ALONE, "PYTHONPATH": path}, **options
    )
