"""The visitor of a session: what is remembered for them alone, which ends with the session."""

from __future__ import annotations

from contextlib import AbstractContextManager

import streamlit as st

from mapcore.base.memory import Memory, working_for


def memory() -> Memory:
    """Return the memory of this session's visitor; their lines and their own proposal bear it."""
    mine: Memory = st.session_state.setdefault("memory", Memory())
    return mine


def alone() -> AbstractContextManager[None]:
    """Remember what is computed meanwhile for this visitor alone."""
    return working_for(memory())
