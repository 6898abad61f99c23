"""
The process that files from outside are read in. It is started once, loads what readers need, and forks for each file.

Three kinds of process work together, since the one that reads is not to be trusted once it has read:

- the *stem* waits for orders, and never reads a file;
- a *keeper*, forked from it for each order, watches the reader, ends it at its limits, and hands its answer on;
- a *reader*, forked from the keeper, is held within limits by the operating system, and does what the order names.

Each ends when the one before it does, so that none is left when whoever gave the order is gone.
"""

from __future__ import annotations

import gc
import importlib
import itertools
import os
import pickle
import resource
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from mapcore.confine.messages import HEAD, frame
from mapcore.confine.order import End, Jobs, Order
from mapcore.confine.reader import read

#: Seconds between two looks at a reader.
_LOOK_S: Final = 0.02
#: A reader that has not worked for so many seconds waits for something that does not come.
_STUCK_S: Final = 2.5
#: A reader that has to share the processor may take so many times as long as it works.
_PATIENCE: Final = 6.0
_MB: Final = 1_000_000
#: Orders after which a stem works out beforehand what readers need.
_OFTEN: Final = 3
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_TICK: Final = os.sysconf("SC_CLK_TCK")


def serve(control: socket.socket, jobs: Jobs, warm: Callable[[], None]) -> None:
    """
    Be the stem: fork a keeper for each connection that comes through `control`, until that is closed.

    A stem that is asked again and again works out what readers need beforehand, with `warm`; for fewer it would take
    longer than it saves.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    _keep_all()
    for count in itertools.count(1):
        asked, connections, _, _ = socket.recv_fds(control, 1, 1)
        if not asked:
            return
        with socket.socket(fileno=connections[0]) as connection, suppress(OSError):
            if os.fork() == 0:
                leave(lambda channel=connection: _keep(control, channel, jobs))  # type: ignore[misc]
        if count == _OFTEN:
            warm()
            _keep_all()


def _keep_all() -> None:
    """Let no collection go through what there is now, which would write to memory that readers share."""
    gc.collect()
    gc.freeze()


def leave(work: Callable[[], None]) -> None:
    """Do what a forked process is for, and end it without running what its parent left to be done at its own end."""
    try:
        work()
    except BaseException:  # noqa: BLE001, a forked process must not go on as its parent
        os._exit(1)
    os._exit(0)


def _keep(control: socket.socket, connection: socket.socket, jobs: Jobs) -> None:
    """Be a keeper: take the order, have it done, hand on what came of it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    control.close()
    order: Order = pickle.loads(_received(connection))  # noqa: S301, from the one who started this process
    folder = _own_folder()
    try:
        end, answer = _watched(order, jobs, connection, folder)
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
    if end is not None:
        connection.sendall(frame({"end": end}, answer))


def _received(connection: socket.socket) -> bytes:
    head = b""
    while len(head) < HEAD.size:
        head += _some(connection, HEAD.size - len(head))
    _, size = HEAD.unpack(head)
    parts: list[bytes] = []
    while size:
        parts.append(_some(connection, min(size, _MB)))
        size -= len(parts[-1])
    return b"".join(parts)


def _some(connection: socket.socket, most: int) -> bytes:
    received = connection.recv(most)
    if not received:
        raise EOFError
    return received


def _own_folder() -> Path | None:
    """Make the folder that a reader may write to; without one it can still read what needs none."""
    try:
        return Path(tempfile.mkdtemp(prefix="mapcore-reading-"))
    except OSError:
        return None


def _watched(order: Order, jobs: Jobs, connection: socket.socket, folder: Path | None) -> tuple[End | None, bytes]:
    """Fork the reader and watch it; None in place of its end where nobody waits for it any more."""
    answers, to_answer = os.pipe()
    before = _memory_of(os.getpid())
    reader = os.fork()
    if reader == 0:
        leave(lambda: read(order, jobs, to_answer, folder))
    os.close(to_answer)
    with suppress(OSError):
        os.setpgid(reader, reader)
    watch = _Watch(order, reader, answers, connection, before)
    try:
        return watch.end(), bytes(watch.answer)
    finally:
        with suppress(OSError):
            os.killpg(reader, signal.SIGKILL)


class _Watch:
    """Looks at one reader until it ends or has to be ended."""

    def __init__(self, order: Order, reader: int, answers: int, connection: socket.socket, before: float) -> None:
        self.order, self.reader, self.answers, self.connection, self.before = (
            order, reader, answers, connection, before,
        )  # fmt: skip
        self.answer = bytearray()
        self.began = self.moved = time.monotonic()
        self.worked = 0.0
        self.most_mb = 0.0
        self.is_open = True

    def end(self) -> End | None:
        """Wait for the reader's end, and say how it came."""
        while True:
            if self._listen(_LOOK_S if self.is_open else _LOOK_S / 10):
                self._kill()
                return None
            over = self._over()
            if over is not None:
                self._kill()
                return over
            ended, status, used = os.wait4(self.reader, os.WNOHANG)
            if ended:
                while self.is_open and not self._is_too_long():
                    self._listen(0)
                return "output" if self._is_too_long() else self._judged(status, used)

    def _listen(self, seconds: float) -> bool:
        """Take what the reader says; say whether the one who asks has gone meanwhile."""
        waited: list[socket.socket | int] = [self.connection, *([self.answers] if self.is_open else [])]
        ready = select.select(waited, [], [], seconds)[0]
        if self.answers in ready:
            part = os.read(self.answers, _MB)
            self.answer += part
            self.is_open = bool(part)
        elif self.is_open and not ready and seconds == 0:
            self.is_open = False
        return self.connection in ready

    def _is_too_long(self) -> bool:
        return len(self.answer) > self.order.answer_mb * _MB

    def _over(self) -> End | None:
        """Say which limit is passed, if any."""
        now = time.monotonic()
        if self._is_too_long():
            return "output"
        worked, memory = _work_of(self.reader), _memory_of(self.reader)
        self.most_mb = max(self.most_mb, memory - self.before)
        if self.most_mb > self.order.memory_mb:
            return "memory"
        if worked is None:
            return "time" if now - self.began > self.order.seconds else None
        if worked > self.worked:
            self.worked, self.moved = worked, now
        if worked > self.order.seconds or now - self.began > _PATIENCE * self.order.seconds:
            return "time"
        return "stuck" if now - self.moved > _STUCK_S else None

    def _judged(self, status: int, used: resource.struct_rusage) -> End:
        code = os.waitstatus_to_exitcode(status)
        if code == 0 and self.answer:
            return "answer"
        if code == -signal.SIGXCPU:
            return "time"
        near = self.before + 0.8 * self.order.memory_mb
        if code == -signal.SIGKILL or used.ru_maxrss * 1024 / _MB > near:
            return "memory"
        return "crash"

    def _kill(self) -> None:
        with suppress(OSError):
            os.killpg(self.reader, signal.SIGKILL)
        with suppress(OSError):
            os.kill(self.reader, signal.SIGKILL)
        os.waitpid(self.reader, 0)


def _work_of(process: int) -> float | None:
    """Return the seconds that a process has worked; None where this system does not say."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK
    except (OSError, ValueError, IndexError):
        return None


def _memory_of(process: int) -> float:
    """Return the MB that a process has in memory; 0 where this system does not say."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE / _MB
    except (OSError, ValueError, IndexError):
        return 0.0


def begin(jobs: str, control: socket.socket) -> None:
    """Be the stem, with the jobs of a module."""
    module = importlib.import_module(jobs)
    module.prepare()
    serve(control, module.JOBS, module.warm)


def main() -> None:
    """Be the stem, with the module and the number of the socket that the arguments name."""
    with socket.socket(fileno=int(sys.argv[2])) as control:
        begin(sys.argv[1], control)
