"""
Answers on shelves, one a function and visitor, and the one budget in bytes that all shelves of a process have.

`memory` says whose an answer is; here it is kept, weighed, and dropped when others are asked for more often.
"""

from __future__ import annotations

import itertools
import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Final, Protocol
from weakref import WeakSet

from mapcore.base.weight import weight

#: Says how recent an answer is.
_asked: Final = itertools.count()


class Holder(Protocol):
    """What holds so many bytes of values that nobody can make again."""

    holds: int


class Budget:
    """
    How much all shelves and sessions together may hold, in bytes; what was asked for longest ago goes first.

    Attributes
    ----------
    most
        The bytes. It may be passed by a part (`_LOOKS`) before it is looked at again.
    """

    #: Parts of the budget that are put before all is counted, what is left free then, and what sessions may hold.
    _LOOKS: Final = 64
    _LEFT: Final = 0.9
    _HOLDABLE: Final = 0.5

    def __init__(self, most: int) -> None:
        self.most = most
        self._since = 0
        self._shelves: WeakSet[Shelf] = WeakSet()
        self._sessions: WeakSet[Holder] = WeakSet()
        self._watching, self._clearing = threading.Lock(), threading.Lock()

    def watch(self, shelf: Shelf) -> None:
        """Count what a shelf holds from here on."""
        with self._watching:
            self._shelves.add(shelf)

    def watch_session(self, session: Holder) -> None:
        """Count what a visitor's session holds from here on."""
        with self._watching:
            self._sessions.add(session)

    def held(self) -> int:
        """Return how many bytes are held."""
        with self._watching:
            return sum(shelf.size for shelf in self._shelves) + sum(session.holds for session in self._sessions)

    def has_room(self, session: Holder, size: int) -> bool:
        """Whether a visitor's session may hold so many bytes: all sessions together hold at most half of the budget."""
        with self._watching:
            others = sum(other.holds for other in self._sessions if other is not session)
        return others + size <= self.most * self._HOLDABLE

    def grown(self, size: int) -> None:
        """Take note of something put, and make room where all is more than it may be."""
        self._since += size
        # What others put while one makes room is looked at by that one, since they do not wait for it.
        while self._since * self._LOOKS > self.most and self._clearing.acquire(blocking=False):
            try:
                self._since = 0
                self._make_room()
            finally:
                self._clearing.release()

    def _make_room(self) -> None:
        held = self.held()
        if held <= self.most:
            return
        with self._watching:
            shelves = list(self._shelves)
        left, before = held - self.most * self._LEFT, 0
        for used, size in sorted(row for shelf in shelves for row in shelf.sizes()):
            if left <= 0:
                break
            left, before = left - size, used + 1
        for shelf in shelves:
            shelf.drop(before=before)


#: That of this process; `MAPCORE_MEMORY_MB` moves that of a server.
BUDGET: Final = Budget(256_000_000)


class _Kept:
    """An answer, what it weighs in bytes, and when it was asked for last: a number that grows."""

    __slots__ = ("answer", "size", "used")

    def __init__(self, answer: Any, size: int) -> None:
        self.answer, self.size, self.used = answer, size, next(_asked)


class Shelf:
    """
    The last answers of one function, by their questions; those asked for longest ago go first.

    What it holds counts to the `Budget` of all shelves, unless it keeps every answer (`maxsize` is None): then the
    questions are few.

    Parameters
    ----------
    maxsize
        Answers that it holds at most.
    most_bytes
        Bytes that it holds at most, of the budget of all; the newest answer stays, however large.
    weigh
        Says how many bytes a question and its answer take, of answers that may grow while they are kept: it is asked
        again whenever sizes count.
    """

    def __init__(
        self, maxsize: int | None, *, most_bytes: float = math.inf, weigh: Callable[[Any, Any], int] | None = None
    ) -> None:
        self.maxsize, self.most_bytes = maxsize, most_bytes
        self._weigh, self._size = weigh, 0
        self._held: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = threading.Lock()
        if maxsize is not None:
            BUDGET.watch(self)

    def __len__(self) -> int:
        return len(self._held)

    @property
    def size(self) -> int:
        """Bytes that it holds."""
        with self._lock:
            return self._sum()

    def _sum(self) -> int:
        if self._weigh is not None:
            for key, kept in self._held.items():
                kept.size = self._weigh(key, kept.answer)
            self._size = sum(kept.size for kept in self._held.values())
        return self._size

    def find(self, key: Hashable, default: Any) -> Any:
        """Return the answer to a question, or the default; it counts as used."""
        with self._lock:
            kept = self._held.get(key)
            if kept is None:
                return default
            self._held.move_to_end(key)
            kept.used = next(_asked)
            return kept.answer

    def put(self, key: Hashable, answer: Any) -> Any:
        """Keep an answer, unless another thread was quicker; return the one that is kept."""
        new = _Kept(answer, self._weight(key, answer))
        with self._lock:
            kept = self._held.setdefault(key, new)
            self._held.move_to_end(key)
            kept.used = new.used
            if kept is new:
                self._size += new.size
                self._leave_room()
        if kept is new:
            BUDGET.grown(new.size)
        return kept.answer

    def _weight(self, key: Hashable, answer: Any) -> int:
        if self._weigh is not None:
            return self._weigh(key, answer)
        return weight(answer) if self.maxsize is not None else 0

    def _leave_room(self) -> None:
        most = math.inf if self.maxsize is None else self.maxsize
        self._sum()
        while len(self._held) > 1 and (len(self._held) > most or self._size > self.most_bytes):
            self._size -= self._held.popitem(last=False)[1].size

    def sizes(self) -> list[tuple[int, int]]:
        """Return for each answer when it was asked for last, and its bytes."""
        with self._lock:
            self._sum()
            return [(kept.used, kept.size) for kept in self._held.values()]

    def drop(self, *, before: int) -> None:
        """Forget the answers that were asked for last before then."""
        with self._lock:
            for key in [key for key, kept in self._held.items() if kept.used < before]:
                self._size -= self._held.pop(key).size

    def clear(self) -> None:
        """Forget all answers."""
        with self._lock:
            self._held.clear()
            self._size = 0
