"""
The first run of a page that is opened over its first answer: it draws the first screen and no more.

What lies below it is a fifth of a browser's work until the map is there. So the header's script asks for it once the
first answer has given way, or before where that must wait for all of the page; the run that follows draws all.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from mapcore.app.server import map_files, page_modules
from mapcore.app.session import resumed
from mapcore.app.session.callbacks import callback


def begin(page: str) -> None:
    """Settle how much this run draws, for a page by its key in links."""
    is_first = "held_back" not in st.session_state
    st.session_state["held_back"] = is_first and page in page_modules.FIRST_SCREENS and _is_opened()


def holds_back() -> bool:
    """Whether this run leaves out what lies below the first screen."""
    return bool(st.session_state.get("held_back"))


@callback
def complete() -> None:
    """Note that the page itself asks for the rest: nobody has done anything since the first run."""
    st.session_state["completed"] = True


def takes_completion() -> bool:
    """Whether this run is the one that the page asked for; it is so once."""
    return bool(st.session_state.pop("completed", False))


def _is_opened() -> bool:
    """Whether a browser opens the page; one that comes back, to a server that does not know it, shows all already."""
    context = get_script_run_ctx()
    return bool(
        map_files.is_serving()
        and context
        and not st.context.is_embedded
        and not resumed.is_behind()
        and not context.cached_message_hashes
        and not context.session_state.get_widget_states()
    )
