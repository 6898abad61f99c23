"""The measuring of one archive, beside the dashboard: how far it is, what it left out, and where its table is."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal
from weakref import WeakSet

from mapcore.app.server import server_folder
from mapcore.app.session import archive_process
from mapcore.base import language
from mapcore.base.data_files import user_dir
from mapcore.base.errors import DataFileError, Problem
from mapcore.base.language import tr, trn
from mapcore.base.limits import Limits
from mapcore.base.safe_text import file_name
from mapcore.outside.archive import OpenArchive, Skipped

State = Literal["waiting", "running", "done", "stopped", "failed"]
#: Archives that were uploaded whose measured days are kept, those brought last, for whoever brings one again.
_KEPT: Final = 8
#: Seconds after which a job ends that nobody has open any more; a page that is reloaded is back sooner.
_PATIENCE_S: Final = 60.0
#: Jobs of sessions that have not ended.
_live: Final[WeakSet[Job]] = WeakSet()
#: One archive is measured at a time, on all cores; others wait for their turn.
_turn: Final = threading.Lock()


@dataclass(frozen=True)
class Place:
    """
    Where an archive lies, and what it is called.

    Attributes
    ----------
    days
        Where its measured days are kept, each under a sum of its content, the question and the data version.
    folder
        The folder of an upload, which belongs to one session and goes with it; None for an archive of the server.
    """

    path: Path
    name: str
    days: Path
    folder: Path | None = None

    def forget(self) -> None:
        """Delete an upload."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def keep_upload(content: bytes, name: str) -> Place:
    """
    Write an uploaded archive to a folder of its session's; days of the same bytes that are measured are found again.

    Raises
    ------
    DataFileError
        If there is no room for it.
    """
    try:
        days = server_folder.part("days") / hashlib.sha256(content).hexdigest()[:24]
        days.mkdir(exist_ok=True)
        os.utime(days)
        _drop_old(days)
        folder = Path(tempfile.mkdtemp(dir=server_folder.part("archives")))
        place = Place(folder / "archive" / file_name(name), file_name(name), days, folder)
        try:
            place.path.parent.mkdir()
            place.path.write_bytes(content)
        except OSError:
            place.forget()
            raise
    except OSError as problem:
        raise _no_room(file_name(name), problem) from problem
    return place


def _drop_old(kept: Path) -> None:
    """Drop the measured days of archives that were brought longest ago; never those that a session uses."""
    used = {kept, *(job.place.days for job in list(_live))}
    for old in sorted(kept.parent.iterdir(), key=lambda folder: folder.stat().st_mtime)[:-_KEPT]:
        if old not in used:
            shutil.rmtree(old, ignore_errors=True)


def _no_room(name: str, problem: OSError) -> DataFileError:
    reason = tr("cannot be kept on this server ({reason})").format(reason=problem.strerror or tr("no room"))
    return DataFileError(Problem(name, "", reason, tr("try again later, or tell the operator of the server")))


def stored() -> dict[str, Place]:
    """Return the archives that the keeper of this server put into its data folder, under ``archives``, by name."""
    folder = user_dir() / "archives"
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    return {
        file_name(path.name): Place(path, file_name(path.name), user_dir() / "measured" / file_name(path.name) / "days")
        for path in paths
        if not path.name.startswith(".")
    }


@dataclass(eq=False)
class Job:
    """
    The measuring of an archive, in a process of its own.

    Attributes
    ----------
    out
        The folder of its table, which nobody else uses.
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
    out: Path
    size: int
    command: tuple[str, ...]
    state: State = "waiting"
    finished: int = 0
    kept: int = 0
    day: date | None = None
    skipped: list[Skipped] = field(default_factory=list)
    problem: str = ""
    watched: Callable[[], bool] = lambda: True
    _seen: float = 0.0
    _closed: bool = False
    _process: subprocess.Popen[str] | None = None
    _thread: threading.Thread | None = None
    _stopped: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, place: Place, archive: OpenArchive, *, instead_of: Job | None = None) -> Job:
        """
        Return the job of an archive that was opened from a place, not yet started; another one may end for it.

        Raises
        ------
        DataFileError
            If as many are under way as may be, or there is no room for its table.
        """
        under_way = sum(not job.is_over for job in list(_live) if job is not instead_of)
        if under_way >= Limits.from_environment().archives:
            reason = trn(
                "is not measured now, since {count} archive is being measured or waits here",
                "is not measured now, since {count} archives are being measured or wait here",
                under_way,
            )
            way_out = tr("try again in a few minutes; MAPCORE_LIMIT_ARCHIVES sets the limit")
            raise DataFileError(Problem(place.name, "", reason.format(count=under_way), way_out))
        try:
            out = Path(tempfile.mkdtemp(dir=server_folder.part("tables")))
        except OSError as problem:
            raise _no_room(place.name, problem) from problem
        command = archive_process.command(archive, place.path, out=out, days=place.days)
        job = cls(place, out, len(archive.days), command, skipped=list(archive.skipped))
        _live.add(job)
        return job

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state not in {"waiting", "running"}

    @property
    def parquet(self) -> Path:
        """The table, when it is done."""
        return self.out / "series.parquet"

    @property
    def csv(self) -> Path:
        """The same table as text."""
        return self.out / "series.csv"

    def check(self) -> None:
        """Take note when the table of a job that is done has gone, as when somebody cleared the temporary folder."""
        if self.state == "done" and not (self.parquet.is_file() and self.csv.is_file()):
            self.state = "failed"
            self.problem = tr("its table is no longer on this server; continue to have it written again")

    def start(self) -> None:
        """Measure, or go on: days that are there are kept."""
        self.state, self.problem, self.finished = "waiting", "", 0
        command = [*self.command, f"--lang={language.language()}"]
        # Each start has a stop of its own: what an earlier one still does is not taken for this one's.
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, args=(command, self._stopped), name="archive", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it; what is measured stays."""
        with self._lock:
            self._stopped.set()
            if not self.is_over:
                self.state = "stopped"
            if self._process is not None:
                self._process.terminate()

    def close(self) -> None:
        """End it for good, with its session: its table goes, and its upload."""
        self._closed = True
        self.stop()
        if self._thread is None or not self._thread.is_alive():
            self._clear()

    def _clear(self) -> None:
        shutil.rmtree(self.out, ignore_errors=True)
        self.place.forget()

    def _work(self, command: Sequence[str], stopped: threading.Event) -> None:
        try:
            with _turn:
                self._measure(command, stopped)
        finally:
            if self._closed:
                self._clear()

    def _measure(self, command: Sequence[str], stopped: threading.Event) -> None:
        if not self._become("running", stopped):
            return
        self._seen, refusal = time.monotonic(), ""
        # ValueError is raised for words that no command can have, such as a name with a sign of value 0.
        with (
            suppress(OSError, ValueError),
            tempfile.TemporaryFile() as errors,
            archive_process.started(command, errors) as process,
        ):
            with self._lock:
                self._process = process
                if stopped.is_set():
                    process.terminate()
            for line in process.stdout or ():
                if not stopped.is_set():
                    self._hear(json.loads(line), stopped)
            refusal = archive_process.refusal(process, errors)
        if self.state == "running":
            self._become("failed", stopped, refusal)

    def _become(self, state: State, stopped: threading.Event, problem: str = "") -> bool:
        """Say how far this start is, unless it was stopped."""
        with self._lock:
            if not stopped.is_set():
                self.problem, self.state = problem, state
            return not stopped.is_set()

    def _hear(self, line: dict[str, Any], stopped: threading.Event) -> None:
        """Take note of what the process says, and end it when nobody waits for it any more."""
        if self.watched():
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > _PATIENCE_S:
            self.stop()
        if "done" in line:
            self.skipped = [
                Skipped(entry["date"] and date.fromisoformat(entry["date"]), entry["file"], entry["reason"])
                for entry in line["skipped"]
            ]
            self.kept = line["kept"]
            self._become("done", stopped)
        else:
            self.finished, self.day = line["finished"], date.fromisoformat(line["date"])
            left_out = Skipped(self.day, "", line["reason"]) if line["state"] == "skipped" else None
            if left_out and left_out not in self.skipped:
                self.skipped.append(left_out)
