"""Locks of files between processes (flock), which end with the process that holds them, however it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


def take(file: IO[str], *, where_none: bool) -> bool:
    """
    Take the lock of an open file, without waiting, and say whether nobody else has it.

    Parameters
    ----------
    where_none
        What is said where there are no such locks, as on Windows.
    """
    try:
        import fcntl  # noqa: PLC0415, POSIX alone has it
    except ImportError:
        return where_none
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until nobody else is in here with the same folder; where there are no such locks, go on at once."""
    try:
        import fcntl  # noqa: PLC0415, as above
    except ImportError:
        yield
        return
    here = os.open(folder, os.O_RDONLY)
    try:
        # Some file systems on other machines have no locks.
        with suppress(OSError):
            fcntl.flock(here, fcntl.LOCK_EX)
        yield
    finally:
        os.close(here)
