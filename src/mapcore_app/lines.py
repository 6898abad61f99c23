"""
The lines of contact that a viewer can choose: shipped ones, own ones, and those that live in this session only.

A session's line is never written to disk. In a link it names nothing that another session could open, so that the link
falls back to the default line there, with a notice.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from mapcore.control import Control
from mapcore.errors import MapcoreError, UnknownIdError
from mapcore.links import SESSION_PREFIX
from mapcore.snapshots import list_controls, load_control
from mapcore.store import is_own

#: Lines that one session keeps; the oldest goes first.
MOST_IN_SESSION = 6


def in_session() -> Mapping[str, Control]:
    """Return the lines that this session holds, by id."""
    found: dict[str, Control] = st.session_state.get("session_lines", {})
    return found


def add_to_session(control: Control) -> str:
    """Keep a line for this session, in place of one of the same date and source, and return its id here."""
    kept = control if control.id.startswith(SESSION_PREFIX) else replace(control, id=SESSION_PREFIX + control.id)
    others = {key: line for key, line in in_session().items() if key != kept.id}
    held = {**others, kept.id: kept}
    st.session_state["session_lines"] = dict(list(held.items())[-MOST_IN_SESSION:])
    return kept.id


def known() -> tuple[str, ...]:
    """Return the ids of all lines that there are for this viewer, the session's own first."""
    return (*reversed(list(in_session())), *list_controls())


def load(control_id: str) -> Control:
    """
    Load a line of contact, also one that this session alone holds.

    Raises
    ------
    MapcoreError
        If there is none, or its files cannot be read.
    """
    if control_id in in_session():
        return in_session()[control_id]
    if control_id.startswith(SESSION_PREFIX):
        raise UnknownIdError("this line of contact was brought into a session that has ended, or left it")
    return load_control(control_id)


def kind(control_id: str) -> str:
    """Return in words where a line lives."""
    if control_id in in_session():
        return "this session only"
    return "own" if is_own(control_id) else "shipped"


def label(control_id: str) -> str:
    """Return a line in a few words, for a choice."""
    try:
        control = load(control_id)
    except MapcoreError:
        return f"{control_id} (cannot be read)"
    brought = "" if kind(control_id) == "shipped" else f", {control.source} ({kind(control_id)})"
    return f"Line of {control.as_of:%-d %B %Y}{brought}"


def choice() -> None:
    """Draw the choice of the line in use, when there is one; every page shares it."""
    labels = {one: label(one) for one in known()}
    if len(labels) > 1:
        st.selectbox(
            "Line of contact in use",
            list(labels),
            format_func=labels.__getitem__,
            key="control",
            label_visibility="collapsed",
            width=218,
        )


def in_use(control: Control, *, before: str = "") -> str:
    """Return date, source, error and licence of the line in use, escaped, after words of the page's own."""
    brought = kind(control.id) != "shipped"
    credit = f" {html.escape(control.attribution)}." if brought else ""
    return (
        f'<p class="meta">{html.escape(before)} On the line of contact of <b>{control.as_of:%-d %B %Y}</b>'
        f"{f' ({kind(control.id)})' if brought else ''}, known to about {control.error_km:g} km: "
        f"{html.escape(control.source)}.{credit} Licence: {html.escape(control.licence or 'not stated')}.</p>"
    )
