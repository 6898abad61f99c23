"""
Callbacks of widgets speak the reader's language, read files on behalf of the reader's session, and work for that reader
alone: they run before the page does, which is what chooses it.

One that fails would leave the reader without a page, since Streamlit then draws none; so the page is drawn and says it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from mapcore.app.server import faults
from mapcore.app.session import asking, visitor
from mapcore.base.language import DEFAULT_LANGUAGE, speaking
from mapcore.confine.turns import asked_by

_P = ParamSpec("_P")


def spoken(callback: Callable[_P, None]) -> Callable[_P, None]:
    """Return a callback that speaks the language of the page drawn last, works for its visitor alone, and is caught."""

    @wraps(callback)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> None:
        view = st.session_state.get("view")
        with (
            speaking(view.lang if view else DEFAULT_LANGUAGE),
            asked_by(asking.this_session()),
            visitor.alone(),
            faults.told(callback.__qualname__),
        ):
            callback(*args, **kwargs)

    return call
