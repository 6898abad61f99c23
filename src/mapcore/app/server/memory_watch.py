"""
What is free in the server's memory goes back to the machine: at once where it is large, the rest when the memory has
grown and when sessions have ended.

Streamlit's collecting after each run is off (`.streamlit/config.toml`), and glibc would keep what was freed in many
pieces, in many heaps. The server's entry file imports this module, so it imports no part of the dashboard.
"""

from __future__ import annotations

import ctypes
import gc
import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

#: How often the size is looked at, and by how much it may grow before what is free is given back.
_EVERY_S: Final = 15.0
_GROWN: Final = 32_000_000
_STATM: Final = Path("/proc/self/statm")
#: What glibc's `mallopt` is told, by the numbers of its malloc.h. M_ARENA_MAX: threads share two heaps, in place of
#: eight for each core. M_MMAP_THRESHOLD: so large a block is a mapping of its own, which goes back when it is freed.
_OPTIONS: Final = {-8: 2, -3: 256 * 1024}
#: So many objects are new before the youngest are looked through.
_NEW: Final = 10_000
_working: Final = threading.Lock()
#: When the size was looked at, and what it was when something was given back.
_seen: Final = {"at": 0.0, "size": 0.0}


def keep_together() -> None:
    """Have memory taken so that little of it lies free between what is in use; for the server's start."""
    # Another C library than glibc has no such function.
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL("libc.so.6")
        for option, value in _OPTIONS.items():
            library.mallopt(option, value)


def set_apart() -> None:
    """
    Leave what is there now out of each later collection, which stops all sessions meanwhile, and have fewer of them.

    For once, when the modules are loaded and no visitor has come.
    """
    gc.collect()
    gc.freeze()
    # A run makes some thousands of objects, of which few stay: with Python's own 700 it would be stopped several times.
    gc.set_threshold(_NEW)


def look() -> None:
    """Look at the size now and then, and give back what is free where it has grown; for whoever draws a page."""
    now = time.monotonic()
    if now - _seen["at"] < _EVERY_S:
        return
    _seen["at"] = now
    if resident() > _seen["size"] + _GROWN:
        threading.Thread(target=give_back, name="memory", daemon=True).start()


def resident() -> int:
    """Return the memory that the process takes, in bytes; 0 where this is not known."""
    with suppress(OSError):
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def give_back() -> None:
    """Collect what refers to itself in a circle, as a page does, and give back what is free."""
    if not _working.acquire(blocking=False):
        return
    try:
        gc.collect()
        # Another C library than glibc has no such function, or gives back by itself.
        with suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6").malloc_trim(0)
        _seen["size"] = resident()
    finally:
        _working.release()
