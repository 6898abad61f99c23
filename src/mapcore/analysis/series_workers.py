"""Who measures the days of an archive: this process, processes beside it, or a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from mapcore.analysis.series_day import Job, measure_day
from mapcore.base.errors import DataFileError
from mapcore.base.extras import needs
from mapcore.base.language import tr
from mapcore.confine.stem import WATCH, has_one_thread
from mapcore.lines.upload import Upload
from mapcore.outside import reading_jobs
from mapcore.outside.confined_lines import READERS

#: Days from which on it takes less time to work out once what each reader of a day needs.
_MANY: Final = 4


@dataclass(frozen=True)
class Crew:
    """
    Those who measure.

    Attributes
    ----------
    measure
        Takes a day and its file; returns what its rows will be.
    in_flight
        Days that may be handed on before the first is back.
    """

    measure: Callable[[date, Upload], Future[pd.DataFrame]]
    in_flight: int


@contextmanager
def crew(job: Job, *, days: int, workers: int | None, scheduler: str | None) -> Iterator[Crew]:
    """
    Gather who does a job: a Dask cluster where a scheduler is named, else `workers` processes, or as many as cores.

    There are no more processes than `days`; one alone is this process.

    Raises
    ------
    MissingPackageError
        If Dask is named and not installed.
    DataFileError
        If no scheduler answers.
    """
    count = min(days, workers if workers is not None else os.cpu_count() or 1)
    if scheduler is not None:
        with _cluster(job, scheduler) as hands:
            yield hands
    elif count <= 1:
        yield Crew(lambda day, upload: _at_once(job, day, upload), 1)
    else:
        with _processes(job, count, days=days) as hands:
            yield hands


def _at_once(job: Job, day: date, upload: Upload) -> Future[pd.DataFrame]:
    """Measure in this process; a refusal waits in the result like those of others."""
    future: Future[pd.DataFrame] = Future()
    try:
        future.set_result(measure_day(job, day, upload))
    except Exception as problem:  # noqa: BLE001, handed on to whoever asks for the result
        future.set_exception(problem)
    return future


@contextmanager
def _processes(job: Job, count: int, *, days: int) -> Iterator[Crew]:
    """
    Start processes that measure: forked from this one where it is a command's own, of which one thread works.

    Elsewhere each is a new Python, which takes a second or more to load what it needs.
    """
    forked = READERS.from_here and READERS.forks and has_one_thread()
    if forked:
        reading_jobs.prepare()
        if days >= _MANY:
            reading_jobs.warm()
        job.measured()
    context = multiprocessing.get_context("fork" if forked else "spawn")
    executor = ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=(job,))
    try:
        yield Crew(lambda day, upload: executor.submit(_go_on, day, upload), 2 * count)
    finally:
        executor.shutdown(cancel_futures=True)


_given: list[Job] = []


def _begin(job: Job) -> None:
    """
    Begin as a process that measures: it leaves interruptions to its parent, and does not outlive it.

    Its readers are forked from it, so that no further Python has to load what they need: now, while it has one thread.
    """
    _given[:] = [job]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    READERS.from_here = True
    READERS.begin()
    threading.Thread(target=_end_with_parent, name=WATCH, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _go_on(day: date, upload: Upload) -> pd.DataFrame:
    return measure_day(_given[0], day, upload)


@contextmanager
def _cluster(job: Job, scheduler: str) -> Iterator[Crew]:
    with needs("cluster"):
        from distributed import Client  # noqa: PLC0415
    try:
        client = Client(scheduler, timeout="5s", set_as_default=False)
    except (OSError, ValueError) as problem:
        raise DataFileError(
            tr("no Dask scheduler answers at {address}; check the address and that it runs").format(address=scheduler)
        ) from problem
    with client:
        executor = client.get_executor()
        size = 2 * max(1, sum(client.nthreads().values()))
        yield Crew(lambda day, upload: executor.submit(measure_day, job, day, upload), size)
