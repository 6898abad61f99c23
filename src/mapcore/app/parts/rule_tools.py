"""The tools that say what becomes of land: of a piece of an oblast, a buffer, a swap, a drawn zone."""

from __future__ import annotations

import html
from typing import Final

import streamlit as st

from mapcore.app.parts import page_elements
from mapcore.app.session import refusals, viewer_proposal
from mapcore.app.session.callbacks import callback
from mapcore.base.errors import ProposalError
from mapcore.base.language import mark, sort_key, tr
from mapcore.base.schema import HOLDERS, UNITS
from mapcore.base.today import today
from mapcore.land import boundaries
from mapcore.measurement.areas import Measured
from mapcore.present import links, map_settings, wording
from mapcore.proposals import edits, viewer
from mapcore.proposals.model import load_statuses

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
#: What a proposal that is started from nothing starts from, and the piece of land that is asked about most.
NOTHING: Final = "nothing"
_FIRST: Final = "UA-14.ukraine"
#: The map's buttons that the help for drawing names.
_BUTTONS: Final = {"draw": "start", "finish": "finish", "move": "move"}


def _sorted(oblasts: list[str]) -> list[str]:
    """Return oblasts in the order of their names."""
    return sorted(oblasts, key=lambda oblast: sort_key(boundaries.oblast_names()[oblast]))


def draw_change(measured: Measured, view: links.View) -> None:
    """Draw the choice of a proposal to start from, the choice of a status for a piece of land, and the swap of two."""
    titles = {NOTHING: tr("nothing")} | {
        key: title for key, title in viewer_proposal.titles(view).items() if key != viewer.LINK_ID
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(tr("Start from"), list(titles), format_func=titles.__getitem__, key="own_base", width=240)
        st.button(tr("Start"), key="own_start", on_click=_on_start, args=(view,))
    _status_choice(measured, view)
    with st.expander(tr("Swap two parts of oblasts")):
        _draw_swap(measured)


@callback
def _on_start(view: links.View) -> None:
    chosen = st.session_state["own_started"] = st.session_state["own_base"]
    if chosen == NOTHING:
        viewer_proposal.change(viewer.blank(today()))
        return
    parameters = view.parameters if chosen == view.proposal else None
    viewer_proposal.change(viewer.start_from(viewer_proposal.load(chosen, ""), today(), parameters=parameters))


def _status_choice(measured: Measured, view: links.View) -> None:
    """Draw the choice of a piece of land, that of the map's last click at first, and of its status."""
    pieces = _pieces(measured)
    if view.zone in pieces and st.session_state.get("own_clicked") != view.zone:
        st.session_state["own_piece"] = st.session_state["own_clicked"] = view.zone
    if st.session_state.get("own_piece") not in pieces:
        st.session_state["own_piece"] = _FIRST if _FIRST in pieces else next(iter(pieces))
    piece = st.selectbox(
        tr("Piece of land: click it on the map, or choose it here"),
        list(pieces),
        format_func=pieces.__getitem__,
        key="own_piece",
    )
    oblast, _, holder = piece.partition(".")
    status, options = edits.status_of(measured.proposal, oblast, holder), edits.choices(holder)
    st.session_state["own_status"] = status
    st.selectbox(
        tr("Its status"),
        options if status in options else [status, *options],
        format_func=viewer_proposal.status_words().__getitem__,
        key="own_status",
        on_change=_on_status,
    )
    st.caption(tr("Buffers and drawn zones come first; the rest of a piece has the status chosen here."))


def _pieces(measured: Measured) -> dict[str, str]:
    """Return the name of each piece of land that a holder has of an oblast, by its id, in the order of the names."""
    present, names = set(measured.zones["oblast"] + "." + measured.zones["held_by"]), wording.holder_words()
    return {
        f"{oblast}.{holder}": tr("{oblast}, held by {holder}").format(
            oblast=boundaries.oblast_names()[oblast], holder=names[holder]
        )
        for oblast in _sorted(list(UNITS))
        for holder in HOLDERS
        if f"{oblast}.{holder}" in present
    }


@callback
def _on_status() -> None:
    oblast, _, holder = st.session_state["own_piece"].partition(".")
    status = st.session_state["own_status"]
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
    with st.expander(tr("Only in some oblasts")):
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


def _draw_swap(measured: Measured) -> None:
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
            "another status for it above."
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
        "be dragged, and later again with {move}."
    )
    buttons = {key: f"<b>{html.escape(tr(map_settings.DRAW_WORDS[name]))}</b>" for key, name in _BUTTONS.items()}
    st.html(f'<div class="prose">{html.escape(sentence, quote=False).format(**buttons)}</div>')
    st.caption(
        tr("The area on the map is all within the outline. The zone is the land of Ukraine in it, and the first rule.")
    )
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
    with st.expander(tr("Write its corners instead")):
        label = tr("Longitude and latitude, one corner a line")
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
