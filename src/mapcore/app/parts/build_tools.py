"""The tools with which a viewer changes a proposal; each change goes through a callback."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from mapcore.app.parts import rule_file, rule_list, rule_tools
from mapcore.app.session import refusals, viewer_proposal
from mapcore.app.session.callbacks import callback
from mapcore.base.language import mark, tr
from mapcore.base.schema import DEFAULT_COMPARE
from mapcore.measurement.areas import Measured
from mapcore.present import links
from mapcore.proposals import viewer

#: The ways in, each with what it does.
_WAYS: Final = {
    "draw": (mark("Draw a zone"), mark("Set its corners on the map, and say what becomes of the land in it.")),
    "buffer": (mark("Add a buffer"), mark("A band of some depth along the line, on one side or on both.")),
    "change": (
        mark("Change a proposal"),
        mark("Begin with the rules of one that is on the table, then give pieces of land another status, or swap two."),
    ),
}
_MORE: Final = {"rules": mark("Rules"), "file": mark("Name and file")}
_DRAWN: Final[dict[str, Callable[[Measured, links.View], None]]] = {
    "draw": rule_tools.draw_outline,
    "buffer": rule_tools.draw_buffer,
    "change": rule_tools.draw_change,
    "rules": rule_list.draw,
    "file": rule_file.draw,
}


def draw(measured: Measured, view: links.View) -> None:
    """Draw the ways in and the fields of the one that is chosen, the steps back, and what unfolds below."""
    way = _choice("own_tool", tr("Ways to begin"), {key: words for key, (words, _) in _WAYS.items()})
    if way:
        _DRAWN[way](measured, view)
    elif not view.viewers_proposal:
        _explain()
    if view.viewers_proposal or viewer_proposal.past() or viewer_proposal.future():
        _steps(view)
    more = _choice("own_more", tr("More"), _MORE)
    if more:
        _DRAWN[more](measured, view)


def _choice(key: str, label: str, options: Mapping[str, str]) -> str | None:
    """Draw a row of buttons of which one or none is chosen, and return it."""
    found = st.pills(
        label,
        list(options),
        format_func=viewer_proposal.words(options).__getitem__,
        key=key,
        label_visibility="collapsed",
        on_change=callback(refusals.accept),
        args=("own",),
    )
    return str(found) if found else None


def _explain() -> None:
    """Say what each way does."""
    listed = "".join(
        f"<dt>{html.escape(tr(name))}</dt><dd>{html.escape(tr(meaning))}</dd>" for name, meaning in _WAYS.values()
    )
    st.html(f'<dl class="ways">{listed}</dl>')


def _steps(view: links.View) -> None:
    """Draw the steps back and forth, and the way to a comparison."""
    with st.container(horizontal=True, key="own_steps"):
        st.button(tr("Undo"), key="own_undo", on_click=viewer_proposal.undo, disabled=not viewer_proposal.past())
        st.button(tr("Redo"), key="own_redo", on_click=viewer_proposal.redo, disabled=not viewer_proposal.future())
        st.button(
            tr("Start again"), key="own_again", on_click=viewer_proposal.start_again, disabled=not view.viewers_proposal
        )
        st.button(
            tr("Compare"), key="own_compare", on_click=_on_compare, args=(view,), disabled=not view.viewers_proposal
        )


@callback
def _on_compare(view: links.View) -> None:
    """Turn to the page Compare, with the viewer's own proposal as A unless it is one of the two already."""
    st.session_state["page"] = "compare"
    if viewer.LINK_ID not in {view.proposal, view.compare}:
        base = st.session_state.get("own_started")
        st.session_state["proposal"] = viewer.LINK_ID
        st.session_state["compare"] = DEFAULT_COMPARE if base in {None, rule_tools.NOTHING} else base
