"""Every day of an archive to one table, in parallel, on one machine or several, going on where it was interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import pandas as pd
import shapely

from mapcore.analysis.series_day import Job
from mapcore.analysis.series_table import Parts
from mapcore.analysis.series_workers import Crew, crew
from mapcore.base.errors import DataFileError, MapcoreError
from mapcore.base.language import tr
from mapcore.base.sources import data_version, load_sources
from mapcore.lines.upload import Upload
from mapcore.outside.archive import OpenArchive, Skipped
from mapcore.proposals.shipped import Proposal

State = Literal["done", "kept", "skipped"]


@dataclass(frozen=True, eq=False)
class Step:
    """
    One day that is finished.

    Attributes
    ----------
    finished, size
        Days finished, this one among them, and days in all.
    date, state
        The day, and whether it was measured ("done"), found measured from an earlier run ("kept"), or left out
        ("skipped").
    reason
        Why it was left out; empty otherwise.
    rows
        Its rows of the table, with the columns of `Series.parquet`; None where it was kept or left out.
    """

    finished: int
    size: int
    date: date
    state: State
    reason: str = ""
    rows: pd.DataFrame | None = None


@dataclass(frozen=True)
class Series:
    """
    What `run` wrote.

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


def measure_days(
    archive: OpenArchive,
    *,
    proposals: Sequence[Proposal] | None = None,
    days: Sequence[date] | None = None,
    workers: int | None = 1,
    scheduler: str | None = None,
) -> Iterator[Step]:
    """
    Measure days of an archive one after another, and write nothing: for a page that shows how far it is.

    Each step has its rows; `pandas.concat` of all of them, in the order of their dates, is the table. Whoever stops
    half way goes on with `days` that are still missing.

    Parameters
    ----------
    proposals
        All when left out; with ``[load_proposal("line-as-is")]`` the table says who holds what.
    days
        Some of `archive.days`, such as every seventh; all when left out.
    workers, scheduler
        As in `run`; with one worker all is done in this process, one day at a time as steps are asked for.

    Raises
    ------
    UnknownIdError
        If the archive has no such day.
    DataFileError
        If a process died, or no scheduler answers.
    """
    job = Job(archive.reading, archive.limits, None if proposals is None else tuple(proposals))
    chosen = archive.days if days is None else tuple(days)
    with crew(job, days=len(chosen), workers=workers, scheduler=scheduler) as hands:
        yield from _Days(archive, chosen, hands).steps()


def run(
    archive: OpenArchive,
    out: Path | str,
    *,
    proposals: Sequence[Proposal] | None = None,
    days: Sequence[date] | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    kept: Path | str | None = None,
    on_day: Callable[[Step], None] | None = None,
) -> Series:
    """
    Measure every day of an archive and write one table, as `series.parquet` and `series.csv` in `out`.

    Both say whose lines they measure and under which licence: the first in its schema, the second in lines before the
    header that start with ``#``.

    A measured day is kept in `out/days` under a sum of its content, the question, the limits and the data version, so
    that a run that was interrupted goes on where it ended, and a file or data that changed are measured anew. Few days
    are in flight at a time: memory does not grow with the archive. Each file is written whole and then given its name.

    Parameters
    ----------
    proposals, days
        As in `measure_days`.
    workers
        Number of processes; as many as there are cores when left out. With 1, all is done in this process.
    scheduler
        Address of a Dask scheduler, such as ``tcp://10.0.0.1:8786``, instead of processes here.
    kept
        Folder in which measured days are kept instead of `out/days`; several runs may share it.
    on_day
        Called after each day.

    Raises
    ------
    DataFileError
        If no day can be read, `out` cannot be written, or a process died.
    UnknownIdError
        If the archive has no such day.
    """
    job = Job(archive.reading, archive.limits, None if proposals is None else tuple(proposals))
    parts = Parts(Path(out), Path(kept) if kept else Path(out) / "days", job)
    chosen = archive.days if days is None else tuple(days)
    count = {"done": 0, "kept": 0, "skipped": 0}
    skipped = list(archive.skipped)
    with crew(job, days=len(chosen), workers=workers, scheduler=scheduler) as hands:
        for step in _Days(archive, chosen, hands, parts).steps():
            count[step.state] += 1
            if step.state == "skipped":
                skipped.append(Skipped(step.date, archive.file_name(step.date), step.reason))
            if on_day is not None:
                on_day(step)
    skipped.sort(key=lambda entry: entry.date or date.min)
    written = parts.write(skipped, size=len(chosen), facts=_facts(archive))
    return Series(*written, count["done"], count["kept"], tuple(skipped))


def _facts(archive: OpenArchive) -> dict[str, str]:
    """Return what the table says of itself: whose lines it measures, on whose boundaries, under which licence."""
    provenance = archive.provenance
    boundaries = [source for source in load_sources() if source.path == "oblasts.geojson"]
    return {
        "title": "Land by date, proposal, oblast, present holder and status",
        "line_source": provenance.source or "not stated",
        "line_licence": provenance.licence or "not stated",
        "line_error_km": f"{provenance.error_km:g}",
        "attribution": ". ".join(
            [*filter(None, [provenance.attribution]), *(source.attribution for source in boundaries)]
        ),
        "data_version": data_version(),
    }


class _Days:
    """Hands days on to those who measure them, few at a time, and tells of each as it ends."""

    def __init__(self, archive: OpenArchive, days: Sequence[date], hands: Crew, parts: Parts | None = None) -> None:
        self.archive, self.days, self.hands, self.parts = archive, sorted(days), hands, parts
        self.running: dict[Future[pd.DataFrame], date] = {}
        self.finished = 0

    def steps(self) -> Iterator[Step]:
        for day in self.days:
            yield from self._start(day)
            while len(self.running) >= self.hands.in_flight:
                yield from self._collect()
        while self.running:
            yield from self._collect()

    def _start(self, day: date) -> Iterator[Step]:
        """Hand a day on, unless it is there already or cannot be read."""
        try:
            content = self.archive.content(day)
        except DataFileError as problem:
            yield self._skip(day, problem)
            return
        if self.parts is not None and self.parts.has(day, content):
            yield self._step(day, "kept")
        else:
            upload = Upload(self.archive.file_name(day), content)
            self.running[self.hands.measure(day, upload)] = day

    def _collect(self) -> Iterator[Step]:
        """Wait for the next days to end."""
        for future in wait(self.running, return_when=FIRST_COMPLETED).done:
            day = self.running.pop(future)
            try:
                rows = future.result()
            except (MapcoreError, shapely.errors.GEOSException) as problem:
                yield self._skip(day, problem)
            except BrokenProcessPool as problem:
                sentence = tr(
                    "{file}: the process that read it, or one beside it, died; run again with fewer workers to continue"
                )
                raise DataFileError(sentence.format(file=self.archive.file_name(day))) from problem
            else:
                if self.parts is not None:
                    self.parts.keep(day, rows)
                yield self._step(day, "done", rows=rows)

    def _skip(self, day: date, problem: Exception) -> Step:
        if self.parts is not None:
            self.parts.drop(day)
        return self._step(day, "skipped", reason=" ".join(str(problem).split()))

    def _step(self, day: date, state: State, *, reason: str = "", rows: pd.DataFrame | None = None) -> Step:
        self.finished += 1
        return Step(self.finished, len(self.days), day, state, reason, rows)
