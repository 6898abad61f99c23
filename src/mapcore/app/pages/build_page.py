"""Build your own: the map, the ledger and the figures of a proposal that the viewer changes rule by rule."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mapcore.app.pages import map_page
from mapcore.app.parts import bar, build_tools, page_elements, publish
from mapcore.app.session import first_run, likely, lines, refusals, viewer_proposal, web_files
from mapcore.base.language import tr
from mapcore.measurement.areas import Measured, measure_proposal
from mapcore.measurement.likely import LikelyRanges
from mapcore.present import links, map_settings
from mapcore.present.wording import Units
from mapcore.proposals import edits
from mapcore.publish.first_screen import PARTS, Parts

_STYLE: Final = web_files.style("build.css")


def draw(view: links.View, units: Units) -> None:
    """Draw the page: the map first, whatever its place, so that it is the first to follow a change."""
    proposal = viewer_proposal.shown(view)
    measured = measure_proposal(proposal, control=lines.load(view.control))
    drawing = map_settings.draw_options(units, edits.outline_of(proposal, viewer_proposal.picked()))
    above, first = st.container(gap=None, key="above"), st.container(key="first")
    with first:
        with st.container(key="stage"):
            map_page.show_map(measured, view, units, draw=drawing)
        with st.container(key="own_panel"):
            lead, tools = st.empty(), st.container(key="own_tools")
    with above:
        _head(measured, view, units)
    with tools:
        build_tools.draw(measured, view)
    with st.container(key="own_ledger"):
        rest = st.empty()
        _ledger(measured, units, {("lead",): lead, ("rest",): rest} if view.viewers_proposal else {PARTS: rest})
        st.html(lines.in_use(measured.control))
    publish.at_map(measured, view, units)
    map_page.in_short(measured, units)
    if first_run.holds_back():
        return
    map_page.below(measured)
    map_page.details(measured, view, units)
    map_page.numbers(measured, units)


def _ledger(measured: Measured, units: Units, places: Mapping[Parts, DeltaGenerator]) -> None:
    """Draw the ledger's parts in their places; likely ranges that are new come when the page is there."""

    def fill(likely_ranges: LikelyRanges | None) -> None:
        for parts, place in places.items():
            place.html(_ledger_html(measured, units, parts, likely_ranges))

    likely_ranges = likely.known(measured)
    fill(likely_ranges)
    if likely_ranges is None:
        likely.later(measured, fill)


def _ledger_html(measured: Measured, units: Units, parts: Parts, likely_ranges: LikelyRanges | None) -> str:
    ledger = page_elements.ledger(measured, units, likely_ranges=likely_ranges, parts=parts)
    has_band = any(rule.within_km is not None for rule in measured.proposal.rules)
    if "rest" not in parts or not likely_ranges or not has_band:
        return ledger
    sentence = tr(
        "Where the line bulges, a buffer gains more than it loses where the line bends in: the likely "
        "range of a buffer lies a little above its figure."
    )
    return f'{ledger}<p class="meta">{html.escape(sentence)}</p>'


def _head(measured: Measured, view: links.View, units: Units) -> None:
    bar.draw(view, mark=tr("Viewer's own, not put forward by any party"))
    st.html(_STYLE + page_elements.headline(measured, units))
    refusals.at("own", "head")
    if not links.fits(view.viewers_proposal):
        st.warning(
            tr(
                "This proposal is too long for a link: the address leaves it out. Download its file under "
                "“Name and file” to keep or share it."
            )
        )
