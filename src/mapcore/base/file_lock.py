"""Locks of files between processes (flock), which end with the process that holds them, however it ends."""

from __future__ import annotations

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
