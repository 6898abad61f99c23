"""The process that measures an archive beside the dashboard: `mapcore series`, with its progress in lines of JSON."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from mapcore.outside.archive import OpenArchive

#: How far measuring gives way to the pages.
_NICE: Final = 10
#: The exit code of a command that refuses.
_REFUSED: Final = 2


def command(archive: OpenArchive, path: Path, *, out: Path, days: Path) -> tuple[str, ...]:
    """Return the command line that measures an archive as it was opened; no text of a viewer's is an option of it."""
    provenance, reading = archive.provenance, archive.reading
    return (
        "series", str(path.absolute()), "--progress=json", f"--out={out}", f"--days={days}",
        f"--source={provenance.source}", f"--licence={provenance.licence}", f"--attribution={provenance.attribution}",
        f"--error-km={provenance.error_km}", f"--held-by={reading.held_by}", f"--class-field={reading.class_field}",
        *(f"--class={value}" for value in reading.classes), f"--crs={reading.crs}",
        f"--date-field={reading.date_field}",
        *(["--all-classes"] if reading.every_class else []), *(["--confirm"] if reading.confirmed else []),
    )  # fmt: skip


def started(command: Sequence[str], errors: IO[bytes]) -> subprocess.Popen[str]:
    """
    Start `mapcore` in a process of its own, which gives way to those who look at a map.

    Processes cannot be started from within Streamlit's server: each would run the dashboard's script once more.
    """
    here = str(Path(__file__).resolve().parents[3])
    path = os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])
    process = subprocess.Popen(  # noqa: S603, this program with arguments that are one word each
        [sys.executable, "-P", "-m", "mapcore", *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
    )
    with suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, process.pid, os.getpriority(os.PRIO_PROCESS, 0) + _NICE)
    return process


def refusal(process: subprocess.Popen[str], errors: IO[bytes]) -> str:
    """Wait for the end of a process, and return in which sentence it refused, the last of its errors; empty if not."""
    if process.wait() != _REFUSED:
        return ""
    errors.seek(0)
    return errors.read().decode(errors="replace").splitlines()[-1].removeprefix("mapcore: ")
