"""
A process of its own for a piece of a test, without the seconds that a new interpreter takes to import what all need.

It is forked from a process that has imported the libraries and nothing else has happened in: what a test did before, it
does not see.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import runpy
import sys
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Event
from types import ModuleType
from typing import Any, BinaryIO

_FORKED = multiprocessing.get_context("forkserver")
#: What nearly each piece needs, and of the package itself nothing; nor what speaks to Streamlit's server at its import.
_FORKED.set_forkserver_preload([
    "geopandas", "pyogrio", "pandas", "numpy", "shapely", "matplotlib.backends.backend_agg", "folium", "openpyxl",
    "streamlit.web.cli", "streamlit.web.bootstrap", "uvicorn", "brotli",
])  # fmt: skip


@dataclass(frozen=True)
class Ended:
    """How a process ended and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


def run(
    work: Callable[..., object],
    *arguments: Any,
    cwd: Path | None = None,
    seconds: float = 300,
    watch: Callable[[int, Event], object] = lambda *_: None,
    **environment: str,
) -> Ended:
    """
    Call a function of a module that can be imported; what it returns is the code that the process ends with.

    `watch` is called beside it, with the number of the process and what is set when that has ended.
    """
    pipes = [_FORKED.Pipe(duplex=False) for _ in range(2)]
    theirs = [writing for _, writing in pipes]
    around = cwd or Path.cwd(), dict(os.environ | environment)
    process = _FORKED.Process(target=_call, args=(work, arguments, *around, *theirs))
    with _no_main():
        process.start()
    for writing in theirs:
        writing.close()
    is_over = Event()
    with ThreadPoolExecutor(3) as beside:
        told = beside.map(_whole, [reading for reading, _ in pipes])
        watched = beside.submit(watch, process.pid or 0, is_over)
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            process.join()
        is_over.set()
        watched.result()
        ended = Ended(process.exitcode or 0, *told)
    process.close()
    return ended


def start(work: Callable[..., object], *arguments: Any, log: Path, cwd: Path, **environment: str) -> BaseProcess:
    """Begin a function of a module that can be imported, whose process the caller ends; what it prints is in a file."""
    process = _FORKED.Process(target=_logged, args=(work, arguments, cwd, dict(os.environ | environment), log))
    with _no_main():
        process.start()
    return process


@contextmanager
def _no_main() -> Iterator[None]:
    """
    Begin a process without this one's main module.

    A test that runs the dashboard's script leaves that as the main module, and multiprocessing would import it first in
    the new process: before a server knows its settings.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _logged(
    work: Callable[..., object], arguments: tuple[Any, ...], cwd: Path, environment: dict[str, str], log: Path
) -> None:
    with log.open("wb") as out, log.open("ab") as err:
        try:
            _call(work, arguments, cwd, environment, out, err)
        finally:
            # A process of multiprocessing ends without what was registered for its end.
            atexit._run_exitfuncs()


def _whole(reading: Connection) -> str:
    with reading, open(reading.fileno(), "rb", closefd=False) as file:
        return file.read().decode()


def _call(
    work: Callable[..., object],
    arguments: tuple[Any, ...],
    cwd: Path,
    environment: dict[str, str],
    out: Connection | BinaryIO,
    err: Connection | BinaryIO,
) -> None:
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    for number, writing in ((1, out), (2, err)):
        os.dup2(writing.fileno(), number)
        writing.close()
    sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))  # noqa: SIM115
    sys.exit(work(*arguments))


def module(name: str, *arguments: str) -> None:
    """Run a module as ``python -m`` does."""
    sys.argv = [name, *arguments]
    runpy.run_module(name, run_name="__main__", alter_sys=True)


def script(path: str) -> None:
    """Run a file as ``python -W error`` would, with its folder first on the path."""
    warnings.resetwarnings()
    warnings.simplefilter("error")
    whole = Path(path).resolve()
    sys.path.insert(0, str(whole.parent))
    sys.argv = [path]
    # Whole, since a process that this one starts looks for it elsewhere.
    runpy.run_path(str(whole), run_name="__main__")
