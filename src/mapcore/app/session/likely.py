"""
Likely ranges of what the dashboard shows, kept as long as what they belong to.

They take seconds where a band along the line is new. So a page is drawn without them, they are worked out beside the
pages, and a click does not wait for them.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, wait
from contextlib import suppress
from functools import partial
from typing import Any, Final
from weakref import WeakKeyDictionary

import streamlit as st

from mapcore.app.session import beside
from mapcore.confine.turns import LeftError
from mapcore.measurement.areas import Measured
from mapcore.measurement.likely import LikelyRanges, likely_ranges

_KNOWN: Final[WeakKeyDictionary[Measured, LikelyRanges]] = WeakKeyDictionary()
#: How long a click may have to wait.
_STEP_S: Final = 0.1


def are_computed(measured: Measured) -> bool:
    """Whether there are likely ranges: not where a rule follows a drawn outline."""
    return not any(rule.inside for rule in measured.proposal.rules)


def known(measured: Measured) -> LikelyRanges | None:
    """Return the likely ranges that are there already."""
    return _KNOWN.get(measured)


def begin() -> None:
    """Let go of what a run asked for and was left before `finish`: its places are not on the page that comes."""
    st.session_state.pop("likely_later", None)


def later(measured: Measured, show: Callable[[LikelyRanges], Any]) -> None:
    """Have the likely ranges shown when the page is there and its address written; see `finish`."""
    if are_computed(measured):
        st.session_state["likely_later"] = (measured, show)


def finish() -> None:
    """Wait for the likely ranges that a page asked for, and show them; what the viewer does next ends the wait."""
    asked = st.session_state.pop("likely_later", None)
    if not asked:
        return
    measured, show = asked
    question, place = beside.ask("likely ranges", partial(_computed, measured)), st.empty()
    try:
        # Another session may have had the same answer before this one's turn.
        while not (question.answer.done() or known(measured)):
            # Each message is a point at which Streamlit leaves the run, for a click or when the viewer has left.
            place.empty()
            wait([question.answer], timeout=_STEP_S)
    finally:
        question.drop()
    with suppress(CancelledError, LeftError):
        show(known(measured) or question.answer.result())


def _computed(measured: Measured) -> LikelyRanges:
    if measured not in _KNOWN:
        _KNOWN[measured] = likely_ranges(measured)
    return _KNOWN[measured]
