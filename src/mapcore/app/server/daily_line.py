"""
The newest line of the operator's archive, fetched beside the server: `MAPCORE_LINE_ARCHIVE`, `MAPCORE_LINE_TERMS`.

The server's entry file imports this module, so it imports no part of the dashboard (security.py says why).
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from mapcore.app.server import start
from mapcore.base.today import today
from mapcore.lines import operators_line

if TYPE_CHECKING:
    from mapcore.land.contact_line import Control

#: Seconds after the start until the first look, when a first visitor has their page; between two questions whether
#: another look is due; and after one that failed for a reason of this machine's.
_BREATH_S: Final = 6.0
_PAUSE_S: Final = 300.0
_AFTER_FAILURE_S: Final = 3600.0
_LOG: Final = logging.getLogger(__name__)


@start.as_set()
def at_start() -> None:
    """Check what the operator set; an archive that is unknown, or whose terms are not accepted, ends the start."""
    today()
    if operators_line.archive_id():
        from mapcore.outside.daily_line import configured  # noqa: PLC0415, too much for most servers' start

        configured()


@contextmanager
def fetching() -> Iterator[None]:
    """Look at the archive once a day while the server runs, in a thread that nobody waits for."""
    if not operators_line.archive_id():
        yield
        return
    over = threading.Event()
    thread = threading.Thread(target=_keep_current, args=(over,), name="line", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()


def _keep_current(over: threading.Event) -> None:
    pause = _BREATH_S
    while not over.wait(pause):
        try:
            look()
            pause = _PAUSE_S
        except Exception:  # noqa: BLE001  # logged with its traceback; what serves goes on
            _LOG.exception("The newest line could not be looked for")
            pause = _AFTER_FAILURE_S


def look() -> None:
    """Look at the operator's archive if that is due, and take up its newest line."""
    from mapcore.outside.daily_line import configured, refresh  # noqa: PLC0415, as above

    archive = configured(os.environ)
    if archive is not None:
        refresh(archive, warm=_measure)


def _measure(line: Control) -> None:
    """Measure each shipped proposal on a line that is about to serve, so that no visitor waits for it."""
    from mapcore.measurement.areas import measure_proposal  # noqa: PLC0415, as above
    from mapcore.proposals.shipped import load_proposals  # noqa: PLC0415, as above

    for proposal in load_proposals():
        measure_proposal(proposal, control=line)
