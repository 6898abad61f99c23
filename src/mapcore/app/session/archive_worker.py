"""
Measures an archive in a process of its own, beside the dashboard: started by `archive_job`, which tells it what to do.

Processes cannot be started from within Streamlit's server: each would run the dashboard's script once more. It takes
one line of JSON, and writes one for each day and one at the end. It ends when its input does, so that none stays.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from mapcore.analysis.series import Step, run
from mapcore.base import language
from mapcore.base.errors import MapcoreError
from mapcore.land.provenance import Provenance
from mapcore.lines.importing import Reading
from mapcore.outside.confined_archive import open_archive


def main() -> None:
    """Do what the first line of the input asks for."""
    order = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_input, daemon=True).start()
    with suppress(AttributeError, OSError):
        os.nice(10)  # those who look at a map come first
    language.use(order["language"])
    try:
        _measure(order)
    except MapcoreError as problem:
        _tell({"refused": " ".join(str(problem).split())})


def _measure(order: Mapping[str, Any]) -> None:
    reading = Reading(**{**order["reading"], "classes": tuple(order["reading"]["classes"])})
    archive = open_archive(order["path"], provenance=Provenance(**order["provenance"]), reading=reading)
    done = run(archive, order["out"], kept=order["days"], on_day=_tell_of_day)
    skipped = [[one.date and one.date.isoformat(), one.name, one.reason] for one in done.skipped]
    _tell({"done": done.done, "kept": done.kept, "skipped": skipped})


def _tell_of_day(step: Step) -> None:
    told = {"finished": step.finished, "size": step.size, "day": step.date.isoformat(), "state": step.state}
    _tell({**told, "reason": step.reason})


def _tell(what: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main()
