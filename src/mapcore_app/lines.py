"""
The lines of contact that a viewer can choose: shipped ones, own ones, and those that live in this session only.

A session's line is never written to disk. In a link it names nothing that another session could open, so that the link
falls back to the default line there, with a notice.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final, Literal

import streamlit as st

from mapcore.control import Control
from mapcore.errors import MapcoreError, UnknownIdError
from mapcore.language import date_text, mark, number_text, tr
from mapcore.links import SESSION_PREFIX
from mapcore.snapshots import list_controls, load_control
from mapcore.store import is_own

#: Lines that one session keeps; the oldest goes first.
MOST_IN_SESSION = 6
#: Where a line lives.
Kind = Literal["session", "own", "shipped"]
_KIND_WORDS: Final[dict[Kind, str]] = {
    "session": mark("this session only"),
    "own": mark("own"),
    "shipped": mark("shipped"),
}


def chooser_key() -> str:
    """
    Return the key under which the session holds the line in use, which is that of the chooser.

    It changes with each choice that is made elsewhere: a browser that has not heard of such a choice goes on reporting
    what its chooser showed before, and would undo it.
    """
    turn = st.session_state.get("control_turn", 0)
    return f"control-{turn}" if turn else "control"


def use(control_id: str) -> None:
    """Put a line to use that was chosen elsewhere than in the chooser; for callbacks, before the page is drawn."""
    st.session_state["control_turn"] = st.session_state.get("control_turn", 0) + 1
    st.session_state[chooser_key()] = control_id


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


def remove_from_session(control_id: str) -> None:
    """Forget a line that this session holds."""
    st.session_state["session_lines"] = {key: line for key, line in in_session().items() if key != control_id}


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
        raise UnknownIdError(tr("this line of contact was brought into a session that has ended, or left it"))
    return load_control(control_id)


def dates() -> dict[date, tuple[str, ...]]:
    """Return the dates that there are lines of, the earliest first, with the ids of their lines as `known` has them."""
    found: dict[date, tuple[str, ...]] = {}
    for one in known():
        try:
            day = load(one).as_of
        except MapcoreError:
            continue
        found[day] = (*found.get(day, ()), one)
    return dict(sorted(found.items()))


def kind(control_id: str) -> Kind:
    """Return where a line lives."""
    if control_id in in_session():
        return "session"
    return "own" if is_own(control_id) else "shipped"


def kept(control_id: str) -> str:
    """Return in words where a line lives."""
    return tr(_KIND_WORDS[kind(control_id)])


def label(control_id: str) -> str:
    """Return a line in a few words, for a choice."""
    try:
        control = load(control_id)
    except MapcoreError:
        return tr("{name} (cannot be read)").format(name=control_id)
    day = date_text(control.as_of)
    if kind(control_id) == "shipped":
        return tr("Line of {date}").format(date=day)
    return tr("Line of {date}, {source} ({kept})").format(date=day, source=control.source, kept=kept(control_id))


def choice(control_id: str) -> None:
    """Draw the choice of the line in use, when there is one; every page shares it."""
    labels = {one: label(one) for one in known()}
    if len(labels) > 1:
        st.session_state.setdefault(chooser_key(), control_id)
        st.selectbox(
            tr("Line of contact in use"),
            list(labels),
            format_func=labels.__getitem__,
            key=chooser_key(),
            label_visibility="collapsed",
            width=218,
        )


def km_text(value: float) -> str:
    """Return a length in km as a number without needless digits."""
    return number_text(value, len(f"{value:g}".partition(".")[2]))


def in_use(control: Control, *, before: str = "") -> str:
    """Return date, source, error and licence of the line in use, escaped, after words of the page's own."""
    if kind(control.id) == "shipped":
        sentence = tr("On the line of contact of {date}, known to about {error} km: {source}.")
    else:
        sentence = tr("On the line of contact of {date} ({kept}), known to about {error} km: {source}. {credit}.")
    told = html.escape(sentence).format(
        date=f"<b>{date_text(control.as_of)}</b>",
        kept=html.escape(kept(control.id)),
        error=km_text(control.error_km),
        source=html.escape(tr(control.source)),
        credit=html.escape(tr(control.attribution)),
    )
    licence = html.escape(tr("Licence: {licence}.").format(licence=tr(control.licence or "not stated")))
    return f'<p class="meta">{html.escape(before)} {told} {licence}</p>'
