"""The tools with which a viewer changes a proposal; each change goes through a callback."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from mapcore.app.parts import rule_file, rule_list, rule_tools
from mapcore.app.session import refusals, viewer_proposal
from mapcore.app.session.callbacks import callback
from mapcore.base.language import mark, tr
from mapcore.base.schema import DEFAULT_COMPARE
from mapcore.base.today import today
from mapcore.measurement.areas import Measured
from mapcore.present import links
from mapcore.proposals import viewer

_TOOLS: Final = {
    "oblasts": mark("Oblasts"),
    "buffer": mark("Buffer"),
    "swap": mark("Swap"),
    "draw": mark("Draw"),
    "rules": mark("Rules"),
    "file": mark("Name and file"),
}
_DRAWN: Final[dict[str, Callable[[Measured, links.View], None]]] = {
    "oblasts": rule_tools.draw_oblasts,
    "buffer": rule_tools.draw_buffer,
    "swap": rule_tools.draw_swap,
    "draw": rule_tools.draw_outline,
    "rules": rule_list.draw,
    "file": rule_file.draw,
}
_NOTHING: Final = "nothing"


def draw(measured: Measured, view: links.View) -> None:
    """Draw the buttons for all changes, and the tool that is chosen."""
    viewer_proposal.default("own_tool", "oblasts")
    _start(view)
    st.pills(
        tr("Tool"),
        list(_TOOLS),
        format_func=viewer_proposal.words(_TOOLS).__getitem__,
        key="own_tool",
        required=True,
        label_visibility="collapsed",
        on_change=callback(refusals.accept),
        args=("own",),
    )
    _DRAWN[st.session_state["own_tool"] or "oblasts"](measured, view)


def _start(view: links.View) -> None:
    titles = {_NOTHING: tr("nothing")} | {
        key: title for key, title in viewer_proposal.titles(view).items() if key != viewer.LINK_ID
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(tr("Start from"), list(titles), format_func=titles.__getitem__, key="own_base", width=240)
        st.button(tr("Start"), key="own_start", on_click=_on_start, args=(view,))
    with st.container(horizontal=True):
        st.button(tr("Undo"), key="own_undo", on_click=viewer_proposal.undo, disabled=not viewer_proposal.past())
        st.button(tr("Redo"), key="own_redo", on_click=viewer_proposal.redo, disabled=not viewer_proposal.future())
        st.button(
            tr("Start again"), key="own_again", on_click=viewer_proposal.start_again, disabled=not view.viewers_proposal
        )
        st.button(
            tr("Compare"), key="own_compare", on_click=_on_compare, args=(view,), disabled=not view.viewers_proposal
        )


@callback
def _on_start(view: links.View) -> None:
    chosen = st.session_state["own_base"]
    if chosen == _NOTHING:
        viewer_proposal.change(viewer.blank(today()))
        return
    parameters = view.parameters if chosen == view.proposal else None
    viewer_proposal.change(viewer.start_from(viewer_proposal.load(chosen, ""), today(), parameters=parameters))


@callback
def _on_compare(view: links.View) -> None:
    """Turn to the page Compare, with the viewer's own proposal as A unless it is one of the two already."""
    st.session_state["page"] = "compare"
    if viewer.LINK_ID not in {view.proposal, view.compare}:
        base = st.session_state.get("own_base")
        st.session_state["proposal"] = viewer.LINK_ID
        st.session_state["compare"] = DEFAULT_COMPARE if base in {None, _NOTHING} else base
