"""
Likely ranges of what the dashboard shows, kept as long as what they belong to.

They take seconds where a band along the line is new. So a page that changes with each click has them worked out by one
thread beside it, and asks again; a request that a session has replaced before its turn came is dropped.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final
from weakref import WeakKeyDictionary

import streamlit as st

from mapcore.areas import Measured
from mapcore.ranges import LikelyRanges, likely_ranges

_KNOWN: Final[WeakKeyDictionary[Measured, LikelyRanges]] = WeakKeyDictionary()
_WORKER: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="likely-ranges")


def are_computed(measured: Measured) -> bool:
    """Whether there are likely ranges: not where a rule follows a drawn outline."""
    return not any(rule.inside for rule in measured.proposal.zones)


def known(measured: Measured) -> LikelyRanges | None:
    """Return the likely ranges that are there already."""
    return _KNOWN.get(measured)


def now(measured: Measured) -> LikelyRanges | None:
    """Return the likely ranges, worked out if need be; None where none are computed."""
    if measured not in _KNOWN and are_computed(measured):
        _KNOWN[measured] = likely_ranges(measured)
    return _KNOWN.get(measured)


def soon(measured: Measured) -> Future[LikelyRanges | None]:
    """Have the likely ranges worked out beside the page, in place of what this session asked for before."""
    asked, earlier = st.session_state.get("likely_asked", (None, None))
    if asked is measured and not earlier.cancelled():
        return earlier  # type: ignore[no-any-return]
    if earlier:
        earlier.cancel()
    waiting = _WORKER.submit(now, measured)
    st.session_state["likely_asked"] = (measured, waiting)
    return waiting
