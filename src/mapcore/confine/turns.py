"""Who may have a file read now: so many at once in all, one for each session, the others in the order they came."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

#: Seconds after which a waiting asker is asked again whether it is still there.
LOOK_S: Final = 0.2


@dataclass(frozen=True)
class Asker:
    """
    Who asks for a file to be read.

    Attributes
    ----------
    session
        Has one file read at a time; empty where there is no such bound.
    is_there
        Says whether anybody still waits for the answer; the work ends when nobody does.
    nice
        How far the work gives way to others on this machine, from 0 to 19.
    """

    session: str = ""
    is_there: Callable[[], bool] = lambda: True
    nice: int = 0


_somebody: Final = Asker()
_asker: ContextVar[Asker] = ContextVar("asker", default=_somebody)


def asker() -> Asker:
    """Return who asks, in this context."""
    return _asker.get()


def use_asker(asker: Asker) -> None:
    """Name who asks for what is read from here on in this context."""
    _asker.set(asker)


@contextmanager
def asked_by(asker: Asker) -> Iterator[None]:
    """Name who asks for what is read within."""
    before = _asker.set(asker)
    try:
        yield
    finally:
        _asker.reset(before)


class LeftError(Exception):
    """Nobody waits for the answer any more."""


class BusyError(Exception):
    """The wait for a turn was too long; `args` has how many others there are."""


@dataclass(frozen=True, eq=False)
class _Place:
    session: str
    long: bool


@dataclass(eq=False)
class Turns:
    """Hands out turns; long work, such as opening an archive, never takes the last one of several."""

    _queue: list[_Place] = field(default_factory=list)
    _running: list[_Place] = field(default_factory=list)
    _change: threading.Condition = field(default_factory=threading.Condition)

    @contextmanager
    def taken(self, asker: Asker, *, most: int, wait_s: float, long: bool = False) -> Iterator[None]:
        """
        Wait for a turn, and hold it.

        Raises
        ------
        BusyError
            If none came within `wait_s`.
        LeftError
            If nobody waits for it any more.
        """
        place = _Place(asker.session, long)
        with self._change:
            self._queue.append(place)
            try:
                self._wait(place, asker, most, time.monotonic() + wait_s)
                self._running.append(place)
            finally:
                self._queue.remove(place)
                self._change.notify_all()
        try:
            yield
        finally:
            with self._change:
                self._running.remove(place)
                self._change.notify_all()

    def _wait(self, place: _Place, asker: Asker, most: int, until: float) -> None:
        while next((other for other in self._queue if self._may_run(other, most)), None) is not place:
            if not asker.is_there():
                raise LeftError
            if time.monotonic() > until:
                raise BusyError(len(self._running))
            self._change.wait(LOOK_S)

    def _may_run(self, place: _Place, most: int) -> bool:
        running = self._running
        if len(running) >= most or (place.session and any(other.session == place.session for other in running)):
            return False
        return not place.long or sum(other.long for other in running) < max(1, most - 1)
