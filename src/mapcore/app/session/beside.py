"""
What is worked out beside the pages, for all sessions in turn.

One thread works: more would take the time of the pages themselves. Who has been served goes behind all who wait. A
session has one question of a kind: a newer one takes the place of the older. What is replaced, or whose viewer has
left, is dropped, and ends early where its work looks whether anybody still waits (`confine.turns`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import Context, copy_context
from dataclasses import dataclass, field, replace
from typing import Any, Final

from mapcore.app.session import this_session, visitor
from mapcore.confine.turns import asked_by, asker


@dataclass(eq=False)
class Question:
    """
    What a session asked for.

    Attributes
    ----------
    answer
        Has what the work returned or raised; cancelled where it was dropped before its turn.
    """

    work: Callable[[], Any]
    is_there: Callable[[], bool]
    context: Context = field(default_factory=copy_context)
    answer: Future[Any] = field(default_factory=Future)
    _dropped: bool = False

    def drop(self) -> None:
        """Let go of it: nobody waits for it any more."""
        self._dropped = True
        self.answer.cancel()

    def is_wanted(self) -> bool:
        """Whether somebody waits for it."""
        return not self._dropped and self.is_there()

    def settle(self) -> None:
        """Do the work."""
        if not self.is_wanted():
            self.answer.cancel()
        if self.answer.set_running_or_notify_cancel():
            try:
                self.answer.set_result(self.context.run(self._worked_out))
            except Exception as problem:  # noqa: BLE001  # for whoever asked
                self.answer.set_exception(problem)

    def _worked_out(self) -> Any:
        with asked_by(replace(asker(), is_there=self.is_wanted)):
            return self.work()


class Turns:
    """One thread, and the questions that wait for it: by session in the order of their turns, by kind within."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside")
        self._waiting: dict[Hashable, dict[str, Question]] = {}
        self._lock = threading.Lock()

    def ask(self, session: Hashable, kind: str, question: Question) -> None:
        """Have a question answered when its session's turn comes, in place of the one of that kind that still waits."""
        with self._lock:
            mine = self._waiting.setdefault(session, {})
            earlier = mine.pop(kind, None)
            mine[kind] = question
        if earlier:
            earlier.drop()
        self._thread.submit(self._take_turn)

    def _take_turn(self) -> None:
        with self._lock:
            if not self._waiting:
                return
            session, mine = next(iter(self._waiting.items()))
            question = mine.pop(next(iter(mine)))
            del self._waiting[session]
            if mine:
                self._waiting[session] = mine
        question.settle()


_TURNS: Final = Turns()


def ask(kind: str, work: Callable[[], Any]) -> Question:
    """Have something worked out for this session, in place of what it asked for before of that kind."""
    question = Question(work, this_session.watcher())
    _TURNS.ask(visitor.memory(), kind, question)
    return question
