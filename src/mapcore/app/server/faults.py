"""
The net at the edge of the dashboard: a failure that is no refusal is logged and told in a sentence; the page goes on.

The server's entry file imports this module, so it imports no part of the dashboard (see `security`).
"""

from __future__ import annotations

import html
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from mapcore.base.errors import MapcoreError
from mapcore.base.language import tr

_LOG = logging.getLogger(__name__)


def _sentence() -> str:
    return tr(
        "Part of this page could not be shown: the program failed, and the failure was logged. Choose something else "
        "on the page or another page above; if it happens again, open the address anew without the part after its "
        "question mark."
    )


@contextmanager
def caught(what: str) -> Iterator[None]:
    """Go on after whatever fails within; `show` says so. A refusal is shown in its own words."""
    try:
        yield
    except MapcoreError as problem:
        st.session_state["fault"] = " ".join(str(problem).split())
    except Exception:  # noqa: BLE001  # the net; it is logged with its traceback
        _LOG.exception("%s failed", what)
        st.session_state["fault"] = _sentence()


def show() -> None:
    """Say what failed since the page was drawn last, or nothing."""
    fault = st.session_state.pop("fault", "")
    if fault:
        st.html(f'<p class="refusal" role="alert">{html.escape(fault)}</p>')


def last_resort(failure: Exception) -> bool:
    """Say the same where nothing of the page could go on; Streamlit has logged it. It is given to `st.App`."""
    del failure
    st.error(_sentence())
    return True
