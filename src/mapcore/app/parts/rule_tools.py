"""The tools that say what becomes of land: of a piece of an oblast, a buffer, a swap, a drawn zone."""

from __future__ import annotations

import html
from typing import Final

import streamlit as st

from mapcore.app.parts import page_elements, proposal_figures
from mapcore.app.session import refusals, viewer_proposal
from mapcore.app.session.callbacks import callback
from mapcore.base import memory
from mapcore.base.errors import ProposalError
from mapcore.base.language import mark, sort_key, tr
from mapcore.base.schema import HOLDERS, UNITS
from mapcore.land import boundaries
from mapcore.land.contact_line import Control
from mapcore.measurement.areas import Measured
from mapcore.present import links, map_settings, wording
from mapcore.proposals import edits
from mapcore.proposals.model import Proposal, load_statuses

#: Depths of a buffer that were on the table in December 2025, in km.
_DEPTHS: Final = ("5", "10", "40", "other")
_SIDES: Final = {"both": mark("both sides"), "ukraine": mark("Ukraine's side"), "russia": mark("Russia's side")}
_TAKES: Final = {
    "both": mark("all land in it"),
    "ukraine": mark("what Ukraine holds"),
    "russia": mark("what Russia holds"),
}
_LEAVES: Final = {
    "ukraine": mark("Ukraine withdraws from its part of (Russia would then hold it)"),
    "russia": mark("Russia withdraws from its part of (Ukraine would hold it again)"),
}
#: The map's buttons that the help for drawing names.
_BUTTONS: Final = {"draw": "start", "finish": "finish", "move": "move"}


def _sorted(oblasts: list[str]) -> list[str]:
    """Return oblasts in the order of their names."""
    return sorted(oblasts, key=lambda oblast: sort_key(boundaries.oblast_names()[oblast]))


def draw_oblasts(measured: Measured, view: links.View) -> None:
    """Draw the choice of a status for each oblast and holder: near the line, and those that the proposal touches."""
    viewer_proposal.default("own_every", value=False)
    st.toggle(tr("All 27 units"), key="own_every")
    present = set(measured.zones["oblast"] + "." + measured.zones["held_by"])
    near = {*_behind(measured.control), *proposal_figures.touched(measured), view.zone.partition(".")[0]}
    for oblast in _sorted([oblast for oblast in UNITS if st.session_state["own_every"] or oblast in near]):
        for holder, column in zip(HOLDERS, st.columns(2, gap="xsmall"), strict=True):
            if f"{oblast}.{holder}" in present:
                with column:
                    _status_choice(measured.proposal, oblast, holder)
    st.caption(tr("Buffers and drawn zones come first; the rest of a piece has the status chosen here."))


@memory.kept(maxsize=16)
def _behind(control: Control) -> frozenset[str]:
    """Return the oblasts in which Russia holds land on a line."""
    held = page_elements.land_pieces(control)
    return frozenset(oblast for oblast, holder in held if holder == "russia")


def _status_choice(proposal: Proposal, oblast: str, holder: str) -> None:
    key, status = f"own_status_{oblast}.{holder}", edits.status_of(proposal, oblast, holder)
    options = edits.choices(holder)
    st.session_state[key] = status
    st.selectbox(
        tr("{oblast}, held by {holder}").format(
            oblast=boundaries.oblast_names()[oblast], holder=wording.holder_words()[holder]
        ),
        options if status in options else [status, *options],
        format_func=viewer_proposal.status_words().__getitem__,
        key=key,
        on_change=_on_status,
        args=(oblast, holder),
    )


@callback
def _on_status(oblast: str, holder: str) -> None:
    status = st.session_state[f"own_status_{oblast}.{holder}"]
    viewer_proposal.change(edits.set_status(viewer_proposal.now(), oblast, holder, status))


def draw_buffer(_: Measured, __: links.View) -> None:
    """Draw the choice of a band along the line."""
    viewer_proposal.default("own_depth", "10")
    viewer_proposal.default("own_depth_km", 20.0)
    viewer_proposal.default("own_side", "both")
    viewer_proposal.default("own_band", "narrow_buffer")
    words = viewer_proposal.words({"other": mark("other")})
    st.segmented_control(
        tr("Depth, km"),
        list(_DEPTHS),
        format_func=lambda depth: words.get(depth, depth),
        key="own_depth",
        required=True,
        help=tr("5, 10 and 40 km were on the table in December 2025."),
    )
    if st.session_state["own_depth"] == "other":
        st.number_input(tr("Other depth, km"), 1.0, 100.0, step=5.0, format="%g", key="own_depth_km")
    st.segmented_control(
        tr("Where"), list(_SIDES), format_func=viewer_proposal.words(_SIDES).__getitem__, key="own_side", required=True
    )
    st.selectbox(tr("Status"), _demilitarised(), format_func=viewer_proposal.status_words().__getitem__, key="own_band")
    st.multiselect(
        tr("In these oblasts (none means all along the line)"),
        _sorted(list(UNITS)),
        format_func=boundaries.oblast_names().__getitem__,
        placeholder=tr("all along the line"),
        key="own_band_oblasts",
    )
    st.button(tr("Add the buffer"), key="own_add_buffer", on_click=_on_buffer)


def _demilitarised() -> list[str]:
    """Return all statuses, those first under which no army enters."""
    return sorted(load_statuses(), key=lambda name: load_statuses()[name].regime != "demilitarised")


@callback
def _on_buffer() -> None:
    chosen, side = st.session_state["own_depth"], st.session_state["own_side"]
    depth_km = st.session_state.get("own_depth_km", 20.0) if chosen == "other" else float(chosen)
    oblasts = tuple(st.session_state.get("own_band_oblasts", []))
    changed = edits.add_buffer(
        viewer_proposal.now(),
        depth_km,
        held_by=None if side == "both" else side,
        status=st.session_state["own_band"],
        oblasts=oblasts,
    )
    viewer_proposal.change(changed)


def draw_swap(measured: Measured, _: links.View) -> None:
    """Draw the choice of two parts of oblasts, of which each side leaves one."""
    held = page_elements.land_pieces(measured.control)
    for holder in HOLDERS:
        st.selectbox(
            tr(_LEAVES[holder]),
            _sorted([oblast for oblast, side in held if side == holder]),
            index=None,
            format_func=boundaries.oblast_names().__getitem__,
            placeholder=tr("choose an oblast"),
            key=f"own_leaves_{holder}",
        )
    chosen = all(st.session_state[f"own_leaves_{holder}"] for holder in HOLDERS)
    st.button(tr("Swap"), key="own_swap", on_click=_on_swap, disabled=not chosen)
    st.caption(
        tr(
            "Land that Ukraine withdraws from is then recognised de facto as Russian; to change that, choose "
            "another status under Oblasts."
        )
    )


@callback
def _on_swap() -> None:
    ukraine_leaves, russia_leaves = (st.session_state[f"own_leaves_{holder}"] for holder in HOLDERS)
    viewer_proposal.change(edits.swap(viewer_proposal.now(), ukraine_leaves, russia_leaves))


def draw_outline(_: Measured, __: links.View) -> None:
    """Draw the choices for a zone that is drawn on the map, and the field for its corners as text."""
    viewer_proposal.default("own_drawn_status", viewer_proposal.DRAWN_STATUS)
    viewer_proposal.default("own_drawn_side", "both")
    sentence = tr(
        "Click {draw} on the map, then the corners of the zone; the first corner or {finish} closes it. Corners can "
        "be dragged, and later again with {move}. The area that the map tells is all within the outline; the zone "
        "takes land of Ukraine alone, and becomes the first rule."
    )
    buttons = {key: f"<b>{html.escape(tr(map_settings.DRAW_WORDS[name]))}</b>" for key, name in _BUTTONS.items()}
    st.html(f'<div class="prose">{html.escape(sentence, quote=False).format(**buttons)}</div>')
    st.selectbox(
        tr("Status of the drawn zone"),
        _demilitarised(),
        format_func=viewer_proposal.status_words().__getitem__,
        key="own_drawn_status",
    )
    st.segmented_control(
        tr("It takes"),
        list(_TAKES),
        format_func=viewer_proposal.words(_TAKES).__getitem__,
        key="own_drawn_side",
        required=True,
    )
    label = tr("Or write its corners: longitude and latitude, one corner a line")
    st.text_area(
        label,
        key="own_corners",
        placeholder="37.10, 48.30\n37.60, 48.30\n37.60, 48.70",
        max_chars=8000,
        height=120,
    )
    refusals.at("own", "corners")
    st.button(tr("Add the zone"), key="own_add_drawn", on_click=_on_corners)


@callback
def _on_corners() -> None:
    try:
        ring = edits.read_corners(st.session_state.get("own_corners") or "")
    except ProposalError as refusal:
        viewer_proposal.tell(str(refusal.problems[0]), "corners")
        return
    viewer_proposal.take_drawn(
        edits.add_drawn(
            viewer_proposal.now(), ring, held_by=viewer_proposal.drawn_side(), status=viewer_proposal.drawn_status()
        )
    )
