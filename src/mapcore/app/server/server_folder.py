"""
The folder of this server among the temporary ones, which goes with it.

A server that is killed cannot clear it, so the next one does: a folder whose lock nobody holds has no server any more.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from mapcore.base import file_lock

#: How the folder of a server is called, and one that is not locked yet.
_PREFIX: Final = "mapcore-server-"
_NEW: Final = "mapcore-new-"
#: Age after which a folder that was never locked is nobody's.
_GIVEN_UP_S: Final = 3600.0
_making: Final = threading.Lock()
_made: Final[list[tuple[Path, IO[str]]]] = []


def part(name: str) -> Path:
    """
    Return a folder of this server's own by its name; it is made where there is none.

    Raises
    ------
    OSError
        If there is no room for it, or no temporary folder.
    """
    with _making:
        if not _made:
            clear_left_behind()
            _made.append(_new())
        folder = _made[0][0] / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def _new() -> tuple[Path, IO[str]]:
    """Make the folder under another name, so that it has its lock when others see it."""
    begun = Path(tempfile.mkdtemp(prefix=_NEW))
    lock = (begun / "lock").open("w", encoding="utf-8")
    file_lock.take(lock, where_none=False)
    folder = begun.rename(begun.with_name(begun.name.replace(_NEW, _PREFIX, 1)))
    atexit.register(_clear, folder, lock, os.getpid())
    return folder, lock


def _clear(folder: Path, lock: IO[str], process: int) -> None:
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)
        lock.close()


def clear_left_behind() -> None:
    """Clear the folders of servers of this user that are no more; those of live ones stay."""
    base = Path(tempfile.gettempdir())
    for folder in [*base.glob(f"{_PREFIX}*"), *base.glob(f"{_NEW}*")]:
        with suppress(OSError):
            if _is_ours(folder) and _is_dead(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    return not folder.is_symlink() and folder.is_dir() and folder.stat().st_uid == os.getuid()


def _is_dead(folder: Path) -> bool:
    if folder.name.startswith(_NEW):
        return time.time() - folder.stat().st_mtime > _GIVEN_UP_S
    with (folder / "lock").open("r+", encoding="utf-8") as lock:
        return file_lock.take(lock, where_none=False)
