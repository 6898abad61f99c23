"""
The first click of a browser that comes back to a server which does not know it: after a restart, or after a cut so long
that its session is gone.

Such a click is the first that the new session hears, along with what every widget shows. A first run takes the address,
as it does for a link that is opened: only what is drawn by then has a key, a value before the click and a callback. So
the page is first drawn as the address says, behind what the browser shows, which hears nothing of it; then it is drawn
again with what the browser reported, as if the click had come second.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner import RerunData, RerunException, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

from mapcore.app.session import viewer_proposal
from mapcore.present import links

#: The files of an uploader went with the server.
_GONE: Final = "file_uploader_state_value"
#: What a browser reports for a moment only, such as a button that is pressed.
_PRESSES: Final = {"trigger_value", "string_trigger_value", "json_trigger_value", "chat_input_value"}
#: Where keys bear a number, it goes on from the last session's, or the browser's choice would have no widget.
_TURNS: Final = {"line_day_turn": r"line_day-\w+"}


@dataclass
class _Behind:
    """
    What is drawn behind the page of a browser that has come back.

    Attributes
    ----------
    sent
        What the browser reported, by the id of the widget.
    known
        The widgets that have been drawn; a click on one that comes meanwhile has done its work.
    """

    sent: dict[str, WidgetState]
    known: set[str] = field(default_factory=set)

    def hear(self, now: Iterable[WidgetState]) -> None:
        """Take in what the browser reports meanwhile; what was pressed before stays pressed."""
        self.sent |= {
            state.id: state
            for state in now
            if state.WhichOneof("value") not in {None, *_PRESSES} or (_is_pressed(state) and state.id not in self.known)
        }

    def learn(self, drawn: Iterable[str]) -> bool:
        """Note what has been drawn; whether more of what the browser reported may be drawn the next time."""
        before = len(self.known)
        self.known.update(drawn)
        return len(self.known) > before and not self.known >= self.sent.keys()


@contextmanager
def address_first() -> Iterator[None]:
    """Draw the page behind the one that a browser brings along, if it brings any, and then have it drawn again."""
    context = get_script_run_ctx()
    behind = _behind(context) if context else None
    if context is None or behind is None:
        yield
        return
    # The browser would take over what it heard, report that, and so undo the click.
    vars(context)["enqueue"] = lambda _: None
    more = True
    try:
        yield
    finally:
        del vars(context)["enqueue"]
        more = behind.learn(context.shared.widget_ids_this_run.snapshot())
    st.session_state["behind_pressed"] = any(map(_is_pressed, behind.sent.values()))
    if not more:
        del st.session_state["behind"]
    # A button is pressed once, when all that it may belong to has been drawn.
    raise _again(context, [state for state in behind.sent.values() if not (more and _is_pressed(state))])


def _behind(context: ScriptRunContext) -> _Behind | None:
    """Return what is to be drawn behind, or None for a link that is opened, a way back, and all later runs."""
    if context.is_history_navigation:
        st.session_state.pop("behind", None)
        return None
    now = [state for state in context.session_state.get_widget_states() if state.WhichOneof("value") != _GONE]
    behind: _Behind | None = st.session_state.get("behind")
    if behind is not None:
        behind.hear(now)
        return behind
    if "view" in st.session_state or not now:
        return None
    st.session_state["behind"] = _Behind({state.id: state for state in now})
    for turn, keys in _TURNS.items():
        turns = [int(found[1]) for state in now if (found := re.search(rf"-{keys}-(\d+)$", state.id))]
        st.session_state[turn] = max(turns, default=0)
    # A widget that is first drawn with what the browser reports of it would not be seen to change: it gets no value.
    raise _again(context, [WidgetState(id=state.id) for state in now])


def _again(context: ScriptRunContext, widgets: Iterable[WidgetState]) -> RerunException:
    """Return what has the page drawn again, with what widgets report."""
    return RerunException(
        RerunData(
            query_string=context.query_string,
            widget_states=WidgetStates(widgets=widgets),
            page_script_hash=context.page_script_hash,
            cached_message_hashes=context.cached_message_hashes,
            context_info=context.context_info,
        )
    )


def is_behind() -> bool:
    """Whether this run draws what the browser does not show."""
    return "behind" in st.session_state


def forget_drawing(view: links.View, now: links.View) -> None:
    """
    Take what the map of a browser that has come back reports as known, unless it can only be the click itself.

    The map goes on reporting the last piece of land that was clicked on it, or the last outline drawn; it is the click
    where no widget tells another and it is not what the address shows.
    """
    pressed = st.session_state.pop("behind_pressed", None)
    if pressed is None:
        return
    drawing = (st.session_state.get("map") or {}).get("last_active_drawing") or {}
    name = str(drawing.get("id", ""))
    if pressed or now != view or name == view.zone or _is_in(view, drawing.get("ring")):
        st.session_state["clicked"] = drawing
        st.session_state["own_drawn"] = name


def _is_pressed(state: WidgetState) -> bool:
    kind = state.WhichOneof("value")
    return kind in _PRESSES and bool(getattr(state, kind))


def _is_in(view: links.View, ring: Any) -> bool:
    """Whether an outline is in the viewer's own proposal already."""
    if not isinstance(ring, list) or not view.viewers_proposal:
        return False
    drawn = {tuple(map(float, point)) for point in ring}
    rules = viewer_proposal.shown(view).rules
    return any(drawn == {tuple(point) for point in outline} for rule in rules for outline in rule.inside or ())
