"""
What is remembered: for everybody, or for one visitor alone.

A value that was computed once is given again for the same question. What comes from the data that ship, or from the
lines that the keeper of a server has put there, is remembered for everybody. A line that a visitor brings and a
proposal that they draw bear that visitor's `Memory`; all that is made of them is remembered there, and goes with it.
Nobody can change for others what is remembered: frames, dictionaries and lists are handed out as copies, arrays are
read-only. All that is remembered has one budget in bytes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import is_dataclass
from functools import wraps
from operator import is_
from typing import Any, Final, ParamSpec, TypeVar, cast, overload

import numpy as np
import pandas as pd

from mapcore.base.shelves import BUDGET, Shelf

_P = ParamSpec("_P")
_R = TypeVar("_R")
_V = TypeVar("_V")
#: Answers of one function that one visitor's memory keeps of those that the memory for everybody would: a part of them,
#: but no fewer than these.
_PART: Final = 3
_FEW: Final = 8


class Memory:
    """
    What is remembered for one visitor. Nothing else refers to it than the visitor's session and what is theirs.

    Attributes
    ----------
    holds
        Bytes of what the session itself holds of the visitor's and nobody can make again, such as a line that they
        brought; see `Budget.has_room`.
    """

    def __init__(self) -> None:
        self.holds = 0
        self._shelves: dict[Shelf, Shelf] = {}
        self._lock = threading.Lock()
        BUDGET.watch_session(self)

    def __reduce__(self) -> tuple[Any, ...]:
        """Stay in this process: what travels to another one bears no memory there."""
        return _nobody, ()

    def beside(self, everybody: Shelf) -> Shelf:
        """Return where the answers of a function are kept whose answers for everybody are on a shelf."""
        with self._lock:
            if everybody not in self._shelves:
                most = everybody.maxsize
                self._shelves[everybody] = Shelf(most and min(most, max(_FEW, most // _PART)))
            return self._shelves[everybody]


def _nobody() -> None:
    return None


_working_for: ContextVar[Memory | None] = ContextVar("working_for", default=None)
_MISSING: Final = object()
#: Kinds of values that are nobody's, and that nobody can change.
_PLAIN: Final[frozenset[type]] = frozenset({str, float, int, bool, type(None)})


def owner(*values: object) -> Memory | None:
    """Return the memory of the visitor to whom one of the values belongs, if any; values may stand in tuples."""
    for value in values:
        if type(value) in _PLAIN:
            continue
        found = owner(*value) if isinstance(value, tuple) else getattr(value, "memory", value)
        if isinstance(found, Memory):
            return found
    return None


def current() -> Memory | None:
    """Return the memory of the visitor for whom this is computed, or None where it is for everybody."""
    return _working_for.get()


@contextmanager
def working_for(memory: Memory | None) -> Iterator[None]:
    """Remember what is computed meanwhile for a visitor alone, or, with None, for everybody."""
    before = _working_for.set(memory)
    try:
        yield
    finally:
        _working_for.reset(before)


def kept(
    maxsize: int, *, apart: Callable[[], Hashable] | None = None
) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """
    Remember the last answers of a function: for a visitor alone what comes of something of theirs.

    Parameters
    ----------
    apart
        Something that answers depend on beside the arguments, such as the language in use.
    """

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        everybody = Shelf(maxsize)

        @wraps(function)
        def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            key = (apart and apart(), args, tuple(sorted(kwargs.items())) if kwargs else ())
            memory = owner(args, *kwargs.values()) or current()
            answer = memory.beside(everybody).find(key, _MISSING) if memory else _MISSING
            if answer is _MISSING:
                answer = everybody.find(key, _MISSING)
            if answer is _MISSING:
                with working_for(memory):
                    answer = sealed(function(*args, **kwargs))
                answer = (memory.beside(everybody) if memory else everybody).put(key, answer)
            return cast("_R", handed(answer))

        call.shelf = everybody  # type: ignore[attr-defined]
        return call

    return decorate


@overload
def shared(function: Callable[_P, _R], /) -> Callable[_P, _R]: ...
@overload
def shared(*, maxsize: int | None = None) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]: ...
def shared(
    function: Callable[_P, _R] | None = None, /, *, maxsize: int | None = None
) -> Callable[_P, _R] | Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Remember the answers of a function for everybody: of one that is never asked about anything of a visitor's."""

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        everybody = Shelf(maxsize)

        @wraps(function)
        def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            key = (args, tuple(sorted(kwargs.items())) if kwargs else ())
            answer = everybody.find(key, _MISSING)
            if answer is _MISSING:
                with working_for(None):
                    answer = everybody.put(key, sealed(function(*args, **kwargs)))
            return cast("_R", handed(answer))

        call.shelf = everybody  # type: ignore[attr-defined]
        return call

    return decorate(function) if function is not None else decorate


def forget(function: Callable[..., Any]) -> None:
    """Drop what a function of `kept` or `shared` remembers for everybody."""
    cast("Any", function).shelf.clear()


def sealed(value: _V) -> _V:
    """Make the arrays of a value read-only, and return it."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    elif isinstance(value, dict):
        for part in value.values():
            sealed(part)
    elif isinstance(value, list | tuple):
        for part in value:
            sealed(part)
    elif is_dataclass(value):
        for part in vars(value).values():
            sealed(part)
    return value


def handed(value: _V) -> _V:
    """Return a value as a caller may have it, who can change it for nobody else."""
    return cast("_V", _copied(value))


#: Kinds of values that are handed out as they are, since nobody can change them: told first, since it is asked of each
#: of many. Other such kinds join them when they are met.
_FIXED: Final[set[type]] = set(_PLAIN)
_FRAMES: Final = (pd.DataFrame, pd.Series, set)


def _copied(value: Any) -> Any:
    kind = type(value)
    if kind in _FIXED:
        return value
    if isinstance(value, dict):
        fixed = _FIXED.issuperset(map(type, value.values()))
        return dict(value) if fixed else {key: _copied(part) for key, part in value.items()}
    if isinstance(value, list):
        return list(value) if _FIXED.issuperset(map(type, value)) else list(map(_copied, value))
    if isinstance(value, tuple):
        return _copied_tuple(value) if kind is tuple else value
    if isinstance(value, _FRAMES):
        return value.copy()
    _FIXED.add(kind)
    return value


def _copied_tuple(value: tuple[Any, ...]) -> tuple[Any, ...]:
    if _FIXED.issuperset(map(type, value)):
        return value
    copies = tuple(map(_copied, value))
    return value if all(map(is_, copies, value)) else copies


class _HandedOut:
    """A field whose value is handed out as a copy."""

    def __init__(self, name: str) -> None:
        self._name = f"_{name}"

    def __get__(self, holder: object | None, kind: type) -> Any:
        return self if holder is None else handed(holder.__dict__[self._name])

    def __set__(self, holder: object, value: object) -> None:
        holder.__dict__[self._name] = handed(value)


def handing_out(*names: str) -> Callable[[type[_V]], type[_V]]:
    """
    Make a frozen dataclass hand out these fields as copies: frames, dictionaries, tuples of them.

    A value that is remembered is the same for all who ask; none of them can change it for the others.
    """

    def decorate(kind: type[_V]) -> type[_V]:
        for name in names:
            setattr(kind, name, _HandedOut(name))
        return kind

    return decorate
