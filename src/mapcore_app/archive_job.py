"""The measuring of one archive, beside the dashboard: how far it is, what it left out, and where its table is."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from mapcore import language
from mapcore.archive import OpenArchive, Skipped
from mapcore.sources import user_dir
from mapcore.texts import file_name

State = Literal["waiting", "running", "done", "stopped", "failed"]
#: Archives that were uploaded whose files and measured days are kept, those used last, for whoever brings one again.
_KEPT: Final = 8
#: Seconds after which a job ends that nobody has open any more; a page that is reloaded is back sooner.
_PATIENCE_S: Final = 60.0
#: One archive is measured at a time, on all cores; others wait for their turn.
_turn: Final = threading.Lock()


@dataclass(frozen=True)
class Place:
    """Where an archive lies, what it is called, and where its measured days are kept."""

    path: Path
    name: str
    out: Path


@cache
def _folder() -> Path:
    """Return the folder of uploaded archives, which goes with the server."""
    kept = tempfile.TemporaryDirectory(prefix="mapcore-archives-", ignore_cleanup_errors=True)
    _folders.append(kept)
    return Path(kept.name)


_folders: Final[list[tempfile.TemporaryDirectory[str]]] = []


def keep_upload(content: bytes, name: str) -> Place:
    """Write an uploaded archive to the server's own folder; the same bytes are one archive, with its measured days."""
    folder = _folder() / hashlib.sha256(content).hexdigest()[:24]
    (folder / "archive").mkdir(parents=True, exist_ok=True)
    path = folder / "archive" / file_name(name)
    if not path.is_file():
        unfinished = folder / f"{threading.get_ident()}.part"
        unfinished.write_bytes(content)
        unfinished.replace(path)
    os.utime(folder)
    for old in sorted(_folder().iterdir(), key=lambda one: one.stat().st_mtime)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return Place(path, file_name(name), folder)


def stored() -> dict[str, Place]:
    """Return the archives that the keeper of this server put into its data folder, under ``archives``, by name."""
    folder = user_dir() / "archives"
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return {
        file_name(one.name): Place(one, file_name(one.name), user_dir() / "measured" / file_name(one.name))
        for one in found
        if not one.name.startswith(".")
    }


@dataclass(eq=False)
class Job:
    """
    The measuring of an archive, in a process of its own.

    Attributes
    ----------
    finished, size
        Days that are finished, measured or left out, and days in all.
    kept
        Days that were found measured; known when all is done.
    skipped
        What was left out so far.
    problem
        Why it failed; empty otherwise.
    watched
        Says whether its viewer still has the dashboard open: others wait for their turn.
    """

    place: Place
    archive_name: str
    size: int
    order: dict[str, Any]
    state: State = "waiting"
    finished: int = 0
    kept: int = 0
    day: date | None = None
    skipped: list[Skipped] = field(default_factory=list)
    problem: str = ""
    watched: Callable[[], bool] = lambda: True
    _seen: float = 0.0
    _process: subprocess.Popen[str] | None = None
    _thread: threading.Thread | None = None

    @classmethod
    def of(cls, place: Place, archive: OpenArchive) -> Job:
        """Return the job of an archive that was opened from a place, not yet started."""
        order = {
            "path": str(place.path),
            "name": place.name,
            "out": str(place.out),
            "origin": asdict(archive.origin),
            "reading": asdict(archive.reading),
        }
        return cls(place, archive.name, len(archive.days), order, skipped=list(archive.skipped))

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state not in {"waiting", "running"}

    @property
    def parquet(self) -> Path:
        """The table, when it is done."""
        return self.place.out / "series.parquet"

    @property
    def csv(self) -> Path:
        """The same table as text."""
        return self.place.out / "series.csv"

    def start(self) -> None:
        """Measure, or go on: days that are there are kept."""
        self.state, self.problem, self.finished = "waiting", "", 0
        self.order["language"] = language.language()
        self._thread = threading.Thread(target=self._work, name="archive", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it; what is measured stays."""
        if not self.is_over:
            self.state = "stopped"
        if self._process is not None:
            self._process.terminate()

    def _work(self) -> None:
        with _turn:
            if self.state != "waiting":
                return
            self.state, self._seen = "running", time.monotonic()
            with suppress(OSError), _started() as process:
                self._process = process
                self._listen(process)
        if self.state == "running":
            self.state = "failed"

    def _listen(self, process: subprocess.Popen[str]) -> None:
        if process.stdin and process.stdout:
            process.stdin.write(json.dumps(self.order) + "\n")
            process.stdin.flush()
            for line in process.stdout:
                self._hear(json.loads(line))

    def _hear(self, told: dict[str, Any]) -> None:
        """Take note of what the process says, and end it when nobody waits for it any more."""
        if self.watched():
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > _PATIENCE_S:
            self.stop()
        if "refused" in told:
            self.state, self.problem = "failed", told["refused"]
        elif "done" in told:
            self.skipped = [Skipped(day and date.fromisoformat(day), *rest) for day, *rest in told["skipped"]]
            self.kept, self.state = told["kept"], "done"
        else:
            self.finished, self.day = told["finished"], date.fromisoformat(told["day"])
            if told["state"] == "skipped":
                self.skipped.append(Skipped(self.day, "", told["reason"]))


def _started() -> subprocess.Popen[str]:
    here = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(
        [sys.executable, "-m", "mapcore_app.archive_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path},
    )
