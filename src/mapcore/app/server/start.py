"""The server's start, which ends with one sentence where its operator has set something that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mapcore.base.errors import MapcoreError


@contextmanager
def as_set() -> Iterator[None]:
    """
    Read what the operator set, in a block or in all of a function that this decorates.

    Raises
    ------
    SystemExit
        With the sentence of a `MapcoreError` within.
    """
    try:
        yield
    except MapcoreError as problem:
        raise SystemExit(f"mapcore: {problem}") from problem
