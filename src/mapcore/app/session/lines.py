"""
The lines of contact that a viewer can choose: shipped ones, the user's, and those that live in this session only.

A session's line is never written to disk. In a link it names nothing that another session could open, so that the link
falls back to the default line there, with a notice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final, Literal

import streamlit as st

from mapcore.app.session import session_archive, visitor
from mapcore.base import memory
from mapcore.base.errors import DataFileError, MapcoreError, Problem, UnknownIdError
from mapcore.base.language import cached, date_text, mark, tr
from mapcore.base.shelves import BUDGET
from mapcore.land.contact_line import Control, LineMeta
from mapcore.lines.catalogue import line_meta, list_controls, load_control
from mapcore.lines.operators_line import archive_id, is_operators
from mapcore.lines.user_lines import is_user_line, user_line_stamps
from mapcore.present import line_words
from mapcore.present.page_choices import SESSION_PREFIX

#: Lines that one session keeps; the oldest goes first.
MOST_IN_SESSION = 6
#: Where a line lives.
Kind = Literal["session", "daily", "user", "shipped"]
_KIND_WORDS: Final[dict[Kind, str]] = {
    "session": mark("this session only"),
    "daily": mark("fetched daily"),
    "user": mark("own"),
    "shipped": mark("built in"),
}


def in_session() -> Mapping[str, Control]:
    """Return the lines that this session holds, by id."""
    held: dict[str, Control] = st.session_state.get("session_lines", {})
    return held


def add_to_session(control: Control) -> str:
    """
    Keep a line for this session, in place of one of the same date and source, and return its id here.

    Raises
    ------
    DataFileError
        If the lines of all sessions would take more memory than they may.
    """
    name = control.id if control.id.startswith(SESSION_PREFIX) else SESSION_PREFIX + control.id
    kept = replace(control, id=name, memory=visitor.memory())
    others = {key: line for key, line in in_session().items() if key != kept.id}
    held = dict([*others.items(), (kept.id, kept)][-MOST_IN_SESSION:])
    mine, size = visitor.memory(), _size(held)
    if size > mine.holds and not BUDGET.has_room(mine, size):
        problem = tr("is not taken now: the lines of all visitors take as much of this server's memory as they may")
        raise DataFileError(Problem(control.title, "", problem, tr("try again in a few minutes")))
    mine.holds = size
    st.session_state["session_lines"] = held
    return kept.id


def _size(held: Mapping[str, Control]) -> int:
    return sum(line.weight() for line in held.values())


def remove_from_session(control_id: str) -> None:
    """Forget a line that this session holds."""
    held = {key: line for key, line in in_session().items() if key != control_id}
    st.session_state["session_lines"], visitor.memory().holds = held, _size(held)


def known() -> tuple[str, ...]:
    """Return the ids of all lines that there are for this viewer, the session's own first."""
    return (*brought(), *list_controls())


def brought() -> tuple[str, ...]:
    """Return the ids of the lines that this session holds, its archive's too."""
    return (*reversed(list(in_session())), *session_archive.days_by_id())


def load(control_id: str) -> Control:
    """
    Load a line of contact, also one that this session alone holds.

    Raises
    ------
    MapcoreError
        If there is none, or its files cannot be read.
    """
    return loader(control_id)()


def loader(control_id: str) -> Callable[[], Control]:
    """Return what loads a line as `load` does, and may be called outside of the session that asks for it."""
    if not control_id.startswith(SESSION_PREFIX):
        return partial(load_control, control_id)
    if control_id in in_session():
        return partial(in_session().__getitem__, control_id)
    held, day = session_archive.held(), session_archive.day_of(control_id)
    if held and day:
        return partial(held.control, day)
    raise UnknownIdError(tr("this line of contact was added in a session that has ended, or was removed from it"))


def source_of(control_id: str) -> str:
    """Return who published a line, without loading it where that is known before."""
    held, day = session_archive.held(), session_archive.day_of(control_id)
    meta = held.archive.about(day) if held and day else _meta(control_id)
    return meta.provenance.source


def _meta(control_id: str) -> LineMeta:
    """Return what is known of a line beside its course, without loading that."""
    return load(control_id) if control_id.startswith(SESSION_PREFIX) else line_meta(control_id)


def dates() -> dict[date, tuple[str, ...]]:
    """Return the dates that there are lines of, the earliest first, with the ids of their lines as `known` has them."""
    ids: dict[date, tuple[str, ...]] = {}
    of_archive, of_store = session_archive.days_by_id(), _days_of_store(user_line_stamps())
    for control_id in known():
        try:
            day = of_archive.get(control_id) or of_store.get(control_id) or _meta(control_id).as_of
        except MapcoreError:
            continue
        ids[day] = (*ids.get(day, ()), control_id)
    return dict(sorted(ids.items()))


def nearest(control_id: str) -> str:
    """Return the other line whose date is nearest to that of a line; of several, the first that `known` has."""
    day = session_archive.day_of(control_id) or _meta(control_id).as_of
    away = {other_id: abs(when - day) for when, ids in dates().items() for other_id in ids if other_id != control_id}
    return min((other_id for other_id in known() if other_id in away), key=away.__getitem__, default="")


def kind(control_id: str) -> Kind:
    """Return where a line lives."""
    if control_id.startswith(SESSION_PREFIX):
        return "session"
    if is_operators(control_id):
        return "daily"
    return "user" if is_user_line(control_id) else "shipped"


def kept(control_id: str) -> str:
    """Return in words where a line lives."""
    return tr(_KIND_WORDS[kind(control_id)])


def label(control_id: str) -> str:
    """Return a line in a few words, for a choice."""
    try:
        day, source = session_archive.day_of(control_id) or _meta(control_id).as_of, source_of(control_id)
    except MapcoreError:
        return tr("{name} (cannot be read)").format(name=control_id)
    return _label(control_id, day, source)


def _label(control_id: str, day: date, source: str) -> str:
    if kind(control_id) == "shipped":
        return tr("Line of {date}").format(date=date_text(day))
    words = tr("Line of {date}, {source} ({kept})")
    return words.format(date=date_text(day), source=source, kept=kept(control_id))


@cached(maxsize=8)
def _archive_labels(archive: session_archive.SessionArchive, days: tuple[tuple[str, date], ...]) -> dict[str, str]:
    """Return the labels of an archive's lines by their ids: there may be thousands, at each run."""
    return {
        control_id: _label(control_id, day, archive.archive.about(day).provenance.source) for control_id, day in days
    }


@memory.shared(maxsize=4)
def _days_of_store(_: tuple[tuple[str, tuple[int, int]], ...]) -> dict[str, date]:
    """Return the dates of the lines that every viewer has, by their ids: there may be one for each day of years."""
    return {control_id: line_meta(control_id).as_of for control_id in list_controls()}


@cached(maxsize=8)
def _store_labels(stamps: tuple[tuple[str, tuple[int, int]], ...], _: str) -> dict[str, str]:
    """Return the labels of these lines, which also go by whose archive the server downloads."""
    return {control_id: label(control_id) for control_id in _days_of_store(stamps)}


def labels() -> dict[str, str]:
    """Return the lines that this session may choose from: their labels, by id."""
    archive, days = session_archive.held(), session_archive.days_by_id()
    of_archive = _archive_labels(archive, tuple(days.items())) if archive else {}
    of_store = _store_labels(user_line_stamps(), archive_id())
    return {
        control_id: of_archive.get(control_id) or of_store.get(control_id) or label(control_id)
        for control_id in known()
    }


def in_use(control: Control, *, before: str = "") -> str:
    """Return date, source, error and licence of the line in use, escaped, after words of the page's own."""
    lives = "" if kind(control.id) == "shipped" else kept(control.id)
    return line_words.in_use(control, kept=lives, before=before)
