"""How far a long verb is, line while it works: to a person on a terminal, or to a program in lines of JSON."""

from __future__ import annotations

import json
import os
import select
import sys
import threading
from contextlib import suppress

from mapcore.analysis.series import Step
from mapcore.confine.stem import WATCH


def tell_on_terminal(step: Step) -> None:
    """Write how many days are finished over the last such line of stderr, where that is a terminal."""
    if sys.stderr.isatty():
        print(
            f"\r{step.finished}/{step.size} {step.date} {step.state:8}",
            end="\n" if step.finished == step.size else "",
            file=sys.stderr,
            flush=True,
        )


def tell_in_json(step: Step) -> None:
    """Write a finished day as a line of JSON to stdout."""
    line = {"finished": step.finished, "size": step.size, "date": step.date.isoformat()}
    print(json.dumps({**line, "state": step.state, "reason": step.reason}), flush=True)


def end_with_reader() -> None:
    """End this process as soon as whoever reads its stdout is gone; only POSIX can tell before the next line."""
    with suppress(AttributeError, OSError):
        reader = select.poll()
        reader.register(sys.stdout.fileno(), 0)
        threading.Thread(target=lambda: (reader.poll(), os._exit(1)), name=WATCH, daemon=True).start()
