"""
Have files from outside read in a process of their own, with limits of memory, time and output.

What comes back is plain JSON and bytes, which the caller checks; whatever else happens there becomes one sentence.
"""

from __future__ import annotations

import logging
import os
import pickle
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from mapcore.base.errors import DataFileError, MapcoreError, Problem
from mapcore.base.language import language, tr, trn
from mapcore.base.limits import Limits
from mapcore.base.safe_text import plain
from mapcore.confine.messages import HEAD, frame, opened, refusal_of
from mapcore.confine.order import Order
from mapcore.confine.stem import StartError, Stem, started
from mapcore.confine.turns import LOOK_S, Asker, BusyError, LeftError, Turns, asker

#: For each MB of a file, a reader may work a second longer and take this much more memory.
_SECONDS_PER_MB: Final = 1.0
_MB_PER_MB: Final = 15.0
#: Ends of a reader that the machine and its limits make, and not what is in the file alone.
_SHORT_OF: Final = frozenset({"time", "memory", "disk"})
_log: Final = logging.getLogger("mapcore")
#: Seconds that a process which is started for one file may take to start.
_START_S: Final = 20.0
_T = TypeVar("_T")


@dataclass(frozen=True)
class Question:
    """
    What is to be read.

    Attributes
    ----------
    job, arguments
        Which reader, by its name among the jobs, and what it is called with.
    name, kind
        What messages call the file, and the class of a refusal that the reader does not make itself.
    size_mb
        Of the file: a larger one may take longer, and more memory.
    is_long
        Never takes the last one of several turns.
    """

    job: str
    arguments: Mapping[str, Any]
    name: str
    kind: type[DataFileError]
    size_mb: float = 0.0
    is_long: bool = False

    def refusal(self, problem: str, way_out: str, *, blames_file: bool = False) -> DataFileError:
        """Return the refusal of this file; it speaks of the machine and its limits unless `blames_file`."""
        refused = self.kind(Problem(self.name, "", problem, way_out))
        refused.blames_file = blames_file
        return refused


@dataclass(eq=False)
class Confinement:
    """
    Readers in processes of their own.

    Attributes
    ----------
    jobs
        The module that has them as `JOBS`, and is made ready with its `prepare()`.
    forks
        Whether this platform can fork; without it each file costs a new process, and memory has no limit.
    from_here
        Whether readers are forked from this process, which saves a command the time to start another one.
    """

    jobs: str
    forks: bool = hasattr(os, "fork")
    from_here: bool = False
    _turns: Turns = field(default_factory=Turns)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stem: Stem | None = None

    def ask(self, question: Question, check: Callable[[Mapping[str, Any], bytes], _T], limits: Limits) -> _T:
        """
        Have a file read, and return what `check` makes of the answer.

        Parameters
        ----------
        check
            Takes what the reader answered, which is not to be trusted; raises `AnswerError`, or whatever the libraries
            do that it uses, where the answer is not what it may be.

        Raises
        ------
        MapcoreError
            The reader's refusal; or one of the question's kind where it was ended at a limit, broke, was not started,
            or answered what it may not.
        """
        who = asker()
        order = _order(question, limits, who)
        try:
            with self._turns.taken(who, most=limits.readers, wait_s=limits.wait_seconds, long=question.is_long):
                end, answer = self._asked(order, who)
            record, content = opened(answer) if end == "answer" else opened(frame({"broke": end}))
            if "answer" in record:
                return check(record["answer"], content)
            refusal = refusal_of(record["refused"]) if "refused" in record else None
        except LeftError as left:
            raise question.refusal(
                tr("was not read to the end, because nobody is waiting for it"), tr("upload it again")
            ) from left
        except BusyError as busy:
            raise _busy(question, busy) from busy
        except StartError as problem:
            reason = tr("cannot be read now: no process can be started for it ({reason})").format(reason=problem)
            raise question.refusal(reason, tr("try again later")) from problem
        except MapcoreError:
            raise
        except Exception as problem:
            _log.exception("%s: the answer of its reader was refused", question.name)
            raise question.refusal(*_sentence("crash", limits, order), blames_file=True) from problem
        raise refusal or self._broken(question, record, limits, order)

    def _broken(self, question: Question, record: Mapping[str, Any], limits: Limits, order: Order) -> DataFileError:
        broke, reason = str(record.get("broke")), plain(record.get("reason", ""))
        level = logging.WARNING if broke in {"crash", "disk", "library"} else logging.INFO
        _log.log(level, "%s: its reader ended: %s %s\n%s", question.name, broke, reason, record.get("trace", ""))
        return question.refusal(*_sentence(broke, limits, order, reason), blames_file=broke not in _SHORT_OF)

    def _asked(self, order: Order, who: Asker) -> tuple[str, bytes]:
        """Give an order, and return how its reader ended and what it answered; once more where its stem had died."""
        if not self.forks:
            return _alone(self.jobs, order, who)
        for _ in range(2):
            with self._connected() as connection, suppress(ConnectionError):
                message = _answer(connection, order, who)
                if message:
                    record, content = opened(message)
                    return str(record["end"]), content
        raise StartError(tr("it was ended from outside"))

    def begin(self) -> None:
        """Start what readers are forked from before it is asked for, as while this process has one thread."""
        if self.forks:
            with self._lock, suppress(OSError):
                self._own_stem()

    def _own_stem(self) -> Stem:
        """Return the stem of this process, also where that was forked from one that has another."""
        if self._stem is None or self._stem.owner != os.getpid():
            self._stem = Stem(self.jobs, from_here=self.from_here)
        return self._stem

    def _connected(self) -> socket.socket:
        """Return one end of a connection whose other end the stem has."""
        with self._lock:
            for _ in range(2):
                try:
                    return self._own_stem().connected()
                except ConnectionError:
                    self._stem = None
                except OSError as problem:
                    self._stem = None
                    raise StartError(problem.strerror or str(problem)) from problem
        raise StartError(tr("it ends at once"))


def _order(question: Question, limits: Limits, who: Asker) -> Order:
    more = question.size_mb
    return Order(
        question.job,
        question.arguments,
        language(),
        seconds=limits.read_seconds + _SECONDS_PER_MB * more,
        memory_mb=limits.read_mb + _MB_PER_MB * more,
        answer_mb=limits.answer_mb,
        disk_mb=limits.archive_mb,
        nice=who.nice,
        folder=str(Path.cwd()),
    )


def _answer(connection: socket.socket, order: Order, who: Asker) -> bytes:
    """Hand an order over and wait for the answer; nothing where the process at the other end died."""
    asked = pickle.dumps(order)
    connection.sendall(HEAD.pack(0, len(asked)) + asked)
    connection.settimeout(LOOK_S)
    message = bytearray()
    while True:
        try:
            part = connection.recv(1 << 20)
        except TimeoutError:
            if not who.is_there():
                raise LeftError from None
            continue
        if not part:
            return bytes(message)
        message += part


def _alone(jobs: str, order: Order, who: Asker) -> tuple[str, bytes]:
    """Start a process for one order, on platforms that cannot fork."""
    asked: bytes | None = pickle.dumps(order)
    until = time.monotonic() + order.seconds + _START_S
    with started("order", jobs, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        while True:
            try:
                answer, _ = process.communicate(asked, timeout=LOOK_S)
                break
            except subprocess.TimeoutExpired:
                asked = None
                if who.is_there() and time.monotonic() < until:
                    continue
                process.kill()
                process.communicate()
                if not who.is_there():
                    raise LeftError from None
                return "time", b""
    if len(answer) > order.answer_mb * 1_000_000:
        return "output", b""
    return ("crash" if process.returncode else "answer"), answer


def _busy(question: Question, busy: BusyError) -> DataFileError:
    others = int(busy.args[0])
    sentence = trn(
        "was not read, because {count} other file is being read here",
        "was not read, because {count} other files are being read here",
        others,
    )
    way_out = tr("try again in a moment; MAPCORE_LIMIT_READERS and MAPCORE_LIMIT_WAIT_SECONDS set the limit")
    return question.refusal(sentence.format(count=others), way_out)


def _sentence(broke: str, limits: Limits, order: Order, reason: str = "") -> tuple[str, str]:
    """Say what ended a reader, and the way out."""
    if broke == "time":
        words = tr("takes longer than {seconds} s to read").format(seconds=f"{order.seconds:.3g}")
        return words, tr("simplify it, or give a part of it; MAPCORE_LIMIT_READ_SECONDS sets the limit")
    if broke == "memory":
        words = tr("needs more than {size} MB of memory to read").format(size=f"{order.memory_mb:.3g}")
        return words, tr("simplify it, or give a part of it; MAPCORE_LIMIT_READ_MB sets the limit")
    if broke == "output":
        words = tr("holds more than {size} MB when it is read").format(size=f"{limits.answer_mb:g}")
        return words, tr("simplify it, or give a part of it; MAPCORE_LIMIT_ANSWER_MB sets the limit")
    if broke == "disk":
        words = tr("cannot be read now: its reader could not use the temporary folder ({reason})").format(reason=reason)
        return words, tr("free space there, or set TMPDIR to another folder")
    if broke == "stuck":
        words = tr("makes its reader wait for something that does not come")
    elif broke == "library":
        words = tr("cannot be read: its reader stopped at it ({reason})").format(reason=reason)
    else:
        words = tr("breaks the program that reads it")
    return words, tr("export it again with another program")
