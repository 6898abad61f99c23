"""
Which line a deployed dashboard shows where a link names none: ours, or the newest of an archive that it is set to.

`outside.daily_line` fetches the archive's lines into the store of user lines and writes, last and at once, which of
them serves and what became of the last look at the archive. All servers on one folder read that file here; each archive
has its own, so that servers with different ones do not write over each other's.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal, get_args

from mapcore.base import memory
from mapcore.base.data_files import user_dir, write_whole
from mapcore.base.errors import DataFileError
from mapcore.base.schema import DEFAULT_CONTROL
from mapcore.lines.user_lines import read_user_line

#: The archive whose newest line serves, by its id.
ARCHIVE: Final = "MAPCORE_LINE_ARCHIVE"
#: Why no newer line was taken up at the last look at the archive; nothing where one was, or there is none yet.
Trouble = Literal["", "unreachable", "missing", "unreadable", "doubtful", "unwritable"]
_MOST_BYTES: Final = 10_000


@dataclass(frozen=True)
class Served:
    """
    What the last look at the operator's archive left.

    Attributes
    ----------
    archive, source
        Its id, and who publishes it.
    line
        The line that serves; nothing as long as none was taken up.
    looked_on
        The day of the last look.
    looked_at
        The same in seconds since 1970.
    trouble
        Why that look brought no newer line, if something went wrong.
    """

    archive: str
    source: str = ""
    line: str = ""
    looked_on: date | None = None
    looked_at: float = 0.0
    trouble: Trouble = ""


def archive_id() -> str:
    """Return the id of the operator's archive, or nothing where the built-in line serves."""
    return os.environ.get(ARCHIVE, "").strip()


def served() -> Served | None:
    """Return which line serves and what became of the last look; None where no archive is chosen."""
    archive = archive_id()
    if not archive:
        return None
    path = _path(archive)
    try:
        status = path.stat()
    except OSError:
        return Served(archive)
    found = _read(path, (status.st_mtime_ns, status.st_ino))
    return found if found and found.archive == archive else Served(archive)


def default_control() -> str:
    """
    Return the id of the line that is shown where a link names none.

    The built-in line serves where no archive is chosen, none of its lines was taken up yet, or that one is no longer in
    the store.
    """
    found = served()
    if found is None or not is_operators(found.line):
        return DEFAULT_CONTROL
    try:
        read_user_line(found.line)
    except (DataFileError, OSError):
        return DEFAULT_CONTROL
    return found.line


def line_id(archive: str, day: date) -> str:
    """Return the id that an archive's line of a day has in the store."""
    return f"{day.isoformat()}-{archive}"


def is_operators(control_id: str) -> bool:
    """Say whether a line is one of the operator's archive."""
    archive, day = archive_id(), control_id[:10]
    try:
        return bool(archive) and control_id == line_id(archive, date.fromisoformat(day))
    except ValueError:
        return False


def write(found: Served) -> None:
    """
    Say which line serves from now on, for all servers on this folder.

    Raises
    ------
    DataFileError
        If the folder cannot be written to; the line before goes on serving.
    """
    table = asdict(found) | {"looked_on": found.looked_on and found.looked_on.isoformat()}
    write_whole(_path(found.archive), (json.dumps(table, indent=1) + "\n").encode())


def _path(archive: str) -> Path:
    return user_dir() / f"operators_line-{archive}.json"


@memory.shared(maxsize=8)
def _read(path: Path, _: tuple[int, int]) -> Served | None:
    """Return what a file says, or None where it is not as it was written."""
    try:
        with path.open("rb") as file:
            table = json.loads(file.read(_MOST_BYTES))
        found = Served(**table | {"looked_on": table["looked_on"] and date.fromisoformat(table["looked_on"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    texts = (found.archive, found.source, found.line)
    sound = all(isinstance(text, str) for text in texts) and isinstance(found.looked_at, int | float)
    return found if sound and found.trouble in get_args(Trouble) else None
