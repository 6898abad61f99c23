"""Two proposals side by side, and what differs between them."""

from __future__ import annotations

import html
import secrets

import streamlit as st

from mapcore.analysis.compare import OVERS, Comparison, Over, compare
from mapcore.app.parts import (
    assets,
    bar,
    change_figures,
    flow_picture,
    html_table,
    land_effects,
    map_frame,
    page_elements,
    publish,
)
from mapcore.app.session import first_run, lines, viewer_proposal
from mapcore.app.session.callbacks import callback
from mapcore.base.language import date_text, exact_text, tr
from mapcore.base.schema import DEFAULT_COMPARE
from mapcore.measurement.areas import Measured, measure_proposal
from mapcore.present import difference_classes, folium_map, land_in_question, links
from mapcore.present.folium_map import Together
from mapcore.present.wording import Units
from mapcore.proposals import viewer


def draw(view: links.View, units: Units) -> None:
    """Draw the page: the maps first, whatever their place, so that they are the first to answer a click."""
    control = lines.load(view.control)
    first, second = (
        viewer_proposal.load(proposal_id, view.viewers_proposal) for proposal_id in (view.proposal, view.compare)
    )
    a = measure_proposal(first, control=control, parameters=view.parameters)
    b = measure_proposal(second, control=control, parameters=view.compare_parameters)
    comparison = compare(a, b)
    fit = land_in_question.frame_of(a, b)
    above, differing = st.container(gap=None, key="above"), st.container(key="difference")
    sides = st.container(key="sides")
    with differing:
        with st.container(key="stage"):
            difference(comparison, view, units)
        beside = st.container(key="beside")
    if not first_run.holds_back():
        with sides:
            left, right = st.columns(2, gap="small")
            with left:
                _side("A", a, view, units, fit)
            with right:
                _side("B", b, view, units, fit)
    map_frame.give_head_start(0.02)
    with above:
        bar.draw(view, {"proposal": "A", "compare": "B"})
        st.html(change_figures.STYLE + change_figures.headline(comparison, view.question, units))
        _choices(view)
    with beside:
        st.html(change_figures.legend(comparison, view.question, units, dark=page_elements.is_dark()))
        _sliders(view, a, b)
        publish.at_map(comparison, view, units, over=view.question)
        alike = tr("A and B are measured on the same boundaries and the same line.")
        st.html(lines.in_use(control, before=alike))
    if first_run.holds_back():
        return
    st.html(change_figures.silent(comparison) + change_figures.sums(comparison, view.question, units))
    publish.tiles()
    _numbers(comparison, view.question, units)


@callback
def _swap() -> None:
    state = st.session_state
    state["proposal"], state["compare"] = state["compare"], state["proposal"]


@callback
def _against_the_line() -> None:
    st.session_state["compare"] = DEFAULT_COMPARE


def _choices(view: links.View) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="asked"):
        st.segmented_control(
            tr("Show differences in"),
            list(OVERS),
            format_func={over: tr(words) for over, words in difference_classes.OVER_WORDS.items()}.__getitem__,
            key="question",
            required=True,
            label_visibility="collapsed",
        )
        st.button(tr("Swap A and B"), on_click=_swap, key="swap")
        st.button(
            tr("Against the line as it stands"),
            on_click=_against_the_line,
            key="against_line",
            disabled=DEFAULT_COMPARE in {view.proposal, view.compare},
            help=tr("Sets B to the current line; the map then shows everything that A changes."),
        )


def _sliders(view: links.View, a: Measured, b: Measured) -> None:
    shared = {**b.proposal.parameters, **a.proposal.parameters}
    page_elements.sliders(shared, {**view.compare_parameters, **view.parameters})
    if set(a.proposal.parameters) & set(b.proposal.parameters):
        st.caption(tr("Both texts have this parameter: the slider sets it for A and for B."))


def _together(*, writes: bool) -> Together:
    channel = st.session_state.setdefault("channel", f"mapcore-{secrets.token_hex(8)}")
    return Together(channel, writes)


def _side(letter: str, measured: Measured, view: links.View, units: Units, fit: list[list[float]]) -> None:
    """Draw A or B; A's map leads at first, and it alone writes the place on the map into the link."""
    writes = letter == "A"
    placed = writes and view.lat is not None and view.lon is not None
    proposal = measured.proposal
    st.html(
        f'<h2 class="side"><b class="letter">{letter}</b>{html.escape(viewer.title_of(proposal))}</h2>'
        f'<p class="meta">{html.escape(tr(proposal.by))}, {date_text(proposal.date)}</p>'
    )
    map_frame.draw(
        f"map_{letter.lower()}",
        folium_map.zones_shown(
            assets.shapes_url(measured),
            assets.words_url(measured, units),
            measured.control,
            name=proposal.id,
            title=f"{letter}: {viewer.title_of(proposal)}",
            theme="dark" if page_elements.is_dark() else "light",
            tiles=view.tiles,
            placed=placed,
            over=folium_map.Overlay(fit=fit, whole=view.whole),
            together=_together(writes=writes),
        ),
        center=(view.lat, view.lon) if placed and view.lat is not None and view.lon is not None else None,
        zoom=view.zoom if placed else None,
        height=400,
    )
    st.html(page_elements.legend(measured, units, dark=page_elements.is_dark()))


def difference(comparison: Comparison, view: links.View, units: Units) -> None:
    """Draw the difference map alone."""
    over: Over = view.question
    fit = land_in_question.frame_of(comparison.a, comparison.b)
    map_frame.draw(
        "map_difference",
        folium_map.zones_shown(
            assets.change_shapes_url(comparison),
            assets.change_words_url(comparison, over, units),
            comparison.a.control,
            name=f"{comparison.a.proposal.id} {comparison.b.proposal.id} {over}",
            title=tr("Difference map: {question}").format(question=tr(difference_classes.OVER_WORDS[over])),
            theme="dark" if page_elements.is_dark() else "light",
            tiles=view.tiles,
            over=folium_map.Overlay(fit=fit, whole=view.whole),
            together=_together(writes=False),
        ),
        height=540,
    )


def _numbers(comparison: Comparison, over: Over, units: Units) -> None:
    error_km = comparison.a.control.provenance.error_km
    heading = tr("Who holds it now, under A and under B")
    st.html(f"{html_table.STYLE}<h2>{html.escape(heading, quote=False)}</h2>")
    flow_picture.draw(comparison, over, units, dark=page_elements.is_dark())
    sentence = tr(
        "Low and high: the line of contact moved {error} km one way and the other. The ranges of several "
        "rows do not add up to the range of their sum, because land gained by one row is lost by another."
    )
    st.html(
        f"{change_figures.tables(comparison, units, over)}"
        f'<p class="meta">{html.escape(sentence.format(error=exact_text(error_km)))}</p>'
        f"<h2>{html.escape(tr('The ledgers of A and B'))}</h2>{change_figures.ledgers(comparison, units)}"
    )
    land_effects.between(comparison.a, comparison.b, units)
