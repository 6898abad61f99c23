"""Callbacks of widgets speak the reader's language: they run before the page does, which is what chooses it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from mapcore.language import DEFAULT_LANGUAGE, speaking

_P = ParamSpec("_P")


def spoken(callback: Callable[_P, None]) -> Callable[_P, None]:
    """Return a callback that speaks the language in which the page was drawn last."""

    @wraps(callback)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> None:
        view = st.session_state.get("view")
        with speaking(view.lang if view else DEFAULT_LANGUAGE):
            callback(*args, **kwargs)

    return call
