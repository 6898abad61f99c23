"""
What takes a server seconds to make and is the same after a restart, kept in the data folder for the next one.

Each file is named by a sum of what it is made of and how, so that a new version of either is made anew; it begins with
a sum of its content, so that one which is damaged is made anew too. Servers may share the folder: a file is there whole
or not at all. Not for what belongs to one visitor.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from mapcore.base.data_files import user_dir, write_whole
from mapcore.base.errors import DataFileError

_log: Final = logging.getLogger(__name__)
#: Bytes of all files, some ten times what one version of the server makes; what was used longest ago goes first.
MOST_BYTES: Final = 16_000_000
_SUM_BYTES: Final = 32


def folder() -> Path:
    """Return where the files lie; it need not exist."""
    return user_dir() / "server"


def cached(recipe: str, source: bytes, make: Callable[[], bytes]) -> bytes:
    """
    Return what is made of a source: read where a server made it before, else made now and kept.

    Parameters
    ----------
    recipe
        How it is made, with the versions of what makes it.
    make
        Is called where no whole file is there. A folder that cannot be written costs that call at each start.
    """
    path = folder() / hashlib.sha256(recipe.encode() + b"\0" + source).hexdigest()
    content = _read(path)
    if content is None:
        content = make()
        try:
            write_whole(path, hashlib.sha256(content).digest() + content)
        except DataFileError as problem:
            _log.info("Made again at the next start: %s", problem)
        _drop_oldest()
    return content


def _read(path: Path) -> bytes | None:
    try:
        whole = path.read_bytes()
    except OSError:
        return None
    content = whole[_SUM_BYTES:]
    if hashlib.sha256(content).digest() != whole[:_SUM_BYTES]:
        return None
    with suppress(OSError):
        os.utime(path)
    return content


def _drop_oldest() -> None:
    """Take away what was used longest ago, as far as all of it is too much; another server may do so meanwhile."""
    found = []
    with suppress(OSError):
        for path in folder().iterdir():
            with suppress(OSError):
                state = path.stat()
                found.append((state.st_mtime, state.st_size, path))
    held = 0
    for _, size, path in sorted(found, reverse=True):
        held += size
        if held > MOST_BYTES:
            with suppress(OSError):
                path.unlink()
