"""What a process that reads files from outside is asked to do, and how it answers, whatever comes of it."""

from __future__ import annotations

import importlib
import os
import pickle
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from mapcore.base import language
from mapcore.base.errors import MapcoreError
from mapcore.confine.messages import frame, refusal_record

#: Readers by the name that an order calls them: each returns what JSON can say, and bytes.
Jobs = Mapping[str, Callable[..., tuple[dict[str, Any], bytes]]]
#: How a reader's work ended: it answered, was ended at a limit, or broke.
End = Literal["answer", "time", "stuck", "memory", "output", "crash"]
#: Signs of a traceback that are kept for the log, from its end.
_MOST_TRACE: Final = 8000


@dataclass(frozen=True)
class Order:
    """
    What a reader is to do, and what it may take.

    Attributes
    ----------
    seconds
        Of work, not of waiting for the processor.
    memory_mb, answer_mb, disk_mb
        Memory beside that of the stem, size of the answer, size of each file that it writes.
    folder
        In which relative paths are found.
    """

    job: str
    arguments: Mapping[str, Any]
    language: str
    seconds: float
    memory_mb: float
    answer_mb: float
    disk_mb: float
    nice: int
    folder: str


def done(order: Order, jobs: Jobs) -> bytes:
    """Return the answer to an order: what was read, a refusal, or what broke."""
    content = b""
    language.use(order.language)
    try:
        record, content = jobs[order.job](**order.arguments)
        record = {"answer": record}
    except MapcoreError as problem:
        record = {"refused": refusal_record(problem)}
    except MemoryError:
        record = {"broke": "memory"}
    except OSError as problem:
        record = {"broke": "disk", "reason": problem.strerror or type(problem).__name__, "trace": _trace()}
    except BaseException as problem:  # noqa: BLE001, whatever a library raises ends here, as a refusal
        record = {"broke": "library", "reason": type(problem).__name__, "trace": _trace()}
    return frame(record, content)


def _trace() -> str:
    return traceback.format_exc()[-_MOST_TRACE:]


def main() -> None:
    """Do the order on the input and write the answer to the output, with the module that the argument names."""
    order: Order = pickle.load(sys.stdin.buffer)  # noqa: S301, from the one who started this process
    answers = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with os.fdopen(answers, "wb") as output:
        output.write(done(order, importlib.import_module(sys.argv[1]).JOBS))
