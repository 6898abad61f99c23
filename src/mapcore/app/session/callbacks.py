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
from mapcore.app.session import this_session, visitor
from mapcore.base.language import DEFAULT_LANGUAGE, speaking
from mapcore.confine.turns import asked_by

_P = ParamSpec("_P")


def callback(function: Callable[_P, None]) -> Callable[_P, None]:
    """Return a callback that speaks the language of the page drawn last, works for its visitor alone, and is caught."""

    @wraps(function)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> None:
        view = st.session_state.get("view")
        with (
            speaking(view.lang if view else DEFAULT_LANGUAGE),
            asked_by(this_session.asker()),
            visitor.alone(),
            faults.caught(function.__qualname__),
        ):
            function(*args, **kwargs)

    return call
