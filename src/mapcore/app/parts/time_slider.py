"""The slider under a map that moves through the dates that there are lines of."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from functools import partial

import streamlit as st

from mapcore.app.parts import assets
from mapcore.app.session import beside, lines
from mapcore.app.session.callbacks import callback
from mapcore.base.errors import MapcoreError
from mapcore.base.language import date_text, language, tr
from mapcore.land.contact_line import Control
from mapcore.measurement.areas import Measured, measure_proposal


def draw(measured: Measured) -> None:
    """Draw the slider, and a button each way, when there are lines of two dates or more; the link holds its choice."""
    control, known = measured.control, lines.dates()
    days = list(known)
    if len(days) < 2 or control.as_of not in known:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="line_time"):
        _step(days, control, -1)
        key = _slider_key(control.as_of)
        st.select_slider(
            tr("Date of the line of contact"),
            days,
            format_func=date_text,
            key=key,
            on_change=_moved,
            args=(key, control),
        )
        _step(days, control, 1)
    problem = st.session_state.pop("line_not_moved", None)
    if problem:
        words = tr("{problem}. The line that was in use stays.").format(problem=problem)
        st.html(f'<p class="meta" role="alert">{html.escape(words)}</p>')
    _prepare(measured, days)


def _slider_key(day: date) -> str:
    """
    Return the slider's key; one that stands elsewhere gives way to a new one.

    A browser that has not heard of a choice made elsewhere goes on reporting what its slider showed before, and would
    undo it. Each language has a slider of its own: the browser tells the day in words, and Streamlit takes those of
    another language for the first day.
    """
    turn = st.session_state.get("line_day_turn", 0)
    if st.session_state.get(f"line_day-{language()}-{turn}", day) != day:
        turn = st.session_state["line_day_turn"] = turn + 1
    key = f"line_day-{language()}-{turn}"
    st.session_state.setdefault(key, day)
    return key


@callback
def _moved(key: str, control: Control) -> None:
    """Use the line of the day that the slider was moved to."""
    _go(st.session_state[key], control)


@callback
def _go(day: date, control: Control) -> None:
    """Use the line of a day; of several, one of the same source as the line before, else the first."""
    ids = lines.dates().get(day, ())
    if not ids:
        st.session_state["line_not_moved"] = tr("The line of {date} cannot be read").format(date=date_text(day))
        return
    try:
        alike = [control_id for control_id in ids if lines.source_of(control_id) == control.provenance.source]
        st.session_state["control"] = lines.load((alike or list(ids))[0]).id
    except MapcoreError as problem:
        st.session_state["line_not_moved"] = " ".join(str(problem).split())
    st.session_state["line_moved"] = 1 if day > control.as_of else -1


@callback
def _go_on(by: int, control: Control) -> None:
    """Move by so many dates from the line that is in use now: clicks may come faster than the page follows them."""
    with suppress(MapcoreError):
        control = lines.load(st.session_state.get("control", control.id))
    days = list(lines.dates())
    if control.as_of in days and 0 <= (place := days.index(control.as_of) + by) < len(days):
        _go(days[place], control)


def _step(days: Sequence[date], control: Control, by: int) -> None:
    """Draw the button to the date before or after."""
    place = days.index(control.as_of) + by
    there = 0 <= place < len(days)
    words, arrow = (tr("Later"), "{words} ›") if by > 0 else (tr("Earlier"), "‹ {words}")
    st.button(
        arrow.format(words=words),
        key=f"line_{'later' if by > 0 else 'earlier'}",
        disabled=not there,
        on_click=_go_on,
        args=(by, control),
        help=tr("To the line of {date}").format(date=date_text(days[place])) if there else None,
    )


def _prepare(measured: Measured, days: Sequence[date]) -> None:
    """
    Measure the proposal on the next line in the direction of the last move, so that it is there when it is asked for.

    It waits its turn before the likely ranges of the line in use: who goes through dates sees the maps follow, and the
    likely range where they stop.
    """
    earlier: beside.Question | None = st.session_state.pop("line_ahead", None)
    if earlier:
        earlier.drop()
    place = days.index(measured.control.as_of) + st.session_state.get("line_moved", 0)
    if days[place : place + 1] not in ([], [measured.control.as_of]):
        next_line = lines.loader(lines.dates()[days[place]][0])
        st.session_state["line_ahead"] = beside.ask("line ahead", partial(_measure, measured, next_line))


def _measure(measured: Measured, load: Callable[[], Control]) -> None:
    with suppress(MapcoreError):
        neighbour = measure_proposal(measured.proposal, control=load(), parameters=measured.parameters)
        assets.shapes_url(neighbour)
