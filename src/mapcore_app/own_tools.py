"""The tools with which a viewer changes the rules of a proposal; each change goes through a callback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import streamlit as st

from mapcore import edits, links, maps, own
from mapcore.areas import Measured
from mapcore.control import Control
from mapcore.errors import ProposalError
from mapcore.proposal import Proposal, load_statuses
from mapcore.proposal_file import read_proposal_text
from mapcore.proposal_writer import to_toml
from mapcore.scenario import load_proposal, load_proposals
from mapcore.schema import HOLDERS, UNITS
from mapcore.zones import idle_rules
from mapcore_app import figures, lines, own_state, parts

_TOOLS = {
    "oblasts": "Oblasts",
    "buffer": "Buffer",
    "swap": "Swap",
    "draw": "Draw",
    "rules": "Rules",
    "file": "Name and file",
}
#: Depths of a buffer that were on the table in December 2025, in km.
_DEPTHS = ("5", "10", "40", "other")
_SIDES = {"both": "both sides", "ukraine": "Ukraine's side", "russia": "Russia's side"}
_NOTHING = "nothing"


def draw(measured: Measured, view: links.View) -> None:
    """Draw the buttons for all changes, and the tool that is chosen."""
    st.session_state.setdefault("own_tool", "oblasts")
    _start(view)
    st.pills(
        "Tool",
        list(_TOOLS),
        format_func=_TOOLS.__getitem__,
        key="own_tool",
        required=True,
        label_visibility="collapsed",
    )
    tools: dict[str, Callable[[Measured, links.View], None]] = {
        "oblasts": _oblasts, "buffer": _buffer, "swap": _swap, "draw": _draw, "rules": _rules, "file": _file,
    }  # fmt: skip
    tools[st.session_state["own_tool"] or "oblasts"](measured, view)


def _start(view: links.View) -> None:
    titles = {_NOTHING: "nothing"} | {proposal.id: proposal.title for proposal in load_proposals()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("Start from", list(titles), format_func=titles.__getitem__, key="own_base", width=240)
        st.button("Start", key="own_start", on_click=_on_start, args=(view,))
    with st.container(horizontal=True):
        st.button("Undo", key="own_undo", on_click=own_state.undo, disabled=not own_state.past())
        st.button("Redo", key="own_redo", on_click=own_state.redo, disabled=not own_state.future())
        st.button("Start again", key="own_again", on_click=own_state.start_again, disabled=not view.own)


def _on_start(view: links.View) -> None:
    chosen = st.session_state["own_base"]
    if chosen == _NOTHING:
        own_state.change(own.blank(own_state.today()))
        return
    parameters = view.parameters if chosen == view.proposal else None
    own_state.change(own.start_from(load_proposal(chosen), own_state.today(), parameters=parameters))


def _label(status: str) -> str:
    return load_statuses()[status].label


def _oblasts(measured: Measured, view: links.View) -> None:
    st.session_state.setdefault("own_every", False)
    st.toggle("All 27 units", key="own_every")
    present = set(measured.zones["oblast"] + "." + measured.zones["held_by"])
    near = {*_behind(measured.control), *figures.touched(measured), view.zone.partition(".")[0]}
    shown = [oblast for oblast in UNITS if st.session_state["own_every"] or oblast in near]
    for oblast in sorted(shown, key=maps.oblast_names().__getitem__):
        for holder, column in zip(HOLDERS, st.columns(2, gap="xsmall"), strict=True):
            if f"{oblast}.{holder}" in present:
                with column:
                    _status_choice(measured.proposal, oblast, holder)
    st.caption("Buffers and drawn zones come first; what they leave of a piece has the status chosen here.")


@lru_cache(maxsize=16)
def _behind(control: Control) -> frozenset[str]:
    """Return the oblasts in which Russia holds land on a line."""
    held = parts.pieces(control)
    return frozenset(oblast for oblast, holder in held if holder == "russia")


def _status_choice(proposal: Proposal, oblast: str, holder: str) -> None:
    key, status = f"own_status_{oblast}.{holder}", edits.status_of(proposal, oblast, holder)
    options = edits.choices(holder)
    st.session_state[key] = status
    st.selectbox(
        f"{maps.oblast_names()[oblast]}, held by {holder.capitalize()}",
        options if status in options else [status, *options],
        format_func=_label,
        key=key,
        on_change=_on_status,
        args=(oblast, holder),
    )


def _on_status(oblast: str, holder: str) -> None:
    status = st.session_state[f"own_status_{oblast}.{holder}"]
    own_state.change(edits.set_status(own_state.now(), oblast, holder, status))


def _buffer(_: Measured, __: links.View) -> None:
    for key, value in {
        "own_depth": "10",
        "own_depth_km": 20.0,
        "own_side": "both",
        "own_band": "narrow_buffer",
    }.items():
        st.session_state.setdefault(key, value)
    st.segmented_control(
        "Depth, km",
        list(_DEPTHS),
        key="own_depth",
        required=True,
        help="5, 10 and 40 km were on the table in December 2025.",
    )
    if st.session_state["own_depth"] == "other":
        st.number_input("Other depth, km", 1.0, 100.0, step=5.0, format="%g", key="own_depth_km")
    st.segmented_control("Where", list(_SIDES), format_func=_SIDES.__getitem__, key="own_side", required=True)
    st.selectbox("Status", _demilitarised(), format_func=_label, key="own_band")
    st.multiselect(
        "In these oblasts (none means all along the line)",
        sorted(UNITS, key=maps.oblast_names().__getitem__),
        format_func=maps.oblast_names().__getitem__,
        key="own_band_oblasts",
    )
    st.button("Add the buffer", key="own_add_buffer", on_click=_on_buffer)


def _demilitarised() -> list[str]:
    return sorted(load_statuses(), key=lambda name: load_statuses()[name].regime != "demilitarised")


def _on_buffer() -> None:
    chosen, side = st.session_state["own_depth"], st.session_state["own_side"]
    depth_km = st.session_state.get("own_depth_km", 20.0) if chosen == "other" else float(chosen)
    oblasts = tuple(st.session_state.get("own_band_oblasts", []))
    changed = edits.add_buffer(
        own_state.now(),
        depth_km,
        held_by=None if side == "both" else side,
        status=st.session_state["own_band"],
        oblasts=oblasts,
    )
    own_state.change(changed)


def _swap(measured: Measured, _: links.View) -> None:
    held = parts.pieces(measured.control)
    sides: dict[str, list[str]] = {
        side: sorted(UNITS[oblast] for oblast, holder in held if holder == side) for side in HOLDERS
    }
    for holder, other in (("ukraine", "Russia would hold it"), ("russia", "Ukraine would hold it again")):
        label = f"{holder.capitalize()} leaves its part of ({other})"
        st.selectbox(label, sides[holder], index=None, placeholder="choose an oblast", key=f"own_leaves_{holder}")
    chosen = all(st.session_state[f"own_leaves_{holder}"] for holder in HOLDERS)
    st.button("Swap", key="own_swap", on_click=_on_swap, disabled=not chosen)
    st.caption(
        "What Ukraine leaves is then recognised de facto as Russian; choose another status under Oblasts where that is "
        "not meant."
    )


def _on_swap() -> None:
    codes = {name: oblast for oblast, name in UNITS.items()}
    leaves = [codes[st.session_state[f"own_leaves_{holder}"]] for holder in HOLDERS]
    own_state.change(edits.swap(own_state.now(), *leaves))


def _draw(_: Measured, __: links.View) -> None:
    st.session_state.setdefault("own_drawn_status", own_state.DRAWN_STATUS)
    st.session_state.setdefault("own_drawn_side", "both")
    st.html(
        '<div class="prose">Press <b>Draw a zone</b> on the map and click its corners; the first corner or '
        "<b>Finish</b> closes it. It becomes the first rule.</div>"
    )
    st.selectbox("Status of the drawn zone", _demilitarised(), format_func=_label, key="own_drawn_status")
    words = {"both": "all land in it", "ukraine": "what Ukraine holds", "russia": "what Russia holds"}
    st.segmented_control("It takes", list(words), format_func=words.__getitem__, key="own_drawn_side", required=True)
    st.text_area(
        "Or write its corners: longitude and latitude, one corner a line",
        key="own_corners",
        placeholder="37.10, 48.30\n37.60, 48.30\n37.60, 48.70",
        max_chars=8000,
        height=120,
    )
    st.button("Add the zone", key="own_add_drawn", on_click=_on_corners)


def _on_corners() -> None:
    try:
        ring = edits.read_corners(st.session_state.get("own_corners") or "")
    except ProposalError as refusal:
        own_state.tell(f"{refusal.problems[0]}.")
        return
    own_state.take_drawn(
        edits.add_drawn(own_state.now(), ring, held_by=own_state.drawn_side(), status=own_state.drawn_status())
    )


@lru_cache(maxsize=64)
def _idle(proposal: Proposal, control: Control) -> tuple[int, ...]:
    return tuple(idle_rules(proposal, control=control))


def _rules(measured: Measured, _: links.View) -> None:
    rules = measured.proposal.zones
    if not rules:
        st.html('<div class="prose">No rules yet: all land is as it is now, and its future is left open.</div>')
        return
    idle = _idle(measured.proposal, measured.control)
    picked = st.session_state.get("own_rule", 0)
    st.session_state["own_rule"] = picked = min(picked if isinstance(picked, int) else 0, len(rules) - 1)
    st.radio(
        "The first rule that matches a piece of land decides",
        range(len(rules)),
        format_func=lambda index: _rule_line(rules[index].status, edits.rule_words(rules[index]), index),
        captions=["matches no land: move it up, or delete it" if index in idle else "" for index in range(len(rules))]
        if idle
        else None,
        key="own_rule",
    )
    with st.container(horizontal=True):
        st.button("Move up", key="own_up", on_click=_on_move, args=(-1,), disabled=picked == 0)
        st.button("Move down", key="own_down", on_click=_on_move, args=(1,), disabled=picked == len(rules) - 1)
        st.button("Delete", key="own_delete", on_click=_on_delete)
    st.session_state["own_rule_status"] = rules[picked].status
    st.selectbox(
        f"Status of rule {picked + 1}",
        list(load_statuses()),
        format_func=_label,
        key="own_rule_status",
        on_change=_on_rule_status,
    )


def _rule_line(status: str, land: str, index: int) -> str:
    return f"{index + 1}\\. {land}: **{_label(status)}**"


def _on_move(by: int) -> None:
    picked = st.session_state["own_rule"]
    own_state.change(edits.move_rule(own_state.now(), picked, by))
    st.session_state["own_rule"] = picked + by


def _on_delete() -> None:
    own_state.change(edits.delete_rule(own_state.now(), st.session_state["own_rule"]))


def _on_rule_status() -> None:
    proposal, picked = own_state.now(), st.session_state["own_rule"]
    rules = list(proposal.zones)
    rules[picked] = replace(rules[picked], status=st.session_state["own_rule_status"])
    own_state.change(replace(proposal, zones=tuple(rules)))


def _file(measured: Measured, _: links.View) -> None:
    proposal = measured.proposal
    st.session_state["own_name"], st.session_state["own_summary"] = own.name_of(proposal), proposal.summary
    st.text_input("Name", key="own_name", max_chars=own.MAX_NAME, on_change=_on_words)
    st.text_area("Description", key="own_summary", max_chars=own.MAX_SUMMARY, height=90, on_change=_on_words)
    text = _file_text(proposal)
    with st.container(horizontal=True):
        st.download_button(
            "Download the rules (TOML)", text, f"{proposal.id}.toml", "application/toml", on_click="ignore"
        )
    with st.expander("The rules as text"):
        st.code(text, language="toml", wrap_lines=True)
    st.file_uploader("Load a file of rules", type=["toml"], max_upload_size=1, key="own_upload", on_change=_on_upload)
    st.caption(
        f"The file says that it is a viewer's own. Rules that match no land on the default line are left out of it. "
        f"A proposal here has at most {own.MAX_RULES} rules, {own.MAX_CUTS} of them buffers and drawn zones."
    )


def _file_text(proposal: Proposal) -> str:
    """Return the proposal's file as `mapcore check` accepts it: without rules that match no land."""
    idle = _idle(proposal, lines.load(links.View().control))
    kept = tuple(rule for index, rule in enumerate(proposal.zones) if index not in idle)
    return to_toml(replace(proposal, zones=kept))


def _on_words() -> None:
    name = st.session_state["own_name"].strip() or own.UNNAMED
    summary = " ".join((st.session_state["own_summary"] or "").split()) or own.NO_SUMMARY
    own_state.change(replace(own_state.now(), title=name, summary=summary))


def _on_upload() -> None:
    upload = st.session_state.get("own_upload")
    if upload is None:
        return
    try:
        loaded = own.mark(read_proposal_text(upload.getvalue(), name=upload.name))
    except ProposalError as refusal:
        more = len(refusal.problems) - 1
        own_state.tell(f"{refusal.problems[0]}{f' (and {more} more)' if more else ''}.")
        return
    own_state.change(loaded)
