"""
The viewer's own proposal in the session: what it is now, and what it was before.

It is kept as the text that a link carries (`viewer.pack`), so that the address, Back and the two lists of undo and redo
hold the same kind of value; nothing means a proposal with no rules yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from mapcore.app.session import refusals, visitor
from mapcore.app.session.callbacks import callback
from mapcore.base import memory
from mapcore.base.errors import ProposalError
from mapcore.base.language import tr
from mapcore.base.today import today
from mapcore.present import links
from mapcore.proposals import edits, viewer
from mapcore.proposals.model import Proposal, load_statuses
from mapcore.proposals.outlines import check_ring
from mapcore.proposals.shipped import load_proposal, load_proposals

#: Steps that can be undone.
_STEPS = 200
#: What a drawn zone is at first; the viewer chooses before or after.
DRAWN_STATUS = "special_zone"


def shown(view: links.View) -> Proposal:
    """Return the viewer's own proposal, or one with no rules; the same object for the same view in one session."""
    return load(viewer.LINK_ID, view.viewers_proposal)


def load(proposal_id: str, packed: str) -> Proposal:
    """Return a proposal by its id in a link: a shipped one, or the viewer's own, which is empty at first."""
    if proposal_id != viewer.LINK_ID:
        return load_proposal(proposal_id)
    with visitor.alone():
        return viewer.unpack(packed) if packed else _blank(today())


def titles(view: links.View) -> dict[str, str]:
    """Return the title of each proposal that the viewer can choose, by its id in a link; the viewer's own last."""
    titles_by_id = {proposal.id: viewer.title_of(proposal) for proposal in load_proposals()}
    if view.viewers_proposal or viewer.LINK_ID in {view.proposal, view.compare}:
        titles_by_id[viewer.LINK_ID] = viewer.title_of(shown(view))
    return titles_by_id


@memory.shared(maxsize=4)
def _blank(made: date) -> Proposal:
    return viewer.blank(made)


def now() -> Proposal:
    """Return the proposal that a change starts from; for callbacks, which have no view."""
    return load(viewer.LINK_ID, st.session_state.get("own", ""))


def arrive(packed: str) -> None:
    """Take over what the address has; what was there before it changed can be undone to."""
    st.session_state.setdefault("own", packed)
    _take(packed)


@callback
def change(proposal: Proposal) -> None:
    """Take over a changed proposal; one over a limit is refused with a notice and changes nothing."""
    try:
        packed = viewer.pack(proposal)
        viewer.unpack(packed)
    except ProposalError as refusal:
        tell(str(refusal.problems[0]))
    else:
        refusals.accept("own")
        _take(packed)


@callback
def start_again() -> None:
    """Go back to no rules; that too can be undone."""
    refusals.accept("own")
    _take("")


def _take(packed: str) -> None:
    before = st.session_state.get("own", "")
    if packed != before:
        st.session_state["own_past"] = [*past(), before][-_STEPS:]
        st.session_state["own_future"] = []
    st.session_state["own"] = packed


def past() -> list[str]:
    """Return what undo goes back to, the latest last."""
    return list(st.session_state.get("own_past", []))


def future() -> list[str]:
    """Return what redo goes on to, the next last."""
    return list(st.session_state.get("own_future", []))


@callback
def undo() -> None:
    """Go back one step."""
    _step("own_past", "own_future")


@callback
def redo() -> None:
    """Take the last undone step again."""
    _step("own_future", "own_past")


def _step(source: str, target: str) -> None:
    refusals.accept("own")
    waiting = list(st.session_state.get(source, []))
    if waiting:
        st.session_state[target] = [*st.session_state.get(target, []), st.session_state.get("own", "")]
        st.session_state["own"] = waiting.pop()
        st.session_state[source] = waiting


def default(key: str, value: object) -> None:
    """Give a widget that is about to be drawn its first value, where it has none."""
    if st.session_state.get(key) is None:
        st.session_state[key] = value


def words(messages: Mapping[str, str]) -> dict[str, str]:
    """Return messages by their keys in the language in use, as the labels of a widget's options."""
    return {key: tr(message) for key, message in messages.items()}


def status_words() -> dict[str, str]:
    """Return the label of each status in the language in use."""
    return words({status.id: status.label for status in load_statuses().values()})


def tell(sentence: str, field: str = "head") -> None:
    """Refuse what was asked, at the field that it was asked in, or at the head of the page."""
    refusals.refuse("own", sentence, field)


def with_drawn(view: links.View) -> links.View:
    """Return the view with a zone that was drawn since the last run as the first rule, or with an outline moved."""
    drawing = (st.session_state.get("map") or {}).get("last_active_drawing") or {}
    name = str(drawing.get("id", ""))
    if not name.startswith("drawn-") or name == st.session_state.get("own_drawn"):
        return view
    st.session_state["own_drawn"] = name
    points = drawing.get("ring")
    try:
        ring = check_ring(
            [*points, points[0]] if isinstance(points, list) and points else points, name=tr("drawn zone")
        )
    except ProposalError as refusal:
        sentence = tr("The drawn zone was not accepted: it {problem}. Draw it again.")
        tell(sentence.format(problem=refusal.problems[0].problem))
        return view
    moved = edits.outline_of(now(), index) if isinstance(index := drawing.get("rule"), int) else None
    if moved and moved[0] == index:
        take_drawn(edits.move_outline(now(), index, ring), index)
    else:
        take_drawn(edits.add_drawn(now(), ring, held_by=drawn_side(), status=drawn_status()))
    return replace(view, viewers_proposal=st.session_state["own"])


def take_drawn(proposal: Proposal, index: int = 0) -> None:
    """Take over a proposal with a rule that was drawn, the first one where it is new, and pick that rule."""
    change(proposal)
    st.session_state["own_more"] = "rules"
    st.session_state["own_rule"] = index


def picked() -> int:
    """Return the index of the rule that the viewer picked in the list, which may have become shorter since."""
    index = st.session_state.get("own_rule")
    return index if isinstance(index, int) else 0


def drawn_status() -> str:
    """Return the status that the viewer has chosen for drawn zones."""
    return str(st.session_state.get("own_drawn_status") or DRAWN_STATUS)


def drawn_side() -> str | None:
    """Return whose land a drawn zone takes: one holder's, or None for all."""
    side = st.session_state.get("own_drawn_side") or "both"
    return None if side == "both" else str(side)
