"""Who asks for files to be read: the session whose script runs, for as long as its browser is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from mapcore.confine.turns import Asker

#: How far the reading of files gives way to the pages.
_NICE: Final = 5


def watcher() -> Callable[[], bool]:
    """Return what says whether the browser of this session is still there."""
    session = _session()
    return lambda: not runtime.exists() or runtime.get_instance().is_active_session(session)


def asker() -> Asker:
    """Return this session as one that asks for files to be read."""
    return Asker(_session(), watcher(), _NICE)


def _session() -> str:
    context = get_script_run_ctx()
    return context.session_id if context else ""
