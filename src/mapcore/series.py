"""Every day of an archive to one table, in parallel, on one machine or several, going on where it was interrupted."""

from __future__ import annotations

import csv
import hashlib
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from mapcore.archive import COLUMNS, MAX_DAY_BYTES, Reader, measure_day, read_held
from mapcore.errors import DataFileError, MapcoreError, Problem
from mapcore.sources import data_version

State = Literal["done", "kept", "skipped"]
Progress = Callable[[int, int, date, State], None]
#: What a day comes from: a file, or a function that returns the land held by Russia, in any CRS.
Source = Path | Callable[[], gpd.GeoSeries]

_TYPES = [pa.date32(), *4 * [pa.string()], pa.float64()]
_SCHEMA = pa.schema(list(zip(COLUMNS, _TYPES, strict=True)))
#: Raise when the same file would give other rows: what was kept is then computed anew.
_FORMAT = b"1"


@dataclass(frozen=True)
class Skipped:
    """A day that could not be read, and why."""

    date: date
    name: str
    reason: str


@dataclass(frozen=True)
class Series:
    """
    What `series` wrote.

    Attributes
    ----------
    parquet, csv
        The table: `date`, `proposal`, `oblast`, `held_by`, `status`, `area_km2` (geodesic), one row per non-empty zone,
        ordered by date, proposal (as listed) and zone. For each date and proposal the rows tile the country.
    done, kept
        Days measured in this run, and days found measured from an earlier one.
    skipped
        Days that could not be read; also in `skipped.csv` beside the table.
    """

    parquet: Path
    csv: Path
    done: int
    kept: int
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True)
class _Task:
    day: date
    name: str
    content: bytes | gpd.GeoSeries
    part: Path


def series(
    days: Iterable[tuple[date, Source]],
    out: Path | str,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    read: Reader = read_held,
) -> Series:
    """
    Measure every day of an archive and write one table, as `series.parquet` and `series.csv` in `out`.

    A measured day is kept in `out/days` under a sum of its content and the data version, so that a run that was
    interrupted goes on where it ended, and a file or data that changed are measured anew. Few days are in flight at a
    time: memory does not grow with the archive.

    Parameters
    ----------
    workers
        Number of processes; as many as there are cores when left out. With 1, all is done in this process.
    scheduler
        Address of a Dask scheduler, such as ``tcp://10.0.0.1:8786``, instead of processes here.
    progress
        Called after each day with the days finished, the days in all, the day, and "done", "kept" or "skipped".
    read
        Reads a file; a function of a module, since it is sent to the processes.

    Raises
    ------
    DataFileError
        If there is no day, no day can be read, `out` cannot be written, or a process died.
    """
    listed = sorted(days, key=lambda pair: pair[0])
    folder = Path(out)
    try:
        (folder / "days").mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        reason = f"cannot be written ({problem.strerror})"
        raise DataFileError(Problem(str(out), "", reason, "choose another folder")) from problem
    with _executor(workers, scheduler) as (executor, in_flight):
        run = _Run(folder, len(listed), progress, executor, read)
        for day, source in listed:
            run.start(day, source)
            while len(run.running) >= in_flight:
                run.collect()
        while run.running:
            run.collect()
    return run.write()


class _Run:
    """The state of one run: what is in flight, what is finished, what was skipped."""

    def __init__(self, folder: Path, size: int, progress: Progress | None, executor: Executor, read: Reader) -> None:
        self.folder, self.size, self.progress, self.executor, self.read = folder, size, progress, executor, read
        self.running: dict[Future[pd.DataFrame], _Task] = {}
        self.parts: dict[date, Path] = {}
        self.kept = 0
        self.skipped: list[Skipped] = []

    def start(self, day: date, source: Source) -> None:
        """Hand a day on, unless it is there already or cannot be read."""
        task = _prepared(day, source, self.folder)
        if isinstance(task, Skipped):
            self._skip(task)
        elif task.part.is_file():
            self.kept += 1
            self._keep(task, "kept")
        else:
            self.running[self.executor.submit(measure_day, day, task.name, task.content, self.read)] = task

    def collect(self) -> None:
        """Wait for the next days to end, and write them."""
        for future in wait(self.running, return_when=FIRST_COMPLETED).done:
            task = self.running.pop(future)
            try:
                _write_part(future.result(), task.part)
            except (MapcoreError, shapely.errors.GEOSException) as problem:
                self._skip(Skipped(task.day, task.name, " ".join(str(problem).split())))
            except BrokenProcessPool as problem:
                message = f"{task.name}: a process died on it or beside it; run again to go on, with fewer workers"
                raise DataFileError(message) from problem
            else:
                self._keep(task, "done")

    def _keep(self, task: _Task, state: State) -> None:
        self.parts[task.day] = task.part
        self._tell(task.day, state)

    def _skip(self, skipped: Skipped) -> None:
        self.skipped.append(skipped)
        self._tell(skipped.date, "skipped")

    def _tell(self, day: date, state: State) -> None:
        if self.progress is not None:
            self.progress(len(self.parts) + len(self.skipped), self.size, day, state)

    def write(self) -> Series:
        """Join the parts, one at a time, and list what was skipped."""
        skipped = sorted(self.skipped, key=lambda one: one.date)
        with (self.folder / "skipped.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([["date", "file", "reason"], *([one.date, one.name, one.reason] for one in skipped)])
        if not self.parts:
            first = f"; the first: {skipped[0].reason}" if skipped else ""
            raise DataFileError(f"{self.folder}: none of {self.size} days could be measured{first}")
        found = self.folder / "series.parquet", self.folder / "series.csv"
        _join([self.parts[day] for day in sorted(self.parts)], *found)
        return Series(*found, len(self.parts) - self.kept, self.kept, tuple(skipped))


class _Here(Executor):
    """Does the work at once, in this process."""

    def submit(self, work, /, *arguments, **named):  # type: ignore[no-untyped-def]
        """Return a future that is done."""
        future: Future[object] = Future()
        try:
            future.set_result(work(*arguments, **named))
        except Exception as problem:  # noqa: BLE001, handed on to whoever asks for the result
            future.set_exception(problem)
        return future


@contextmanager
def _executor(workers: int | None, scheduler: str | None) -> Iterator[tuple[Executor, int]]:
    """Yield who does the work, and how many days may be in flight."""
    if scheduler is not None:
        with _dask(scheduler) as (executor, size):
            yield executor, size
        return
    count = workers if workers is not None else os.cpu_count() or 1
    if count <= 1:
        yield _Here(), 1
        return
    executor = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))
    try:
        yield executor, 2 * count
    finally:
        executor.shutdown(cancel_futures=True)


@contextmanager
def _dask(scheduler: str) -> Iterator[tuple[Executor, int]]:
    try:
        from distributed import Client  # noqa: PLC0415, an optional extra
    except ImportError as problem:
        raise DataFileError("--scheduler needs Dask; install it with: pip install 'mapcore[cluster]'") from problem
    try:
        client = Client(scheduler, timeout="5s", set_as_default=False)
    except (OSError, ValueError) as problem:
        raise DataFileError(
            f"no Dask scheduler answers at {scheduler}; check the address and that it runs"
        ) from problem
    with client:
        yield client.get_executor(), 2 * max(1, sum(client.nthreads().values()))


def _prepared(day: date, source: Source, folder: Path) -> _Task | Skipped:
    """Load a day's content and name its part after it."""
    name = source.name if isinstance(source, Path) else day.isoformat()
    try:
        if isinstance(source, Path):
            if source.stat().st_size > MAX_DAY_BYTES:
                return Skipped(day, name, f"is larger than {MAX_DAY_BYTES // 1_000_000} MB")
            content: bytes | gpd.GeoSeries = source.read_bytes()
            raw = content
        else:
            content = source()
            raw = str(content.crs).encode() + b"".join(shapely.to_wkb(content.to_numpy()))
    except (OSError, MapcoreError) as problem:
        return Skipped(day, name, f"cannot be read ({getattr(problem, 'strerror', None) or problem})")
    key = hashlib.sha256(_FORMAT + data_version().encode() + b"\0" + bytes(raw)).hexdigest()[:16]
    return _Task(day, name, content, folder / "days" / f"{day:%Y%m%d}-{key}.parquet")


def _write_part(rows: pd.DataFrame, path: Path) -> None:
    """Write one day; a file of this name is always whole."""
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    pq.write_table(pa.Table.from_pandas(rows, schema=_SCHEMA, preserve_index=False), unfinished)
    unfinished.replace(path)


def _join(parts: list[Path], parquet: Path, table: Path) -> None:
    with pq.ParquetWriter(parquet, _SCHEMA) as writer, table.open("w", encoding="utf-8", newline="") as file:
        for index, part in enumerate(parts):
            rows = pq.read_table(part, schema=_SCHEMA)
            writer.write_table(rows)
            rows.to_pandas().to_csv(file, header=index == 0, index=False, lineterminator="\n")


def read_series(path: Path | str) -> pd.DataFrame:
    """Read the table that `series` wrote, from its Parquet file."""
    table: pd.DataFrame = pq.read_table(path, schema=_SCHEMA).to_pandas()
    return table
